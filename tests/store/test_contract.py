"""What every backend promises: turns are whole, durable, in order and written once."""

from datetime import timedelta
from itertools import pairwise

import pytest

from room_monitor.core.events import Event
from room_monitor.core.ids import AlertId, DeviceId, RoomId
from room_monitor.evidence.chain import GENESIS, link
from room_monitor.evidence.entries import encode
from room_monitor.store import (
    Attempt,
    Committed,
    Configuration,
    Delivery,
    Head,
    HeadMoved,
    Notification,
    NotificationState,
    NotStorable,
    Point,
    Refusal,
    RefusalKind,
    Snapshot,
    Store,
    Turn,
    seal,
)
from sensors.quantity import Quantity
from tests.store.conftest import Backend
from tests.store.samples import (
    ACKNOWLEDGED,
    CALM,
    REST,
    START,
    STARTED,
    door,
    numbered,
    reading,
    second,
    turn,
)

CLIMATE = DeviceId("climate-1")


def append(store: Store, *events: tuple[RoomId | None, Event]) -> int:
    """Commit events one turn each; where the log ends."""
    for event in events:
        store.commit(turn(store.head().position, [event]))
    return store.head().position


# --- The log ---------------------------------------------------------------------------


def test_an_empty_log_ends_at_genesis(store: Store) -> None:
    assert store.head() == Head(0, GENESIS)
    assert list(store.entries()) == []
    assert store.verify() == 0


def test_entries_come_back_in_order_each_chained_to_the_one_before(
    store: Store,
) -> None:
    committed = store.commit(turn(0, [STARTED, door(1), ACKNOWLEDGED]))

    entries = list(store.entries())
    assert [(entry.room, entry.event) for entry in entries] == [
        STARTED,
        door(1),
        ACKNOWLEDGED,
    ]
    assert [entry.position for entry in entries] == [1, 2, 3]
    assert {entry.recorded_at for entry in entries} == {START}
    assert committed.head == store.head() == Head(3, entries[-1].hash)
    assert entries[0].hash == link(GENESIS, encode(1, START, *STARTED))
    for before, entry in pairwise(entries):
        content = encode(entry.position, START, entry.room, entry.event)
        assert entry.hash == link(before.hash, content)
    assert store.verify() == 3


def test_the_log_outlives_its_writer(backend: Backend) -> None:
    store = backend.open()
    head = store.commit(turn(0, [STARTED, door(1)])).head
    store.close()

    store = backend.open()

    assert store.head() == head
    assert store.commit(turn(2, [door(2)])).head.position == 3
    assert store.verify() == 3


def test_who_believes_in_another_head_writes_nothing(store: Store) -> None:
    append(store, STARTED)

    with pytest.raises(HeadMoved) as moved:
        store.commit(turn(0, [door(1)], [reading(1)]))

    assert (moved.value.expected, moved.value.actual) == (0, 1)
    assert store.head().position == 1
    assert store.last_reading_row() == 0


def test_a_turn_without_events_leaves_the_head_where_it_is(store: Store) -> None:
    head = store.commit(turn(0, [STARTED])).head

    assert store.commit(turn(1, readings=[reading(1)])).head == head


def test_entries_can_be_asked_for_by_place_room_time_and_type(store: Store) -> None:
    append(store, STARTED, door(1), door(2, REST), ACKNOWLEDGED, door(3))

    def positions(**asked: object) -> list[int]:
        return [entry.position for entry in store.entries(**asked)]  # type: ignore[arg-type]

    assert positions(after=3) == [4, 5]
    assert positions(after=1, until=3) == [2, 3]
    assert positions(limit=2) == [1, 2]
    assert positions(room=CALM) == [2, 5]
    assert positions(since=second(2)) == [3, 4, 5]
    assert positions(since=second(9)) == []
    assert positions(types=frozenset({"DoorMoved"})) == [2, 3, 5]
    assert positions(types=frozenset({"AlertAcknowledged", "MonitorStarted"})) == [1, 4]
    assert positions(types=frozenset()) == []
    assert positions(room=REST, types=frozenset({"DoorMoved"})) == [3]
    assert positions(after=2, since=second(1), room=CALM, limit=1) == [5]


