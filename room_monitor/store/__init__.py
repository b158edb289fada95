"""Everything a monitor keeps: log, readings, snapshots, and what waits to be sent.

``Store`` is what the engine asks for, ``SqliteStore`` the one that is embedded::

    with SqliteStore.open(folder, writer=True) as store:
        store.commit(Turn(after=store.head().position, recorded_at=now, events=...))
"""

from room_monitor.store.errors import (
    HeadMoved,
    LogBroken,
    NoStore,
    NotStorable,
    StoreError,
    StoreLocked,
    StoreUnavailable,
)
from room_monitor.store.port import Store
from room_monitor.store.values import (
    Attempt,
    Committed,
    Configuration,
    Delivery,
    Head,
    Notification,
    NotificationState,
    Point,
    Refusal,
    RefusalKind,
    Sealed,
    Snapshot,
    Turn,
)

__all__ = [
    "Attempt",
    "Committed",
    "Configuration",
    "Delivery",
    "Head",
    "HeadMoved",
    "LogBroken",
    "NoStore",
    "NotStorable",
    "Notification",
    "NotificationState",
    "Point",
    "Refusal",
    "RefusalKind",
    "Sealed",
    "Snapshot",
    "Store",
    "StoreError",
    "StoreLocked",
    "StoreUnavailable",
    "Turn",
]
