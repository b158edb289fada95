"""From ``requirements/*.yaml`` to the catalogue: every text that asks something.

Each file may hold ``requirements``, ``facts`` (what people record, in words) and, one
of them, ``catalogue`` with the version. What the rows say of each other is checked over
all files together.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from pydantic import Field

from room_monitor.core.ids import RequirementId
from room_monitor.core.requirements import (
    BUILT_IN,
    Applies,
    Ask,
    Catalogue,
    Label,
    Proof,
    Requirement,
    StayKind,
)
from room_monitor.core.rules import OF_DEVICES
from room_monitor.core.site import RoomKind
from room_monitor.settings.asks import ASKS, AskShape
from room_monitor.settings.content import content_hash
from room_monitor.settings.problems import Problem, did_you_mean
from room_monitor.settings.references import (
    Row,
    broken_references,
    doubled_ids,
    doubled_keys,
)
from room_monitor.settings.shapes import (
    Day,
    FactName,
    Flag,
    Items,
    Shape,
    Slug,
    Text,
    at,
    items,
    read,
)
from room_monitor.settings.values import Code, Fact, ValueKind
from room_monitor.settings.yaml_source import KeyPath, Source


class _FileShape(Shape):
    catalogue: object = None
    facts: object = None
    requirements: object = None


class _VersionShape(Shape):
    version: Text


class _CodeShape(Shape):
    code: FactName
    nl: Text
    en: Text


class _FactShape(Shape):
    name: FactName
    nl: Text
    en: Text
    value: ValueKind = ValueKind.NONE
    codes: Items = Field(default_factory=list)
    explained: Flag = False
    lasting: Flag = False
    reasoned: Flag = False


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


CATALOGUE_KEYS = frozenset(
    key
    for shape in (
        _FileShape,
        _VersionShape,
        _FactShape,
        _CodeShape,
        _AppliesShape,
        _RequirementShape,
    )
    for key in shape.model_fields
)


def read_catalogue(
    sources: Sequence[Source], problems: list[Problem], *, complete: bool
) -> tuple[Catalogue, Mapping[str, Fact]] | None:
    """Read the catalogue; ``None`` after adding every problem in it.

    Args:
        sources: The files that can be read.
        problems: To add to.
        complete: They are all the files. If not, nothing is said of what is not there.
    """
    before = len(problems)
    for source in sources:
        read(_FileShape, source, (), problems)
    version = _read_version(sources, problems, complete=complete)
    facts = _read_facts(sources, problems)
    rows = [
        row
        for source in sources
        for path in items(source, ("requirements",), problems)
        if (row := _read_requirement(source, path, problems)) is not None
    ]
    problems.extend(doubled_ids(sources))
    if complete:
        problems.extend(broken_references(rows, sources))
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


def _read_version(
    sources: Sequence[Source], problems: list[Problem], *, complete: bool
) -> str | None:
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
    if stated is None and complete:
        file = sources[0].file if sources else "requirements"
        message = "none of the files has the version; write 'version: 2026.1' under it"
        problems.append(Problem(file, None, "catalogue", message))
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
            codes = _read_codes(source, path, shape, problems)
            facts[shape.name] = Fact(
                name=shape.name,
                nl=shape.nl,
                en=shape.en,
                value=shape.value,
                codes=codes,
                explained=shape.explained,
                lasting=shape.lasting,
                reasoned=shape.reasoned,
            )
    return facts


def _read_codes(
    source: Source, path: KeyPath, shape: _FactShape, problems: list[Problem]
) -> dict[str, Code]:
    codes: dict[str, Code] = {}
    for index in range(len(shape.codes)):
        place = (*path, "codes", index)
        found = read(_CodeShape, source, place, problems)
        if found is not None and found.code in codes:
            message = f"'{found.code}' is there already"
            problems.append(source.problem((*place, "code"), message))
        if found is not None:
            codes[found.code] = Code(code=found.code, nl=found.nl, en=found.en)
    if shape.codes and shape.value is not ValueKind.CODE:
        message = "codes belong to 'value: code', which is not said"
        problems.append(source.problem((*path, "codes"), message))
    if shape.value is ValueKind.CODE and not shape.codes:
        message = "one of which codes? List them under 'codes'"
        problems.append(source.problem((*path, "value"), message))
    return codes


def _read_requirement(
    source: Source, path: KeyPath, problems: list[Problem]
) -> Row | None:
    before = len(problems)
    shape = read(_RequirementShape, source, path, problems)
    asks = [
        ask
        for place in items(source, (*path, "asks"), problems)
        if (ask := _read_ask(source, place, problems)) is not None
    ]
    problems.extend(doubled_keys(source, (*path, "asks")))
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
    return Row(source, path, requirement)


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
    problems.extend(_ill_timed(shape, source, path))
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
        warn_before=shape.warn_before,
        warn_spread=shape.warn_spread,
        acknowledged_for=shape.acknowledged_for,
        insistent=shape.insistent,
        inhibited_by=frozenset(map(RequirementId, shape.inhibited_by)),
    )


def _ill_timed(shape: AskShape, source: Source, path: KeyPath) -> Iterator[Problem]:
    """Reminders and acknowledgements that could never be, or never end."""
    limit = getattr(shape, "at_most", None) or getattr(shape, "due", None)
    for key in ("warn_before", "warn_spread"):
        if getattr(shape, key) and limit is None:
            message = "there is no limit in this ask to remind anybody of"
            yield source.problem((*path, key), message)
    if limit is not None and shape.warn_before + shape.warn_spread >= limit:
        message = (
            "so early that it would come before the clock has started; 'warn_before' and "
            "'warn_spread' together are shorter than the limit"
        )
        key = "warn_before" if shape.warn_before else "warn_spread"
        yield source.problem((*path, key), message)
    if shape.dwell and shape.asks not in OF_DEVICES:
        message = "what people must do has a limit of its own, and no dwell"
        yield source.problem((*path, "dwell"), message)
    lasts = shape.acknowledged_for
    if lasts is not None and not timedelta(minutes=1) <= lasts <= timedelta(hours=24):
        message = "must be between 1 min and 24 h; people are paged again after it"
        yield source.problem((*path, "acknowledged_for"), message)
    if shape.insistent and shape.inhibited_by:
        message = "what is insistent is never held back; keep one of them"
        yield source.problem((*path, "inhibited_by"), message)


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
