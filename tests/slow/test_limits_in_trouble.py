"""Every edge of every limit, whatever goes wrong: the limits do not move."""

from pathlib import Path

import pytest

from tests.journeys.stories import Trouble, tell
from tests.journeys.test_limits import (
    DAYS,
    HOURS,
    LONG,
    MIDDLE,
    SECONDS,
    SHORT,
    Edge,
    expected,
    outcome,
    stories,
)


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize(
    ("edges", "until"), [(SECONDS, SHORT), (HOURS, MIDDLE), (DAYS, LONG)]
)
def test_no_limit_moves(
    edges: dict[str, Edge], until: str, trouble: Trouble, tmp_path: Path
) -> None:
    told = tell(stories(edges), tmp_path, until=until, trouble=trouble)

    assert outcome(told, edges) == {n: expected(e) for n, e in edges.items()}
