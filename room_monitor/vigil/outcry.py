"""Tells people past the store and the event loop, which may both be what is wrong."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Final

from room_monitor.core.events import Trouble

LastResort = Callable[[str], None]
"""Tells a text to people by itself: no store, no event loop. Blocks; raises if it cannot.

Called in a thread of its own, at most once a minute for each trouble.
"""

NOT_SOONER: Final = 60.0
"""Seconds between two outcries about one trouble."""

SAID: Final[Mapping[Trouble, str]] = {
    Trouble.STORE_AWAY: (
        "Room Monitor slaat niets op en waarschuwt NIET. Kijk zelf binnen. / "
        "Room Monitor cannot write and gives NO alerts. Look in yourselves."
    ),
    Trouble.ENGINE_STUCK: (
        "Room Monitor staat stil en waarschuwt NIET. Kijk zelf binnen. / "
        "Room Monitor stands still and gives NO alerts. Look in yourselves."
    ),
    Trouble.SCHEDULER_LATE: (
        "Room Monitor staat stil en waarschuwt NIET. Kijk zelf binnen. / "
        "Room Monitor stands still and gives NO alerts. Look in yourselves."
    ),
}
"""What people must do, in both languages; for other troubles what is wrong is enough."""


class Outcry:
    """The last resort, used sparingly. May be called from any thread."""

    def __init__(self, last_resort: LastResort, elapsed: Callable[[], float]) -> None:
        self._last_resort = last_resort
        self._elapsed = elapsed
        self._lock = Lock()
        self._busy: set[Trouble] = set()
        self._cried_at: dict[Trouble, float] = {}

    def cry(self, trouble: Trouble, detail: str) -> "Future[None] | None":
        """Begin to tell; ``None`` if that was done a moment ago.

        The answer gives the exception if nobody could be told.
        """
        with self._lock:
            now = self._elapsed()
            last = self._cried_at.get(trouble)
            if trouble in self._busy or (last is not None and now - last < NOT_SOONER):
                return None
            self._busy.add(trouble)
            self._cried_at[trouble] = now
        told: Future[None] = Future()
        text = " ".join(filter(None, (SAID.get(trouble), f"({trouble}: {detail})")))
        # A thread of its own: one that hangs takes none from the store, and stops no exit.
        Thread(target=self._tell, args=(trouble, text, told), daemon=True).start()
        return told

    def _tell(self, trouble: Trouble, text: str, told: "Future[None]") -> None:
        try:
            self._last_resort(text)
        except Exception as error:  # noqa: BLE001 - told to whoever asked for it
            told.set_exception(error)
        else:
            told.set_result(None)
        finally:
            with self._lock:
                self._busy.discard(trouble)
