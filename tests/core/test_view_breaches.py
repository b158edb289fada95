"""A breach is told as the last word on it has it."""

from datetime import timedelta

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import Closing
from room_monitor.core.requirements import Priority
from room_monitor.core.views.breaches import BreachSummary, breach_summaries
from tests.core.entries import SOURCE, Log, obligation
from tests.core.play import ROOM, STAY, minute, minutes


def only(log: Log) -> BreachSummary:
    (breach,) = breach_summaries(log.entries)
    return breach


def told(
    began: float, ended: float | None, closing: Closing | None, revised: int = 0
) -> BreachSummary:
    return BreachSummary(
        breach="b1",  # type: ignore[arg-type]
        obligation=obligation("check-every-quarter/gap", STAY),
        source=SOURCE,
        room=ROOM,
        stay=STAY,
        reason=Reason.CHECK_MISSED,
        priority=Priority.URGENT,
        began_at=minute(began),
        recorded_at=minute(15),
        ended_at=None if ended is None else minute(ended),
        closing=closing,
        revised=revised,
    )


def test_it_is_open_until_it_is_closed() -> None:
    log = Log()
    log.opens(15)
    assert only(log) == told(15, None, None)
    assert (only(log).is_open, only(log).length) == (True, None)
    log.closes(15, 20)

    assert only(log) == told(15, 20, Closing.MET)
    assert (only(log).is_open, only(log).length) == (False, minutes(5))


def test_it_can_be_put_in_another_light_again_and_again() -> None:
    log = Log()
    log.opens(15)
    log.closes(15, 20)
    log.revises(15, 15, Closing.WITHDRAWN)
    assert (only(log), only(log).withdrawn) == (
        told(15, 15, Closing.WITHDRAWN, revised=1),
        True,
    )
    log.revises(15, None, None)

    assert only(log) == told(15, None, None, revised=2)
    assert only(log).is_open


def test_nobody_knows_how_long_it_was_when_nobody_knows_when_it_ended() -> None:
    log = Log()
    log.opens(15)
    log.closes(15, None, Closing.LAPSED)

    assert (only(log).is_open, only(log).ended_at, only(log).length) == (
        False,
        None,
        None,
    )


def test_while_it_is_open_it_moves_with_the_clock() -> None:
    log = Log()
    log.opens(15)
    log.is_set(timedelta(hours=1), 80)
    assert only(log).began_at == minute(75)
    log.closes(75, 85)
    log.is_set(timedelta(hours=1), 150)

    assert only(log).length == minutes(10)
    assert only(log).began_at == minute(75)


def test_its_ask_is_that_of_any_room() -> None:
    log = Log()
    log.opens(15)

    assert only(log).ask == "check-every-quarter/gap"
