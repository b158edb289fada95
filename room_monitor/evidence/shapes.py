"""What is the shape of a single value: a text, a number, an instant, a state?"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType
from typing import Any, Generic, NamedTuple, TypeVar

from room_monitor.evidence.canonical import canonical_text, quote

T = TypeVar("T")


class Misfit(ValueError):  # noqa: N818 - says what it is
    """A plain value that is not of the shape it should have, or the reverse."""


class Shape(NamedTuple, Generic[T]):
    """How one type becomes plain and comes back.

    Attributes:
        dump: Makes it plain; ``None`` where it is plain already.
        load: Makes it again; ``Misfit`` if that cannot be.
        textual: Plain is a string, so that it can be the key of an object.
        exact: A plain value of exactly this type is the value itself.
        text: Writes the canonical JSON of a value at once, where there is a short way.
    """

    dump: Callable[[T], Any] | None
    load: Callable[[Any], T]
    textual: bool = False
    exact: type | None = None
    text: Callable[[T], str] | None = None

    def plain(self, value: T) -> Any:
        """The plain form of ``value``."""
        return value if self.dump is None else self.dump(value)

    def canonical_text(self, value: T) -> str:
        """The canonical JSON of the plain form of ``value``."""
        return (
            canonical_text(self.plain(value)) if self.text is None else self.text(value)
        )


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


def _load_duration(plain: Any) -> timedelta:
    try:
        return timedelta(seconds=_load_float(plain))
    except (OverflowError, ValueError) as error:
        raise Misfit(f"{plain!r} s is no duration") from error


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


ATOMS: Mapping[Any, Shape[Any]] = {
    str: Shape(None, _exactly(str), textual=True, exact=str, text=quote),
    int: Shape(None, _exactly(int), exact=int),
    bool: Shape(None, _exactly(bool), exact=bool),
    float: Shape(None, _load_float, exact=float),
    NoneType: Shape(None, _exactly(NoneType)),
    bytes: Shape(bytes.hex, _loads_text_as("bytes", bytes.fromhex), textual=True),
    datetime: Shape(
        dump_instant,
        load_instant,
        textual=True,
        text=lambda at: f'"{dump_instant(at)}"',
    ),
    date: Shape(
        date.isoformat, _loads_text_as("date", date.fromisoformat), textual=True
    ),
    timedelta: Shape(timedelta.total_seconds, _load_duration),
}


def enumeration(kind: type[Enum]) -> Shape[Enum]:
    """The shape of a state: the value of its member."""
    members = {member.value: member for member in kind}
    values = {member: member.value for member in kind}

    def load(plain: Any) -> Enum:
        member = members.get(plain) if isinstance(plain, str | int) else None
        if member is None:
            raise Misfit(f"{plain!r} is no {kind.__name__}")
        return member

    textual = all(isinstance(value, str) for value in members)
    texts = {member: canonical_text(value) for member, value in values.items()}
    return Shape(values.__getitem__, load, textual=textual, text=texts.__getitem__)
