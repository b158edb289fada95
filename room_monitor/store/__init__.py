"""Everything a monitor keeps: log, readings, snapshots, and what waits to be sent.

``Store`` is what the engine asks for and ``Reader`` what everybody may ask;
``SqliteStore`` and ``SqliteReader`` are the embedded ones::

    with SqliteStore.open(folder) as store:
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
from room_monitor.store.persons import seal
from room_monitor.store.port import Reader, Store
from room_monitor.store.sqlite_reader import SqliteReader
from room_monitor.store.sqlite_store import SqliteStore
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
    "Reader",
    "Refusal",
    "RefusalKind",
    "Sealed",
    "Snapshot",
    "SqliteReader",
    "SqliteStore",
    "Store",
    "StoreError",
    "StoreLocked",
    "StoreUnavailable",
    "Turn",
    "seal",
]
