"""The catalogue as a page for people: ``docs/requirements.md`` is this, nothing else.

    python -m room_monitor.settings.page config/site.yaml docs/requirements.md

The words around the tables stand beside the page, in ``requirements.frame.md``.
"""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from string import Template

from room_monitor.core.requirements import (
    Ask,
    AtMostTimes,
    CheckedEvery,
    Daylight,
    DaylightShare,
    DoneBy,
    HeardFrom,
    Label,
    RegisteredWhenLocked,
    Requirement,
    Responds,
    StayKind,
    StaysInState,
    WithinLimit,
    WithinRange,
)
from room_monitor.core.site import RoomKind
from room_monitor.settings.load import load
from room_monitor.settings.values import Fact, Settings, ValueKind
from sensors.quantity import Quantity

MEASURES = frozenset(StayKind) - {StayKind.OWN_REQUEST}
LOCKED_IN = frozenset({StayKind.ENCLOSURE, StayKind.ENCLOSURE_ELSEWHERE})


def catalogue_page(settings: Settings, frame: Template) -> str:
    """The page.

    Args:
        settings: Whose catalogue it is.
        frame: The text, with ``$version``, ``$room``, ``$stay``, ``$location``,
            ``$indications`` and ``$facts``.
    """
    rows = settings.catalogue.requirements
    law = [row for row in rows if row.label is Label.LAW]
    duties = [row for row in law if row.applies.rooms == {RoomKind.LOCATION}]
    stay = [row for row in law if row.applies.during]
    room = [row for row in law if row not in duties and row not in stay]
    indications = [row for row in rows if row.label is Label.INDICATION]
    return frame.substitute(
        version=settings.catalogue.version,
        room="\n".join(_table(room)),
        stay="\n".join(_table(stay)),
        location="\n".join(_table(duties)),
        indications="\n".join(_table(indications)),
        facts="\n".join(_facts(settings)),
    )


def _table(rows: list[Requirement]) -> Iterator[str]:
    yield "| requirement | Nederlands / English | applies | asks |"
    yield "|---|---|---|---|"
    for row in rows:
        source = f"[{row.citation}]({row.link})" if row.link else row.citation
        if row.supports:
            source += f"; supports `{row.supports}`"
        asks = "<br>".join(_ask(ask) for ask in row.asks)
        if len(row.asks) > 1:
            asks = f"*{row.proof} of*<br>{asks}"
        words = f"{row.nl}<br>*{row.en}*"
        cells = (f"**`{row.id}`**<br>{source}", words, _applies(row), asks)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _applies(row: Requirement) -> str:
    rooms = ", ".join(sorted(f"`{room}`" for room in row.applies.rooms))
    during = row.applies.during
    if not during:
        return f"{rooms}, always<br>from {row.valid_from}"
    stays = {
        frozenset(StayKind): "every stay",
        MEASURES: "every measure",
        LOCKED_IN: "every enclosure",
    }.get(during, ", ".join(sorted(f"`{kind}`" for kind in during)))
    return f"{rooms}, during {stays}<br>from {row.valid_from}"


def _ask(ask: Ask) -> str:
    dwell = f", for {_span(ask.dwell)}" if ask.dwell else ""
    insistent = "insistent " if ask.insistent else ""
    alert = "" if ask.priority == "none" else f" → {insistent}{ask.priority} alert"
    under = ", ".join(f"`{other}`" for other in sorted(ask.inhibited_by))
    held = f", held under {under}" if under else ""
    return (
        f"`{ask.key}` ({ask.evidence}): {_demand(ask)}{dwell}{_reminder(ask)}"
        f"{alert}{held}"
    )


def _reminder(ask: Ask) -> str:
    latest, earliest = ask.warn_before, ask.warn_before + ask.warn_spread
    if not earliest:
        return ""
    if latest == earliest:
        return f", reminder {_span(latest)} before"
    return f", reminder {_span(latest)} to {_span(earliest)} before"


