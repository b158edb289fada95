"""A play keeps its pace, ends when it shall, and knows its dates."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest

from sensors.simulator import Publish, Step
from sensors.simulator.pace import LONGEST_WAIT, RealDates, paced

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STEPS = [Step(timedelta(seconds=n), Publish("t", b"")) for n in range(4)]


class Clock:
    """Time passes only while somebody waits."""

    def __init__(self, stop_at: float = inf) -> None:
        self.at = 100.0
        self.longest = 0.0
        self._stop_at = 100.0 + stop_at

    def monotonic(self) -> float:
        return self.at

    def stopped_within(self, seconds: float) -> bool:
        self.longest = max(self.longest, seconds)
        self.at += seconds
        return self.at >= self._stop_at


@pytest.mark.parametrize(
    ("speed", "expected"),
    [(1, [0, 1, 2, 3]), (2, [0, 0.5, 1, 1.5]), (0, [0] * 4), (inf, [0] * 4)],
)
def test_steps_come_when_they_are_due(speed: float, expected: list[float]) -> None:
    clock = Clock()

    at = [clock.at - 100 for _ in paced(STEPS, speed, clock)]

    assert at == pytest.approx(expected)
    assert clock.longest <= LONGEST_WAIT


def test_a_delay_does_not_move_the_steps_after_it() -> None:
    clock = Clock()
    at = []
    for step in paced(STEPS, 1, clock):
        at.append(clock.at - 100)
        if step is STEPS[0]:
            clock.at += 1.8

    assert at == pytest.approx([0, 1.8, 2, 3])


@pytest.mark.parametrize("speed", [0, 1])
def test_a_play_that_shall_stop_gives_nothing_more(speed: float) -> None:
    assert len(list(paced(STEPS, speed, Clock(stop_at=0)))) == 0
    assert len(list(paced(STEPS, 1, Clock(stop_at=1.5)))) == 2


@pytest.mark.parametrize("speed", [-1.0, float("nan")])
def test_a_speed_is_a_factor(speed: float) -> None:
    with pytest.raises(ValueError, match="is not a factor of 0 or more"):
        list(paced(STEPS, speed, Clock()))


def test_faster_than_real_the_dates_move_together() -> None:
    dated = RealDates(60, lambda: NOON)

    assert dated(timedelta(minutes=1)) == NOON
    assert dated(timedelta(minutes=61)) == NOON + timedelta(minutes=1)


def test_as_fast_as_can_be_every_date_is_now() -> None:
    instants = iter([NOON, NOON + timedelta(milliseconds=3)])
    dated = RealDates(0, lambda: next(instants))

    assert [dated(timedelta(0)), dated(timedelta(hours=9))] == [
        NOON,
        NOON + timedelta(milliseconds=3),
    ]
