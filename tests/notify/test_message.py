"""What is told has words for all that can be wrong, and names nobody."""

import pytest

from room_monitor.core.events import Trouble
from room_monitor.notify.message import TROUBLES


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_words(trouble: Trouble) -> None:
    assert TROUBLES[trouble]