def _demand(ask: Ask) -> str:
    match ask.demand:
        case WithinRange(role=role, quantity=quantity, low=low, high=high):
            return f"`{role}` {quantity} {_between(quantity, low, high)}"
        case HeardFrom(role=role, max_age=max_age):
            age = _span(max_age) if max_age else "2 × its interval"
            return f"{f'`{role}`' if role else 'every device'} heard from within {age}"
        case StaysInState(role=role, quantity=quantity, state=state):
            return f"`{role}` {quantity} stays {quantity.describe(state)}"
        case Responds() as responds:
            return _responds(responds)
        case Daylight(role=role, low=low, at_elevation=sun, outdoor_share=share):
            return (
                f"`{role}` ≥ {low:g} lx at {sun:g}° sun, in proportion to its height; "
                f"no more than {share:.0%} of the light outdoors"
            )
        case DaylightShare(role=role, low=low, share=share, window=window) as light:
            return (
                f"`{role}` ≥ {low:g} lx in {share:.0%} of the daylight hours of "
                f"{_span(window)}; day/night ≥ {light.day_night_ratio:g}"
            )
        case CheckedEvery(fact=fact, at_most=at_most) as check:
            agreed = " (or what was agreed, if shorter)" if check.agreed else ""
            every = f"`{fact}` at least every {_span(at_most)}{agreed}"
            return every + _people("by", check.by)
        case RegisteredWhenLocked() as locked:
            return (
                f"a stay registered when locked for more than {_span(locked.longer_than)}"
                f", or `{locked.dismissed_by}` (for {_span(locked.dismissed_for)})"
            )
        case WithinLimit(since=since, until=until, at_most=at_most) as limit:
            ends = " or ".join(f"`{moment}`" for moment in until)
            more = f" (+ {_span(limit.extension)} by `{limit.extended_by}`)"
            extended = more if limit.extended_by else ""
            within = f"within {_span(at_most)} of `{since}`"
            return f"{ends} {within}{extended}{_people('by', limit.by)}"
        case DoneBy(fact=fact, valid_for=valid_for, due=due, before_start=before):
            terms = [
                f"holds {_span(valid_for)}" if valid_for else "",
                "before the start" if before else "",
                f"due {_span(due)} after the start" if due else "",
            ]
            done = f"`{fact}`{_people('by', ask.demand.by)}"
            return ", ".join([done, *filter(None, terms)])
        case AtMostTimes(moment=moment, times=times) as counted:
            often = f"`{moment}` at most {times} ×" if times else f"never `{moment}`"
            by = _people("by", counted.by)
            return often + by + _people("by anybody but", counted.except_by)


def _people(words: str, roles: frozenset[str]) -> str:
    return f" {words} " + " or ".join(sorted(f"`{r}`" for r in roles)) if roles else ""


def _responds(demand: Responds) -> str:
    state = "" if demand.state is None else f" {demand.quantity.describe(demand.state)}"
    if demand.tolerance is None:
        answer = _between(demand.answer, demand.low, demand.high)
    else:
        answer = f"≥ what is set − {demand.answer.describe(demand.tolerance)}"
    return (
        f"`{demand.role}` {demand.quantity}{state} ⇒ `{demand.answer_role}` "
        f"{demand.answer} {answer} within {_span(demand.within)}"
    )


def _between(quantity: Quantity, low: float | None, high: float | None) -> str:
    least = "" if low is None else f"≥ {quantity.describe(low)}"
    most = "" if high is None else f"≤ {quantity.describe(high)}"
    return " and ".join(filter(None, (least, most)))


def _span(time: timedelta) -> str:
    for unit, word in (
        (timedelta(days=365), "years"),
        (timedelta(days=1), "d"),
        (timedelta(hours=1), "h"),
        (timedelta(minutes=1), "min"),
    ):
        if time > unit and not time % unit:
            return f"{time // unit} {word}"
    return f"{time.total_seconds():g} s"


def _facts(settings: Settings) -> Iterator[str]:
    yield "| fact | Ja | Yes | besides |"
    yield "|---|---|---|---|"
    for fact in settings.facts.values():
        yield f"| `{fact.name}` | {fact.nl} | {fact.en} | {_besides(fact)} |"


def _besides(fact: Fact) -> str:
    codes = ", ".join(f"`{code}`" for code in fact.codes)
    value = "" if fact.value is ValueKind.NONE else codes or fact.value
    explained = "explained in words" if fact.explained else ""
    lasting = "from … to …" if fact.lasting else ""
    reasoned = "with a name and a reason" if fact.reasoned else ""
    return "; ".join(filter(None, (value, explained, lasting, reasoned)))


def main(site: Path, page: Path) -> None:
    """Write the page from its frame, which lies beside it."""
    frame = Template(page.with_suffix(".frame.md").read_text("utf-8"))
    page.write_text(catalogue_page(load(site), frame), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
