"""A value within its limits is met, beyond them violated, and too close to tell unknown."""

import pytest

from room_monitor.core.evaluation import Evaluation, Reason, Verdict
from room_monitor.core.requirements import WithinRange
from room_monitor.core.rules.within_range import evaluate
from room_monitor.core.site import Accuracy, Role
from sensors.quantity import Quantity
from tests.core.play import STEP, device, known, minute, minutes, reading, room

BAND = WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, low=400, high=1200)
EXACT = device(Role.CLIMATE)
ROUGH = device(
    Role.CLIMATE, accuracy={Quantity.CO2: Accuracy(absolute=30, relative=0.03)}
)


@pytest.mark.parametrize(
    ("value", "verdict", "reason"),
    [
        (399.9, Verdict.VIOLATED, Reason.BELOW_LOW),
        (400, Verdict.MET, Reason.WITHIN_LIMITS),  # at the limit is within it
        (800, Verdict.MET, Reason.WITHIN_LIMITS),
        (1200, Verdict.MET, Reason.WITHIN_LIMITS),
        (1200.1, Verdict.VIOLATED, Reason.ABOVE_HIGH),
    ],
)
def test_an_exact_sensor_is_never_undecided(
    value: float, verdict: Verdict, reason: Reason
) -> None:
    said = reading(EXACT, Quantity.CO2, value, minute(0))

    finding = evaluate(BAND, known(room(EXACT), said), EXACT, minute(1))

    assert finding == Evaluation(verdict, reason, minute(0), minute(20), said)


@pytest.mark.parametrize(
    ("value", "verdict", "reason"),
    [
        (350, Verdict.VIOLATED, Reason.BELOW_LOW),  # at most 390.5
        (360, Verdict.UNKNOWN, Reason.UNDECIDED),  # 319.2 … 400.8
        (400, Verdict.UNKNOWN, Reason.UNDECIDED),
        (440, Verdict.UNKNOWN, Reason.UNDECIDED),  # 396.8 … 483.2
        (450, Verdict.MET, Reason.WITHIN_LIMITS),  # at least 406.5
        (1130, Verdict.MET, Reason.WITHIN_LIMITS),  # at most 1193.9
        (1140, Verdict.UNKNOWN, Reason.UNDECIDED),  # 1075.8 … 1204.2
        (1200, Verdict.UNKNOWN, Reason.UNDECIDED),
        (1260, Verdict.UNKNOWN, Reason.UNDECIDED),  # 1192.2 … 1327.8
        (1270, Verdict.VIOLATED, Reason.ABOVE_HIGH),  # at least 1201.9
    ],
)
def test_within_its_accuracy_of_a_limit_a_sensor_cannot_tell(
    value: float, verdict: Verdict, reason: Reason
) -> None:
    said = reading(ROUGH, Quantity.CO2, value, minute(0))

    finding = evaluate(BAND, known(room(ROUGH), said), ROUGH, minute(1))

    assert (finding.verdict, finding.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (895, Verdict.MET),  # may just reach the upper limit
        (905, Verdict.UNKNOWN),  # may just be at the limit, which is not above it
        (906, Verdict.VIOLATED),
        (105, Verdict.MET),
        (95, Verdict.UNKNOWN),
        (94, Verdict.VIOLATED),
    ],
)
def test_the_band_of_doubt_ends_exactly_at_the_accuracy(
    value: float, verdict: Verdict
) -> None:
    of = device(Role.CLIMATE, accuracy={Quantity.CO2: Accuracy(absolute=5)})
    asks = WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, low=100, high=900)
    said = reading(of, Quantity.CO2, value, minute(0))

    assert evaluate(asks, known(room(of), said), of, minute(1)).verdict is verdict


def test_doubt_about_the_lower_limit_is_not_forgotten_at_the_upper_one() -> None:
    of = device(Role.CLIMATE, accuracy={Quantity.CO2: Accuracy(absolute=5)})
    asks = WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, low=100, high=900)
    said = reading(of, Quantity.CO2, 102, minute(0))

    finding = evaluate(asks, known(room(of), said), of, minute(1))

    assert finding.reason is Reason.UNDECIDED


def test_one_limit_is_enough() -> None:
    high = WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200)
    low = WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, low=400)
    said = reading(EXACT, Quantity.CO2, 0, minute(0))
    knows = known(room(EXACT), said)

    assert evaluate(high, knows, EXACT, minute(1)).verdict is Verdict.MET
    assert evaluate(low, knows, EXACT, minute(1)).verdict is Verdict.VIOLATED


def test_no_limit_is_no_range() -> None:
    with pytest.raises(ValueError, match="at least one limit"):
        WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2)


def test_limits_the_wrong_way_round_are_no_range() -> None:
    with pytest.raises(ValueError, match="low 2 is above high 1"):
        WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, low=2, high=1)


def test_a_sensor_that_never_spoke_shows_nothing() -> None:
    finding = evaluate(BAND, known(room(EXACT)), EXACT, minute(1))

    assert finding == Evaluation(Verdict.UNKNOWN, Reason.NO_READING, minute(1))


def test_a_reading_is_evidence_until_it_is_exactly_too_old() -> None:
    said = reading(EXACT, Quantity.CO2, 800, minute(0))
    knows = known(room(EXACT), said)

    assert evaluate(BAND, knows, EXACT, minute(20) - STEP).verdict is Verdict.MET
    assert evaluate(BAND, knows, EXACT, minute(20)) == Evaluation(
        Verdict.UNKNOWN, Reason.READING_TOO_OLD, minute(20), None, said
    )


def test_a_requirement_may_ask_for_fresher_readings_than_the_device_promises() -> None:
    asks = WithinRange(
        role=Role.CLIMATE, quantity=Quantity.CO2, high=1200, max_age=minutes(3)
    )
    said = reading(EXACT, Quantity.CO2, 800, minute(0))
    knows = known(room(EXACT), said)

    assert evaluate(asks, knows, EXACT, minute(1)).recheck_at == minute(3)
    assert evaluate(asks, knows, EXACT, minute(3)).reason is Reason.READING_TOO_OLD
