"""What happens in a play, one step at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from heapq import merge
from typing import NamedTuple

from sensors.simulator.scenario import Deed, Fields


class Publish(NamedTuple):
    """A device publishes a message.

    Attributes:
        device: Its id; of a box with several parts the id of the first.
    """

    topic: str
    payload: bytes
    retain: bool = False
    qos: int = 1
    device: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A person does something in a room. Nothing is published: whoever plays does it.

    Attributes:
        deed: What.
        room: Where; it concerns the one stay in this room, if there is one.
        fields: Its particulars, see ``Planned``.
        ago: How long ago it happened, in real time whatever the speed of the play.
    """

    deed: Deed
    room: str
    fields: Fields
    ago: timedelta = timedelta(0)


class Step(NamedTuple):
    """Something happens at an offset from the start of the play."""

    offset: timedelta
    what: Publish | Act


def together(*plays: Iterable[Step]) -> Iterator[Step]:
    """Several plays at once, in the order of time."""
    return merge(*plays, key=lambda step: step.offset)
