"""Under which texts was judged? Every configuration that was ever in use."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from room_monitor.store.tables import configurations
from room_monitor.store.values import Configuration

_SAVE = insert(configurations)
_SAVE = _SAVE.on_conflict_do_update(
    index_elements=["hash"], set_={"nth": _SAVE.excluded.nth}
)


def save(connection: Connection, digest: str, sources: Mapping[str, str]) -> None:
    """Keep texts as those in use now; known ones are not written again."""
    nth = connection.execute(select(func.max(configurations.c.nth))).scalar() or 0
    connection.execute(
        _SAVE,
        {
            "hash": digest,
            "nth": nth + 1,
            "sources": json.dumps(dict(sources), ensure_ascii=False),
        },
    )


def find(connection: Connection, digest: str | None) -> Configuration | None:
    """The texts under a hash; for ``None`` those that were saved last."""
    wanted = select(configurations.c.hash, configurations.c.sources)
    if digest is None:
        wanted = wanted.order_by(configurations.c.nth.desc()).limit(1)
    else:
        wanted = wanted.where(configurations.c.hash == digest)
    found = connection.execute(wanted).first()
    if found is None:
        return None
    return Configuration(hash=found.hash, sources=json.loads(found.sources))
