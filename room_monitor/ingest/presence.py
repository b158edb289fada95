"""What the monitor says of itself to everybody: retained, so that it is there when asked.

    running ──told to stop──> stopped
       └──killed, or its connection lost──> gone, said by the broker (the Last Will)

A broker that is killed with the monitor can say nothing, so whoever acts on this believes
``running`` only as long as ``at`` is not older than three minutes.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

GONE: Final = b'{"state":"gone"}'
"""The broker says it in our place, when it no longer hears us. Nobody knows since when."""


class Presence:
    """How the monitor fares, for everybody."""

    def __init__(self, since: datetime, troubles: Sequence[str] = ()) -> None:
        """It watches since then (aware UTC), and this is wrong with it, by name."""
        self._since = since
        self._troubles = list(troubles)

    def running(self, at: datetime) -> bytes:
        """It runs."""
        return self._said("running", at, {"troubles": self._troubles})

    def stopped(self, at: datetime) -> bytes:
        """Somebody stopped it."""
        return self._said("stopped", at, {})

    def _said(self, state: str, at: datetime, more: dict[str, list[str]]) -> bytes:
        said = {
            "state": state,
            "since": self._since.isoformat(timespec="seconds"),
            "at": at.isoformat(timespec="seconds"),
            **more,
        }
        return json.dumps(said, separators=(",", ":")).encode()
