"""What came in that could not be used, and how often?

Anybody who may publish can invent topics: only the newest are kept.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from room_monitor.store.instants import instant, micros
from room_monitor.store.tables import refusals
from room_monitor.store.values import Refusal, RefusalKind

KEPT = 1_000
"""Of each kind."""

_ADD = insert(refusals)
_ADD = _ADD.on_conflict_do_update(
    index_elements=["kind", "name"],
    set_={
        "count": refusals.c.count + _ADD.excluded.count,
        "last_at": _ADD.excluded.last_at,
        "reason": _ADD.excluded.reason,
        "shape": _ADD.excluded.shape,
    },
)


def add(connection: Connection, new: Sequence[Refusal]) -> None:
    """Add counts to those that are kept."""
    if not new:
        return
    connection.execute(
        _ADD,
        [
            {
                "kind": each.kind.value,
                "name": each.name,
                "count": each.count,
                "first_at": micros(each.first_at),
                "last_at": micros(each.last_at),
                "reason": each.reason,
                "shape": each.shape,
            }
            for each in new
        ],
    )
    for kind in {each.kind for each in new}:
        _forget_old(connection, kind)


def _forget_old(connection: Connection, kind: RefusalKind) -> None:
    of_kind = refusals.c.kind == kind.value
    newest_first = refusals.c.last_at.desc(), refusals.c.name
    old = select(refusals.c.name).where(of_kind).order_by(*newest_first).offset(KEPT)
    for name in connection.execute(old).scalars().all():
        connection.execute(delete(refusals).where(of_kind, refusals.c.name == name))


def every(connection: Connection) -> list[Refusal]:
    """All that is counted, newest first."""
    rows = connection.execute(
        select(refusals).order_by(refusals.c.last_at.desc(), refusals.c.name)
    )
    return [
        Refusal(
            kind=RefusalKind(kind),
            name=name,
            count=count,
            first_at=instant(first_at),
            last_at=instant(last_at),
            reason=reason,
            shape=shape,
        )
        for kind, name, count, first_at, last_at, reason, shape in rows
    ]
