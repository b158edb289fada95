"""A device may be silent for so long, counted only while the monitor could hear it."""

from room_monitor.core.evaluation import Evaluation, Known, Reason, Verdict
from room_monitor.core.requirements import HeardFrom
from room_monitor.core.rules.heard_from import evaluate
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.play import STEP, device, known, minute, minutes, reading, room

DOOR = device(Role.DOOR_CONTACT)
ANY = HeardFrom()


def heard_at(at: float, *, watched_since: float = 0) -> Known:
    said = reading(DOOR, Quantity.DOOR_CONTACT, 0, minute(at))
    return known(room(DOOR), said, watched_since=minute(watched_since))


def test_just_before_twice_its_interval_it_was_heard_in_time() -> None:
    finding = evaluate(ANY, heard_at(5), DOOR, minute(25) - STEP)

    assert finding == Evaluation(
        Verdict.MET, Reason.HEARD_IN_TIME, minute(5), minute(25)
    )


def test_at_exactly_twice_its_interval_it_is_silent() -> None:
    finding = evaluate(ANY, heard_at(5), DOOR, minute(25))

    assert finding == Evaluation(Verdict.VIOLATED, Reason.SILENT, minute(25))


def test_silence_is_dated_from_its_limit_however_late_anybody_looks() -> None:
    assert evaluate(ANY, heard_at(5), DOOR, minute(500)).since == minute(25)


def test_a_requirement_may_allow_another_time() -> None:
    asks = HeardFrom(max_age=minutes(3))

    assert evaluate(asks, heard_at(5), DOOR, minute(8) - STEP).verdict is Verdict.MET
    assert evaluate(asks, heard_at(5), DOOR, minute(8)).reason is Reason.SILENT


def test_a_device_that_never_spoke_gets_the_same_time_from_when_we_watched() -> None:
    never = known(room(DOOR), watched_since=minute(2))

    assert evaluate(ANY, never, DOOR, minute(22) - STEP) == Evaluation(
        Verdict.UNKNOWN, Reason.NO_READING, minute(2), minute(22)
    )
    assert evaluate(ANY, never, DOOR, minute(22)) == Evaluation(
        Verdict.VIOLATED, Reason.SILENT, minute(22)
    )


def test_what_was_heard_before_we_were_blind_shows_nothing_now() -> None:
    finding = evaluate(ANY, heard_at(0, watched_since=30), DOOR, minute(31))

    assert finding == Evaluation(
        Verdict.UNKNOWN, Reason.NO_READING, minute(30), minute(50)
    )


def test_heard_at_the_very_instant_we_began_to_watch_is_heard() -> None:
    finding = evaluate(ANY, heard_at(30, watched_since=30), DOOR, minute(31))

    assert finding.verdict is Verdict.MET
