"""No gap between checks is longer than the limit, the first one from the start included."""

import pytest

from room_monitor.core.evaluation import Evaluation, Happening, Reason, Verdict
from room_monitor.core.requirements import CheckedEvery
from room_monitor.core.rules.checked_every import evaluate
from tests.core.play import STEP, enclosure, known, minute, minutes, room

QUARTER = CheckedEvery(at_most=minutes(15))


def judge(*checks: float, at: float, step_later: bool = False) -> Evaluation:
    done = tuple(Happening(minute(c), role="care_worker") for c in checks)
    knows = known(room(), stay=enclosure(), happened={"check": done})
    return evaluate(QUARTER, knows, minute(at) + (STEP if step_later else 0 * STEP))


def test_a_gap_of_exactly_a_quarter_of_an_hour_is_in_time() -> None:
    assert judge(at=15) == Evaluation(
        Verdict.MET,
        Reason.CHECKED_IN_TIME,
        minute(0),
        minute(15) + STEP,
        due_at=minute(15),
    )


def test_a_microsecond_more_is_missed() -> None:
    assert judge(at=15, step_later=True) == Evaluation(
        Verdict.VIOLATED, Reason.CHECK_MISSED, minute(15)
    )


def test_a_check_starts_the_quarter_anew() -> None:
    assert judge(7, at=22) == Evaluation(
        Verdict.MET,
        Reason.CHECKED_IN_TIME,
        minute(7),
        minute(22) + STEP,
        due_at=minute(22),
    )
    assert judge(7, at=22, step_later=True) == Evaluation(
        Verdict.VIOLATED, Reason.CHECK_MISSED, minute(22)
    )


def test_the_last_check_counts_in_whatever_order_they_were_recorded() -> None:
    assert judge(20, 7, at=21).since == minute(20)


def test_a_check_before_the_start_does_not_move_the_start() -> None:
    assert judge(-5, at=15, step_later=True).since == minute(15)


def test_what_has_not_happened_yet_does_not_count() -> None:
    assert judge(20, at=16).verdict is Verdict.VIOLATED


def test_other_things_than_checks_may_be_repeated() -> None:
    asks = CheckedEvery(fact="informed", at_most=minutes(60))
    happened = {"informed": (Happening(minute(30)),), "check": (Happening(minute(50)),)}
    knows = known(room(), stay=enclosure(), happened=happened)

    assert evaluate(asks, knows, minute(91)).since == minute(90)


@pytest.mark.parametrize("hours", [24, 48])
def test_a_whole_day_needs_one_check_less_than_it_has_quarters(hours: int) -> None:
    quarters = hours * 4
    just_enough = [15 * n for n in range(1, quarters)]

    assert len(just_enough) == {24: 95, 48: 191}[hours]
    assert judge(*just_enough, at=hours * 60).verdict is Verdict.MET
    assert judge(*just_enough[:-1], at=hours * 60).verdict is Verdict.VIOLATED


def test_an_agreement_acquits_nobody_of_what_was_missed_before_it() -> None:
    made = [Happening(minute(m), at_most=minutes(5)) for m in (2, 20)]
    knows = known(room(), stay=enclosure(), happened={"check_interval": tuple(made)})
    asks = CheckedEvery(at_most=minutes(15), agreed=True)

    assert evaluate(asks, knows, minute(19)).since == minute(7)
    assert evaluate(asks, knows, minute(21)).verdict is Verdict.MET
    assert evaluate(asks, knows, minute(21)).since == minute(20)
