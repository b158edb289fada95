"""What is set is followed in time; what is not set proves nothing and accuses nobody."""

from datetime import datetime

import pytest

from room_monitor.core.evaluation import Evaluation, Known, Reason, Verdict
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Responds
from room_monitor.core.rules.responds import evaluate
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.play import STEP, device, known, minute, minutes, reading, room

FAN = device(Role.VENTILATION, "fan", interval=minutes(30))
FLOW = device(Role.CLIMATE, "flow", interval=minutes(5))
OTHER_FLOW = device(Role.CLIMATE, "other-flow", interval=minutes(5))
AIR_FLOWS = Responds(
    role=Role.VENTILATION,
    quantity=Quantity.FAN_STATE,
    state=1,
    answer_role=Role.CLIMATE,
    answer=Quantity.AIR_FLOW,
    low=20,
    high=200,
    within=minutes(10),
)


def fan(state: float, at: float) -> Reading:
    return reading(FAN, Quantity.FAN_STATE, state, minute(at))


def flow(value: float, at: float) -> Reading:
    return reading(FLOW, Quantity.AIR_FLOW, value, minute(at))


def judge(*readings: Reading, at: datetime, asks: Responds = AIR_FLOWS) -> Evaluation:
    knows: Known = known(room(FAN, FLOW, OTHER_FLOW), *readings)
    return evaluate(asks, knows, FAN, at)


@pytest.mark.parametrize("value", [20, 100, 200])
def test_an_answer_within_its_limits_follows(value: float) -> None:
    answer = flow(value, 2)

    assert judge(fan(1, 0), answer, at=minute(3)) == Evaluation(
        Verdict.MET, Reason.RESPONDED, minute(2), minute(12), answer
    )


@pytest.mark.parametrize("value", [19.9, 200.1])
def test_another_answer_is_waited_for_until_its_time_is_over(value: float) -> None:
    answer = flow(value, 2)

    assert judge(fan(1, 0), answer, at=minute(10) - STEP) == Evaluation(
        Verdict.UNKNOWN, Reason.AWAITING_RESPONSE, minute(0), minute(10), answer
    )
    assert judge(fan(1, 0), answer, at=minute(10)) == Evaluation(
        Verdict.VIOLATED, Reason.NO_RESPONSE, minute(10), minute(12), answer
    )


def test_no_response_is_dated_from_the_reading_if_that_came_later() -> None:
    answer = flow(0, 14)

    assert judge(fan(1, 0), answer, at=minute(15)).since == minute(14)


def test_what_is_switched_off_is_not_judged() -> None:
    assert judge(fan(0, 0), flow(0, 1), at=minute(30)) == Evaluation(
        Verdict.UNKNOWN, Reason.NOT_JUDGED_NOW, minute(0), minute(60)
    )


def test_without_a_state_it_is_always_judged() -> None:
    asks = Responds(
        role=Role.VENTILATION,
        quantity=Quantity.FAN_STATE,
        answer_role=Role.CLIMATE,
        answer=Quantity.AIR_FLOW,
        low=20,
        within=minutes(10),
    )

    finding = judge(fan(0, 0), flow(0, 8), at=minute(11), asks=asks)

    assert finding.reason is Reason.NO_RESPONSE


def test_what_was_set_is_known_until_it_is_exactly_too_old() -> None:
    set_at, answer = fan(1, 0), flow(100, 58)

    assert judge(set_at, answer, at=minute(60) - STEP) == Evaluation(
        Verdict.MET, Reason.RESPONDED, minute(58), minute(60), answer
    )
    assert judge(set_at, answer, at=minute(60)) == Evaluation(
        Verdict.UNKNOWN, Reason.READING_TOO_OLD, minute(60), None, set_at
    )


def test_an_answer_is_evidence_until_it_is_exactly_too_old() -> None:
    answer = flow(100, 2)

    assert judge(fan(1, 0), answer, at=minute(12)) == Evaluation(
        Verdict.UNKNOWN, Reason.READING_TOO_OLD, minute(12), None, answer
    )


def test_nothing_set_or_nothing_answered_shows_nothing() -> None:
    assert judge(flow(100, 1), at=minute(2)).reason is Reason.NO_READING
    assert judge(fan(1, 1), at=minute(2)) == Evaluation(
        Verdict.UNKNOWN, Reason.NO_READING, minute(2), minute(61)
    )


def test_the_answer_heard_last_speaks_for_all() -> None:
    stopped = reading(OTHER_FLOW, Quantity.AIR_FLOW, 0, minute(12))

    assert judge(fan(1, 0), flow(100, 11), stopped, at=minute(13)).reading == stopped


@pytest.mark.parametrize(
    ("answer", "verdict"), [(19, Verdict.MET), (18.9, Verdict.VIOLATED)]
)
def test_with_a_tolerance_the_answer_comes_up_to_what_is_set(
    answer: float, verdict: Verdict
) -> None:
    asks = Responds(
        role=Role.THERMOSTAT,
        quantity=Quantity.SET_POINT,
        answer_role=Role.CLIMATE,
        answer=Quantity.AIR_TEMPERATURE,
        tolerance=2,
        within=minutes(10),
    )
    valve = device(Role.THERMOSTAT)
    knows = known(
        room(valve, FLOW),
        reading(valve, Quantity.SET_POINT, 21, minute(0)),
        reading(FLOW, Quantity.AIR_TEMPERATURE, answer, minute(9)),
    )

    assert evaluate(asks, knows, valve, minute(10)).verdict is verdict


@pytest.mark.parametrize(
    "means", [{}, {"low": 1.0, "tolerance": 2.0}, {"high": 1.0, "tolerance": 2.0}]
)
def test_following_means_exactly_one_thing(means: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="say what following means"):
        Responds(
            role=Role.VENTILATION,
            quantity=Quantity.FAN_STATE,
            answer_role=Role.CLIMATE,
            answer=Quantity.AIR_FLOW,
            within=minutes(10),
            low=means.get("low"),
            high=means.get("high"),
            tolerance=means.get("tolerance"),
        )
