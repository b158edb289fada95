"""Two clocks tell time; when they disagree, the wall clock was set."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.clock import STEP, ManualClock, StepWatch, SystemClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
A_LITTLE = timedelta(milliseconds=1)
SPANS = st.timedeltas(timedelta(0), timedelta(days=30))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@given(st.lists(SPANS))
def test_time_that_passes_is_no_step(passed: list[timedelta]) -> None:
    clock = ManualClock(NOON)
    watch = StepWatch(clock)
    for span in passed:
        clock.pass_time(span)
        assert watch.look() is None


@pytest.mark.parametrize("by", [STEP, -STEP, HOUR, -HOUR, timedelta(days=-400)])
def test_a_step_is_seen_once_and_as_far_as_it_went(
    clock: ManualClock, by: timedelta
) -> None:
    watch = StepWatch(clock)
    clock.pass_time(HOUR)
    clock.step(by)
    clock.pass_time(HOUR)

    assert watch.look() == pytest.approx(by, abs=A_LITTLE)
    assert watch.look() is None


@pytest.mark.parametrize("by", [STEP - A_LITTLE, A_LITTLE - STEP])
def test_what_is_less_is_slewing(clock: ManualClock, by: timedelta) -> None:
    watch = StepWatch(clock)
    for _ in range(100):
        clock.pass_time(timedelta(minutes=10))
        clock.step(by)
        assert watch.look() is None


def test_each_watch_looks_for_itself(clock: ManualClock) -> None:
    first, second = StepWatch(clock), StepWatch(clock)
    clock.step(HOUR)

    assert first.look() == HOUR
    assert second.look() == HOUR


async def test_a_clock_that_is_moved_by_hand_sleeps_at_once(clock: ManualClock) -> None:
    await clock.sleep(HOUR)

    assert clock.now() == NOON + HOUR
    assert clock.elapsed() == HOUR.total_seconds()


def test_setting_a_clock_lets_no_time_pass(clock: ManualClock) -> None:
    clock.step(-HOUR)

    assert clock.now() == NOON - HOUR
    assert clock.elapsed() == 0


async def test_the_clocks_of_the_machine_go_together() -> None:
    clock = SystemClock()
    watch = StepWatch(clock)
    began, elapsed = clock.now(), clock.elapsed()
    await clock.sleep(timedelta(milliseconds=20))

    assert clock.now().tzinfo is UTC
    assert clock.now() > began
    assert clock.elapsed() - elapsed >= 0.02
    assert watch.look() is None
