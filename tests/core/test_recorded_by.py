"""Where the law names who must do it, what somebody else recorded does not count."""

from datetime import datetime, timedelta

from room_monitor.core.evaluation import Happening, Known, Reason, StayKnown, Verdict
from room_monitor.core.ids import StayId
from room_monitor.core.requirements import (
    AtMostTimes,
    CheckedEvery,
    Moment,
    StayKind,
    WithinLimit,
)
from room_monitor.core.rules import evaluate
from tests.support.rooms import NOON, minutes, room

SCIENTIST = frozenset({"behavioural_scientist"})
REVIEW = WithinLimit(
    since=Moment("stay_began"),
    until=(Moment("review"), Moment("stay_ended")),
    at_most=minutes(180),
    by=SCIENTIST,
)
ONE_DAY = WithinLimit(
    since=Moment("stay_began"),
    until=(Moment("stay_ended"),),
    at_most=minutes(60),
    extended_by=Moment("extension", outcome=True),
    extension=minutes(30),
    by=SCIENTIST,
)
ONCE = AtMostTimes(moment=Moment("extension"), times=1, by=SCIENTIST)
NOBODY_ELSE = AtMostTimes(moment=Moment("extension"), times=0, except_by=SCIENTIST)


def at(number: float, role: str | None, *, outcome: bool | None = True) -> Happening:
    return Happening(NOON + minutes(number), outcome, role)


def known(**happened: Happening | tuple[Happening, ...]) -> Known:
    began = {"stay_began": (at(0, None, outcome=None),)}
    return Known(
        room=room(),
        heard={},
        last_heard={},
        watched_since=NOON,
        tallies={},
        stay=StayKnown(StayId("s1"), StayKind.ENCLOSURE, NOON, None),
        happened=began
        | {n: h if isinstance(h, tuple) else (h,) for n, h in happened.items()},
    )


def judged(
    demand: WithinLimit | AtMostTimes | CheckedEvery, knows: Known, after: float
) -> tuple[Verdict, Reason, timedelta]:
    finding = evaluate(demand, knows, None, moment(after))
    return finding.verdict, finding.reason, finding.since - NOON


def moment(number: float) -> datetime:
    return NOON + minutes(number)


def test_a_review_by_somebody_else_is_no_review() -> None:
    by_staff = known(review=at(20, "staff"))
    by_scientist = known(review=(at(20, "staff"), at(90, "behavioural_scientist")))

    assert judged(REVIEW, by_staff, 181) == (
        Verdict.VIOLATED,
        Reason.OVER_LIMIT,
        minutes(180),
    )
    assert judged(REVIEW, by_scientist, 181) == (
        Verdict.MET,
        Reason.IN_TIME,
        minutes(90),
    )


def test_the_end_of_a_stay_counts_whoever_ended_it() -> None:
    ended = known(stay_ended=at(70, "staff", outcome=None))

    assert judged(REVIEW, ended, 181) == (Verdict.MET, Reason.IN_TIME, minutes(70))


def test_an_extension_by_somebody_else_lengthens_nothing() -> None:
    by_staff = known(extension=at(20, "staff"))
    by_scientist = known(extension=at(20, "behavioural_scientist"))

    assert judged(ONE_DAY, by_staff, 61)[0] is Verdict.VIOLATED
    assert judged(ONE_DAY, by_scientist, 61)[0] is Verdict.MET


def test_an_extension_by_somebody_else_is_flagged_from_when_it_was_done() -> None:
    by_staff = known(extension=at(20, "staff"))
    by_scientist = known(extension=at(20, "behavioural_scientist"))

    assert judged(NOBODY_ELSE, by_staff, 21) == (
        Verdict.VIOLATED,
        Reason.WRONG_PERSON,
        minutes(20),
    )
    assert judged(NOBODY_ELSE, by_scientist, 21)[0] is Verdict.MET


def test_only_what_the_right_person_extended_is_counted() -> None:
    one = known(extension=(at(20, "staff"), at(30, "behavioural_scientist")))
    two = known(
        extension=(at(20, "behavioural_scientist"), at(30, "behavioural_scientist"))
    )

    assert judged(ONCE, one, 40)[0] is Verdict.MET
    assert judged(ONCE, two, 40) == (Verdict.VIOLATED, Reason.TOO_OFTEN, minutes(30))


def test_what_was_answered_with_no_was_not_done_again() -> None:
    asks = CheckedEvery(fact="scientist_informed", at_most=minutes(60))
    knows = known(scientist_informed=at(50, "staff", outcome=False))

    assert judged(asks, knows, 61) == (
        Verdict.VIOLATED,
        Reason.OVER_LIMIT,
        minutes(60),
    )