def test_many_entries_are_read_page_by_page_while_more_are_written(
    store: Store,
) -> None:
    store.commit(turn(0, [door(number) for number in range(4_500)]))
    entries = store.entries()
    first = next(entries)

    store.commit(turn(4_500, [door(4_500)]))

    assert [first.position, *(entry.position for entry in entries)] == list(
        range(1, 4_502)
    )


def test_an_event_that_cannot_be_written_takes_its_whole_turn_with_it(
    store: Store,
) -> None:
    with pytest.raises(NotStorable):
        store.commit(turn(0, [door(1), (RoomId("\ud800"), STARTED[1])], [reading(1)]))

    assert store.head().position == 0
    assert store.last_reading_row() == 0


# --- Readings --------------------------------------------------------------------------


def test_readings_come_back_as_they_were_heard(store: Store) -> None:
    heard = [
        reading(1),
        reading(2, room=REST, device=DeviceId("tap"), tag="tag-7", late=True),
        reading(3, received_at=second(3.000001), quantity=Quantity.BATTERY),
        numbered(4, retained=True),
    ]

    committed = store.commit(turn(0, readings=heard))

    assert committed == Committed(Head(0, GENESIS), 4, 4)
    assert [kept for _, kept in store.readings_after(0)] == heard
    assert [row for row, _ in store.readings_after(2)] == [3, 4]
    assert store.last_reading_row() == 4


def test_many_readings_are_read_page_by_page(store: Store) -> None:
    heard = [reading(number) for number in range(5_001)]
    store.commit(turn(0, readings=heard))

    assert [kept for _, kept in store.readings_after(0)] == heard


def test_a_numbered_and_dated_reading_is_kept_once(store: Store) -> None:
    again = numbered(1, received_at=second(60), at=second(60))
    store.commit(turn(0, readings=[numbered(1), numbered(2)]))

    committed = store.commit(turn(0, readings=[again, numbered(3)]))

    assert (committed.stored, committed.reading_row) == (1, 3)
    kept = [kept for _, kept in store.readings_after(0)]
    assert kept == [numbered(1), numbered(2), numbered(3)]


@pytest.mark.parametrize(
    "other",
    [
        numbered(1, quantity=Quantity.BATTERY),
        numbered(1, device=DeviceId("climate-2")),
        numbered(1, measured_at=second(99)),
        numbered(1, sequence=2),
    ],
)
def test_a_reading_that_differs_in_any_of_these_is_another_one(
    store: Store, other: object
) -> None:
    committed = store.commit(turn(0, readings=[numbered(1), other]))  # type: ignore[list-item]

    assert committed.stored == 2


@pytest.mark.parametrize("unsure", [{"sequence": None}, {"measured_at": None}])
def test_without_number_or_date_nothing_is_taken_for_a_repetition(
    store: Store, unsure: dict[str, None]
) -> None:
    twice = [numbered(1, **unsure), numbered(1, **unsure)]

    assert store.commit(turn(0, readings=twice)).stored == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"value": float("nan")},
        {"sequence": 2**63},
        {"tag": "\ud800"},
        {"at": START.replace(tzinfo=None)},
    ],
)
def test_a_reading_that_fits_no_column_takes_its_whole_turn_with_it(
    store: Store, changes: dict[str, object]
) -> None:
    with pytest.raises(NotStorable):
        store.commit(turn(0, [STARTED], [reading(1), reading(2, **changes)]))

    assert store.head().position == 0
    assert store.last_reading_row() == 0
    assert store.commit(turn(0, [STARTED], [reading(1)])).stored == 1


# --- What comes with a turn ------------------------------------------------------------


