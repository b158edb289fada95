"""How often people were claimed and whom drills reached, in words and for machines."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from room_monitor.cli import alarm_load_wording as words
from room_monitor.core.views.alarm_sources import SourceKind
from room_monitor.core.views.alert_lives import Ground
from room_monitor.core.views.drills import Ending
from tests.cli.conftest import STOPPED, type_at
from tests.cli.night import Night
from tests.cli.test_documentation import keys, sections

MINUTE = timedelta(minutes=1)
WHO = ("--by", "A. de Vries", "--comment", "going there")
PAGE = (Path(__file__).parents[2] / "docs/alarm-load.md").read_text("utf-8")


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    with Night(tmp_path / "state").running() as night:
        yield night


@pytest.fixture
def checked(night: Night) -> Night:
    """A check was missed, people were told, somebody looked in; the siren is deaf."""
    night.deaf = frozenset({"siren"})
    night.done("begin-stay", "calm-1", "--kind", "enclosure", "--key", "k-7")
    night.pass_time(19 * MINUTE)
    night.done("check-in", "calm-1")
    night.pass_time(MINUTE)
    return night


def test_before_anything_happened_there_is_nothing(kept: Path) -> None:
    said = type_at(STOPPED, "alarms", "--load", "--since", "1m", "--state", kept)
    dutch = type_at(
        STOPPED, "alarms", "--load", "--since", "1m", "--lang", "nl", "--state", kept
    )

    assert said.code == 0
    assert "No alert claimed anybody in this time." in said.out
    assert "Not in the figures: 0 drill(s), tests of reach" in said.out
    assert "Geen" not in said.out
    assert "heeft geen melding om iemand gevraagd" in dutch.out


def test_a_missed_check_that_was_made_up_for(checked: Night) -> None:
    said = checked.done("alarms", "--load", "--room", "calm-1")
    found = checked.done("alarms", "--load", "--room", "calm-1", "--json").json

    (asked,) = (
        s for s in found["sources"] if s["name"] == "calm-1/check-every-quarter/gap"
    )
    assert (asked["alerts"], asked["needed"]["action"]) == (1, 1)
    assert asked["grounds"] == {"recorded": 1}
    assert (asked["known"], asked["share"]) == (1, None)
    assert found["total"]["pages"]["alerts"] > 0
    assert found["total"]["pages"]["failed"] > 0
    (day,) = (s for s in found["shifts"] if s["shift"] == "day")
    assert day["alerts"] == found["total"]["alerts"]
    assert day["slots"][-1]["whole"] is False
    assert "Alarm load 2026-03-02 13:00:00 +01:00 to" in said.out  # the first start
    assert "room calm-1" in said.out
    assert "somebody recorded what was needed" in said.out
    assert "1 of 1" in said.out
    assert "%" not in said.out
    assert "never about an employee" in said.out
    assert "dienst" in checked.done("alarms", "--load", "--lang", "nl").out


def test_nobody_who_acted_is_named(checked: Night) -> None:
    alarms = checked.done("alarms", "--json").json["alarms"]
    checked.done("acknowledge", alarms[0]["alert"], *WHO)
    said = checked.done("alarms", "--load").out
    written = checked.done("alarms", "--load", "--json").out

    for name in ("Vries", "staff-12", "staff-31", "team-leader"):
        assert name not in said + written


def test_a_drill_is_in_no_figure(checked: Night) -> None:
    checked.clock.pass_time(timedelta(seconds=1))
    before = checked.done("alarms", "--load", "--json").json
    checked.done("drill", "calm-1")
    checked.acknowledge_drill()
    checked.clock.pass_time(timedelta(seconds=1))
    after = checked.done("alarms", "--load", "--json").json

    assert (before["not_counted"]["drills"], after["not_counted"]["drills"]) == (0, 1)
    assert after["total"] == before["total"]
    assert "1 drill(s)" in checked.done("alarms", "--load").out


def test_past_drills_say_whom_they_reached(checked: Night) -> None:
    assert "There was no drill since" in checked.done("alarms", "--drills").out
    checked.done("drill", "calm-1")
    checked.pass_time(3 * MINUTE)
    checked.acknowledge_drill()

    said = checked.done("alarms", "--drills")
    (drill,) = checked.done("alarms", "--drills", "--json").json["drills"]
    assert "raised → queued" in said.out
    assert "staff-12 by tablet-day" in said.out
    assert "Acknowledged 3.0 min after it was raised, by staff." in said.out
    assert "NOT reached: siren" in said.out
    assert "Sent is not read" in said.out
    assert (drill["ending"], drill["acknowledged_after"]) == ("acknowledged", 180)
    assert drill["never_reached"] == [{"person": None, "channel": "siren"}]
    assert "OEFENING" in checked.done("alarms", "--drills", "--lang", "nl").out
    elsewhere = checked.done("alarms", "--drills", "--room", "calm-2", "--json").json
    assert elsewhere["drills"] == []


def test_tests_of_reach_say_who_was_reached(night: Night) -> None:
    assert "It was not tried for any shift yet" in night.done("alarms", "--reach").out
    night.deaf = frozenset({"tablet-night"})
    night.pass_time(timedelta(hours=9, minutes=30))  # the night begins at half past ten

    said = night.done("alarms", "--reach")
    (test,) = night.done("alarms", "--reach", "--json").json["tests"]
    assert (test["shift"], test["reached"]) == ("night", True)
    assert test["never_reached"] == [{"person": "staff-44", "channel": None}]
    assert "Shift night, beginning 22:30:00 +01:00" in said.out
    assert "staff-31 by tablet-day" in said.out
    assert "NOT reached: staff-44" in said.out
    assert "Dienst night" in night.done("alarms", "--reach", "--lang", "nl").out


def test_one_question_at_a_time(kept: Path) -> None:
    said = type_at(STOPPED, "alarms", "--load", "--drills", "--state", kept)

    assert said.code == 2
    assert "separate questions" in said.err
    bad = type_at(STOPPED, "alarms", "--load", "--since", "soon", "--state", kept)
    assert bad.code == 2
    nowhere = type_at(STOPPED, "alarms", "--load", "--room", "calm-9", "--state", kept)
    assert nowhere.code == 3


@pytest.mark.parametrize("option", ["--load", "--drills", "--reach"])
def test_every_key_is_described(option: str, checked: Night) -> None:
    checked.done("drill", "calm-1")
    checked.pass_time(MINUTE)
    said = checked.done("alarms", option, "--json").json
    told = sections()["alarms"] + (sections()["drill"] if option == "--drills" else "")

    assert keys(said) <= set(re.findall(r"`(\w+)`", told))


def test_every_ground_is_worded_and_described() -> None:
    assert set(words.GROUNDS) == set(Ground)
    assert set(words.KINDS) == set(SourceKind)
    assert set(words.ENDINGS) == set(Ending)
    assert {ground.value for ground in Ground} <= set(re.findall(r"`(\w+)`", PAGE))
