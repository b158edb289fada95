"""How does a value of a known type become plain JSON, and the same value again?

What a type looks like is read once from its annotations:

===================================  ==================================================
type                                 plain
===================================  ==================================================
dataclass                            object; a field that is ``None`` by default and by
                                     value is left out
``NamedTuple``, tuple, list          array
mapping                              object, or an array of pairs where keys are no text
set                                  array, sorted
enumeration                          its value
datetime                             ``2026-03-01T12:00:00.000000Z``, always UTC
date                                 ``2026-03-01``
timedelta                            seconds
bytes                                hexadecimal
``X | None``                         that of ``X``, or null
``X | Y``                            array of the type's name and that of the value: two
                                     classes with the same fields stay apart
===================================  ==================================================

Loading checks every type; nothing is guessed or converted.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from json import dumps
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, NamedTuple, TypeVar, Union, get_type_hints
from typing import get_args as arguments_of
from typing import get_origin as origin_of

T = TypeVar("T")


class Misfit(ValueError):  # noqa: N818 - says what it is
    """A plain value that is not of the shape it should have, or the reverse."""


class Shape(NamedTuple, Generic[T]):
    """How one type becomes plain and comes back.

    Attributes:
        dump: Makes it plain; ``None`` where it is plain already.
        load: Makes it again; ``Misfit`` if that cannot be.
        textual: Plain is a string, so that it can be the key of an object.
    """

    dump: Callable[[T], Any] | None
    load: Callable[[Any], T]
    textual: bool = False

    def plain(self, value: T) -> Any:
        """The plain form of ``value``."""
        return value if self.dump is None else self.dump(value)


_SHAPES: dict[Any, Shape[Any]] = {}


def shape_of(kind: Any) -> Shape[Any]:
    """The shape of a type.

    Raises:
        TypeError: Values of this type cannot be kept (``Any``, functions, open types).
    """
    known = _SHAPES.get(kind)
    if known is None:
        # A type may contain itself: whoever asks meanwhile gets one that asks again.
        _SHAPES[kind] = Shape(
            lambda value: shape_of(kind).plain(value),
            lambda plain: shape_of(kind).load(plain),
        )
        try:
            known = _SHAPES[kind] = _compile(kind)
        except TypeError:
            del _SHAPES[kind]
            raise
    return known


def _compile(kind: Any) -> Shape[Any]:
    if kind in _ATOMS:
        return _ATOMS[kind]
    if supertype := getattr(kind, "__supertype__", None):  # NewType
        return shape_of(supertype)
    origin = origin_of(kind)
    if origin in (Union, UnionType):
        return _union(arguments_of(kind))
    if origin is not None:
        return _container(kind, origin, arguments_of(kind))
    if isinstance(kind, type):
        if issubclass(kind, Enum):
            return _enumeration(kind)
        if is_dataclass(kind):
            return _dataclass(kind)
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            return _named_tuple(kind)
    raise TypeError(f"values of {kind!r} cannot be kept")


# --- Atoms ----------------------------------------------------------------------------


def _exactly(kind: type[T]) -> Callable[[Any], T]:
    def load(plain: Any) -> T:
        if type(plain) is not kind:
            raise Misfit(f"{plain!r} is no {kind.__name__}")
        return plain

    return load


def _load_float(plain: Any) -> float:
    if type(plain) is float:
        return plain
    if type(plain) is int:
        return float(plain)
    raise Misfit(f"{plain!r} is no number")


def dump_instant(at: datetime) -> str:
    """``2026-03-01T12:00:00.000000Z``; ``Misfit`` for an instant without a zone."""
    if at.tzinfo is not UTC:
        if at.tzinfo is None:
            raise Misfit(f"{at!r} has no time zone")
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")[:-6] + "Z"


def load_instant(plain: Any) -> datetime:
    """The reverse of ``dump_instant``, aware UTC."""
    if type(plain) is not str or len(plain) != 27 or plain[-1] != "Z":
        raise Misfit(f"{plain!r} is no instant")
    try:
        return datetime.fromisoformat(plain)
    except ValueError as error:
        raise Misfit(f"{plain!r} is no instant") from error


def _loads_text_as(kind: str, parse: Callable[[str], T]) -> Callable[[Any], T]:
    def load(plain: Any) -> T:
        if type(plain) is not str:
            raise Misfit(f"{plain!r} is no {kind}")
        try:
            return parse(plain)
        except ValueError as error:
            raise Misfit(f"{plain!r} is no {kind}") from error

    return load


_ATOMS: dict[Any, Shape[Any]] = {
    str: Shape(None, _exactly(str), textual=True),
    int: Shape(None, _exactly(int)),
    bool: Shape(None, _exactly(bool)),
    float: Shape(None, _load_float),
    NoneType: Shape(None, _exactly(NoneType)),
    bytes: Shape(bytes.hex, _loads_text_as("bytes", bytes.fromhex), textual=True),
    datetime: Shape(dump_instant, load_instant, textual=True),
    date: Shape(
        date.isoformat, _loads_text_as("date", date.fromisoformat), textual=True
    ),
    timedelta: Shape(
        timedelta.total_seconds, lambda plain: timedelta(seconds=_load_float(plain))
    ),
}


def _enumeration(kind: type[Enum]) -> Shape[Enum]:
    members = {member.value: member for member in kind}
    values = {member: member.value for member in kind}

    def load(plain: Any) -> Enum:
        member = members.get(plain) if isinstance(plain, str | int) else None
        if member is None:
            raise Misfit(f"{plain!r} is no {kind.__name__}")
        return member

    textual = all(isinstance(value, str) for value in members)
    return Shape(values.__getitem__, load, textual=textual)


# --- Containers -----------------------------------------------------------------------


def _container(kind: Any, origin: Any, inner: tuple[Any, ...]) -> Shape[Any]:
    if not isinstance(origin, type):
        raise TypeError(f"values of {kind!r} cannot be kept")
    if issubclass(origin, Mapping):
        return _mapping(shape_of(inner[0]), shape_of(inner[1]))
    if issubclass(origin, tuple) and inner[1:] != (...,):
        return _fixed(tuple(map(shape_of, inner)), tuple)
    if issubclass(origin, AbstractSet):
        build = set if origin is set else frozenset
        return _many(shape_of(inner[0]), build, lambda items: sorted(items, key=dumps))
    if issubclass(origin, Sequence):
        builds: Mapping[Any, Callable[[Any], Any]] = {list: list, deque: deque}
        return _many(shape_of(inner[0]), builds.get(origin, tuple), list)
    raise TypeError(f"values of {kind!r} cannot be kept")


def _many(
    item: Shape[Any],
    build: Callable[[Any], Any],
    order: Callable[[Any], list[Any]],
) -> Shape[Any]:
    dump_item, load_item, _ = item

    def dump(value: Any) -> list[Any]:
        return order(value if dump_item is None else map(dump_item, value))

    def load(plain: Any) -> Any:
        if type(plain) is not list:
            raise Misfit(f"{plain!r} is no array")
        return build(map(load_item, plain))

    return Shape(dump, load)


def _fixed(
    items: tuple[Shape[Any], ...], build: Callable[[list[Any]], Any]
) -> Shape[Any]:
    dumps_, loads_ = [i.dump for i in items], [i.load for i in items]

    def dump(value: Any) -> list[Any]:
        return [
            part if dump is None else dump(part)
            for dump, part in zip(dumps_, value, strict=True)
        ]

    def load(plain: Any) -> Any:
        if type(plain) is not list or len(plain) != len(loads_):
            raise Misfit(f"{plain!r} is no array of {len(loads_)}")
        return build([load(part) for load, part in zip(loads_, plain, strict=True)])

    return Shape(dump, load)


def _named_tuple(kind: Any) -> Shape[Any]:
    hints = get_type_hints(kind)
    return _fixed(tuple(shape_of(hints[name]) for name in kind._fields), kind._make)


def _mapping(key: Shape[Any], item: Shape[Any]) -> Shape[Any]:
    if not key.textual:
        pairs = _many(_fixed((key, item), tuple), dict, list)
        return Shape(lambda value: pairs.plain(value.items()), pairs.load)

    def dump(value: Any) -> dict[str, Any]:
        return {key.plain(k): item.plain(v) for k, v in value.items()}

    load_key, load_item = key.load, item.load

    def load(plain: Any) -> Any:
        if type(plain) is not dict:
            raise Misfit(f"{plain!r} is no object")
        return {load_key(k): load_item(v) for k, v in plain.items()}

    return Shape(dump, load)


# --- Sums and products ----------------------------------------------------------------


def _union(members: tuple[Any, ...]) -> Shape[Any]:
    others = [member for member in members if member is not NoneType]
    inner = shape_of(others[0]) if len(others) == 1 else _tagged(others)
    if len(others) == len(members):
        return inner
    dump, load, _ = inner
    if dump is None:
        return Shape(None, lambda plain: None if plain is None else load(plain))
    return Shape(
        lambda value: None if value is None else dump(value),
        lambda plain: None if plain is None else load(plain),
    )


def _tagged(members: list[Any]) -> Shape[Any]:
    tags: dict[type, tuple[str, Shape[Any]]] = {}
    loads: dict[str, Callable[[Any], Any]] = {}
    for member in members:
        concrete = origin_of(member) or getattr(member, "__supertype__", member)
        shape = shape_of(member)
        tags[concrete] = (concrete.__name__, shape)
        loads[concrete.__name__] = shape.load
    if len(loads) != len(members):
        raise TypeError(f"{members!r} cannot be told apart by name")

    def dump(value: Any) -> list[Any]:
        found = tags.get(type(value))
        if found is None:
            raise Misfit(f"{value!r} is none of {', '.join(loads)}")
        return [found[0], found[1].plain(value)]

    def load(plain: Any) -> Any:
        match plain:
            case [str(tag), value] if tag in loads:
                return loads[tag](value)
        raise Misfit(f"{plain!r} is none of {', '.join(loads)}")

    return Shape(dump, load)


def _dataclass(kind: Any) -> Shape[Any]:
    hints = get_type_hints(kind)
    parts = [field for field in fields(kind) if field.init]
    names = [field.name for field in parts]
    shapes = {name: shape_of(hints[name]) for name in names}
    loads = {name: shape.load for name, shape in shapes.items()}
    needed = {
        field.name
        for field in parts
        if field.default is MISSING and field.default_factory is MISSING
    }
    steps = [(f.name, shapes[f.name].dump, f.default is None) for f in parts]
    every = attrgetter(*names) if len(names) > 1 else None

    def dump(value: Any) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        values = every(value) if every else [getattr(value, name) for name in names]
        for (name, dump, may_lack), part in zip(steps, values, strict=True):
            if part is None:
                if not may_lack:
                    plain[name] = None
            else:
                plain[name] = part if dump is None else dump(part)
        return plain

    def load(plain: Any) -> Any:
        if type(plain) is not dict:
            raise Misfit(f"{plain!r} is no {kind.__name__}")
        try:
            value = kind(**{name: loads[name](part) for name, part in plain.items()})
        except KeyError as error:
            raise Misfit(f"{kind.__name__} has no {error}") from error
        except TypeError as error:
            missing = ", ".join(sorted(needed - plain.keys()))
            raise Misfit(f"{kind.__name__} lacks {missing}") from error
        return value

    return Shape(dump, load)
