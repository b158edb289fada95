"""A whole day of a scenario gives the same log again, however often the monitor looks."""

from datetime import timedelta
from pathlib import Path

from tests.journeys.scenes import perform


def test_a_calm_day_played_again_gives_the_same_log(tmp_path: Path) -> None:
    once = perform("calm-day", tmp_path / "once")
    again = perform("calm-day", tmp_path / "again")
    closely = perform("calm-day", tmp_path / "closely", every=timedelta(seconds=20))

    assert again.log() == once.log()
    assert closely.facts() == once.facts()
