"""Stays as people and machines see them: how long, what was missed, what was corrected."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from room_monitor.cli import stay_wording as words
from room_monitor.core.events import (
    Blindness,
    CheckIntervalAgreed,
    CheckRecorded,
    ClockStepped,
    Condition,
    ContactRecorded,
    ContactRequested,
    CorrectionConfirmed,
    DoorMoved,
    Event,
    FactRecorded,
    GapFound,
    Mood,
    Need,
    RecordCorrected,
    StayBegan,
    StayEnded,
)
from room_monitor.core.ids import DeviceId, RecordId, RoomId, StayId
from room_monitor.core.site import Role
from room_monitor.store import Sealed, SqliteReader, SqliteStore, Turn
from sensors.quantity import Quantity
from tests.cli.conftest import BEGAN, NAME, STOPPED, Said, type_at

CALM = RoomId("calm-1")
STAFF = "staff"
WHY = "the watch was ten minutes ahead"
NOW = BEGAN + timedelta(minutes=90)


def minute(number: float) -> datetime:
    """So many minutes after the stay began."""
    return BEGAN + timedelta(minutes=number)


def door(quantity: Quantity, state: str, at: float) -> DoorMoved:
    role = Role.DOOR_LOCK if quantity is Quantity.DOOR_LOCK else Role.DOOR_CONTACT
    return DoorMoved(
        device=DeviceId(f"calm-1-{role.value}"),
        role=role,
        quantity=quantity,
        state=state,
        at=minute(at),
    )


def write(
    folder: Path, at: float, events: Sequence[Event], texts: dict[str, Sealed]
) -> None:
    with SqliteStore.open(folder) as store:
        of_monitor = (GapFound, ClockStepped)
        turn = Turn(
            after=store.head().position,
            recorded_at=minute(at),
            events=[
                (None if isinstance(event, of_monitor) else CALM, event)
                for event in events
            ],
            texts=texts,
        )
        store.commit(turn)


def stay_of(folder: Path) -> StayId:
    with SqliteReader.open(folder) as store:
        for entry in store.entries(types=frozenset({"StayBegan"})):
            assert isinstance(entry.event, StayBegan)
            return entry.event.stay
    raise AssertionError("there is no stay")


@pytest.fixture
def told(state: Path) -> Path:
    """The stay went on for half an hour behind a locked door, and was put right later."""
    stay = stay_of(state)
    seeing = GapFound(
        cause=Blindness.BROKER_AWAY, began_at=STOPPED, ended_at=minute(11)
    )
    write(state, 11, [seeing], {})
    write(
        state,
        12,
        [
            door(Quantity.DOOR_CONTACT, "closed", 12),
            door(Quantity.DOOR_LOCK, "locked", 12),
            ContactRequested(device=DeviceId("calm-1-call"), at=minute(12), stay=stay),
        ],
        {},
    )
    checked = CheckRecorded(
        stay=stay,
        happened_at=minute(25),
        role=STAFF,
        sign_of_life=True,
        condition=Condition.RESTING,
        mood=Mood.SAD,
        needs=(Need.DRINK,),
        contact_wished=True,
        contact_given=False,
        record=RecordId("r00000001"),
    )
    agreed = CheckIntervalAgreed(
        stay=stay, at_most=timedelta(minutes=10), happened_at=minute(25), role=STAFF
    )
    contact = ContactRecorded(given=True, happened_at=minute(26), role=STAFF, stay=stay)
    write(state, 40, [checked, agreed, contact], {})
    ended = StayEnded(
        stay=stay, happened_at=minute(40), role=STAFF, record=RecordId("r00000002")
    )
    write(state, 41, [door(Quantity.DOOR_LOCK, "unlocked", 32), ended], {})
    instead = StayEnded(
        stay=stay, happened_at=minute(30), role=STAFF, record=RecordId("r00000003")
    )
    corrected = RecordCorrected(
        record=RecordId("r00000004"),
        corrects=RecordId("r00000002"),
        instead=RecordId("r00000003"),
        at=minute(60),
        role=STAFF,
        stay=stay,
        person="commitment-1",
        reason="commitment-2",
    )
    texts = {
        "commitment-1": Sealed(b"salt", NAME),
        "commitment-2": Sealed(b"salt", WHY),
    }
    write(state, 60, [instead, corrected], texts)
    confirmed = CorrectionConfirmed(
        confirms=RecordId("r00000004"), at=minute(70), role="director", stay=stay
    )
    told = FactRecorded(
        fact="told_duration",
        outcome=True,
        happened_at=minute(70),
        role=STAFF,
        stay=stay,
    )
    write(state, 70, [confirmed, told], {})
    return state


def look(folder: Path, *arguments: object) -> Said:
    said = type_at(NOW, *arguments, "--state", folder)
    assert said.code == 0, said.err
    return said


def test_how_long_it_lasted_is_told_twice(told: Path) -> None:
    (stay,) = look(told, "stays", "--json").json["stays"]

    assert (stay["registered"], stay["duration"]) == (1800, 1800)
    assert (stay["measured"], stay["difference"]) == (18 * 60, -12 * 60)
    assert stay["measured_ended_at"] == "2026-03-02T12:32:00.000000Z"
    assert stay["unseen"] == 12 * 60
    assert (stay["open"], stay["ended_late"], stay["began_late"]) == (
        False,
        True,
        False,
    )
    assert (stay["checks"], stay["late_checks"], stay["corrections"]) == (2, 1, 1)
    assert stay["gaps"] == [
        {
            "began_at": "2026-03-02T12:05:00.000000Z",
            "due_at": "2026-03-02T12:20:00.000000Z",
            "ended_at": "2026-03-02T12:25:00.000000Z",
            "length": 1200,
            "overrun": 300,
        }
    ]
    assert stay["blocks"] == {"asked": 2, "missed": 0}


def test_people_read_the_same(told: Path) -> None:
    out = look(told, "stays").out
    for words_ in ("30 min", "18 min", "12 min not seen", "-12 min", "recorded late"):
        assert words_ in out

    nl = look(told, "stays", "--lang", "nl").out
    for words_ in ("geregistreerd", "12 min niet gezien", "later vastgelegd"):
        assert words_ in nl


def test_of_an_end_that_is_unknown_no_number_is_told(state: Path) -> None:
    stay = stay_of(state)
    write(state, 60, [StayEnded(stay=stay, happened_at=None, role=STAFF)], {})
    (shape,) = look(state, "stays", "--json").json["stays"]

    unknown = ("duration", "registered", "measured", "difference", "unseen", "blocks")
    assert [shape[key] for key in unknown] == [None] * 6
    assert shape["end_unknown"] is True
    assert "? end unknown" in look(state, "stays").out
    assert "? einde onbekend" in look(state, "stay", stay, "--lang", "nl").out


def test_interventions_are_computed(told: Path) -> None:
    (found,) = look(told, "stays", "--interventions", "--json").json["interventions"]
    stay = stay_of(told)

    assert (found["key"], found["kind"], found["duration"]) == (
        "k-1",
        "enclosure",
        1800,
    )
    assert [episode["stays"] for episode in found["episodes"]] == [[stay]]
    assert stay in look(told, "stays", "--interventions", "--lang", "nl").out


def test_everything_of_a_stay_is_told_in_order(told: Path) -> None:
    out = look(told, "stay", stay_of(told)).out

    in_order = [
        "began: enclosure, by J. Jansen (staff)",
        "door closed and locked until 13:32:00 +01:00 (20 min)",
        "CHECK MISSED: none for 20 min, 5 min too long, until 13:25:00 +01:00",
        "sign of life, contact wished, contact not given, resting, sad, drink",
        "agreed: a check every 10 min",
        "contact was given",
        "CORRECTION of the end: end was 13:40:00 +01:00, is 13:30:00 +01:00",
        "told_duration: yes",
    ]
    flat = " ".join(out.split())
    places = [flat.find(each) for each in in_order]
    assert -1 not in places, in_order[places.index(-1)]
    assert places == sorted(places)
    assert f"by {NAME} (staff), reason: {WHY}, confirmed by director" in flat
    assert "corrected, no longer counts" in flat
    assert "§ LEGAL DEMAND" in flat


def test_the_whole_of_it_is_told_in_dutch_too(told: Path) -> None:
    flat = " ".join(look(told, "stay", stay_of(told), "--lang", "nl").out.split())

    for each in (
        "CONTROLE GEMIST: 20 min zonder, 5 min te lang",
        "deur dicht en op slot tot 13:32:00",
        "teken van leven, wilde contact, geen contact gegeven, rust uit, verdrietig",
        "CORRECTIE van het einde: einde was 13:40:00 +01:00, is 13:30:00 +01:00",
        "drukte op de oproepknop",
        "Wat er nog ontbreekt",
    ):
        assert each in flat


def test_both_versions_are_there_for_machines(told: Path) -> None:
    said = look(told, "stay", stay_of(told), "--json").json

    ends = [r for r in said["records"] if r["type"] == "StayEnded"]
    assert [(r["record"], r["counts"], r["corrects"]) for r in ends] == [
        ("r00000002", False, None),
        ("r00000003", True, "r00000002"),
    ]
    (correction,) = said["corrections"]
    assert correction["changes"] == [
        {
            "field": "ended_at",
            "before": "2026-03-02T12:40:00.000000Z",
            "after": "2026-03-02T12:30:00.000000Z",
        }
    ]
    assert (correction["person"], correction["reason"]) == (NAME, WHY)
    assert correction["confirmed_by"] == "director"
    assert len(said["locked"]) == len(said["called"]) == 1
    assert {each["verdict"] for each in said["due"]} <= {"met"}


def test_an_alert_because_of_the_stay_is_told(kept: Path) -> None:
    """The fixture's monitor raised one, for the button that is silent."""
    stay = stay_of(kept)
    alerts = look(kept, "stay", stay, "--json").json["alerts"]
    assert {alert["over_at"] for alert in alerts} == {None}
    assert all(f"alert {a['alert']}" in look(kept, "stay", stay).out for a in alerts)


def test_what_must_still_come_is_told_with_its_limit(kept: Path) -> None:
    said = type_at(STOPPED, "stay", stay_of(kept), "--json", "--state", kept).json

    due = {each["requirement"]: each["due_at"] for each in said["due"]}
    assert due["check-every-quarter"] == "2026-03-02T12:20:00.000000Z"
    assert due["review-within-3h"] == "2026-03-02T15:00:00.000000Z"
    assert "told-duration" in {each["requirement"] for each in said["missing"]}


def test_a_stay_that_is_not_there(kept: Path) -> None:
    said = type_at(NOW, "stay", "s-none", "--state", kept)

    assert said.code == 3
    assert "there is no stay 's-none'" in said.err


def test_what_a_correction_can_be_about_has_words() -> None:
    told_of = {StayBegan, StayEnded, CheckRecorded, CheckIntervalAgreed}
    told_of |= {ContactRecorded, FactRecorded}

    assert {each.__name__ for each in told_of} | {""} == set(words.WHAT)
