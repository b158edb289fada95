"""From ``requirements/*.yaml`` to the catalogue: every text that asks something.

Each file may hold ``requirements``, ``facts`` (what people record, in words) and, one of
them, ``catalogue`` with the version. What the rows say of each other is checked over all
files together.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from room_monitor.core.ids import RequirementId
from room_monitor.core.requirements import (
    Applies,
    Ask,
    AtMostTimes,
    Catalogue,
    CheckedEvery,
    DoneBy,
    Label,
    Moment,
    Proof,
    Requirement,
    StayKind,
    WithinLimit,
)
from room_monitor.core.site import RoomKind
from room_monitor.settings.asks import ASKS
from room_monitor.settings.problems import Problem, did_you_mean
from room_monitor.settings.shapes import (
    Day,
    FactName,
    Shape,
    Slug,
    Text,
    at,
    items,
    read,
)
from room_monitor.settings.values import Fact
from room_monitor.settings.yaml_source import KeyPath, Source

OF_A_STAY = frozenset({"stay_began", "stay_ended"})
BUILT_IN = OF_A_STAY | {"check", "contact_request", "door_opened"}
"""What the monitor itself knows to have happened; any other name is a recorded fact."""


class _FileShape(Shape):
    catalogue: object = None
    facts: object = None
    requirements: object = None


class _VersionShape(Shape):
    version: Text


class _FactShape(Shape):
    name: FactName
    nl: Text
    en: Text


class _AppliesShape(Shape):
    rooms: frozenset[RoomKind]
    during: frozenset[StayKind] = frozenset()


class _RequirementShape(Shape):
    id: Slug
    label: Label
    citation: Text
    link: Text | None = None
    supports: Slug | None = None
    nl: Text
    en: Text
    applies: _AppliesShape
    proof: Proof = Proof.ALL
    valid_from: Day
    valid_until: Day | None = None
    asks: object


@dataclass(frozen=True, slots=True)
class _Row:
    """A requirement and where it stands."""

    source: Source
    path: KeyPath
    requirement: Requirement


def read_catalogue(
    sources: Sequence[Source], problems: list[Problem]
) -> tuple[Catalogue, Mapping[str, Fact]] | None:
    """Read the catalogue; ``None`` after adding every problem in it."""
    before = len(problems)
    for source in sources:
        read(_FileShape, source, (), problems)
    version = _read_version(sources, problems)
    facts = _read_facts(sources, problems)
    rows = [
        row
        for source in sources
        for path in items(source, ("requirements",), problems)
        if (row := _read_requirement(source, path, problems)) is not None
    ]
    problems.extend(_doubled_ids(sources))
    problems.extend(_broken_references(rows, _ids(sources), _fact_names(sources)))
    if version is None or len(problems) > before:
        return None
    requirements = tuple(row.requirement for row in rows)
    return (
        Catalogue(
            version=version,
            hash=content_hash(version, requirements, facts.values()),
            requirements=requirements,
        ),
        facts,
    )


def _read_version(sources: Sequence[Source], problems: list[Problem]) -> str | None:
    version: str | None = None
    stated: Source | None = None
    for source in sources:
        path: KeyPath = ("catalogue",)
        if at(source, path) is None:
            continue
        if stated is not None:
            message = f"the version is stated in {stated.file} already"
            problems.append(source.problem(path, message))
        stated = stated or source
        shape = read(_VersionShape, source, path, problems)
        version = version or (shape.version if shape else None)
    if stated is None and sources:
        message = "none of the files has the version; write 'version: 2026.1' under it"
        problems.append(Problem(sources[0].file, None, "catalogue", message))
    return version


def _read_facts(sources: Sequence[Source], problems: list[Problem]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for source in sources:
        for path in items(source, ("facts",), problems):
            shape = read(_FactShape, source, path, problems)
            if shape is None:
                continue
            if shape.name in facts or shape.name in BUILT_IN:
                message = f"'{shape.name}' is described already"
                problems.append(source.problem((*path, "name"), message))
            facts[shape.name] = Fact(name=shape.name, nl=shape.nl, en=shape.en)
    return facts


def _read_requirement(
    source: Source, path: KeyPath, problems: list[Problem]
) -> _Row | None:
    before = len(problems)
    shape = read(_RequirementShape, source, path, problems)
    asks = [
        ask
        for place in items(source, (*path, "asks"), problems)
        if (ask := _read_ask(source, place, problems)) is not None
    ]
    problems.extend(_doubled_keys(source, (*path, "asks")))
    if shape is None:
        return None
    problems.extend(_contradictions(shape, source, path))
    if len(problems) > before:
        return None
    requirement = Requirement(
        id=RequirementId(shape.id),
        label=shape.label,
        citation=shape.citation,
        link=shape.link or "",
        supports=RequirementId(shape.supports) if shape.supports else None,
        nl=shape.nl,
        en=shape.en,
        applies=Applies(rooms=shape.applies.rooms, during=shape.applies.during),
        asks=tuple(asks),
        proof=shape.proof,
        valid_from=shape.valid_from,
        valid_until=shape.valid_until,
    )
    return _Row(source, path, requirement)


def _read_ask(source: Source, path: KeyPath, problems: list[Problem]) -> Ask | None:
    kind = at(source, (*path, "kind"))
    if isinstance(at(source, path), dict) and kind is None:
        if (*path, "kind") not in source.left_out:
            message = "missing; one of " + ", ".join(ASKS)
            problems.append(source.problem((*path, "kind"), message))
        return None
    if isinstance(kind, str) and kind not in ASKS:
        message = f"'{kind}' is not a kind of demand" + did_you_mean(kind, ASKS)
        problems.append(source.problem((*path, "kind"), message))
        return None
    known = ASKS[kind] if isinstance(kind, str) else ASKS["heard_from"]
    shape = read(known, source, path, problems)
    if shape is None:
        return None
    try:
        demand = shape.demand()
    except ValueError as error:
        problems.append(source.problem(path, str(error)))
        return None
    return Ask(
        key=shape.key,
        evidence=shape.evidence,
        demand=demand,
        dwell=shape.dwell,
        priority=shape.priority,
    )


# --- What rows say of themselves and of each other -------------------------------------


def _contradictions(
    shape: _RequirementShape, source: Source, path: KeyPath
) -> Iterator[Problem]:
    if shape.valid_until is not None and shape.valid_until < shape.valid_from:
        message = f"before 'valid_from', {shape.valid_from}"
        yield source.problem((*path, "valid_until"), message)
    if shape.link is not None and not shape.link.startswith("https://"):
        yield source.problem((*path, "link"), "must begin with 'https://'")
    if shape.label is Label.LAW and shape.link is None:
        yield source.problem(path, "a law without 'link'; give the way to its text")
    if shape.label is Label.LAW and shape.supports is not None:
        message = "only an indication supports something; a law stands by itself"
        yield source.problem((*path, "supports"), message)
    if not shape.applies.rooms:
        yield source.problem((*path, "applies", "rooms"), "there is none")
    if shape.applies.during and RoomKind.LOCATION in shape.applies.rooms:
        message = "a stay is in a room, never in a 'location'"
        yield source.problem((*path, "applies", "during"), message)


def _broken_references(
    rows: Iterable[_Row], ids: Iterable[str], facts: Iterable[str]
) -> Iterator[Problem]:
    known_ids = frozenset(ids)
    known_facts = frozenset(facts) | BUILT_IN
    for row in rows:
        supports = row.requirement.supports
        if supports is not None and supports not in known_ids:
            message = f"there is no requirement '{supports}'"
            hint = did_you_mean(supports, known_ids)
            yield row.source.problem(
                (*row.path, "supports"), message + (hint if "mean" in hint else "")
            )
        for index, ask in enumerate(row.requirement.asks):
            place = (*row.path, "asks", index)
            for key, name in _names(ask):
                if name not in known_facts:
                    message = f"'{name}' is not described under 'facts'"
                    hint = did_you_mean(name, known_facts)
                    yield row.source.problem(
                        (*place, key), message + (hint if "mean" in hint else "")
                    )
            if not row.requirement.applies.during and (why := _needs_stay(ask)):
                message = f"{why}: say 'during' which stays it applies"
                yield row.source.problem(place, message)


def _names(ask: Ask) -> Iterator[tuple[str, str]]:
    """The facts and moments an ask names, each with its key."""
    match ask.demand:
        case DoneBy(fact=fact) | CheckedEvery(fact=fact):
            yield "fact", fact
        case AtMostTimes(moment=moment):
            yield "moment", moment.name
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


def _ids(sources: Iterable[Source]) -> Iterator[str]:
    return (name for _, _, name in _written(sources, "requirements", "id"))


def _fact_names(sources: Iterable[Source]) -> Iterator[str]:
    return (name for _, _, name in _written(sources, "facts", "name"))


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


def _doubled_ids(sources: Iterable[Source]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for source, path, name in _written(sources, "requirements", "id"):
        if name in first:
            message = f"'{name}' is used twice; the first is at {first[name]}"
            yield source.problem(path, message)
        first.setdefault(name, f"{source.file}:{source.line(path)}")


def _doubled_keys(source: Source, path: KeyPath) -> Iterator[Problem]:
    asks = at(source, path)
    seen: set[str] = set()
    for index in range(len(asks) if isinstance(asks, list) else 0):
        place = (*path, index, "key")
        key = at(source, place)
        if isinstance(key, str):
            if key in seen:
                yield source.problem(place, f"'{key}' is used twice in one requirement")
            seen.add(key)


# --- What the catalogue says, whatever its files look like -----------------------------


def content_hash(
    version: str, requirements: Iterable[Requirement], facts: Iterable[Fact]
) -> str:
    """SHA-256 of what the catalogue says; comments, order and spelling do not count."""
    content = {
        "version": version,
        "requirements": [_plain(r) for r in sorted(requirements, key=lambda r: r.id)],
        "facts": [_plain(f) for f in sorted(facts, key=lambda f: f.name)],
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """What JSON can hold. Defaults are left out: a new key with one changes no hash."""
    match value:
        case Enum():
            return value.value
        case timedelta():
            return f"{value.total_seconds()!r} s"
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(str(_plain(each)) for each in value)
        case tuple():
            return [_plain(each) for each in value]
        case _ if is_dataclass(value):
            own = {
                field.name: _plain(getattr(value, field.name))
                for field in fields(value)
                if field.default is MISSING
                or getattr(value, field.name) != field.default
            }
            return {"type": type(value).__name__, **own}
        case _:
            return value
