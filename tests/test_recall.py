"""What was true is brought back: as it was left, and as it was at any past instant."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from pathlib import Path

import pytest

from room_monitor.clock import ManualClock
from room_monitor.control import Do, Request, perform
from room_monitor.core.alert import AlertState
from room_monitor.core.evaluation import Locking, Reason, Verdict
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertRaised,
    AlertShelved,
    BreachClosed,
    BreachOpened,
    CheckIntervalAgreed,
    Closing,
    ContactRequested,
    DoorMoved,
    DrillBegan,
    Entry,
    Event,
    Evidence,
    FactRecorded,
    OccupancySuggested,
    Prompted,
    Source,
    StayBegan,
    StayEnded,
    VerdictChanged,
)
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    DeviceId,
    ObligationId,
    RecordId,
    RequirementId,
    RoomId,
    StayId,
)
from room_monitor.core.requirements import Label, Priority, StayKind
from room_monitor.core.site import Role
from room_monitor.core.state import RoomState, evolve
from room_monitor.core.views import Sight
from room_monitor.draft import Arrival
from room_monitor.recall import (
    ALIVE_WITHIN,
    FORMAT,
    OF_THE_MONITOR,
    Memory,
    configuration_at,
    log_of,
    recall,
    recall_at,
    remember,
    sight_at,
    snapshot,
)
from room_monitor.store.codec import loads
from room_monitor.store.sqlite_reader import SqliteReader
from sensors.quantity import Quantity
from tests.support.engines import Running, running
from tests.support.rooms import CALM, CLIMATE, NOON, co2, device, minutes, plans, room

OTHER = RoomId("calm-2")
TWO = (room(), room(OTHER, device("climate-2")))
JUST_BEFORE = timedelta(microseconds=1)
BEGIN = Request(
    do=Do.BEGIN_STAY, target=CALM, role="staff", kind=StayKind.ENCLOSURE, key="k"
)
END = Request(do=Do.END_STAY, target=CALM, role="staff")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


async def hears(
    monitor: Running, clock: ManualClock, value: float, *, retained: bool = False
) -> None:
    reading = co2(value, clock.now())._replace(retained=retained)
    monitor.engine.offer(
        Arrival(
            readings=(reading,),
            received_at=clock.now(),
            delivery=None,
            redelivered=False,
            done=lambda: None,
        )
    )
    await monitor.settle()


def heard(state: RoomState) -> float | None:
    latest = state.latest(CLIMATE, Quantity.CO2)
    return None if latest is None else latest.reading.value


def memory(state: RoomState) -> dict[str, object]:
    return {name: getattr(state, name) for name in Memory._fields}


# --- As it was left ---------------------------------------------------------------------


async def test_what_was_never_watched_has_a_fresh_state(tmp_path: Path) -> None:
    clock = ManualClock(NOON)
    async with running(tmp_path, clock) as monitor:
        recalled = recall(monitor.store, plans(*TWO))

        assert recalled.position == monitor.store.head().position
        assert recalled.configuration == "c1"
        assert memory(recalled.rooms[CALM]) == memory(monitor.engine.rooms[CALM])
        assert recalled.rooms[OTHER].standings == {}


async def test_a_room_that_is_no_longer_watched_is_left_out(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock, *TWO) as monitor:
        await hears(monitor, clock, 800)
        recalled = recall(monitor.store, plans(TWO[1]))

        assert list(recalled.rooms) == [OTHER]
        assert memory(recalled.rooms[OTHER]) == memory(monitor.engine.rooms[OTHER])


async def test_what_the_broker_replayed_is_not_remembered_as_fresh(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock) as monitor:
        await hears(monitor, clock, 800)
        clock.pass_time(minutes(1))
        await hears(monitor, clock, 900, retained=True)

        assert heard(recall(monitor.store, plans()).rooms[CALM]) == 800


@pytest.mark.parametrize("flaw", ["another format", "another content"])
async def test_a_snapshot_this_code_cannot_read_is_done_without(
    tmp_path: Path, clock: ManualClock, flaw: str
) -> None:
    async with running(tmp_path, clock) as monitor:
        await perform(monitor.engine, BEGIN, clock.now())
        await hears(monitor, clock, 800)
        head = monitor.store.head().position
        kept = snapshot(
            monitor.engine.rooms.values(),
            monitor.engine.desk,
            position=head,
            reading_row=monitor.store.last_reading_row(),
            configuration="c0",
            now=clock.now(),
        )
        unreadable = {
            "another format": replace(kept, format=FORMAT + 1),
            "another content": replace(kept, rooms={CALM: b"[]"}),
        }
        monitor.store.save_snapshot(unreadable[flaw])
        recalled = recall(monitor.store, plans())

        assert recalled.configuration == "c1"
        assert recalled.position == head
        assert memory(recalled.rooms[CALM]) == memory(monitor.engine.rooms[CALM])


async def test_a_room_that_was_away_gets_back_its_stays_and_facts(
    tmp_path: Path, clock: ManualClock
) -> None:
    """It is in no snapshot; what was recorded of it is still in the log."""
    inspected = Request(
        do=Do.RECORD, target=OTHER, role="staff", fact="inspected", outcome=True
    )
    async with running(tmp_path, clock, *TWO) as monitor:
        await perform(monitor.engine, replace(inspected, of_room=True), clock.now())
        began = await perform(monitor.engine, replace(BEGIN, target=OTHER), clock.now())
        left = monitor.engine.rooms[OTHER]
    clock.pass_time(minutes(1))
    async with running(tmp_path, clock, TWO[0]) as monitor:
        await perform(monitor.engine, BEGIN, clock.now())
        here = monitor.engine.rooms[CALM]
    with SqliteReader.open(tmp_path) as store:
        kept = store.latest_snapshot()
    clock.pass_time(minutes(1))
    async with running(tmp_path, clock, *TWO) as monitor:
        back = monitor.engine.rooms

    assert kept is not None
    assert list(kept.rooms) == [CALM]
    assert began.stay is not None
    assert list(back[OTHER].stays) == [began.stay]
    assert back[OTHER].stays == left.stays
    assert back[OTHER].happened == left.happened
    assert "inspected" in back[OTHER].happened
    assert back[CALM].stays == here.stays


# --- As it was then ---------------------------------------------------------------------


async def test_a_past_instant_knows_what_was_recorded_by_then_and_no_more(
    tmp_path: Path, clock: ManualClock
) -> None:
    def stays(store: SqliteReader, at: datetime) -> list[bool]:
        return [s.ended for s in recall_at(store, plans(), at)[CALM].stays.values()]

    async with running(tmp_path, clock) as monitor:
        clock.pass_time(minutes(10))
        began_at = clock.now()
        await perform(monitor.engine, BEGIN, began_at)
        clock.pass_time(minutes(10))
        ended_at = clock.now()
        await perform(monitor.engine, END, ended_at)

        assert stays(monitor.store, NOON - JUST_BEFORE) == []
        assert stays(monitor.store, began_at - JUST_BEFORE) == []
        assert stays(monitor.store, began_at) == [False]
        assert stays(monitor.store, ended_at - JUST_BEFORE) == [False]
        assert stays(monitor.store, ended_at) == [True]


async def test_of_one_room_it_is_known_what_its_devices_had_last_said(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock, *TWO) as monitor:
        for value in (700, 800, 900):
            clock.pass_time(minutes(5))
            await hears(monitor, clock, value)
        then = NOON + minutes(12)
        one = recall_at(monitor.store, plans(TWO[0]), then)
        both = recall_at(monitor.store, plans(*TWO), then)

        assert heard(one[CALM]) == 800
        assert heard(both[CALM]) is None
        assert one[CALM].standings == both[CALM].standings


async def test_the_log_of_a_room_is_its_own_and_that_of_the_monitor_in_order(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock, *TWO) as monitor:
        await perform(monitor.engine, BEGIN, clock.now())
        every = list(log_of(monitor.store, None))
        own = list(log_of(monitor.store, CALM))
        begins = list(log_of(monitor.store, CALM, frozenset({"StayBegan"})))

    def name(entry: Entry) -> str:
        return type(entry.event).__name__

    assert own == [entry for entry in every if entry.room in (CALM, None)]
    assert begins == [
        entry
        for entry in own
        if name(entry) in OF_THE_MONITOR or name(entry) == "StayBegan"
    ]
    assert [name(entry) for entry in begins].count("StayBegan") == 1


async def test_the_configuration_of_an_instant_is_the_last_that_came_into_force(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock):
        clock.pass_time(minutes(10))
    changed_at = clock.now()
    async with running(tmp_path, clock, configuration="c2") as monitor:
        store = monitor.store

        assert configuration_at(store, NOON - JUST_BEFORE) is None
        assert configuration_at(store, NOON) == "c1"
        assert configuration_at(store, changed_at - JUST_BEFORE) == "c1"
        assert configuration_at(store, changed_at) == "c2"
        assert recall(store, plans()).configuration == "c2"


# --- Whether it could see ---------------------------------------------------------------


async def test_a_monitor_that_runs_and_hears_sees(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock) as monitor:
        assert sight_at(monitor.store, clock.now()) == Sight()


async def test_while_the_broker_is_away_it_is_blind_from_then_on(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock) as monitor:
        clock.pass_time(minutes(1))
        lost_at = clock.now()
        await monitor.engine.blinded()
        clock.pass_time(minutes(5))
        await monitor.engine.sees()
        clock.pass_time(minutes(1))
        monitor.store.mark_alive(clock.now())
        store = monitor.store

        assert sight_at(store, lost_at - JUST_BEFORE) == Sight()
        assert sight_at(store, lost_at) == Sight(lost_at, "the broker was away")
        assert sight_at(store, clock.now()) == Sight()


async def test_after_it_was_stopped_it_is_blind_until_it_sees_again(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock):
        clock.pass_time(minutes(1))
    stopped_at = clock.now()
    clock.pass_time(minutes(60))
    between = clock.now()
    with SqliteReader.open(tmp_path) as store:
        stopped = Sight(stopped_at, "the monitor was stopped")
        assert sight_at(store, between) == stopped
    clock.pass_time(minutes(1))
    async with running(tmp_path, clock) as monitor:
        assert sight_at(monitor.store, between).blind_since == stopped_at
        assert sight_at(monitor.store, clock.now()) == Sight()


async def test_who_was_killed_is_blind_since_it_was_last_heard_of(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with running(tmp_path, clock) as monitor:
        alive_at = clock.now() + minutes(2)
        monitor.store.mark_alive(alive_at)
        store = monitor.store

        assert sight_at(store, alive_at + ALIVE_WITHIN) == Sight()
        gone = sight_at(store, alive_at + ALIVE_WITHIN + JUST_BEFORE)
        assert gone == Sight(alive_at, "the monitor does not run")


# --- What is remembered of stays, doors and alerts --------------------------------------

LOCK, BUTTON = DeviceId("lock-1"), DeviceId("button-1")
WITH_DOOR = room(
    CALM,
    device(),
    device(LOCK, Role.DOOR_LOCK),
    device(BUTTON, Role.CALL_BUTTON),
)
SOURCE = Source(
    requirement=RequirementId("checks"),
    citation="Art. 1",
    label=Label.LAW,
    catalogue="1",
)


def everything(state: RoomState) -> RoomState:
    """A state in which each field of the memory holds something of every kind."""
    return reduce(evolve, happened_today(), state)


def happened_today() -> list[Event]:
    stay, at = StayId("s1"), NOON
    key = ObligationId(f"{CALM}/checks/every@{stay}")
    opened = BreachOpened(
        breach=BreachId(f"{key}#1"),
        obligation=key,
        source=SOURCE,
        priority=Priority.URGENT,
        reason=Reason.CHECK_MISSED,
        began_at=at + minutes(15),
        stay=stay,
    )
    return [
        DoorMoved(
            device=LOCK,
            role=Role.DOOR_LOCK,
            quantity=Quantity.DOOR_LOCK,
            state="locked",
            at=at,
            co2_ppm=612.5,
        ),
        OccupancySuggested(
            locked_at=at,
            from_ppm=612.5,
            evidence=Evidence.of(co2(900, at + minutes(1))),
        ),
        ContactRequested(device=BUTTON, at=at + minutes(2)),
        StayBegan(
            stay=stay,
            kind=StayKind.ENCLOSURE,
            key="k",
            happened_at=at,
            role="staff",
            record=RecordId("r1"),
        ),
        CheckIntervalAgreed(
            stay=stay,
            at_most=minutes(10),
            happened_at=at + minutes(1),
            role="lead",
            record=RecordId("r2"),
        ),
        FactRecorded(
            fact="light_disabled",
            outcome=True,
            happened_at=at + minutes(1),
            until=at + minutes(5),
            role="staff",
            stay=stay,
            record=RecordId("r3"),
        ),
        VerdictChanged(
            obligation=key,
            source=SOURCE,
            verdict=Verdict.VIOLATED,
            reason=Reason.CHECK_MISSED,
            since=at + minutes(15),
            stay=stay,
        ),
        Prompted(
            obligation=key,
            source=SOURCE,
            due_at=at + minutes(15),
            lead=minutes(3),
            at=at + minutes(12),
            stay=stay,
        ),
        opened,
        AlertRaised(
            alert=AlertId("a1"),
            breach=opened.breach,
            obligation=key,
            requirement=RequirementId("checks"),
            priority=Priority.URGENT,
            reason=Reason.CHECK_MISSED,
            began_at=opened.began_at,
            stay=stay,
            group="gateway/g1",
            insistent=True,
            inhibited_by=(RequirementId("heard"),),
        ),
        AlertAcknowledged(
            alert=AlertId("a1"),
            role="staff",
            at=at + minutes(16),
            expires_at=at + minutes(31),
        ),
        AcknowledgementExpired(alert=AlertId("a1"), at=at + minutes(31)),
        AlertShelved(
            alert=AlertId("a1"),
            at=at + minutes(32),
            until=at + minutes(90),
            role="lead",
        ),
        DrillBegan(
            alert=AlertId("a2"),
            priority=Priority.HIGH,
            began_at=at,
            ends_at=at + minutes(10),
            role="lead",
        ),
        BreachClosed(
            breach=opened.breach,
            obligation=key,
            closing=Closing.LAPSED,
            began_at=opened.began_at,
            ended_at=None,
        ),
        DoorMoved(
            device=LOCK,
            role=Role.DOOR_LOCK,
            quantity=Quantity.DOOR_LOCK,
            state="unlocked",
            at=at + minutes(40),
        ),
        StayEnded(
            stay=stay,
            happened_at=None,
            role="staff",
            told_at=at + minutes(50),
            record=RecordId("r4"),
        ),
    ]


def test_what_is_remembered_comes_back_as_it_was() -> None:
    state = everything(RoomState(plan=plans(WITH_DOOR)[CALM]))
    back = loads(remember(state), Memory)

    assert back._asdict() == memory(state)
    (stay,) = back.stays.values()
    assert stay.breaches
    assert stay.told_over_at == NOON + minutes(50)
    assert back.doors.lockings == (Locking(NOON, NOON + minutes(40)),)
    assert set(back.sensed) == {"contact_request"}
    (standing,) = back.standings.values()
    assert standing.prompted_for == NOON + minutes(15)
    assert {(a.state, a.raised_again, a.drill) for a in back.alerts.values()} == {
        (AlertState.SHELVED, 1, False),
        (AlertState.RAISED, 0, True),
    }


def test_all_that_is_true_of_a_room_is_remembered_or_computed() -> None:
    computed = {"plan", "rechecks", "wake_at", "people_judged_at"}

    assert set(RoomState._fields) == set(Memory._fields) | computed
    assert len(RoomState._fields) == len(Memory._fields) + len(computed)


async def test_a_snapshot_and_the_log_alone_bring_back_the_same(
    tmp_path: Path, clock: ManualClock
) -> None:
    """A stay with a missed check that was told late, and an end nobody knows."""
    checked = Request(do=Do.CHECK_IN, target=CALM, role="staff")
    async with running(tmp_path, clock) as monitor:
        began = await perform(monitor.engine, BEGIN, clock.now())
        clock.pass_time(minutes(40))
        await perform(
            monitor.engine, replace(checked, at=NOON + minutes(20)), clock.now()
        )
        await perform(monitor.engine, replace(END, at_unknown=True), clock.now())
        live = memory(monitor.engine.rooms[CALM])
        kept = snapshot(
            monitor.engine.rooms.values(),
            monitor.engine.desk,
            position=monitor.store.head().position,
            reading_row=monitor.store.last_reading_row(),
            configuration="c1",
            now=clock.now(),
        )
        folded = recall(monitor.store, plans()).rooms[CALM]
        monitor.store.save_snapshot(kept)
        brought_back = recall(monitor.store, plans()).rooms[CALM]

    assert began.stay is not None
    assert folded.stays[began.stay].breaches
    assert memory(folded) == memory(brought_back) == live
