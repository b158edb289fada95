"""Blocking work, each piece in a thread of its own that can be left behind.

A thread cannot be stopped. If nobody waits any more it goes on, and may still succeed:
whoever comes back with the same piece of work gets what came of it, and the work is not
done twice.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Final

from room_monitor.notify.transport import TransportError

MOST_AT_ONCE: Final = 4
"""Threads of one channel; more would only hang as well."""

_MOST_KEPT: Final = 100

Outcome = asyncio.Future[TransportError | None]


class Aside:
    """The work of one channel.

    The threads are daemons: a monitor that stops does not wait for them.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._outcomes: dict[str, Outcome] = {}

    async def do(self, key: str, work: Callable[[], None]) -> None:
        """Do it, or wait for what was begun under the same key before.

        Raises:
            TransportError: What the work raised, or that too much of it hangs.
        """
        before = self._outcomes.get(key)
        if before is None or (before.done() and before.result() is not None):
            self._outcomes[key] = self._begin(work)
        failure = await asyncio.shield(self._outcomes[key])
        self._outcomes.pop(key, None)
        if failure is not None:
            raise failure

    def _begin(self, work: Callable[[], None]) -> Outcome:
        hanging = sum(not outcome.done() for outcome in self._outcomes.values())
        if hanging >= MOST_AT_ONCE:
            raise TransportError(f"{hanging} earlier attempts have not come back yet")
        self._forget()
        loop = asyncio.get_running_loop()
        outcome: Outcome = loop.create_future()

        def run() -> None:
            failure = _failure_of(work)
            # The loop may have ended meanwhile: then nobody wants to know.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(outcome.set_result, failure)

        threading.Thread(target=run, name=f"to {self._name}", daemon=True).start()
        return outcome

    def _forget(self) -> None:
        """What nobody came back for."""
        done = [key for key, outcome in self._outcomes.items() if outcome.done()]
        for key in done[: max(0, len(self._outcomes) - _MOST_KEPT)]:
            del self._outcomes[key]


def _failure_of(work: Callable[[], None]) -> TransportError | None:
    try:
        work()
    except TransportError as failure:
        return failure
    except Exception as flaw:  # noqa: BLE001 - its text may have a secret in it
        return TransportError(f"it failed with {type(flaw).__name__}")
    return None
