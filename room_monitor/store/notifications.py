"""Who must still be told what, and what came of it?

    queued --sent--> sent
      ^ |
      | +--given up--> failed
      +--tried again later

A notification is queued in the transaction of the alert it is about: none is forgotten
when the process dies between the two.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from room_monitor.core.ids import AlertId, RoomId
from room_monitor.store.instants import instant, micros
from room_monitor.store.tables import notifications
from room_monitor.store.values import Attempt, Notification, NotificationState

_ATTEMPTED = (
    update(notifications)
    .where(
        notifications.c.id == bindparam("of"),
        notifications.c.state == NotificationState.QUEUED.value,
    )
    .values(
        state=bindparam("becomes"),
        attempts=notifications.c.attempts + 1,
        attempted_at=bindparam("tried_at"),
        due_at=func.coalesce(bindparam("again_at"), notifications.c.due_at),
        error=bindparam("said"),
    )
)


def queue(connection: Connection, wanted: Sequence[Notification]) -> None:
    """Queue notifications; those whose id is known are there already."""
    if wanted:
        connection.execute(
            insert(notifications).on_conflict_do_nothing(),
            [
                {
                    "id": each.id,
                    "alert": each.alert,
                    "room": each.room,
                    "transport": each.transport,
                    "body": each.body,
                    "queued_at": micros(each.queued_at),
                    "due_at": micros(each.due_at),
                    "state": each.state.value,
                    "attempts": each.attempts,
                    "error": each.error,
                }
                for each in wanted
            ],
        )


def record(connection: Connection, attempts: Sequence[Attempt]) -> None:
    """Say what came of attempts; nothing changes what is sent or given up."""
    if attempts:
        connection.execute(
            _ATTEMPTED,
            [
                {
                    "of": each.notification,
                    "becomes": each.state.value,
                    "tried_at": micros(each.at),
                    "again_at": None if each.due_at is None else micros(each.due_at),
                    "said": each.error,
                }
                for each in attempts
            ],
        )


def due(
    connection: Connection, at: datetime, limit: int, but: Collection[str]
) -> list[Notification]:
    """What is queued and due by ``at``, the longest due first, but not by these.

    Of one alert nothing overtakes: that it is over is not told before that it was raised.
    """
    before = notifications.alias()
    overtaken = (
        select(before.c.number)
        .where(
            before.c.alert == notifications.c.alert,
            before.c.transport == notifications.c.transport,
            before.c.state == NotificationState.QUEUED.value,
            before.c.number < notifications.c.number,
        )
        .exists()
    )
    wanted = (
        select(notifications)
        .where(
            notifications.c.state == NotificationState.QUEUED.value,
            notifications.c.due_at <= micros(at),
            notifications.c.transport.not_in(list(but)),
            ~overtaken,
        )
        .order_by(notifications.c.due_at, notifications.c.number)
        .limit(limit)
    )
    return [_read(row) for row in connection.execute(wanted)]


def of_alert(connection: Connection, alert: AlertId) -> list[Notification]:
    """All that was ever queued for an alert, oldest first."""
    wanted = select(notifications).where(notifications.c.alert == alert)
    rows = connection.execute(wanted.order_by(notifications.c.number))
    return [_read(row) for row in rows]


def _read(row: Row[*tuple[object, ...]]) -> Notification:
    return Notification(
        id=row.id,
        alert=AlertId(row.alert),
        room=None if row.room is None else RoomId(row.room),
        transport=row.transport,
        body=row.body,
        queued_at=instant(row.queued_at),
        due_at=instant(row.due_at),
        state=NotificationState(row.state),
        attempts=row.attempts,
        error=row.error,
    )
