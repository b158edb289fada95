"""Past the queue: what must reach people although nothing can be written or waited for."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime

from room_monitor.core.ids import AlertId
from room_monitor.notify.transport import Transport, TransportError, patience_of
from room_monitor.store import Notification


def tell_directly(transports: Sequence[Transport], what: str, now: datetime) -> None:
    """Send a text by all of them at once, each tried once. Blocks.

    It has an event loop of its own: call it in a thread, with transports that were made
    for it.

    Args:
        transports: By which.
        what: For people; at most 200 characters are shown. No names, no secrets.
        now: Aware UTC.

    Raises:
        TransportError: None of them took it.
    """
    asyncio.run(_tell(transports, what, now))


async def _tell(transports: Sequence[Transport], what: str, now: datetime) -> None:
    answers = await asyncio.gather(
        *(_send(transport, what, now) for transport in transports),
        return_exceptions=True,
    )
    if all(isinstance(answer, BaseException) for answer in answers):
        raise TransportError(f"none of {len(transports)} channels took it")


async def _send(transport: Transport, what: str, now: datetime) -> None:
    body = {
        "kind": "trouble",
        "priority": "urgent",
        "what": what,
        "since": now.isoformat(timespec="seconds"),
    }
    notification = Notification(
        id=f"directly/{transport.name}/{now.isoformat()}",
        alert=AlertId("monitor"),
        room=None,
        transport=transport.name,
        body=json.dumps(body, ensure_ascii=False),
        queued_at=now,
        due_at=now,
    )
    async with asyncio.timeout(patience_of(transport).total_seconds()):
        await transport.send(notification)
