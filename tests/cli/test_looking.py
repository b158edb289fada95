"""What the state says can be seen while no monitor runs, for now and for the past."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import BEGAN, NAME, STOPPED, Said, type_at

SOON = STOPPED + timedelta(minutes=2)
LATE = STOPPED + timedelta(minutes=20)  # the second check was due after 20 minutes


def look(kept: Path, *arguments: object, now: object = SOON) -> Said:
    said = type_at(now, *arguments, "--state", kept)  # type: ignore[arg-type]
    assert said.code == 0, said.err
    return said


def test_a_monitor_that_was_stopped_sees_nothing_and_says_since_when(
    kept: Path,
) -> None:
    status = look(kept, "status", "--json").json

    assert status["running"] is False
    assert status["blind"] == {
        "since": "2026-03-02T12:10:00.000000Z",
        "why": "the monitor was stopped",
    }
    assert status["open_stays"] == [status["open_stays"][0]]


def test_the_banner_is_there_for_people_too(kept: Path) -> None:
    for command in ("status", "readiness", "stays"):
        out = look(kept, command).out
        assert "BLIND since 13:10:00 +01:00 (2 min): the monitor was stopped" in out

    assert "BLIND sinds" in look(kept, "readiness", "--lang", "nl").out


def test_what_sensors_show_is_unknown_while_nobody_hears_them(kept: Path) -> None:
    (room,) = look(kept, "readiness", "bedroom-7", "--json").json["rooms"]

    lock = next(
        r for r in room["requirements"] if r["requirement"] == "bedroom-not-locked"
    )
    assert (lock["verdict"], lock["reason"]) == ("unknown", "monitor_blind")
    assert lock["label"] == "law"
    assert lock["asks"][0]["reading"]["state"] == "unlocked"
    assert room["readiness"] == "not_shown"


def test_coverage_counts_only_the_time_that_was_seen(kept: Path) -> None:
    said = look(kept, "readiness", "bedroom-7", "--period", "1h", "--json").json

    lock = next(
        r
        for r in said["rooms"][0]["requirements"]
        if r["requirement"] == "bedroom-not-locked"
    )
    assert said["period"] == 3600
    assert 0 < lock["coverage"]["met"] <= 600
    assert lock["coverage"]["violated"] == 0
    assert lock["coverage"]["share"] == pytest.approx(
        lock["coverage"]["met"] / 3600, abs=1e-6
    )


def test_the_past_is_as_the_log_had_it(kept: Path) -> None:
    said = look(kept, "readiness", "bedroom-7", "--at", "13:00:30", "--json").json

    (room,) = said["rooms"]
    assert said["at"] == "2026-03-02T12:00:30.000000Z"
    assert said["blind"] is None
    assert room["readiness"] == "ready"
    (lock,) = (
        r for r in room["requirements"] if r["requirement"] == "bedroom-not-locked"
    )
    assert lock["asks"][0]["reading"]["state"] == "unlocked"


def test_before_the_first_start_there_was_nothing(kept: Path) -> None:
    said = type_at(SOON, "readiness", "--at", "2026-03-01", "--state", kept)

    assert said.code == 3
    assert "nothing was watched yet" in said.err


def test_the_future_is_refused(kept: Path) -> None:
    said = type_at(SOON, "readiness", "--at", "2026-03-05", "--state", kept)

    assert said.code == 2
    assert "lies in the future" in said.err


def test_a_check_that_is_overdue_shows_though_nobody_watches(kept: Path) -> None:
    (room,) = look(kept, "readiness", "calm-1", "--json", now=LATE).json["rooms"]

    ((stay),) = room["stays"]
    gap = next(a for a in stay["asks"] if "check-every-quarter" in a["obligation"])
    assert (gap["verdict"], gap["reason"]) == ("violated", "check_missed")
    assert gap["breach_since"] == "2026-03-02T12:20:00.000000Z"
    assert any(a["requirement"] == "check-every-quarter" for a in room["alerts"])


def test_looking_writes_nothing(kept: Path) -> None:
    before = look(kept, "status", "--json", now=LATE).json["log"]

    look(kept, "readiness", now=LATE)

    assert look(kept, "status", "--json", now=LATE).json["log"] == before


def test_stays_with_their_next_check(kept: Path) -> None:
    (stay,) = look(kept, "stays", "--json").json["stays"]

    assert (stay["room"], stay["kind"], stay["key"]) == ("calm-1", "enclosure", "k-1")
    assert stay["open"] is True
    assert stay["duration"] == 720
    assert stay["checks"] == 1
    assert stay["next_check_due_at"] == "2026-03-02T12:20:00.000000Z"
    assert "10 min overdue" in look(kept, "stays", now=LATE).out


def test_events_are_one_object_a_line_in_order(kept: Path) -> None:
    lines = look(kept, "events", "--json").lines

    assert [line["position"] for line in lines] == list(range(1, len(lines) + 1))
    assert set(lines[0]) == {
        *("event", "position", "recorded_at", "room", "type", "version", "hash")
    }
    assert {line["type"] for line in lines} >= {"StayBegan", "CheckRecorded"}


def test_events_of_a_room_since_an_instant(kept: Path) -> None:
    lines = look(kept, "events", "--json", "--room", "calm-1", "--since", "13:05").lines

    types = {line["type"] for line in lines}
    assert "CheckRecorded" in types
    assert "StayBegan" not in types
    assert {line["room"] for line in lines} == {"calm-1"}


def test_events_in_words_name_who_acted(kept: Path) -> None:
    out = look(kept, "events").out

    assert f"by {NAME} (staff)" in out
    assert "the monitor started" in out


def test_the_name_itself_is_not_in_the_log(kept: Path) -> None:
    assert NAME not in look(kept, "events", "--json").out


def test_no_events_say_so(kept: Path) -> None:
    said = look(kept, "events", "--since", "1 s ago")

    assert said.out == ""
    assert "No events" in said.err


@pytest.mark.parametrize("command", ["status", "readiness", "stays", "events"])
def test_a_folder_without_a_monitor(command: str, tmp_path: Path) -> None:
    said = type_at(BEGAN, command, "--state", tmp_path / "none")

    assert said.code == 1
    assert "no monitor has written here" in said.err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "arguments", [("readiness", "calm-9"), ("events", "--room", "calm-9")]
)
def test_a_room_that_is_not_there(arguments: tuple[str, ...], kept: Path) -> None:
    said = type_at(SOON, *arguments, "--state", kept)

    assert said.code == 3
    assert "there is no room 'calm-9'; did you mean" in said.err


def test_law_and_indication_stand_apart(kept: Path) -> None:
    out = look(kept, "readiness", "calm-1").out

    law, indication = out.index("§ LEGAL DEMAND"), out.index("~ indication")
    assert (
        law < out.index("room-daylight") < indication < out.index("temperature-comfort")
    )


def test_no_colour_where_there_is_no_terminal(kept: Path) -> None:
    assert "\x1b" not in look(kept, "readiness", "calm-1").out