def test_committed_messages_are_known_again(backend: Backend) -> None:
    store = backend.open()
    store.commit(turn(0, deliveries=[Delivery(1, b"a"), Delivery(65_535, b"bc")]))
    store.commit(turn(0, deliveries=[Delivery(1, b"again")]))
    store.close()

    assert backend.open().recent_deliveries() == {1: b"again", 65_535: b"bc"}


def test_only_the_newest_messages_are_remembered(store: Store) -> None:
    for start in range(0, 24_000, 2_000):
        messages = [Delivery(start + n, b"x") for n in range(2_000)]
        store.commit(turn(0, deliveries=messages))

    assert list(store.recent_deliveries()) == list(range(14_000, 24_000))


def test_a_message_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(NotStorable):
        store.commit(turn(0, [STARTED], deliveries=[Delivery(65_536, b"")]))

    assert store.head().position == 0


def test_a_turn_says_that_the_monitor_was_alive(store: Store) -> None:
    assert store.alive_at() is None
    store.commit(Turn(after=0, recorded_at=second(1)))
    assert store.alive_at() == second(1)
    store.mark_alive(second(2))
    assert store.alive_at() == second(2)


def test_texts_stand_beside_the_log_and_can_be_erased(store: Store) -> None:
    commitment, sealed = seal("J. Jansen")
    other, more = seal("J. Jansen")
    store.commit(turn(0, texts={commitment: sealed, other: more}))

    assert commitment != other
    assert store.text(commitment) == sealed
    assert store.erase_text(commitment)
    assert store.text(commitment) is None
    assert not store.erase_text(commitment)
    assert store.text(other) == more


# --- Notifications ---------------------------------------------------------------------


def notification(
    name: str, due: float = 0, *, alert: str | None = None
) -> Notification:
    return Notification(
        id=name,
        alert=AlertId(alert or f"alert of {name}"),
        room=CALM,
        transport="mqtt",
        body='{"alert":"alert-1"}',
        queued_at=START,
        due_at=second(due),
    )


def test_a_notification_waits_until_it_is_due(store: Store) -> None:
    assert store.due_notifications(second(99)) == []
    wanted = [notification("late", 60), notification("soon", 1), notification("now")]
    store.commit(turn(0, notifications=wanted))

    assert store.due_notifications(START) == [notification("now")]
    assert [n.id for n in store.due_notifications(second(99))] == [
        "now",
        "soon",
        "late",
    ]
    assert [n.id for n in store.due_notifications(second(99), limit=1)] == ["now"]
    assert store.due_notifications(second(99), but={"mqtt"}) == []
    assert len(store.due_notifications(second(99), but={"mail"})) == 3


def test_of_one_alert_nothing_overtakes(store: Store) -> None:
    raised = notification("raised", 30, alert="a1")
    over = notification("over", 1, alert="a1")
    store.commit(turn(0, notifications=[raised, over, notification("other", 1)]))

    assert [n.id for n in store.due_notifications(second(5))] == ["other"]
    assert [n.id for n in store.due_notifications(second(99))] == ["other", "raised"]
    sent = Attempt(notification="raised", state=NotificationState.SENT, at=second(40))
    store.record_attempts([sent])
    assert [n.id for n in store.due_notifications(second(99))] == ["over", "other"]


def test_queueing_a_notification_again_changes_nothing(store: Store) -> None:
    store.commit(turn(0, notifications=[notification("one")]))
    sent = Attempt(notification="one", state=NotificationState.SENT, at=second(1))
    store.record_attempts([sent])

    store.commit(turn(0, notifications=[notification("one")]))

    assert store.due_notifications(second(99)) == []


