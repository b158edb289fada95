"""A thread that notices that the event loop is blocked, which the loop itself cannot."""

import logging
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread, main_thread
from typing import Final

LOOK_EVERY: Final = timedelta(seconds=1)

EXCUSED: Final = 3.0
"""Seconds by which our own looks are late when the whole process stood still: then the loop
is not to blame, and gets time to go on."""

log = logging.getLogger("room_monitor")


class Sentinel:
    """Looks whether the loop passes by often enough. Seconds are of a monotonic clock.

    Attributes:
        passed_at: When the loop passed by last; set by the loop.
    """

    def __init__(
        self,
        elapsed: Callable[[], float],
        *,
        late: Callable[[], timedelta],
        hopeless: timedelta,
        noticed: Callable[[str], None],
        given_up: Callable[[str], None],
    ) -> None:
        """Nothing happens before ``start``.

        Args:
            elapsed: The time.
            late: For how long the loop may stay away.
            hopeless: And for how long before people must be told by this thread.
            noticed: Called once each time when it is late.
            given_up: Called once each time when it is hopeless.
        """
        self._elapsed = elapsed
        self._late = late
        self._hopeless = hopeless
        self._noticed = noticed
        self._given_up = given_up
        self._looked = self._excused = self.passed_at = elapsed()
        self._told: set[Callable[[str], None]] = set()
        self._stop = Event()

    def start(self) -> None:
        """Look again and again, in a thread."""
        self._looked = self._excused = self.passed_at = self._elapsed()
        Thread(target=self._run, name="sentinel", daemon=True).start()

    def stop(self) -> None:
        """Look no longer."""
        self._stop.set()

    def look(self) -> None:
        """Look once."""
        now = self._elapsed()
        own, self._looked = now - self._looked, now
        if own > EXCUSED:
            self._excused = now
        away = now - max(self.passed_at, self._excused)
        for limit, tell in (
            (self._late(), self._noticed),
            (self._hopeless, self._given_up),
        ):
            if away <= limit.total_seconds():
                self._told.discard(tell)
            elif tell not in self._told:
                self._told.add(tell)
                tell(f"the event loop has been blocked for {away:.0f} s")

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY.total_seconds()):
            self.look()


def where() -> str:
    """Where the main thread is, innermost first: names of functions, no values."""
    frame = sys._current_frames().get(main_thread().ident or 0)  # noqa: SLF001 - no other way
    calls = traceback.extract_stack(frame, limit=None) if frame else []
    return " < ".join(f"{call.name}:{call.lineno}" for call in reversed(calls[-6:]))
