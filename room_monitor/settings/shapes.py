"""What the parts of a file must look like, and what to say when they do not."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from room_monitor.settings.problems import Problem, did_you_mean
from room_monitor.settings.units import (
    read_duration,
    read_elevation,
    read_ratio,
    read_share,
    read_size,
)
from room_monitor.settings.yaml_source import KeyPath, Source, Tree

MAX_TEXT = 600
MAX_ID = 64
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WORD = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Shape(BaseModel):
    """A mapping with exactly these keys. Scalars arrive as the strings as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Shape)


def word(value: object) -> str:
    """The string that was written.

    Raises:
        ValueError: If a list or a mapping stands there.
    """
    if isinstance(value, str):
        return value
    found = "a list" if isinstance(value, list) else "keys with values"
    raise ValueError(f"must be a single value, not {found}")


def _text(value: object) -> str:
    text = " ".join(word(value).split())
    if not text:
        raise ValueError("is empty")
    if len(text) > MAX_TEXT:
        raise ValueError(f"is longer than {MAX_TEXT} characters")
    if not text.isprintable():
        raise ValueError("has control characters in it")
    return text


def _slug(value: object) -> str:
    text = word(value)
    if not _SLUG.fullmatch(text) or len(text) > MAX_ID:
        proposal = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:MAX_ID]
        raise ValueError(
            f"'{text[:MAX_ID]}' is not an id: small letters, digits and hyphens"
            + (f"; write '{proposal.strip('-')}'" if proposal else "")
        )
    return text


def _fact(value: object) -> str:
    text = word(value)
    if not _WORD.fullmatch(text) or len(text) > MAX_ID:
        raise ValueError(
            f"'{text[:MAX_ID]}' is not a name: small letters, digits and underscores"
        )
    return text


def _day(value: object) -> date:
    text = word(value)
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is not a day of the calendar") from None
    raise ValueError(f"'{text}' is not a date; write it as 2026-01-31")


def _count(value: object) -> int:
    text = word(value)
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(f"'{text}' is not a whole number")
    return int(text)


def _flag(value: object) -> bool:
    text = word(value)
    if text not in ("yes", "no", "true", "false"):
        raise ValueError(f"'{text}' is neither 'yes' nor 'no'")
    return text in ("yes", "true")


Text = Annotated[str, BeforeValidator(_text)]
Slug = Annotated[str, BeforeValidator(_slug)]
FactName = Annotated[str, BeforeValidator(_fact)]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[int, BeforeValidator(_count)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Duration = Annotated[timedelta, BeforeValidator(lambda v: read_duration(word(v)))]
Share = Annotated[float, BeforeValidator(lambda v: read_share(word(v)))]
Size = Annotated[int, BeforeValidator(lambda v: read_size(word(v)))]
Ratio = Annotated[float, BeforeValidator(lambda v: read_ratio(word(v)))]
Elevation = Annotated[float, BeforeValidator(lambda v: read_elevation(word(v)))]
Items = list[Any]
"""A list whose items are read one by one, so that one bad item hides no other."""


def read(
    shape: type[S], source: Source, path: KeyPath, problems: list[Problem]
) -> S | None:
    """Read what stands at ``path``; ``None`` after adding every problem in it.

    That nothing stands there is said where the shape around it is read.
    """
    node = at(source, path)
    if node is None:
        return None
    if not isinstance(node, dict):
        problems.append(source.problem(path, "must be keys with values"))
        return None
    try:
        return shape.model_validate(node)
    except ValidationError as error:
        problems.extend(_translated(error.errors(), shape, source, path))
    return None


def at(source: Source, path: KeyPath) -> Tree | None:
    """What stands at a place, or ``None``."""
    node: Tree | None = source.tree
    for step in path:
        if isinstance(node, dict):
            node = node.get(str(step))
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node


def items(source: Source, path: KeyPath, problems: list[Problem]) -> Iterator[KeyPath]:
    """The places of the items of a list, of which there must be one at least.

    That the list is missing altogether is said where the shape around it is read.
    """
    node = at(source, path)
    if isinstance(node, list):
        if not node and path not in source.left_out:
            message = "there is nothing in the list; write at least one"
            problems.append(source.problem(path, message))
        yield from ((*path, index) for index in range(len(node)))
    elif node is not None:
        problems.append(source.problem(path, _NO_LIST))


_NO_LIST = "must be a list; begin each item with '- '"


def _translated(
    errors: Iterable[ErrorDetails], shape: type[Shape], source: Source, path: KeyPath
) -> Iterable[Problem]:
    for error in errors:
        steps = tuple(step for step in error["loc"] if step != "[key]")
        place = (*path, *steps)
        if error["type"] == "missing" and place in source.left_out:
            continue
        yield source.problem(place, _message(error, shape))


def _message(error: ErrorDetails, shape: type[Shape]) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "missing"
        case "extra_forbidden":
            keys = [field.alias or key for key, field in shape.model_fields.items()]
            return "unknown key" + did_you_mean(str(error["loc"][-1]), keys)
        case "value_error":
            return str(context["error"])
        case "enum":
            known = re.findall(r"'([^']*)'", str(context["expected"]))
            if not isinstance(error["input"], str):
                return "must be a single value" + did_you_mean("", known)
            return f"'{error['input']}' is not known" + did_you_mean(
                error["input"], known
            )
        case "list_type" | "frozen_set_type" | "set_type" | "tuple_type":
            return _NO_LIST
        case "dict_type" | "model_type" | "model_attributes_type":
            return "must be keys with values"
        case _:
            return error["msg"][:1].lower() + error["msg"][1:]