def test_an_attempt_is_repeated_until_it_succeeds_or_is_given_up(store: Store) -> None:
    both = [notification("one", alert="a1"), notification("two", alert="a1")]
    store.commit(turn(0, notifications=both))
    again = Attempt(
        notification="one",
        state=NotificationState.QUEUED,
        at=second(1),
        due_at=second(30),
        error="connection refused",
    )
    given_up = Attempt(
        notification="two", state=NotificationState.FAILED, at=second(1), error="gone"
    )
    store.commit(turn(0, attempts=[again, given_up]))

    assert store.due_notifications(second(29)) == []
    (waiting,) = store.due_notifications(second(30))
    assert (waiting.attempts, waiting.error) == (1, "connection refused")

    sent = Attempt(notification="one", state=NotificationState.SENT, at=second(31))
    store.record_attempts([sent])
    store.record_attempts([again, given_up])

    assert [
        (n.id, n.state, n.attempts) for n in store.notifications_of(waiting.alert)
    ] == [
        ("one", NotificationState.SENT, 2),
        ("two", NotificationState.FAILED, 1),
    ]
    assert store.due_notifications(second(9_999)) == []


# --- Snapshots and configurations ------------------------------------------------------


def snapshot(position: int, row: int = 0) -> Snapshot:
    return Snapshot(
        position=position,
        reading_row=row,
        configuration="c" * 64,
        format=3,
        taken_at=second(position),
        rooms={CALM: b'{"at":%d}' % position, REST: b""},
        monitor=b"[1]",
    )


def test_the_latest_snapshot_comes_back(backend: Backend) -> None:
    store = backend.open()
    assert store.latest_snapshot() is None
    for position in (1, 2, 3):
        append(store, door(position))
        store.save_snapshot(snapshot(position))
    store.close()

    assert backend.open().latest_snapshot() == snapshot(3)


@pytest.mark.parametrize("ahead", [snapshot(2), snapshot(1, row=2)])
def test_a_snapshot_ahead_of_log_or_journal_is_passed_over(
    store: Store, ahead: Snapshot
) -> None:
    store.commit(turn(0, [STARTED], [reading(1)]))
    store.save_snapshot(snapshot(1, row=1))
    store.save_snapshot(ahead)

    assert store.latest_snapshot() == snapshot(1, row=1)


def test_configurations_are_kept_for_good(store: Store) -> None:
    assert store.configuration() is None
    one = Configuration(hash="1", sources={"site.yaml": "rooms: {}\n"})
    two = Configuration(hash="2", sources={"site.yaml": "größer", "law.yaml": ""})
    for each in (one, two, one):
        store.save_configuration(each.hash, each.sources)

    assert store.configuration() == one
    assert store.configuration("2") == two
    assert store.configuration("3") is None


# --- Refusals --------------------------------------------------------------------------


def refusal(name: str, at: float, count: int = 1) -> Refusal:
    return Refusal(
        kind=RefusalKind.TOPIC,
        name=name,
        count=count,
        first_at=second(at),
        last_at=second(at),
        reason="no such device",
        shape="{temperature: number}",
    )


def test_refusals_are_counted(store: Store) -> None:
    store.save_refusals([refusal("a", 1, 2), refusal("b", 2)])
    store.save_refusals([refusal("a", 3, 5)])

    first, other = store.refusals()
    assert (first.name, first.count) == ("a", 7)
    assert (first.first_at, first.last_at) == (second(1), second(3))
    assert other == refusal("b", 2)


def test_invented_topics_do_not_fill_the_store(store: Store) -> None:
    store.save_refusals([refusal(f"topic-{n}", n) for n in range(1_100)])

    names = [refused.name for refused in store.refusals()]
    assert len(names) == 1_000
    assert names[0] == "topic-1099"
    assert names[-1] == "topic-100"


# --- Telemetry -------------------------------------------------------------------------


def points(store: Store, minutes: float = 0, until: float = 3_600) -> list[Point]:
    return store.series(
        CLIMATE, Quantity.CO2, START, second(until), timedelta(minutes=minutes)
    )


def co2(at: float, value: float, **more: object) -> object:
    return reading(0, at=second(at), received_at=second(at), value=value, **more)


@pytest.fixture
def measured(store: Store) -> Store:
    """Three minutes of CO₂, not yet rolled up."""
    heard = [co2(0, 400), co2(59.9, 500), co2(60, 900), co2(130, 100)]
    other = reading(0, quantity=Quantity.BATTERY)
    store.commit(turn(0, readings=[*heard, other, co2(140, 1, retained=True)]))  # type: ignore[list-item]
    return store


