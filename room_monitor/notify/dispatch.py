"""Send what is queued: each transport on its own, retries bounded, every attempt kept."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial

from room_monitor.clock import Clock
from room_monitor.engine import Engine
from room_monitor.notify.transport import Transport, TransportError
from room_monitor.store import (
    Attempt,
    Notification,
    NotificationState,
    Store,
    StoreUnavailable,
)

LOOK_AGAIN = timedelta(seconds=1)
PATIENCE = timedelta(seconds=10)
"""How long one attempt may take."""

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=1)
MOST_ATTEMPTS = 60
"""With the pauses above: about an hour."""


async def dispatch(
    engine: Engine, store: Store, clock: Clock, transports: Sequence[Transport]
) -> None:
    """Run until cancelled.

    The queue is read after every turn that announced something, when a transport has done
    what it had, and every second for what must be tried again. What waits for a busy
    transport hides nothing of the others.
    """
    by_name = {transport.name: transport for transport in transports}
    busy: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            for name in [name for name, task in busy.items() if task.done()]:
                busy.pop(name).result()
            while due := await _due(store, clock, busy.keys()):
                for name, waiting in due.items():
                    work = _send_all(engine, store, clock, by_name.get(name), waiting)
                    busy[name] = asyncio.create_task(work)
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
    store: Store, clock: Clock, busy: Collection[str]
) -> dict[str, list[Notification]]:
    try:
        due = await asyncio.to_thread(
            partial(store.due_notifications, clock.now(), but=frozenset(busy))
        )
    except StoreUnavailable:
        # They stay queued; the engine says what is wrong with the store.
        return {}
    waiting: dict[str, list[Notification]] = defaultdict(list)
    for notification in due:
        waiting[notification.transport].append(notification)
    return waiting


async def _send_all(
    engine: Engine,
    store: Store,
    clock: Clock,
    transport: Transport | None,
    waiting: Sequence[Notification],
) -> None:
    attempts = [await _send(clock, transport, each) for each in waiting]
    while True:
        try:
            await engine.chore(partial(store.record_attempts, attempts))
        except StoreUnavailable as error:
            if not error.retry:
                raise
            # Until it is known that they were sent, they must not be sent again.
            await clock.sleep(LOOK_AGAIN)
        else:
            return


async def _send(
    clock: Clock, transport: Transport | None, notification: Notification
) -> Attempt:
    permanent = False
    try:
        if transport is None:
            permanent = True
            error = f"there is no transport '{notification.transport}' any more"
        else:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await transport.send(notification)
            return Attempt(
                notification=notification.id,
                state=NotificationState.SENT,
                at=clock.now(),
            )
    except TransportError as failure:
        error, permanent = str(failure), failure.permanent
    except TimeoutError:
        error = f"no answer within {PATIENCE.total_seconds():g} s"
    except Exception as flaw:  # noqa: BLE001 - one broken transport silences no other
        error = f"{type(flaw).__name__}: {flaw}"
    attempts = notification.attempts + 1
    give_up = permanent or attempts >= MOST_ATTEMPTS
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
    return Attempt(
        notification=notification.id,
        state=NotificationState.FAILED if give_up else NotificationState.QUEUED,
        at=clock.now(),
        due_at=clock.now() + pause,
        error=error,
    )
