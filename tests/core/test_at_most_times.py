"""The one too many is a violation from the instant it happened."""

from room_monitor.core.evaluation import Evaluation, Happening, Reason, Verdict
from room_monitor.core.requirements import AtMostTimes, Moment
from room_monitor.core.rules.at_most_times import evaluate
from tests.core.play import enclosure, known, minute, room

ONCE = AtMostTimes(moment=Moment("extension", outcome=True), times=1)
NEVER = AtMostTimes(moment=Moment("stay_began"), times=0)


def judge(asks: AtMostTimes, *happened: Happening, at: float) -> Evaluation:
    knows = known(room(), stay=enclosure(), happened={asks.moment.name: happened})
    return evaluate(asks, knows, minute(at))


def yes(at: float) -> Happening:
    return Happening(minute(at), outcome=True)


def test_as_often_as_allowed_is_within_limits() -> None:
    assert judge(ONCE, at=9) == Evaluation(Verdict.MET, Reason.WITHIN_LIMITS, minute(0))
    assert judge(ONCE, yes(3), at=9).verdict is Verdict.MET


def test_once_more_is_too_often_and_dated_from_the_one_too_many() -> None:
    assert judge(ONCE, yes(7), yes(3), yes(8), at=9) == Evaluation(
        Verdict.VIOLATED, Reason.TOO_OFTEN, minute(7)
    )


def test_another_outcome_is_not_counted() -> None:
    refused = Happening(minute(4), outcome=False)

    assert judge(ONCE, yes(3), refused, at=9).verdict is Verdict.MET


def test_what_has_not_happened_yet_does_not_count() -> None:
    assert judge(ONCE, yes(3), yes(7), at=6).verdict is Verdict.MET
    assert judge(ONCE, yes(3), yes(7), at=7).verdict is Verdict.VIOLATED


def test_what_is_allowed_no_times_is_forbidden() -> None:
    assert judge(NEVER, Happening(minute(0)), at=1).since == minute(0)
