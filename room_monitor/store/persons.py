"""What is personal, and can be erased without touching the log?

The log holds a commitment, SHA-256(salt || text). Salt and text stand in a table of
their own. Once both are erased the commitment says nothing any more; as long as they
are there anybody can check that the text is the one that was recorded.
"""

import secrets
from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from room_monitor.store.tables import texts
from room_monitor.store.values import Sealed

_SALT_BYTES = 16


def seal(text: str) -> tuple[str, Sealed]:
    """Commit to a text: the commitment, hexadecimal, and what must be kept for it."""
    sealed = Sealed(secrets.token_bytes(_SALT_BYTES), text)
    return commitment_of(sealed), sealed


def commitment_of(sealed: Sealed) -> str:
    """The commitment to a text, hexadecimal."""
    return sha256(sealed.salt + sealed.text.encode()).hexdigest()


def keep(connection: Connection, sealed: Mapping[str, Sealed]) -> None:
    """Keep texts under their commitments."""
    if sealed:
        connection.execute(
            insert(texts).on_conflict_do_nothing(),
            [
                {"commitment": commitment, "salt": salt, "text": text}
                for commitment, (salt, text) in sealed.items()
            ],
        )


def text(connection: Connection, commitment: str) -> Sealed | None:
    """The text behind a commitment, if it was not erased."""
    found = connection.execute(
        select(texts.c.salt, texts.c.text).where(texts.c.commitment == commitment)
    ).first()
    return None if found is None else Sealed(found.salt, found.text)


def erase(connection: Connection, commitment: str) -> bool:
    """Delete salt and text; whether they were there."""
    done = connection.execute(delete(texts).where(texts.c.commitment == commitment))
    return done.rowcount > 0
