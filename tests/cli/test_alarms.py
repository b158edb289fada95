"""What needs somebody now, who was told, and what taking on and putting aside do."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from room_monitor.core.events import Trouble
from room_monitor.core.requirements import Priority
from room_monitor.recall import desk_of
from room_monitor.store import SqliteReader
from tests.cli.conftest import STOPPED, Said, type_at
from tests.cli.night import Night
from tests.cli.test_documentation import keys, sections

MINUTE = timedelta(minutes=1)
WHO = ("--by", "A. de Vries", "--comment", "going there")


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    with Night(tmp_path / "state").running() as night:
        yield night


@pytest.fixture
def missed(night: Night) -> Night:
    """A check was missed a minute ago; sensors that say nothing are another matter."""
    night.done("begin-stay", "calm-1", "--kind", "enclosure", "--key", "k-7")
    night.pass_time(16 * MINUTE)
    return night


def alarm(night: Night, about: str, *options: str) -> Any:
    """The one alarm about this, with --json."""
    found = night.done("alarms", "--json", *options).json
    every = [*found["alarms"], *(found["closed"] or ())]
    (one,) = (each for each in every if about in (each["requirement"], each["trouble"]))
    return one


def block(told: Said, alert: str) -> str:
    """What is told of one alarm."""
    return next(each for each in told.out.split("\n\n") if f"  {alert}  " in each)


def test_nothing_needs_anybody(night: Night) -> None:
    assert "No alert needs anybody." in night.done("alarms").out
    assert "Geen melding vraagt om iemand." in night.done("alarms", "--lang", "nl").out
    said = night.done("alarms", "--all", "--json").json
    assert (said["alarms"], said["closed"]) == ([], [])
    assert "No alert was closed since then." in night.done("alarms", "--all").out


def test_the_most_urgent_first_with_who_was_told(missed: Night) -> None:
    missed.deaf = frozenset({"siren"})
    missed.pass_time(3 * MINUTE)
    found = missed.done("alarms", "--json").json["alarms"]
    told = missed.done("alarms")

    first = found[0]
    order = [each["priority"] for each in found]
    assert first["requirement"] == "check-every-quarter"
    assert first["insistent"] is True
    assert order == sorted(order, key=["urgent", "high", "low"].index)
    assert (first["ladder"], first["round"], first["step"]) == ("urgent", 1, 2)
    by = {(each["person"], each["channel"]): each for each in first["told"]}
    assert by["staff-12", "tablet-day"]["sent_at"] is not None
    assert by[None, "siren"]["error"] == "nobody answers"
    out = block(told, first["alert"])
    assert "!!! urgent" in out
    assert "[cannot be put aside]" in out
    assert "nobody has taken it on" in out
    assert "round 1, step 2 of 2 (urgent)" in out
    assert "✓ staff-12 by tablet-day" in out
    assert "✗ siren, FAILED" in out
    assert told.out.index(first["alert"]) < told.out.index(found[-1]["alert"])


def test_what_has_one_cause_is_shown_together(night: Night) -> None:
    night.pass_time(30 * MINUTE)
    found = night.done("alarms", "--json").json["alarms"]
    held = next(each for each in found if each["holding"] == "grouped")
    head = next(each for each in found if each["alert"] == held["held_under"])

    out = block(night.done("alarms"), head["alert"])
    assert re.search(rf"\+ {held['alert']}  .*has the same cause", out)
    assert "heeft dezelfde oorzaak" in night.done("alarms", "--lang", "nl").out
    assert held["told"] == []


def test_the_desk_is_what_the_log_says(missed: Night) -> None:
    with SqliteReader.open(missed.folder) as store:
        assert desk_of(store, missed.now()) == missed.desk
        assert desk_of(store, missed.now() - 2 * MINUTE) != missed.desk


def test_only_one_room(missed: Night) -> None:
    rooms = {
        each["room"]
        for each in missed.done("alarms", "--room", "calm-2", "--json").json["alarms"]
    }

    assert rooms <= {"calm-2"}
    assert missed.type("alarms", "--room", "calm-9").code == 3


def test_an_acknowledgement_holds_for_a_while_and_ends_nothing(missed: Night) -> None:
    check = alarm(missed, "check-every-quarter")["alert"]
    taken = missed.done("acknowledge", check, *WHO)

    assert f"alert {check} was taken on until 13:31:00 +01:00" in taken.out
    assert "It is yours until 13:31:00 +01:00. It is not over" in taken.out
    assert "taken on until 13:31:00" in missed.done("status").out
    assert "taken on until 13:31:00" in missed.done("readiness", "calm-1").out
    told = block(missed.done("alarms"), check)
    assert "by A. de Vries (staff): going there" in told
    assert alarm(missed, "check-every-quarter")["state"] == "acknowledged"

    missed.pass_time(15 * MINUTE)
    again = alarm(missed, "check-every-quarter")
    assert (again["state"], again["raised_again"]) == ("raised", 1)
    assert "came back 1 time(s)" in missed.done("alarms").out


def test_what_is_over_and_unseen_is_closed_by_looking(missed: Night) -> None:
    missed.done("check-in", "calm-1")
    check = alarm(missed, "check-every-quarter")
    assert check["state"] == "returned_unacknowledged"
    assert "over, seen by nobody" in block(missed.done("alarms"), check["alert"])

    closing = missed.done("acknowledge", check["alert"], *WHO)
    assert "Nothing goes on behind it: it is closed." in closing.out
    assert check["alert"] not in missed.done("alarms").out
    everything = missed.done("alarms", "--all")
    assert "closed at 13:16:00 +01:00, by A. de Vries (staff)" in everything.out
    closed = alarm(missed, "check-every-quarter", "--all", "--since", "1h")
    assert closed["closed_at"] is not None
    assert closed["taken"]["remark"] == "going there"


def test_putting_aside_and_taking_back(missed: Night) -> None:
    told = alarm(missed, "told-duration")["alert"]
    aside = missed.done("shelve", told, "--for", "2 h", *WHO)
    assert f"alert {told} was put aside until 15:16:00 +01:00" in aside.out
    assert f"room-monitor unshelve {told}" in aside.out
    shelved = alarm(missed, "told-duration")
    assert (shelved["state"], shelved["until"][11:19]) == ("shelved", "14:16:00")
    assert missed.done("alarms", "--json").json["alarms"][-1]["alert"] == told
    assert "1 put aside" in missed.done("alarms").out
    assert "put aside until 15:16:00" in missed.done("status").out

    refused = missed.type("acknowledge", told, *WHO)
    assert (refused.code, "take it back first" in refused.err) == (2, True)
    until = missed.done("shelve", told, "--until", "13:10", *WHO)
    assert "until 2026-03-03 13:10:00 +01:00" in until.out
    back = missed.done("unshelve", told, *WHO)
    assert f"alert {told} is no longer put aside, by staff" in back.out
    refused = missed.type("unshelve", told, *WHO)
    assert (refused.code, "is not put aside" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ((), "say for how long it is put aside: --for '2 h' or --until 07:30"),
        (("--for", "2 h", "--until", "07:30"), "say for how long"),
        (("--for", "8 d"), "at most 7 days"),
        (("--for", "2"), "has no unit"),
        (("--until", "2026-03-01"), "lies in the past"),
        (("--until", "2 h"), "is no instant to come; write '07:30'"),
    ],
)
def test_how_long_it_cannot_be_put_aside(
    options: tuple[str, ...], why: str, missed: Night
) -> None:
    told = alarm(missed, "told-duration")["alert"]
    refused = missed.type("shelve", told, *options, *WHO)

    assert refused.code == 2
    assert why in refused.err
    assert refused.out == ""


def test_a_missed_check_cannot_be_put_aside(missed: Night) -> None:
    check = alarm(missed, "check-every-quarter")["alert"]
    refused = missed.type("shelve", check, "--for", "1 h", *WHO)

    assert refused.code == 2
    assert "a missed check, a call for contact or a suspected enclosure" in refused.err


def test_a_trouble_of_the_monitor_itself(night: Night) -> None:
    night.trouble(Trouble.DISK_NEARLY_FULL, "", "120 MB are free", Priority.HIGH)
    night.pass_time(MINUTE)
    trouble = alarm(night, "disk_nearly_full")

    assert (trouble["room"], trouble["detail"]) == (None, "120 MB are free")
    told = block(night.done("alarms"), trouble["alert"])
    assert "the monitor" in told
    assert "the disk is nearly full" in told
    assert "de schijf is bijna vol" in night.done("alarms", "--lang", "nl").out
    assert "the disk is nearly full" in night.done("status").out
    taken = night.done("acknowledge", trouble["alert"], *WHO, "--json").json
    assert (taken["room"], taken["stay"], taken["missing"]) == (None, None, [])


def test_a_drill_says_everywhere_that_it_is_one(night: Night) -> None:
    begun = night.done("drill", "calm-1")
    alert = begun.out.split()[1]
    (drill,) = night.done("alarms", "--json").json["alarms"]

    assert "Every page of it says that it is a drill" in begun.out
    assert (drill["alert"], drill["drill"], drill["reason"]) == (alert, True, None)
    assert "DRILL, nothing is wrong" in night.done("alarms").out
    assert "OEFENING" in night.done("alarms", "--lang", "nl").out
    assert "DRILL" in night.done("status").out
    assert "DRILL" in night.done("readiness", "calm-1").out
    night.done("acknowledge", alert, *WHO)
    assert "No alert needs anybody." in night.done("alarms").out


def test_a_drill_is_waited_for_until_somebody_acknowledges_it(night: Night) -> None:
    pauses = iter(range(1000))

    def answer() -> None:
        if next(pauses) == 20:
            night.acknowledge_drill()

    night.answers = answer
    waited = night.done("drill", "calm-1", "--wait", "--json").json

    assert waited["acknowledged_after"] == 10.5
    assert waited["over_at"] is not None
    first = waited["told"][0]
    assert (first["person"], first["channel"]) == ("staff-12", "tablet-day")
    assert (first["queued_after"], first["sent_after"]) == (0, 0.5)


def test_a_drill_nobody_answers_is_told_as_such(night: Night) -> None:
    night.haste = MINUTE
    waited = night.done("drill", "calm-1", "--wait")

    assert "NOBODY acknowledged it before it was over." in waited.out
    assert "staff-12 by tablet-day" in waited.out
    assert "raised → queued" in waited.out


def test_a_drill_needs_a_monitor_that_runs(state: Path) -> None:
    said = type_at(STOPPED, "drill", "calm-1", "--state", state)

    assert said.code == 1
    assert "no monitor runs on this state folder" in said.err
    assert (
        "DrillBegan" not in type_at(STOPPED, "events", "--json", "--state", state).out
    )
    assert type_at(STOPPED, "drill", "calm-9", "--state", state).code == 3


def test_while_no_monitor_runs_what_is_overdue_shows_and_nobody_was_told(
    kept: Path,
) -> None:
    late = STOPPED + timedelta(minutes=20)
    said = type_at(late, "alarms", "--state", kept)

    assert "check-every-quarter" in said.out
    assert "nobody was told: the monitor has not recorded it yet" in said.out
    assert "BLIND since" in said.out


@pytest.mark.parametrize("command", ["alarms", "drill"])
def test_every_key_is_described(command: str, missed: Night) -> None:
    options = {"alarms": ["--all"], "drill": ["calm-1"]}[command]
    said = missed.done(command, *options, "--json").json
    told = "".join(sections()[each] for each in ("alarms", "status", command))
    words = set(re.findall(r"`(\w+)`", told))

    assert keys(said) <= words
