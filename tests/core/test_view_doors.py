"""A door is locked when it is closed and locked; what was not measured is never zero."""

from datetime import timedelta

from room_monitor.core.events import Blindness, DoorMoved, GapFound
from room_monitor.core.ids import DeviceId
from room_monitor.core.site import DatedBy, Device, Role
from room_monitor.core.views.doors import Locked, locked_intervals, measured
from sensors.quantity import Quantity
from tests.core.entries import Log
from tests.core.play import ROOM, device, minute, minutes

NOW = 600.0
CONTACT = device(Role.DOOR_CONTACT, interval=minutes(1))
LOCK = device(Role.DOOR_LOCK, interval=minutes(1))


def found(log: Log, *devices: Device, now: float = NOW) -> tuple[Locked, ...]:
    return locked_intervals(log.entries, ROOM, minute(now), devices)


def locked(
    began: float,
    ended: float | None,
    *,
    unseen: float = 0,
    began_unsure: float = 0,
    ended_unsure: float = 0,
) -> Locked:
    return Locked(
        began_at=minute(began),
        ended_at=None if ended is None else minute(ended),
        unseen=minutes(unseen),
        began_unsure=minutes(began_unsure),
        ended_unsure=minutes(ended_unsure),
    )


def known_open() -> Log:
    """A room with a contact and a lock that have both spoken: open and unlocked."""
    log = Log()
    log.starts(0)
    log.door("open", 0)
    log.door("unlocked", 0)
    return log


# --- Closed and locked --------------------------------------------------------------------


def test_it_is_locked_from_when_it_is_closed_and_locked_until_it_is_not() -> None:
    log = known_open()
    log.door("closed", 10)
    log.door("locked", 12)
    log.door("unlocked", 30)
    log.door("open", 31)

    assert found(log) == (locked(12, 30),)


def test_a_lock_that_is_thrown_in_an_open_door_locks_nobody_in() -> None:
    log = known_open()
    log.door("locked", 10)
    assert found(log) == ()
    log.door("closed", 20)

    assert found(log) == (locked(20, None),)


def test_with_a_lock_alone_its_word_is_enough() -> None:
    log = Log()
    log.door("unlocked", 0)
    log.door("locked", 10)
    log.door("unlocked", 20)

    assert found(log) == (locked(10, 20),)


def test_with_a_contact_alone_nothing_is_measured() -> None:
    """A closed door is not a locked one."""
    log = Log()
    log.door("open", 0)
    log.door("closed", 10)
    door = measured(log.entries, ROOM, minute(NOW))

    assert door.locked == ()
    assert [s.ended_at for s in door.unknown] == [minute(NOW)]


def test_every_door_and_every_lock_must_be_shut() -> None:
    log = known_open()
    log.door("open", 0, "other_contact")
    log.door("closed", 10)
    log.door("locked", 11)
    assert found(log) == ()
    log.door("closed", 20, "other_contact")
    log.door("open", 25, "other_contact")
    log.door("closed", 26, "other_contact")

    assert found(log) == (locked(20, 25), locked(26, None))


def test_the_doors_of_hatch_and_sanitary_room_do_not_count() -> None:
    log = known_open()
    log.door("closed", 10)
    log.door("locked", 10)
    for role in (Role.HATCH, Role.SANITARY_DOOR):
        moved = DoorMoved(
            device=DeviceId(role),
            role=role,
            quantity=Quantity.DOOR_CONTACT,
            state="open",
            at=minute(15),
        )
        log.add(moved, minute(15), room=ROOM)

    assert found(log) == (locked(10, None),)


def test_the_order_of_what_happens_at_one_instant_changes_nothing() -> None:
    one, other = known_open(), known_open()
    for log, words in ((one, ("closed", "locked")), (other, ("locked", "closed"))):
        for word in words:
            log.door(word, 10)
        for word in reversed(words):
            log.door({"closed": "open", "locked": "unlocked"}[word], 20)

    assert found(one) == found(other) == (locked(10, 20),)


def test_what_was_locked_for_no_time_was_not_locked() -> None:
    log = known_open()
    log.door("closed", 10)
    log.door("locked", 10)
    log.door("unlocked", 10)

    assert found(log) == ()


# --- What nobody knows --------------------------------------------------------------------


