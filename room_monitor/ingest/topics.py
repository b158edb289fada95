"""Who is meant by a topic?

Filters are kept level by level, so that finding costs the same with one device and with
thousands, also for topics that somebody invented.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class _Level(Generic[T]):
    def __init__(self) -> None:
        self.below: dict[str, _Level[T]] = {}
        self.here: list[T] = []


class TopicTree(Generic[T]):
    """What is kept under MQTT topic filters, found by topic."""

    def __init__(self) -> None:
        self._root: _Level[T] = _Level()

    def add(self, topic_filter: str, item: T) -> None:
        """Keep an item under a filter."""
        level = self._root
        for name in topic_filter.split("/"):
            level = level.below.setdefault(name, _Level())
        level.here.append(item)

    def find(self, topic: str) -> Iterator[T]:
        """Everything whose filter matches a topic (or is the same as a filter)."""
        levels = [self._root]
        for name in topic.split("/"):
            below: list[_Level[T]] = []
            for level in levels:
                if (rest := level.below.get("#")) is not None:
                    yield from rest.here
                if (exact := level.below.get(name)) is not None:
                    below.append(exact)
                any_name = level.below.get("+")
                if any_name is not None and name not in {"+", "#"}:
                    below.append(any_name)
            levels = below
        for level in levels:
            yield from level.here
            if (rest := level.below.get("#")) is not None:
                yield from rest.here


def without_covered(filters: Iterable[str]) -> list[str]:
    """Those that no other of them covers: a broker may send what two match twice."""
    distinct = sorted(set(filters))
    tree: TopicTree[str] = TopicTree()
    for each in distinct:
        tree.add(each, each)
    return [each for each in distinct if set(tree.find(each)) == {each}]


def first_levels(filters: Iterable[str]) -> list[str]:
    """The whole trees in which they lie: ``zigbee2mqtt/#``."""
    levels = {each.partition("/")[0] for each in filters}
    return sorted(f"{level}/#" for level in levels if level not in {"", "+", "#"})


class OwnTopics(NamedTuple):
    """Where the monitor itself speaks.

    Attributes:
        probe: To itself, to show that the whole path works.
        monitor: To everybody, how the monitor fares; retained. See ``presence``.
        tree: Everything below here is its own.
    """

    probe: str
    monitor: str
    tree: str

    def has(self, topic: str) -> bool:
        """Whether nobody else has a device there."""
        return topic.startswith(self.tree)


def own_topics(prefix: str, client_id: str) -> OwnTopics:
    """The monitor's own topics."""
    name = re.sub(r"[^\w.-]", "-", client_id)
    return OwnTopics(f"{prefix}/probe/{name}", f"{prefix}/monitor", f"{prefix}/")
