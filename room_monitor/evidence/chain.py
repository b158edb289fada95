"""Is this still the log that was written?

Each entry is chained to the one before it::

    hash(0) = 32 zero bytes                            (genesis: the empty log)
    hash(n) = SHA-256(hash(n - 1) || bytes of entry n)

Changing, inserting, removing or exchanging entries changes every hash from there on.
What a chain alone cannot show is that its tail was cut off or that it was rewritten
whole: against that the head must be known to somebody else.
"""

from collections.abc import Iterable
from hashlib import sha256

GENESIS = bytes(32)
"""The hash before the first entry."""


class ChainBroken(ValueError):  # noqa: N818 - says what it is
    """An entry is not what was written.

    Attributes:
        position: The first that does not fit.
        why: What does not fit.
    """

    def __init__(self, position: int, why: str) -> None:
        super().__init__(f"position {position}: {why}")
        self.position = position
        self.why = why


def link(previous: bytes, entry: bytes) -> bytes:
    """The hash of an entry, from the hash before it and its bytes."""
    return sha256(previous + entry).digest()


def follow(
    links: Iterable[tuple[int, bytes, bytes]], *, after: int = 0, start: bytes = GENESIS
) -> tuple[int, bytes]:
    """Recompute a chain; where it ends: the last position and its hash.

    Args:
        links: Position, bytes and claimed hash of each entry, in order.
        after: The position before the first.
        start: The hash at that position.

    Raises:
        ChainBroken: At the first entry that does not follow from the ones before.
    """
    position, head = after, start
    for claimed, entry, hash_ in links:
        position += 1
        if claimed != position:
            raise ChainBroken(position, f"missing; the next entry is {claimed}")
        head = link(head, entry)
        if head != hash_:
            raise ChainBroken(position, "its hash does not follow from its content")
    return position, head
