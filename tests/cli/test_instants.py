"""Instants are read as people write them, and never guessed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from room_monitor.cli.errors import Failure
from room_monitor.cli.instants import duration, instant, iso, local, span

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)  # half past three at the site


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T01:00:00Z", "2026-11-22T01:00:00.000000Z"),
        ("2026-11-22T03:15+01:00", "2026-11-22T02:15:00.000000Z"),
        ("2026-11-22 03:15", "2026-11-22T02:15:00.000000Z"),
        ("2026-07-01 03:15:30", "2026-07-01T01:15:30.000000Z"),
        ("2026-11-22", "2026-11-21T23:00:00.000000Z"),
        ("03:15", "2026-11-22T02:15:00.000000Z"),
        ("3:15", "2026-11-22T02:15:00.000000Z"),
        ("03:45", "2026-11-21T02:45:00.000000Z"),  # not yet today
        ("10m", "2026-11-22T02:20:00.000000Z"),
        ("10 min ago", "2026-11-22T02:20:00.000000Z"),
        ("2h", "2026-11-22T00:30:00.000000Z"),
        ("90 s ago", "2026-11-22T02:28:30.000000Z"),
        ("now", "2026-11-22T02:30:00.000000Z"),
    ],
)
def test_what_people_write(text: str, expected: str) -> None:
    assert iso(instant(text, ZONE, NOW)) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "2026-13-01", "10", "ago", "-5m"]
)
def test_what_is_no_instant_is_told_with_what_to_write(text: str) -> None:
    with pytest.raises(Failure, match="is no instant; write '2026-11-22 03:15'"):
        instant(text, ZONE, NOW)


def test_the_hour_that_comes_twice_asks_for_its_offset() -> None:
    with pytest.raises(
        Failure, match=r"02:30:00\+02:00' or '2026-10-25T02:30:00\+01:00"
    ):
        instant("2026-10-25 02:30", ZONE, NOW)


def test_with_its_offset_the_hour_that_comes_twice_is_clear() -> None:
    first = instant("2026-10-25T02:30+02:00", ZONE, NOW)
    second = instant("2026-10-25T02:30+01:00", ZONE, NOW)

    assert second - first == timedelta(hours=1)


def test_the_hour_that_never_was_is_refused() -> None:
    with pytest.raises(Failure, match="did not exist"):
        instant("2026-03-29 02:30", ZONE, NOW)


def test_an_instant_is_written_in_the_zone_of_the_site_with_its_offset() -> None:
    assert local(NOW, ZONE) == "2026-11-22 03:30:00 +01:00"
    assert local(NOW, ZONE, NOW) == "03:30:00 +01:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30s", 30), ("10m", 600), ("24h", 86_400), ("7 d", 604_800), ("15 min", 900)],
)
def test_durations(text: str, expected: float) -> None:
    assert duration(text) == timedelta(seconds=expected)


def test_a_duration_without_a_unit_is_refused() -> None:
    with pytest.raises(Failure, match="has no unit"):
        duration("30")


def test_spans_for_people() -> None:
    times = [timedelta(seconds=n) for n in (5, 300, 11_100, 259_200)]

    assert [span(time) for time in times] == ["5 s", "5 min", "3 h 05", "3 d"]
