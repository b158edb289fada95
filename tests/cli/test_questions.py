"""Managers get questions with the records they rest on, and are told what was looked at."""

import re
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from room_monitor.cli import wording
from room_monitor.core.events import Entry, StayBegan
from room_monitor.core.ids import RoomId, StayId
from room_monitor.core.requirements import StayKind
from room_monitor.core.views.corroboration import Grade, Ground
from room_monitor.core.views.questions import Figure, Pattern
from room_monitor.settings import load
from room_monitor.store import SqliteStore, Turn
from tests.cli.conftest import SITE, STOPPED, Said, type_at
from tests.cli.test_documentation import keys, sections
from tests.core.play import START
from tests.core.rounds import ALICE, CALM, REST, ROOMS, TAG, Log, second, sorted_again

SOON = STOPPED + timedelta(minutes=2)


def look(kept: Path, *arguments: object, now: datetime = SOON) -> Said:
    said = type_at(now, "questions", *arguments, "--state", kept)
    assert said.code == 0, said.err
    return said


# --- A house with readers -------------------------------------------------------------

HOUSE = """
name: De Proef
broker: {host: localhost}
channels:
  - {id: tablet, kind: mqtt, topic: tablet}
people:
  - {id: p-alice, channels: [tablet], tags: [%s]}
locations:
  - id: proef
    name: De Proef
    latitude: 52.37
    longitude: 4.9
    time_zone: Europe/Amsterdam
    rooms:
"""
ROOM = """
      - id: {room}
        name: {room}
        kind: safe_room
        building_function: care
        devices:
          - id: {room}-presence_tap
            name: Reader
            role: presence_tap
            profile: native
            topic: test/{room}/tap
            interval: 5 min
"""


def house(folder: Path, entries: list[Entry]) -> Path:
    """The state of a monitor that watched four rooms, with such a log."""
    shutil.copytree(SITE.parent / "requirements", folder / "requirements")
    site = HOUSE % TAG[ALICE] + "".join(ROOM.format(room=room) for room in ROOMS)
    (folder / "site.yaml").write_text(site.replace("-presence_tap", "-tap"), "utf-8")
    settings = load(folder / "site.yaml")
    with SqliteStore.open(folder / "state") as store:
        store.save_configuration(settings.hash, settings.sources)
        for recorded_at, together in groupby(entries, key=lambda e: e.recorded_at):
            events = [(entry.room, entry.event) for entry in together]
            after = store.head().position
            store.commit(Turn(after=after, recorded_at=recorded_at, events=events))
    return folder / "state"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Alice scanned copies for a day, and presented her tag in two places at once."""
    log = Log()
    for one in ROOMS:
        log.add(began(one), one, START)
    for number in range(20):
        for index, one in enumerate(ROOMS):
            log.check(second(900 * number + 5 + 3 * index), ALICE, one)
        log.tap(second(900 * number + 400), ALICE, CALM)
        log.tap(second(900 * number + 410), ALICE, REST)
    return house(tmp_path_factory.mktemp("copied"), sorted_again(log))


def began(room: RoomId) -> StayBegan:
    return StayBegan(
        stay=StayId(f"s-{room}"),
        kind=StayKind.OWN_REQUEST,
        key="k-1",
        happened_at=START,
        role="staff",
    )


EVENING = START + timedelta(hours=6)


def test_questions_for_machines(copied: Path) -> None:
    said = look(copied, "--json", now=EVENING).json
    by_pattern = {question["pattern"]: question for question in said["questions"]}
    round_ = by_pattern["round_too_fast"]

    assert set(by_pattern) == set(Pattern) - {"late_entries", "batch"}
    assert said["looked_at"] == {
        "checks": 80,
        "stays": 4,
        "rooms": list(ROOMS),
        "tags_presented": 40,
        "people_with_tags": 1,
    }
    assert (round_["times"], round_["account"]) == (20, ALICE)
    assert round_["figures"] == {"shortest": 9, "walking": 30}
    assert len(round_["exhibits"]) == 80
    assert all(each["record"] for each in round_["exhibits"])
    assert round_["nl"].endswith("?")
    assert round_["en"].endswith("?")
    assert len(said["checks"]) == 80


def test_questions_for_people(copied: Path) -> None:
    said = look(copied, now=EVENING).out

    assert "In 20 rounds by one account" in said
    assert "… and 68 more; --json shows all" in said
    assert "These are questions, no findings" in said
    assert "Looked at since" in said


def test_questions_in_dutch(copied: Path) -> None:
    said = look(copied, "--lang", "nl", now=EVENING).out

    assert "Van 20 rondes onder één account" in said
    assert "Dit zijn vragen, geen bevindingen" in said


def test_questions_about_one_room(copied: Path) -> None:
    said = look(copied, "--room", "room-3", "--json", now=EVENING).json

    assert all("room-3" in question["rooms"] for question in said["questions"])
    assert {check["room"] for check in said["checks"]} == {"room-3"}
    assert "tag_in_two_places" not in [q["pattern"] for q in said["questions"]]
    assert said["looked_at"]["tags_presented"] == 0


def test_rooms_that_lie_side_by_side_are_walked_sooner(copied: Path) -> None:
    said = look(copied, "--walking", "2 s", "--json", now=EVENING).json

    assert {q["pattern"] for q in said["questions"]} == {"metronome", "uncorroborated"}


def test_what_was_before_is_not_looked_at(copied: Path) -> None:
    said = look(copied, "--since", "1 h ago", "--json", now=EVENING).json

    assert (said["questions"], said["checks"]) == ([], [])


def test_every_key_is_described(copied: Path) -> None:
    said = look(copied, "--json", now=EVENING).json
    words = set(re.findall(r"`(\w+)`", sections()["questions"]))

    assert keys(said) <= words
    assert {each.value for each in (*Grade, *Ground, *Figure, *Pattern)} <= words


# --- Nothing to ask -----------------------------------------------------------------------


def test_no_question_says_so_and_what_was_looked_at(kept: Path) -> None:
    said = look(kept).out

    assert "There are no questions." in said
    assert "1 check(s), 1 stay(s) (calm-1)" in said
    assert "In the site file nobody has a tag" in said
    assert "Er zijn geen vragen." in look(kept, "--lang", "nl").out


def test_a_room_that_is_not_there(kept: Path) -> None:
    said = type_at(SOON, "questions", "--room", "calm-9", "--state", kept)

    assert said.code == 3
    assert "there is no room 'calm-9'" in said.err


# --- Words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (wording.GRADES, Grade),
        (wording.GROUNDS, Ground),
        (wording.QUESTIONS, Pattern),
    ],
)
def test_nothing_is_without_words(
    words: Mapping[Any, wording.Words], kind: type[StrEnum]
) -> None:
    assert set(words) == set(kind)
    assert all(each.nl and each.en for each in words.values())


def test_a_question_is_a_question_and_accuses_nobody() -> None:
    accusing = re.compile(
        r"fraud|\bl(ied|ying|iar)|false|forge|cheat|copied|\bvals|lieg|gelogen|bedrog|gekopieerd",
        re.IGNORECASE,
    )
    for words in wording.QUESTIONS.values():
        for text in words:
            assert text.endswith("?")
            assert not accusing.search(text)
