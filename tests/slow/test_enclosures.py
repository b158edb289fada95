"""Many enclosures with things going wrong: no missed check is lost, none is doubled.

``make bench ARGS="enclosures"`` plays ten thousand; here are a few hundred.
"""

import asyncio
from pathlib import Path

import pytest

from tests.support.enclosures import Trial

pytestmark = pytest.mark.slow


def test_no_missed_check_is_lost_and_none_is_doubled(tmp_path: Path) -> None:
    trial = Trial(tmp_path / "state", seed=7, rooms=10)
    asyncio.run(trial.play(100))
    tallies = trial.tallies()

    wrong = {fault: tally for fault, tally in tallies.items() if tally.is_wrong}
    assert wrong == {}
    assert sum(t.missed for t in tallies.values()) > 40
    assert len(trial.faults) == 5, "everything that can go wrong did"
