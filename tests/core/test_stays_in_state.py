"""A device reports the state that is asked for, and no other."""

from room_monitor.core.evaluation import Evaluation, Reason, Verdict
from room_monitor.core.requirements import StaysInState
from room_monitor.core.rules.stays_in_state import evaluate
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.play import STEP, device, known, minute, minutes, reading, room

LOCK = device(Role.DOOR_LOCK)
UNLOCKED = StaysInState(role=Role.DOOR_LOCK, quantity=Quantity.DOOR_LOCK, state=0)


def test_the_state_that_is_asked_for_is_met_since_it_was_taken() -> None:
    said = reading(LOCK, Quantity.DOOR_LOCK, 0, minute(8))
    knows = known(room(LOCK), said, changed_at=minute(1))

    assert evaluate(UNLOCKED, knows, LOCK, minute(9)) == Evaluation(
        Verdict.MET, Reason.IN_STATE, minute(1), minute(28), said
    )


def test_another_state_is_violated_since_it_was_taken() -> None:
    said = reading(LOCK, Quantity.DOOR_LOCK, 1, minute(8))
    knows = known(room(LOCK), said, changed_at=minute(1))

    assert evaluate(UNLOCKED, knows, LOCK, minute(9)) == Evaluation(
        Verdict.VIOLATED, Reason.WRONG_STATE, minute(1), minute(28), said
    )


def test_a_state_is_evidence_until_it_is_exactly_too_old() -> None:
    said = reading(LOCK, Quantity.DOOR_LOCK, 1, minute(8))
    knows = known(room(LOCK), said, changed_at=minute(1))

    before = evaluate(UNLOCKED, knows, LOCK, minute(28) - STEP)
    assert before.verdict is Verdict.VIOLATED
    assert evaluate(UNLOCKED, knows, LOCK, minute(28)) == Evaluation(
        Verdict.UNKNOWN, Reason.READING_TOO_OLD, minute(28), None, said
    )


def test_a_requirement_may_ask_for_fresher_readings_than_the_device_promises() -> None:
    asks = StaysInState(
        role=Role.DOOR_LOCK, quantity=Quantity.DOOR_LOCK, state=0, max_age=minutes(2)
    )
    said = reading(LOCK, Quantity.DOOR_LOCK, 0, minute(0))
    knows = known(room(LOCK), said)

    assert evaluate(asks, knows, LOCK, minute(2)).reason is Reason.READING_TOO_OLD


def test_a_device_that_never_reported_shows_nothing() -> None:
    finding = evaluate(UNLOCKED, known(room(LOCK)), LOCK, minute(1))

    assert finding == Evaluation(Verdict.UNKNOWN, Reason.NO_READING, minute(1))
