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
from enum import Enum
from json import dumps
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_type_hints
from typing import get_args as arguments_of
from typing import get_origin as origin_of

from room_monitor.evidence.canonical import quote
from room_monitor.evidence.shapes import ATOMS, Misfit, Shape, enumeration

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
    if kind in ATOMS:
        return ATOMS[kind]
    if supertype := getattr(kind, "__supertype__", None):  # NewType
        return shape_of(supertype)
    origin = origin_of(kind)
    if origin in (Union, UnionType):
        return _union(arguments_of(kind))
    if origin is not None:
        return _container(kind, origin, arguments_of(kind))
    if isinstance(kind, type):
        if issubclass(kind, Enum):
            return enumeration(kind)
        if is_dataclass(kind):
            return _dataclass(kind)
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            return _named_tuple(kind)
    raise TypeError(f"values of {kind!r} cannot be kept")


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
    dump_item, load_item = item.dump, item.load

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
    dump, load, write = inner.dump, inner.load, inner.canonical_text
    return Shape(
        dump and (lambda value: None if value is None else dump(value)),
        lambda plain: None if plain is None else load(plain),
        exact=inner.exact,
        text=lambda value: "null" if value is None else write(value),
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
    # In the order of their names, which is that of the canonical form.
    parts = sorted(
        (field for field in fields(kind) if field.init), key=lambda field: field.name
    )
    names = [field.name for field in parts]
    shapes = [shape_of(hints[name]) for name in names]
    lackable = [field.default is None for field in parts]
    every = attrgetter(*names) if len(names) > 1 else None

    def values_of(value: Any) -> Any:
        return every(value) if every else [getattr(value, name) for name in names]

    dumps_ = list(zip(names, [shape.dump for shape in shapes], lackable, strict=True))

    def dump(value: Any) -> dict[str, Any]:
        plain = {}
        for (name, dump, may_lack), part in zip(dumps_, values_of(value), strict=True):
            if part is not None:
                plain[name] = part if dump is None else dump(part)
            elif not may_lack:
                plain[name] = None
        return plain

    writes = [
        (f"{quote(name)}:", shape.canonical_text if shape.text is None else shape.text)
        for name, shape in zip(names, shapes, strict=True)
    ]
    steps = [
        (*write, may_lack) for write, may_lack in zip(writes, lackable, strict=True)
    ]

    def text(value: Any) -> str:
        return (
            "{"
            + ",".join(
                [
                    key + write(part)
                    for (key, write, may_lack), part in zip(
                        steps, values_of(value), strict=True
                    )
                    if part is not None or not may_lack
                ]
            )
            + "}"
        )

    return Shape(dump, _load_of(kind, names, shapes), text=text)


def _load_of(
    kind: Any, names: list[str], shapes: list[Shape[Any]]
) -> Callable[[Any], Any]:
    loads = {
        name: (shape.exact, shape.load)
        for name, shape in zip(names, shapes, strict=True)
    }

    def load(plain: Any) -> Any:
        if type(plain) is not dict:
            raise Misfit(f"{plain!r} is no {kind.__name__}")
        values = {}
        try:
            for name, part in plain.items():
                exact, load_part = loads[name]
                values[name] = part if type(part) is exact else load_part(part)
        except KeyError as error:
            raise Misfit(f"{kind.__name__} has no {error}") from error
        try:
            return kind(**values)
        except TypeError as error:
            lacking = ", ".join(sorted(_needed(kind) - plain.keys()))
            raise Misfit(f"{kind.__name__} lacks {lacking}") from error

    return load


def _needed(kind: Any) -> set[str]:
    return {
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    }