MINUTES = [
    Point(second(0), 2, 400, 500, 450, 500),
    Point(second(60), 1, 900, 900, 900, 900),
    Point(second(120), 1, 100, 100, 100, 100),
]


def test_without_a_resolution_every_fresh_reading_is_a_point(measured: Store) -> None:
    assert [(point.at, point.last) for point in points(measured)] == [
        (second(0), 400),
        (second(59.9), 500),
        (second(60), 900),
        (second(130), 100),
    ]
    assert [point.last for point in points(measured, until=60)] == [400, 500]


@pytest.mark.parametrize("rolled_up", [0, 1, 2, 6])
def test_minutes_are_the_same_whether_rolled_up_or_not(
    measured: Store, rolled_up: int
) -> None:
    if rolled_up:
        assert measured.roll_up(limit=rolled_up) == rolled_up

    assert points(measured, 1) == MINUTES
    assert points(measured, 5) == [Point(second(0), 4, 100, 900, 475, 100)]


def test_every_reading_is_rolled_up_once(measured: Store) -> None:
    assert measured.roll_up() == 6
    assert measured.roll_up() == 0
    assert points(measured, 1) == MINUTES


def test_a_late_reading_finds_its_minute(measured: Store) -> None:
    measured.roll_up()

    late = co2(30, 1_000, late=True)
    measured.commit(turn(0, readings=[late]))  # type: ignore[list-item]
    measured.roll_up()

    assert points(measured, 1) == [
        Point(second(0), 3, 400, 1_000, 1_900 / 3, 500),
        *MINUTES[1:],
    ]


def test_a_resolution_that_is_no_whole_minute_is_refused(measured: Store) -> None:
    with pytest.raises(ValueError, match="whole number of minutes"):
        points(measured, 0.5)


def test_old_readings_go_when_snapshots_and_rollups_have_them(
    measured: Store,
) -> None:
    def thin() -> int:
        return measured.thin(readings_before=second(120), rollups_before=START, limit=2)

    assert thin() == 0
    measured.roll_up()
    assert thin() == 0
    measured.save_snapshot(snapshot(0, row=6))
    assert [thin(), thin(), thin()] == [2, 1, 0]
    assert [row for row, _ in measured.readings_after(0)] == [4, 5, 6]
    assert points(measured, 1) == MINUTES


def test_the_newest_row_stays_so_that_rows_only_grow(measured: Store) -> None:
    measured.roll_up()
    measured.save_snapshot(snapshot(0, row=6))
    measured.thin(readings_before=second(9_999), rollups_before=START)

    assert [row for row, _ in measured.readings_after(0)] == [6]
    assert measured.commit(turn(0, readings=[reading(9)])).reading_row == 7


def test_old_rollups_go_in_small_batches(measured: Store) -> None:
    measured.roll_up()

    def thin() -> int:
        return measured.thin(readings_before=START, rollups_before=second(120), limit=1)

    assert [thin(), thin(), thin(), thin()] == [1, 1, 1, 0]
    assert points(measured, 1) == MINUTES[2:]


# --- Readers ---------------------------------------------------------------------------


def test_others_read_what_is_committed_while_the_writer_goes_on(
    backend: Backend,
) -> None:
    store = backend.open()
    store.commit(turn(0, [STARTED], [reading(1)]))

    reader = backend.read()
    assert reader.head().position == 1
    store.commit(turn(1, [door(1)]))

    assert [entry.position for entry in reader.entries()] == [1, 2]
    assert [kept for _, kept in reader.readings_after(0)] == [reading(1)]
    assert reader.verify() == 2


def test_others_read_while_nobody_writes(backend: Backend) -> None:
    store = backend.open()
    store.commit(turn(0, [STARTED]))
    store.close()

    assert backend.read().verify() == 1
