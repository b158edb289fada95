"""What is kept comes back the same, of the same type; what does not fit is refused."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, StrEnum
from typing import Any, NamedTuple, NewType

import pytest

from room_monitor.evidence.plain import shape_of
from room_monitor.evidence.shapes import Misfit

Name = NewType("Name", str)


class Colour(StrEnum):
    RED = "red"


class Level(Enum):
    LOW = 1


@dataclass(frozen=True, slots=True)
class Suspected:
    since: datetime


@dataclass(frozen=True, slots=True)
class Breached:
    since: datetime


class Pair(NamedTuple):
    left: int
    right: float | None = None


@dataclass(frozen=True)
class Tree:
    name: Name
    branches: "tuple[Tree, ...]" = ()
    note: str | None = None
    marks: Mapping[Colour, float] = field(default_factory=dict)


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "plain"),
    [
        (str, "a", "a"),
        (float, 2.0, 2.0),
        (bytes, b"\x01\xff", "01ff"),
        (Name, "a", "a"),
        (Colour, Colour.RED, "red"),
        (Level, Level.LOW, 1),
        (datetime, NOON, "2026-03-01T12:00:00.000000Z"),
        (date, date(2026, 3, 1), "2026-03-01"),
        (timedelta, timedelta(microseconds=-1), -1e-06),
        (str | None, None, None),
        (int | None, 3, 3),
        (int | str, "3", ["str", "3"]),
        (Suspected | Breached, Breached(NOON), None),
        (Suspected | Breached | None, None, None),
        (Pair, Pair(1, 2.5), [1, 2.5]),
        (tuple[int, str], (1, "a"), [1, "a"]),
        (tuple[Pair, ...], (Pair(1), Pair(2)), [[1, None], [2, None]]),
        (Sequence[int], (1, 2), [1, 2]),
        (list[date], [date(2026, 3, 1)], ["2026-03-01"]),
        (deque[int], deque([1]), [1]),
        (frozenset[Name], frozenset({"b", "a"}), ["a", "b"]),
        (Mapping[Name, int], {"a": 1}, {"a": 1}),
        (dict[datetime, int], {NOON: 1}, {"2026-03-01T12:00:00.000000Z": 1}),
        (dict[Pair, int], {Pair(1): 2}, [[[1, None], 2]]),
        (dict[tuple[Name, Colour], int], {("a", Colour.RED): 1}, [[["a", "red"], 1]]),
        (Tree, Tree(Name("a")), {"name": "a", "branches": [], "marks": {}}),
        (
            Tree,
            Tree(Name("a"), (Tree(Name("b")),), "c", {Colour.RED: 1.0}),
            None,
        ),
    ],
)
def test_a_value_comes_back_the_same(kind: Any, value: Any, plain: Any) -> None:
    shape = shape_of(kind)

    kept = shape.plain(value)
    back = shape.load(kept)

    assert back == value
    assert type(back) is type(value)
    assert plain is None or kept == plain


def test_classes_with_the_same_fields_stay_apart() -> None:
    shape = shape_of(Suspected | Breached)

    assert shape.load(shape.plain(Suspected(NOON))) == Suspected(NOON)
    assert shape.load(shape.plain(Breached(NOON))) == Breached(NOON)


def test_an_instant_of_another_zone_is_kept_in_utc() -> None:
    local = datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1)))

    assert shape_of(datetime).plain(local) == "2026-03-01T12:00:00.000000Z"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(Misfit, match="no time zone"):
        shape_of(datetime).plain(datetime(2026, 3, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        (str, 1),
        (int, True),
        (int, 1.0),
        (bool, 1),
        (float, True),
        (float, "1"),
        (datetime, "2026-03-01T12:00:00Z"),
        (datetime, "2026-03-41T12:00:00.000000Z"),
        (datetime, 0),
        (date, "today"),
        (date, 0),
        (bytes, "xy"),
        (timedelta, 1e300),
        (timedelta, "1 s"),
        (Colour, "green"),
        (Colour, []),
        (Pair, [1]),
        (tuple[int, ...], {}),
        (Mapping[str, int], []),
        (Suspected | Breached, {"since": "2026-03-01T12:00:00.000000Z"}),
        (Suspected | Breached, ["Closed", {}]),
        (Tree, []),
        (Tree, {}),
        (Tree, {"name": "a", "leaves": []}),
    ],
)
def test_what_does_not_fit_is_refused(kind: Any, plain: Any) -> None:
    with pytest.raises(Misfit):
        shape_of(kind).load(plain)


def test_a_value_of_another_class_is_refused() -> None:
    with pytest.raises(Misfit, match="none of Suspected, Breached"):
        shape_of(Suspected | Breached).plain(Pair(1))


@pytest.mark.parametrize("kind", [Any, object, Callable[[], int], complex, type])
def test_a_type_that_cannot_be_kept_is_named(kind: Any) -> None:
    with pytest.raises(TypeError, match="cannot be kept"):
        shape_of(dict[str, kind])
