"""People act while no monitor runs: what they did is recorded, what cannot be is told."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from room_monitor.cli import app
from room_monitor.clock import SystemClock
from room_monitor.store import SqliteReader
from tests.cli.conftest import Said, type_at

WHO = ("--by", "me", "--comment", "x")
WHY = ("--by", "me", "--reason", "a slip")


def act(state: Path, *arguments: object) -> Said:
    return type_at(SystemClock().now(), *arguments, "--state", state)


def types(said: Said) -> list[str]:
    assert said.code == 0, said.err
    return [each["type"] for each in said.json["events"]]


def test_a_stay_from_begin_to_end(state: Path) -> None:
    begun = act(
        *(state, "begin-stay", "calm-2", "--kind", "own_request", "--key", "k-2"),
        *("--at", "10 min ago", "--json"),
    )
    stay = begun.json["stay"]
    checked = act(state, "check-in", stay, "--contact-wished", "--json")
    ended = act(state, "end-stay", "calm-2", "--json")

    assert types(begun)[0] == "StayBegan"
    assert types(checked)[0] == "CheckRecorded"
    assert types(ended)[0] == "StayEnded"
    assert checked.json["events"][0]["event"]["contact_wished"] is True
    assert checked.json["events"][0]["event"]["contact_given"] is None


def test_what_is_unlawful_is_recorded_and_flagged(state: Path) -> None:
    said = act(
        *(state, "begin-stay", "bedroom-7", "--kind", "enclosure_elsewhere"),
        *("--key", "k-3"),
    )

    assert said.code == 0
    assert "stay" in said.out
    assert "BREACH of enclosure-only-in-safe-room" in said.out
    assert "Still asked of stay s" in said.out
    assert "record told_duration" in said.out


def test_an_end_that_nobody_saw(state: Path) -> None:
    said = act(state, "end-stay", "calm-1", "--unknown", "--json")

    assert said.json["events"][0]["event"]["happened_at"] is None
    assert act(state, "end-stay", "calm-1", "--unknown", "--at", "1m").code == 2


def test_names_and_remarks_are_kept_apart_from_the_log(state: Path) -> None:
    said = act(
        *(state, "check-in", "calm-1", "--by", "K. Smit", "--remark", "slept", "--json")
    )
    events = [e["event"] for e in said.json["events"] if e["type"] == "CheckRecorded"]
    (event,) = events

    assert "Smit" not in said.out
    with SqliteReader.open(state) as store:
        sealed = [store.text(event[field]) for field in ("person", "remark")]
    assert [text.text for text in sealed if text] == ["K. Smit", "slept"]
    assert "by K. Smit (staff): slept" in act(state, "events").out


def test_an_inspection_is_recorded_of_the_room(state: Path) -> None:
    said = act(
        *(state, "record", "calm-2", "inspected_lighting", "yes"),
        *("--role", "facility_manager", "--json"),
    )

    assert types(said)[0] == "FactRecorded"
    assert said.json["events"][0]["event"]["stay"] is None


def test_of_a_room_in_use_the_stay_is_meant_unless_told(state: Path) -> None:
    of_stay = act(state, "record", "calm-1", "emergency", "yes", "--json").json
    of_room = act(
        state, "record", "calm-1", "inspected_lighting", "yes", "--of-room", "--json"
    ).json

    told = [
        next(e["event"]["stay"] for e in each["events"] if e["type"] == "FactRecorded")
        for each in (of_stay, of_room)
    ]
    assert told == [of_stay["stay"], None]


def test_what_can_be_recorded(state: Path) -> None:
    assert "inspected_lighting" in act(state, "record", "--list").out
    facts = act(state, "record", "--list", "--json").json["facts"]
    assert {"name", "nl", "en", "value", "codes", "explained", "lasting"} == set(
        facts[0]
    )


def test_a_fact_that_the_catalogue_does_not_know(state: Path) -> None:
    said = act(state, "record", "calm-2", "inspected_lightning", "yes")

    assert said.code == 3
    assert "did you mean 'inspected_lighting'?" in said.err


def test_a_record_without_an_answer(state: Path) -> None:
    said = act(state, "record", "calm-2", "inspected_lighting")

    assert said.code == 2
    assert "record --list" in said.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("check-in", "calm-2"), "there is no open stay in calm-2"),
        (("check-in", "nowhere"), "there is no room, stay or open alert 'nowhere'"),
        (("end-stay", "calm-1", "--at", "2026-03-01"), "began after this end"),
        (("check-in", "calm-1", "--at", "2026-02-30"), "is no instant"),
        (
            ("acknowledge", "a123", "--by", "me", "--comment", "x"),
            "no room, stay or open alert 'a123'",
        ),
    ],
)
def test_what_cannot_be_true_is_refused(
    arguments: tuple[str, ...], why: str, state: Path
) -> None:
    said = act(state, *arguments)

    assert said.code == 2
    assert why in said.err
    assert said.out == ""


def test_an_alert_is_taken_on(state: Path) -> None:
    (alert, *_) = act(state, "status", "--json").json["alerts"]

    said = act(
        *(state, "acknowledge", alert["alert"], "--by", "me", "--comment", "going"),
        "--json",
    )

    assert "AlertAcknowledged" in types(said)


def test_nothing_is_made_where_no_monitor_ran(tmp_path: Path) -> None:
    said = act(
        *(
            tmp_path / "none",
            "begin-stay",
            "calm-1",
            "--kind",
            "enclosure",
            "--key",
            "k",
        )
    )

    assert said.code == 1
    assert not (tmp_path / "none").exists()


def test_blindness_goes_back_to_when_the_monitor_stopped(state: Path) -> None:
    act(state, "check-in", "calm-1")

    status = act(state, "status", "--json").json
    assert status["blind"]["since"] == "2026-03-02T12:10:00.000000Z"


def test_whoever_records_learns_the_name_and_what_is_still_asked(state: Path) -> None:
    said = act(state, "check-in", "calm-1", "--condition", "calm")
    as_json = act(state, "check-in", "calm-1", "--json").json

    assert re.search(r"Recorded as r[0-9a-f]{8}\.", said.out)
    assert "Still asked of stay" in said.out
    assert "§ by " in said.out or "✗ since " in said.out
    assert re.fullmatch("r[0-9a-f]{8}", as_json["record"])
    assert {"room", "stay", "record", "events", "missing", "due"} == set(as_json)


def test_what_was_seen_at_a_check(state: Path) -> None:
    said = act(
        *(state, "check-in", "calm-1", "--no-sign-of-life", "--condition", "unwell"),
        *("--mood", "not_seen", "--need", "medication", "--json"),
    )
    event = said.json["events"][0]["event"]

    assert event["sign_of_life"] is False
    assert (event["condition"], event["mood"]) == ("unwell", "not_seen")
    assert event["needs"] == ["medication"]
    assert event["account"] is None


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("check-in", "calm-1", "--account", "staff-99"), "called 'staff-99'"),
        (("check-in", "calm-1", "--mood", "happy"), "'happy' is not one of"),
        (("contact", "calm-1", "perhaps"), "'perhaps' is not one of"),
        (("review", "calm-1", "maybe"), "'maybe' is not one of"),
        (
            ("review", "calm-2", "no"),
            "about a stay, and there is no open stay in calm-2",
        ),
        (("extend", "nowhere"), "there is no room, stay or open alert 'nowhere'"),
        (("agree-checks", "calm-1", "--every", "10"), "has no unit"),
        (("agree-checks", "calm-2", "--every", "10 min"), "no open stay in calm-2"),
        (("correct", "r00000000", *WHY, "--void"), "there is no record 'r00000000'"),
        (("correct", "r00000000", *WHY, "--at", "1m", "--at-unknown"), "not both"),
        (("confirm", "r00000000", "--by", "me"), "there is no record 'r00000000'"),
        (("shelve", "a00000000", *WHO, "--for", "1 h"), "open alert 'a00000000'"),
        (("unshelve", "a00000000", *WHO), "open alert 'a00000000'"),
    ],
)
def test_a_refusal_says_why(arguments: tuple[str, ...], why: str, state: Path) -> None:
    said = act(state, *arguments)

    assert said.code == 2
    assert why in said.err
    assert said.out == ""


def test_a_fact_with_a_code(state: Path) -> None:
    value = ("record", "calm-1", "belongings_withheld", "yes", "--value")
    lasted = ("--at", "5m", "--until", "1m")
    said = act(state, *value, "sharp", "--remark", "scissors", *lasted)
    slip = act(state, *value, "sharpp")
    bare = act(state, "record", "calm-1", "belongings_withheld", "yes")

    assert "belongings_withheld of stay" in said.out
    assert ": yes, sharp, " in said.out
    assert ", until " in said.out
    assert "No value was given" not in said.out
    assert (slip.code, slip.out) == (2, "")
    assert "did you mean 'sharp'?" in slip.err
    assert "No value was given (sharp, cord, lighter" in bare.out
    assert "It asks for words, and none were given" in bare.out


def test_what_belongs_to_one_fact(state: Path) -> None:
    dutch = act(state, "record", "--list", "belongings_withheld", "--lang", "nl").out
    (fact,) = act(state, "record", "--list", "belongings_withheld", "--json").json[
        "facts"
    ]

    assert "sharp: scherp voorwerp" in dutch
    assert "--remark: in woorden" in dutch
    assert "--until: tot wanneer" in dutch
    assert "inspected_lighting" not in dutch
    assert (fact["value"], fact["explained"], fact["lasting"]) == ("code", True, True)
    assert {"code": "sharp", "nl": "scherp voorwerp", "en": "sharp object"} in fact[
        "codes"
    ]
    unknown = act(state, "record", "--list", "belongings_witheld")
    assert (unknown.code, "did you mean 'belongings_withheld'?" in unknown.err) == (
        3,
        True,
    )


def test_the_shell_completes_facts_and_codes(state: Path) -> None:
    def completed(words: str) -> str:
        runner = CliRunner(
            env={
                "_ROOM_MONITOR_COMPLETE": "complete_bash",
                "COMP_WORDS": f"room-monitor record --state {state} {words}",
                "COMP_CWORD": str(len(words.split(" ")) + 3),
            }
        )
        return runner.invoke(app, [], prog_name="room-monitor").stdout

    assert completed("calm-1 belongings_w").split() == ["belongings_withheld"]
    codes = completed("calm-1 belongings_withheld yes --value l")
    assert codes.split() == ["lighter"]


def test_only_what_was_wrong_is_corrected(state: Path) -> None:
    made = act(state, "check-in", "calm-1", "--mood", "good", "--json").json["record"]
    said = act(state, "correct", made, "--mood", "sad", "--sign-of-life", *WHY)
    again = act(state, "correct", made, "--mood", "angry", *WHY)
    nothing = act(state, "correct", made, *WHY)

    assert "sign of life, sad" in said.out
    assert f"CORRECTED {made}: r" in said.out
    assert "Both versions stay in the log." in said.out
    assert (again.code, "does not count any more" in again.err) == (2, True)
    assert "say what it should have been" in nothing.err


def test_what_never_was_is_void(state: Path) -> None:
    made = act(state, "contact", "calm-1", "asked", "--json").json["record"]
    said = act(state, "correct", made, "--void", *WHY)

    assert f"CORRECTED {made}: it never was" in said.out


def test_what_is_about_a_stay_that_is_over_names_it(state: Path) -> None:
    stay = act(state, "end-stay", "calm-1", "--json").json["stay"]
    unnamed = act(state, "record", "calm-1", "aftercare_team", "yes")
    named = act(state, "record", stay, "aftercare_team", "yes", "--json").json

    assert unnamed.code == 2
    assert f"name the stay: the last one was {stay} of k-1" in unnamed.err
    assert named["stay"] == stay