def test_before_the_first_word_of_every_device_nothing_is_measured() -> None:
    """It may have been locked since the monitor started."""
    log = Log()
    log.starts(0)
    log.door("locked", 5)
    log.door("closed", 8)
    door = measured(log.entries, ROOM, minute(NOW))

    assert door.locked == (locked(8, None, began_unsure=8),)
    assert [s.ended_at for s in door.unknown] == [minute(8)]


def test_of_a_device_that_speaks_first_and_says_open_nothing_is_unsure() -> None:
    log = Log()
    log.starts(0)
    log.door("locked", 5)
    log.door("open", 8)
    log.door("closed", 9)

    assert found(log) == (locked(9, None),)


def test_a_change_that_is_seen_after_a_gap_may_have_come_before() -> None:
    log = known_open()
    log.door("closed", 10)
    log.door("locked", 10)
    log.is_blind(20, 60)
    log.door("unlocked", 60)
    log.is_blind(70, 100)
    log.door("locked", 100)

    assert found(log) == (
        locked(10, 60, unseen=40, ended_unsure=40),
        locked(100, None, began_unsure=30),
    )


def test_what_is_said_long_after_a_gap_is_sure_of_a_device_that_would_have_spoken() -> (
    None
):
    log = known_open()
    log.door("closed", 10)
    log.door("locked", 10)
    log.is_blind(20, 60)
    log.door("unlocked", 200)

    assert found(log, CONTACT, LOCK) == (locked(10, 200, unseen=40),)
    assert found(log) == (locked(10, 200, unseen=40, ended_unsure=180),)


def test_a_device_that_dates_its_own_words_is_sure_of_them() -> None:
    lock = device(Role.DOOR_LOCK, interval=minutes(60), dated_by=DatedBy.DEVICE)
    log = known_open()
    log.door("closed", 10)
    log.door("locked", 10)
    log.is_blind(20, 60)
    log.door("unlocked", 40)

    assert found(log, CONTACT, lock) == (locked(10, 40, unseen=20),)


def test_an_outage_that_goes_on_is_unseen_until_now() -> None:
    log = known_open()
    log.door("closed", 10)
    log.door("locked", 10)
    log.loses_broker(20)

    assert found(log, now=50) == (locked(10, None, unseen=30),)


def test_a_kill_and_a_missing_broker_are_one_blindness() -> None:
    log = known_open()
    log.door("closed", 10)
    log.door("locked", 10)
    log.is_blind(20, 30, Blindness.KILLED)
    log.starts(30, sees=False)
    log.is_blind(20, 35)
    log.is_blind(40, 45, Blindness.STORE_AWAY)

    assert found(log, now=50) == (locked(10, None, unseen=20),)


# --- Devices come and go ------------------------------------------------------------------


def test_a_device_that_was_taken_away_no_longer_counts() -> None:
    log = known_open()
    log.door("locked", 10)
    log.is_configured(20)

    assert found(log, CONTACT, LOCK) == ()
    assert found(log, LOCK) == (locked(20, None),)


def test_a_device_that_was_added_counts_from_then() -> None:
    log = Log()
    log.starts(0)
    log.door("unlocked", 0)
    log.door("locked", 10)
    log.door("unlocked", 20)
    log.is_configured(30)
    log.door("locked", 40)
    log.door("open", 45)

    assert found(log, CONTACT, LOCK) == (locked(10, 20),)


# --- The clock is set ---------------------------------------------------------------------


def test_what_runs_moves_with_the_clock_and_what_is_over_does_not() -> None:
    """Locked at 10, the clock is set back at 40 to 10, unlocked 20 minutes later."""
    log = known_open()
    log.door("closed", 1)
    log.door("locked", 1)
    log.door("unlocked", 5)
    log.door("locked", 10)
    log.is_set(minutes(-30), 10)
    log.door("unlocked", 30)
    log.is_set(timedelta(hours=1), 90)

    assert found(log) == (locked(1, 5), locked(-20, 30))


def test_an_outage_in_which_the_clock_is_set_is_as_long_as_it_was() -> None:
    log = known_open()
    log.door("closed", 10)
    log.door("locked", 10)
    log.loses_broker(20)
    log.is_set(minutes(60), 85)  # five minutes after the broker was lost
    gap = GapFound(
        cause=Blindness.BROKER_AWAY, began_at=minute(20), ended_at=minute(90)
    )
    log.add(gap, minute(90), room=None)

    assert found(log, now=100) == (locked(70, None, unseen=10),)
