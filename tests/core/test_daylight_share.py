"""Over many whole days there was enough daylight, as far as the sensor could tell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from room_monitor.core.evaluation import DayTally, Evaluation, Reason, Verdict
from room_monitor.core.requirements import DaylightShare
from room_monitor.core.rules.daylight_share import evaluate
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.play import (
    AMSTERDAM,
    Story,
    device,
    known,
    minutes,
    reading,
    requirement,
    room,
)

LUX = Quantity.DAYLIGHT_ILLUMINANCE
SENSOR = device(Role.DAYLIGHT)
ASKS = DaylightShare(
    low=300,
    share=0.5,
    window=timedelta(days=2),
    day_night_ratio=10,
    min_elevation=0,
    min_coverage=0.5,
)
TODAY = datetime(2026, 3, 20, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 19, 23, tzinfo=UTC)  # the site's, in winter time
TOMORROW = datetime(2026, 3, 20, 23, tzinfo=UTC)


def day(
    number: int,
    *,
    hours: float = 12,
    bright: float = 6,
    lux: float = 400,
    night: float = 1,
) -> DayTally:
    return DayTally(
        date(2026, 3, number),
        sunlit=hours * 3600,
        bright=bright * 3600,
        day_lux_seconds=hours * 3600 * lux,
        night=12 * 3600,
        night_lux_seconds=12 * 3600 * night,
    )


def judge(*days: DayTally, at: datetime = TODAY) -> Evaluation:
    knows = known(room(SENSOR), tallies={SENSOR.id: days})
    return evaluate(ASKS, knows, SENSOR, at)


def test_exactly_half_of_the_hours_is_enough() -> None:
    assert judge(day(18), day(19)) == Evaluation(
        Verdict.MET, Reason.DAYLIGHT_SEEN, MIDNIGHT, TOMORROW
    )


def test_less_is_too_dark() -> None:
    assert judge(day(18), day(19, bright=5.9)) == Evaluation(
        Verdict.VIOLATED, Reason.TOO_DARK, MIDNIGHT, TOMORROW
    )


def test_nothing_observed_shows_nothing() -> None:
    assert judge() == Evaluation(
        Verdict.UNKNOWN, Reason.TOO_LITTLE_OBSERVED, MIDNIGHT, TOMORROW
    )


def test_less_than_the_coverage_asked_for_shows_nothing() -> None:
    possible = sum(AMSTERDAM.daylight_seconds(date(2026, 3, n), 0) for n in (18, 19))
    enough = possible / 2 / 3600

    assert judge(day(19, hours=enough, bright=enough)).verdict is Verdict.MET
    short = judge(day(19, hours=enough - 0.01, bright=enough - 0.01))
    assert short.reason is Reason.TOO_LITTLE_OBSERVED


def test_only_the_whole_days_of_the_window_count() -> None:
    dark_before, dark_today = day(17, bright=0), day(20, bright=0)

    assert judge(dark_before, day(18), day(19), dark_today).verdict is Verdict.MET


def test_a_day_ten_times_brighter_than_the_night_is_daylight() -> None:
    assert judge(day(18, night=40), day(19, night=40)).verdict is Verdict.MET


def test_a_day_hardly_brighter_than_the_night_may_be_a_lamp() -> None:
    assert judge(day(18, night=41), day(19, night=40)) == Evaluation(
        Verdict.UNKNOWN, Reason.MAY_BE_LAMP, MIDNIGHT, TOMORROW
    )


def test_a_night_nobody_observed_may_have_been_lit() -> None:
    unseen = [d._replace(night=0, night_lux_seconds=0) for d in (day(18), day(19))]

    assert judge(*unseen).reason is Reason.MAY_BE_LAMP


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        # the night of the missing hour, and the night of the repeated hour
        (
            datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
            datetime(2026, 3, 29, 22, tzinfo=UTC),
        ),
        (
            datetime(2026, 10, 24, 22, 30, tzinfo=UTC),
            datetime(2026, 10, 25, 23, tzinfo=UTC),
        ),
    ],
)
def test_it_is_judged_again_at_the_midnight_of_the_site(
    now: datetime, midnight: datetime
) -> None:
    assert judge(at=now).recheck_at == midnight


def observed(began_at: datetime, hours: int) -> Sequence[DayTally]:
    """What the tallies say after readings every ten minutes, bright by day."""
    story = Story(room(SENSOR), requirement(ASKS), at=began_at)
    for number in range(hours * 6 + 1):
        at = began_at + number * minutes(10)
        sun = AMSTERDAM.sun_elevation(at)
        story.hears(reading(SENSOR, LUX, 500 if sun > 0 else 2, at))
    return story.state.tallies[SENSOR.id]


@pytest.mark.parametrize(
    ("began_at", "hours"),
    [
        (datetime(2026, 3, 27, 23, tzinfo=UTC), 24),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 23),  # clocks go forward
        (datetime(2026, 10, 24, 22, tzinfo=UTC), 25),  # clocks go back
    ],
)
def test_a_day_of_the_site_has_the_hours_it_has(began_at: datetime, hours: int) -> None:
    *_, whole, next_day = observed(began_at, hours + 1)

    assert whole.day == began_at.astimezone(AMSTERDAM.zone).date()
    assert whole.sunlit + whole.night == hours * 3600
    assert whole.bright == whole.sunlit
    assert whole.day_lux_seconds == 500 * whole.sunlit
    assert whole.night_lux_seconds == 2 * whole.night
    assert next_day.day == whole.day + timedelta(days=1)
    assert next_day.night == 3600


def test_days_beyond_the_window_are_let_go() -> None:
    tallies = observed(datetime(2026, 3, 9, 23, tzinfo=UTC), 5 * 24)

    assert [t.day.day for t in tallies] == [12, 13, 14]


def test_what_a_silent_sensor_did_not_see_is_not_counted() -> None:
    story = Story(room(SENSOR), requirement(ASKS), at=TODAY)
    story.hears(reading(SENSOR, LUX, 500, TODAY))
    story.hears(reading(SENSOR, LUX, 500, TODAY + minutes(120)))

    assert story.state.tallies[SENSOR.id] == (
        DayTally(date(2026, 3, 20), 1200, 1200, 500 * 1200),
    )


def test_light_of_another_role_is_not_counted() -> None:
    outdoor = device(Role.OUTDOOR_DAYLIGHT)
    story = Story(room(SENSOR, outdoor), requirement(ASKS), at=TODAY)
    story.hears(reading(outdoor, LUX, 500, TODAY))
    story.hears(reading(outdoor, LUX, 500, TODAY + minutes(5)))

    assert story.state.tallies == {}


def test_just_enough_light_is_enough() -> None:
    story = Story(room(SENSOR), requirement(ASKS), at=TODAY)
    story.hears(reading(SENSOR, LUX, 300, TODAY))
    story.hears(reading(SENSOR, LUX, 299, TODAY + minutes(5)))
    story.hears(reading(SENSOR, LUX, 299, TODAY + minutes(8)))

    (tally,) = story.state.tallies[SENSOR.id]
    assert (tally.sunlit, tally.bright) == (480, 300)


def test_the_last_light_of_a_day_counts_for_it_though_midnight_has_passed() -> None:
    slow = device(Role.DAYLIGHT, interval=minutes(600))
    asks = requirement(replace(ASKS, min_coverage=0.01))
    story = Story(room(slow), asks, at=TODAY)
    story.hears(reading(slow, LUX, 5, TODAY))
    story.waits(TOMORROW)
    key = story.state.plan.always[0].key
    assert story.state.standings[key].reason is Reason.TOO_LITTLE_OBSERVED

    story.hears(reading(slow, LUX, 5, TOMORROW + minutes(60)))

    assert story.state.standings[key].reason is Reason.TOO_DARK
