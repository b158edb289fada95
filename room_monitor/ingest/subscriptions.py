"""What do we listen to, and what are we not allowed to hear?"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from room_monitor.ingest.mqtt import Connection
from room_monitor.ingest.topics import first_levels, without_covered

_AT_ONCE: Final = 500  # filters in one packet
_NAMED: Final = 5


def wanted(devices: Iterable[str], probe: str, *, discover: bool) -> list[str]:
    """The filters to subscribe to.

    Args:
        devices: Where the devices are heard.
        probe: Where we hear ourselves.
        discover: Hear also the rest of the trees in which the devices lie.
    """
    filters = {probe, *devices}
    return without_covered({*filters, *first_levels(devices)} if discover else filters)


async def subscribe(
    connection: Connection, filters: Sequence[str], devices: Iterable[str]
) -> dict[str, str]:
    """Subscribe. If a whole tree is refused, hear the devices in it all the same.

    Returns:
        Which filters the broker refused, and why.

    Raises:
        PublishError: The connection was lost meanwhile.
    """
    refused = await _subscribe(connection, filters)
    missing = [
        each
        for each in without_covered(devices)
        if f"{each.partition('/')[0]}/#" in refused
    ]
    return refused | await _subscribe(connection, missing)


def complaint(refused: Mapping[str, str]) -> str:
    """What a technician should know about refused filters."""
    more = ", …" if len(refused) > _NAMED else ""
    named = ", ".join(sorted(refused)[:_NAMED]) + more
    why = ", ".join(sorted(set(refused.values())))
    return f"the broker does not let us hear {named}: {why}"


async def _subscribe(connection: Connection, filters: Sequence[str]) -> dict[str, str]:
    refused: dict[str, str] = {}
    for start in range(0, len(filters), _AT_ONCE):
        some = filters[start : start + _AT_ONCE]
        answers = await connection.subscribe(some)
        refused |= {
            each: why
            for each, why in zip(some, answers, strict=False)
            if why is not None
        }
    return refused
