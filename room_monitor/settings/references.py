"""Do the rows of the catalogue fit together: what they name, how they are named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from room_monitor.core.requirements import (
    BUILT_IN,
    OF_A_STAY,
    Ask,
    AtMostTimes,
    CheckedEvery,
    DoneBy,
    Moment,
    RegisteredWhenLocked,
    Requirement,
    WithinLimit,
)
from room_monitor.settings.problems import Problem, did_you_mean
from room_monitor.settings.shapes import at
from room_monitor.settings.yaml_source import KeyPath, Source


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement and where it stands."""

    source: Source
    path: KeyPath
    requirement: Requirement


def broken_references(
    rows: Iterable[Row], sources: Iterable[Source]
) -> Iterator[Problem]:
    """Requirements and facts that are named and not there, and asks that need a stay.

    Args:
        rows: The requirements that could be read.
        sources: All files, for what is named in rows that could not.
    """
    sources = tuple(sources)
    ids = frozenset(name for _, _, name in _written(sources, "requirements", "id"))
    facts = BUILT_IN | {name for _, _, name in _written(sources, "facts", "name")}
    for row in rows:
        yield from _broken_support(row, ids)
        for index, ask in enumerate(row.requirement.asks):
            place = (*row.path, "asks", index)
            for other in sorted(ask.inhibited_by - ids):
                message = f"there is no requirement '{other}'{_hint(other, ids)}"
                yield row.source.problem((*place, "inhibited_by"), message)
            for key, name in _names(ask):
                if name not in facts:
                    message = f"'{name}' is not described under 'facts'"
                    yield row.source.problem(
                        (*place, key), message + _hint(name, facts)
                    )
            if not row.requirement.applies.during and (why := _needs_stay(ask)):
                message = f"{why}; say in 'during' which stays it applies to"
                yield row.source.problem(place, message)


def _broken_support(row: Row, ids: frozenset[str]) -> Iterator[Problem]:
    supports = row.requirement.supports
    if supports is not None and supports not in ids:
        message = f"there is no requirement '{supports}'{_hint(supports, ids)}"
        yield row.source.problem((*row.path, "supports"), message)


def _hint(name: str, known: Iterable[str]) -> str:
    """As ``did_you_mean``, without the long list where nothing is close."""
    hint = did_you_mean(name, known)
    return hint if "did you mean" in hint else ""


def _names(ask: Ask) -> Iterator[tuple[str, str]]:
    """The facts and moments an ask names, each with its key."""
    match ask.demand:
        case DoneBy(fact=fact) | CheckedEvery(fact=fact):
            yield "fact", fact
        case AtMostTimes(moment=moment):
            yield "moment", moment.name
        case RegisteredWhenLocked(dismissed_by=fact):
            yield "dismissed_by", fact
        case WithinLimit() as limit:
            yield "since", limit.since.name
            yield from (("until", moment.name) for moment in limit.until)
            if limit.extended_by is not None:
                yield "extended_by", limit.extended_by.name


def _needs_stay(ask: Ask) -> str | None:
    """Why an ask has no meaning outside a stay, if so."""
    match ask.demand:
        case CheckedEvery():
            return "it is repeated from the start of a stay"
        case AtMostTimes():
            return "it is counted during a stay"
        case DoneBy(due=timedelta()) | DoneBy(before_start=True):
            return "it is due counted from the start of a stay"
        case WithinLimit(since=Moment(name=name)) if name in OF_A_STAY:
            return f"'{name}' happens to a stay"
        case _:
            return None


def _written(
    sources: Iterable[Source], key: str, name_key: str
) -> Iterator[tuple[Source, KeyPath, str]]:
    """Each name as it stands in the files, also of rows that are wrong elsewhere."""
    for source in sources:
        listed = at(source, (key,))
        for index in range(len(listed) if isinstance(listed, list) else 0):
            path: KeyPath = (key, index, name_key)
            name = at(source, path)
            if isinstance(name, str):
                yield source, path, name


def doubled_ids(sources: Iterable[Source]) -> Iterator[Problem]:
    """Requirements of one name, in one file or in two."""
    first: dict[str, str] = {}
    for source, path, name in _written(sources, "requirements", "id"):
        if name in first:
            message = f"'{name}' is used twice; the first is at {first[name]}"
            yield source.problem(path, message)
        first.setdefault(name, f"{source.file}:{source.line(path)}")


def doubled_keys(source: Source, path: KeyPath) -> Iterator[Problem]:
    """Asks of one name in the requirement whose list of asks is at ``path``."""
    asks = at(source, path)
    seen: set[str] = set()
    for index in range(len(asks) if isinstance(asks, list) else 0):
        place = (*path, index, "key")
        key = at(source, place)
        if isinstance(key, str):
            if key in seen:
                yield source.problem(place, f"'{key}' is used twice in one requirement")
            seen.add(key)
