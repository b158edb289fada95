"""Send what is queued: each transport on its own, retries bounded, every attempt kept.

How an alert stands is told for about an hour before it is given up, a page for about
two minutes (``transport.attempts_of``): a page that does not get through counts as not
heard, so that the next step and the fallback are told, and whoever is paged is paged again
for as long as nobody has answered. What was given up is kept as failed, and ``Health``
tells that its transport fails.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial

from room_monitor.clock import Clock
from room_monitor.engine import Engine
from room_monitor.notify.health import Healths
from room_monitor.notify.reasons import reason
from room_monitor.notify.transport import (
    ATTEMPTS,
    Transport,
    TransportError,
    attempts_of,
    patience_of,
)
from room_monitor.store import (
    Attempt,
    Notification,
    NotificationState,
    Store,
    StoreUnavailable,
)

LOOK_AGAIN = timedelta(seconds=1)
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=1)
LONGEST_RETRY_AFTER = timedelta(minutes=5)
"""However long the other side asks to be left alone: a page is of no use later."""

MOST_ERROR = 300
"""Characters of an error that are kept."""


async def dispatch(
    engine: Engine,
    store: Store,
    clock: Clock,
    transports: Sequence[Transport],
    health: Healths | None = None,
) -> None:
    """Run until cancelled.

    The queue is read after every turn that announced something, when a transport has done
    what it had, and every second for what must be tried again. What waits for a busy
    transport hides nothing of the others.

    Args:
        engine: Says when there is something new, and lets attempts be recorded.
        store: Where it is queued.
        clock: Dates attempts.
        transports: Looked at each time: whoever passes a list may change it meanwhile.
        health: Told how each of them fares.
    """
    health = health or Healths()
    busy: dict[str, asyncio.Task[float]] = {}
    resting: dict[str, float] = {}
    try:
        while True:
            health.exactly({transport.name: transport for transport in transports})
            for name in [name for name, task in busy.items() if task.done()]:
                resting[name] = busy.pop(name).result()
            for name in [n for n, until in resting.items() if until <= clock.elapsed()]:
                del resting[name]
            while due := await _due(store, clock, busy.keys() | resting.keys()):
                # The settings may have changed meanwhile.
                by_name = {transport.name: transport for transport in transports}
                for name, waiting in due.items():
                    for each in waiting:
                        health.waits(name, each.id)
                    sending = _Sending(engine, clock, health, by_name.get(name))
                    busy[name] = asyncio.create_task(sending.all(waiting))
            news = asyncio.create_task(engine.announced(LOOK_AGAIN))
            try:
                await asyncio.wait(
                    {news, *busy.values()}, return_when=asyncio.FIRST_COMPLETED
                )
            finally:
                news.cancel()
    finally:
        for task in busy.values():
            task.cancel()


async def _due(
    store: Store, clock: Clock, but: Collection[str]
) -> dict[str, list[Notification]]:
    try:
        due = await asyncio.to_thread(
            partial(store.due_notifications, clock.now(), but=frozenset(but))
        )
    except StoreUnavailable:
        # They stay queued; the engine says what is wrong with the store.
        return {}
    waiting: dict[str, list[Notification]] = defaultdict(list)
    for notification in due:
        waiting[notification.transport].append(notification)
    return waiting


class _Sending:
    """What waits for one transport, one after the other."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        health: Healths,
        transport: Transport | None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._health = health
        self._transport = transport

    async def all(self, waiting: Sequence[Notification]) -> float:
        """Send them, each recorded before the next is begun.

        Returns:
            Until when (``clock.elapsed()``) the transport asks to be left alone. What was
            not tried by then stays as it was.
        """
        for notification in waiting:
            failure = await self._failure(notification)
            asked = None if failure is None else failure.retry_after
            rests = min(asked or timedelta(0), LONGEST_RETRY_AFTER).total_seconds()
            until = self._clock.elapsed() + rests
            await self._engine.attempted(
                notification, self._told(notification, failure)
            )
            if asked is not None:
                return until
        return 0.0

    async def _failure(self, notification: Notification) -> TransportError | None:
        if self._transport is None:
            told = f"there is no transport '{notification.transport}' any more"
            return TransportError(told, permanent=True)
        patience = patience_of(self._transport).total_seconds()
        try:
            async with asyncio.timeout(patience):
                await self._transport.send(notification)
        except TransportError as failure:
            return failure
        except TimeoutError:
            return TransportError(f"no answer within {patience:g} s")
        except Exception as flaw:  # noqa: BLE001 - one broken transport silences no other
            return TransportError(reason(flaw))
        return None

    def _told(
        self, notification: Notification, failure: TransportError | None
    ) -> Attempt:
        """What became of an attempt, for the store; the health is told as well."""
        now, name = self._clock.now(), notification.transport
        if failure is None:
            self._health.sent(name, notification.id, now)
            return Attempt(
                notification=notification.id, state=NotificationState.SENT, at=now
            )
        error = "".join(
            c if c.isprintable() else " " for c in str(failure)[:MOST_ERROR]
        )
        attempts = notification.attempts + 1
        most = ATTEMPTS if self._transport is None else attempts_of(self._transport)
        give_up = failure.permanent or attempts >= most
        self._health.failed(name, notification.id, now, error, for_good=give_up)
        return Attempt(
            notification=notification.id,
            state=NotificationState.FAILED if give_up else NotificationState.QUEUED,
            at=now,
            due_at=now + _pause(attempts, failure.retry_after),
            error=error,
        )


def _pause(attempts: int, retry_after: timedelta | None) -> timedelta:
    """Longer and longer, and no shorter than the other side asks within reason."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
    asked = min(retry_after or timedelta(0), LONGEST_RETRY_AFTER)
    return max(pause, asked)
