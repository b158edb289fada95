"""A whole enclosure by commands alone, from its begin to a second person's signature."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.night import Night

MINUTE = timedelta(minutes=1)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    with Night(tmp_path / "state").running() as night:
        yield night


def test_a_whole_enclosure(night: Night) -> None:
    begun = night.done(
        *("begin-stay", "calm-1", "--kind", "enclosure", "--key", "k-7", "--json")
    ).json
    stay, begin = begun["stay"], begun["record"]
    assert begin is not None
    due = {each["requirement"]: each["due_at"] for each in begun["due"]}
    assert due["check-every-quarter"] == "2026-03-02T12:15:00.000000Z"

    # Nobody can foresee the reminder; once it was given, it can be seen.
    assert night.done("status", "--json").json["prompts"] == []
    night.pass_time(14 * MINUTE + timedelta(seconds=59))
    (prompt,) = (
        each
        for each in night.done("status", "--json").json["prompts"]
        if each["requirement"] == "check-every-quarter"
    )
    assert prompt["due_at"] == "2026-03-02T12:15:00.000000Z"
    assert "12:11:00" <= prompt["prompted_at"][11:19] <= "12:15:00"
    assert "check-every-quarter" in night.done("readiness", "calm-1").out
    assert "Reminded at" in night.done("readiness", "calm-1").out

    # The check comes five minutes late: the gap is over, and stays.
    night.pass_time(5 * MINUTE + timedelta(seconds=1))
    assert "a check was missed" in night.done("alarms").out
    checked = night.done(
        *("check-in", stay, "--sign-of-life", "--condition", "restless"),
        *("--mood", "sad", "--need", "drink", "--need", "toilet", "--contact-wished"),
        *("--account", "staff-12"),
    )
    assert "sign of life, contact wished, restless, sad, drink, toilet" in checked.out
    assert "breach of check-every-quarter" in checked.out
    assert "is over after 5 min: it is met again" in checked.out
    (one,) = night.done("stays", "--json").json["stays"]
    assert (one["missed"], one["checks"]) == (1, 1)

    # Contact was asked for, and given.
    asked = night.done("contact", stay, "asked")
    assert "contact was asked for" in asked.out
    assert "contact … given (stay-contact)" in asked.out
    given = night.done("contact", "calm-1", "given")
    assert "contact was given" in given.out
    assert "stay-contact" not in given.out

    # The review says no: it must end, and does not.
    no = night.done("review", stay, "no", "--by", "dr. Bos")
    assert "THE STAY MUST END AT ONCE" in no.out
    assert f"room-monitor end-stay {stay}" in no.out
    assert "end-stay (end-on-negative-review)" in no.out
    night.pass_time(6 * MINUTE)
    assert "end-on-negative-review" in night.done("alarms").out

    # It ends; the register is not complete.
    ended = night.done("end-stay", stay, "--by", "A. de Vries")
    assert "Recorded as r" in ended.out
    assert "record" in ended.out
    assert "told_duration" in ended.out
    shown = night.done("stay", stay, "--json").json
    assert shown["open"] is False
    assert "told-duration" in {each["requirement"] for each in shown["missing"]}
    (end,) = (r["record"] for r in shown["records"] if r["type"] == "StayEnded")

    # It had ended earlier: both versions stay, and a second person has looked.
    corrected = night.done(
        *("correct", end, "--at", "5 min ago", "--reason", "typed in later"),
        *("--by", "A. de Vries", "--json"),
    ).json
    correction = corrected["record"]
    assert "RecordCorrected" in {each["type"] for each in corrected["events"]}
    same = night.type("confirm", correction, "--by", "a. de vries")
    assert (same.code, "a second person confirms" in same.err) == (2, True)
    confirmed = night.done("confirm", correction, "--by", "B. Jansen")
    assert f"correction {correction} was confirmed" in confirmed.out
    again = night.type("confirm", correction, "--by", "C. Visser")
    assert (again.code, "confirmed already" in again.err) == (2, True)

    story = night.done("stay", stay, "--json").json
    ends = [r for r in story["records"] if r["type"] == "StayEnded"]
    assert [each["counts"] for each in ends] == [False, True]
    (change,) = story["corrections"]
    assert change["reason"] == "typed in later"
    assert change["person"] == "A. de Vries"
    assert change["confirmed_person"] == "B. Jansen"
    assert story["ended_at"] < ends[0]["happened_at"]
    assert story["missed"] == 1
    assert "CORRECTION of the end" in night.done("stay", stay).out


def test_what_was_missed_by_mistake_is_withdrawn_in_words(night: Night) -> None:
    begun = night.done(
        *("begin-stay", "calm-1", "--kind", "enclosure", "--key", "k-7", "--json")
    ).json
    night.pass_time(20 * MINUTE)
    late = night.done("check-in", "calm-1", "--at", "8 min ago")

    assert "breach of check-every-quarter" in late.out
    assert "it never was one" in late.out
    (one,) = night.done("stays", "--json").json["stays"]
    assert (one["stay"], one["missed"]) == (begun["stay"], 0)


def test_extending_once_and_agreeing_on_checks(night: Night) -> None:
    night.done("begin-stay", "calm-1", "--kind", "enclosure", "--key", "k-7")
    agreed = night.done("agree-checks", "calm-1", "--every", "10 min")
    extended = night.done("extend", "calm-1", "--by", "dr. Bos")
    by_staff = night.done("extend", "calm-1", "--role", "staff")

    assert "a check at least every 10 min" in agreed.out
    assert "~ by 13:10:00 +01:00  check-in (check-agreed-interval)" in agreed.out
    assert "§ by 13:15:00 +01:00  check-in (check-every-quarter)" in agreed.out
    assert "extension of stay" in extended.out
    assert "§ by 2026-03-04 13:00:00 +01:00  end-stay (max-one-day)" in extended.out
    assert "BREACH of max-one-day (by-scientist" in by_staff.out


def test_a_review_that_says_yes(night: Night) -> None:
    night.done("begin-stay", "calm-1", "--kind", "enclosure", "--key", "k-7")

    yes = night.done("review", "calm-1", "yes")
    assert "may go on" in yes.out
    assert "review-within-3h" not in yes.out

    by_staff = night.done("review", "calm-1", "yes", "--role", "staff", "--json").json
    assert by_staff["events"][0]["event"]["role"] == "staff"
