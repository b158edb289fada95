"""``room-monitor readiness [ROOM]``."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from room_monitor.cli.alarm_wording import about, stands
from room_monitor.cli.instants import duration, local, short, span
from room_monitor.cli.look import Look, look, prompts_given, say_if_blind
from room_monitor.cli.options import STATE, AsJson, InLanguage, Language, State
from room_monitor.cli.output import console, say_json, table
from room_monitor.cli.shapes import alert_shape, blind_shape, prompt_shape
from room_monitor.cli.wording import (
    EVIDENCE,
    LABELS,
    PRIORITIES,
    READINESS,
    REASONS,
    STAY_KINDS,
    STYLES,
    VERDICTS,
    Words,
)
from room_monitor.core.alert import Alert
from room_monitor.core.evaluation import Heard, Verdict
from room_monitor.core.ids import RequirementId, RoomId
from room_monitor.core.requirements import Label
from room_monitor.core.stay import Stay
from room_monitor.core.views import (
    AskStatus,
    Coverage,
    RequirementStatus,
    RoomStatus,
    requirement_coverage,
    spans,
)
from room_monitor.recall import log_of

PERIOD = "24h"
_JUDGED = frozenset({"VerdictChanged", "ObligationLapsed"})
_WORST_FIRST = {Verdict.VIOLATED: 0, Verdict.UNKNOWN: 1, Verdict.MET: 2}

Shown = Mapping[RequirementId, Coverage]


def readiness(
    context: typer.Context,
    *,
    room: Annotated[
        str | None,
        typer.Argument(
            metavar="[ROOM]", help="The id of a room; all rooms if left out."
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="INSTANT",
            help="As it was then: '03:15', '10 min ago', '2026-11-22 03:15'.",
        ),
    ] = None,
    period: Annotated[
        str,
        typer.Option(
            "--period",
            metavar="DURATION",
            help="Over how long to say how much is shown of a room.",
        ),
    ] = PERIOD,
    language: InLanguage = Language.EN,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Show whether rooms may be used, and what keeps them from it.

    With ROOM every requirement is shown with its verdict, the reason, the evidence, since
    when, and for how much of the period there is an answer at all.
    """
    back = duration(period)
    with look(context, state, at=at, room=room) as seen:
        statuses = [seen.status(each) for each in seen.rooms]
        shown = _coverage(seen, RoomId(room), back) if room is not None else {}
        if as_json:
            say_json(_json(seen, statuses, shown, back if room else None))
            return
        out = console()
        say_if_blind(seen, out, language)
        if room is not None:
            _say_room(out, seen, statuses[0], shown, language)
        elif statuses:
            out.print(_rooms(statuses, language, seen))
            out.print(
                Words(
                    "Meer over een ruimte: room-monitor readiness RUIMTE --lang nl",
                    "More about a room: room-monitor readiness ROOM",
                ).to(language)
            )
        else:
            out.print(
                "There are no rooms in the site file. Add one, then 'check' and 'run'."
            )


def _coverage(seen: Look, room: RoomId, back: timedelta) -> Shown:
    """How much of the period before is shown, per requirement of a room."""
    start = seen.at - back
    plan = seen.rooms[room].plan
    entries = seen.known(log_of(seen.store, room, _JUDGED))
    known = spans(entries, start, seen.at)
    return {
        requirement.id: requirement_coverage(plan, requirement, known, start, seen.at)
        for requirement in plan.requirements
        if not requirement.applies.during
    }


# --- For people ----------------------------------------------------------------------


def _rooms(statuses: Sequence[RoomStatus], language: Language, seen: Look) -> Table:
    columns = Words(
        "ruimte|gereed?|sinds|wat het tegenhoudt", "room|ready?|since|why not"
    )
    rows = table(*columns.to(language).split("|"), shares=(0, 3))
    for status in statuses:
        holding = _holding(status)
        since = min((r.since for r in holding if r.since), default=None)
        why = Text()
        for requirement in holding[:3]:
            why.append(f"{VERDICTS[requirement.verdict].to(language)[0]} ")
            why.append(_wording(requirement, language) + " ")
            why.append(f"({REASONS[requirement.reason].to(language)})\n", "dim")
        if len(holding) > 3:
            more = Words("en nog {} andere", "and {} more").to(language)
            why.append(more.format(len(holding) - 3) + "\n", "dim")
        for alert in status.alerts:
            why.append(f"{PRIORITIES[alert.priority].to(language)}: ")
            why.append(f"{about(alert, language)} ")
            why.append(f"[{alert.id}], {_stands(alert, seen, language)}\n", "dim")
        for stay, _ in status.stays:
            if not stay.ended:
                kind = STAY_KINDS[stay.kind].to(language)
                why.append(
                    f"{Words('verblijf', 'stay').to(language)} {stay.id}: {kind}\n"
                )
        why.rstrip()
        rows.add_row(
            Text.assemble((status.room.id, "bold"), f"\n{status.room.name}"),
            Text(READINESS[status.readiness].to(language), STYLES[status.readiness]),
            short(since, seen.zone, seen.now) if since else "",
            why,
        )
    return rows


def _holding(status: RoomStatus) -> list[RequirementStatus]:
    """What keeps a room from being ready: legal demands that are not met, worst first."""
    holding = [
        r
        for r in status.requirements
        if r.requirement.label is Label.LAW and r.verdict is not Verdict.MET
    ]
    return sorted(holding, key=lambda r: _WORST_FIRST[r.verdict])


def _say_room(
    out: Console, seen: Look, status: RoomStatus, shown: Shown, language: Language
) -> None:
    verdict = READINESS[status.readiness].to(language)
    out.print(
        Text.assemble(
            (f"{status.room.name} ({status.room.id}): ", "bold"),
            (verdict, STYLES[status.readiness]),
            f"   {local(seen.at, seen.zone)}   {seen.settings.catalogue.stamp}",
        )
    )
    for label in Label:
        of_label = [r for r in status.requirements if r.requirement.label is label]
        if of_label:
            out.print(_requirements(of_label, label, seen, shown, language))
    for stay, asks in status.stays:
        out.print(_in_stay(stay, asks, status, seen, language))
    if status.alerts:
        out.print(Text(Words("Meldingen", "Alerts").to(language), "bold"))
    for alert in status.alerts:
        out.print(
            f"  {PRIORITIES[alert.priority].to(language)}  {alert.id}  "
            f"{about(alert, language)}, "
            f"{Words('sinds', 'since').to(language)} "
            f"{local(alert.began_at, seen.zone, seen.now)}; "
            f"{_stands(alert, seen, language)}",
            soft_wrap=not out.is_terminal,
        )
    for room, prompted in prompts_given(seen):
        if room == status.room.id:
            told = Words(
                "Herinnerd om {at}: {what} moet uiterlijk {due}",
                "Reminded at {at}: {what} is due by {due}",
            ).to(language)
            due = local(prompted.due_at, seen.zone, seen.now)
            at = local(prompted.at, seen.zone, seen.now)
            out.print(told.format(at=at, what=prompted.source.requirement, due=due))


def _stands(alert: Alert, seen: Look, language: Language) -> str:
    return stands(alert, language, partial(local, zone=seen.zone, now=seen.now))


def _requirements(
    requirements: Sequence[RequirementStatus],
    label: Label,
    seen: Look,
    shown: Shown,
    language: Language,
) -> Table:
    columns = Words(
        "oordeel|wat wordt gevraagd|sinds|getoond", "verdict|what is asked|since|shown"
    )
    rows = table(
        *columns.to(language).split("|"), title=LABELS[label].to(language), shares=(1,)
    )
    if label is Label.INDICATION:
        rows.title_style = "italic"
    for requirement in sorted(requirements, key=lambda r: _WORST_FIRST[r.verdict]):
        asked = Text(_wording(requirement, language))
        asked.append(f"\n{requirement.requirement.id}; ", "dim")
        asked.append(requirement.requirement.citation, "dim")
        for ask in requirement.asks:
            asked.append("\n").append_text(_ask(ask, seen, language))
        coverage = shown.get(requirement.requirement.id)
        rows.add_row(
            Text(
                VERDICTS[requirement.verdict].to(language), STYLES[requirement.verdict]
            ),
            asked,
            short(requirement.since, seen.zone, seen.now) if requirement.since else "",
            f"{int(coverage.share * 100)} %" if coverage else "",
        )
        rows.add_section()
    return rows


def _in_stay(
    stay: Stay,
    asks: Sequence[AskStatus],
    status: RoomStatus,
    seen: Look,
    language: Language,
) -> Table:
    """What is asked because of a stay; what is met is only counted."""
    title = (
        f"{Words('Verblijf', 'Stay').to(language)} {stay.id} ({stay.key}): "
        f"{STAY_KINDS[stay.kind].to(language)}, {local(stay.began_at, seen.zone, seen.now)}"
    )
    columns = Words("oordeel|wat wordt gevraagd|sinds", "verdict|what is asked|since")
    rows = table(*columns.to(language).split("|"), title=title, shares=(1,))
    requirements = {r.id: r for r in seen.rooms[status.room.id].plan.requirements}
    for ask in sorted(asks, key=lambda a: _WORST_FIRST[a.verdict]):
        requirement = requirements[RequirementId(ask.obligation.split("/")[1])]
        asked = Text(requirement.nl if language is Language.NL else requirement.en)
        asked.append(f"\n{requirement.id}; {requirement.citation}\n", "dim")
        asked.append_text(_ask(ask, seen, language))
        rows.add_row(
            Text(VERDICTS[ask.verdict].to(language), STYLES[ask.verdict]),
            asked,
            short(ask.since, seen.zone, seen.now) if ask.since else "",
        )
    return rows


def _ask(ask: AskStatus, seen: Look, language: Language) -> Text:
    line = Text("  ")
    if ask.counts:
        line.append(VERDICTS[ask.verdict].to(language)[0], STYLES[ask.verdict])
    else:
        line.append("-", "dim")
    line.append(f" {ask.ask.key} ({EVIDENCE[ask.ask.evidence].to(language)}): ")
    line.append(REASONS[ask.reason].to(language))
    if ask.device is not None:
        line.append(f" - {ask.device.id}")
        if ask.evidence is not None:
            line.append(f", {_reading(ask.evidence, seen.at, language)}")
    if ask.breach_since is not None:
        since = local(ask.breach_since, seen.zone, seen.now)
        line.append(Words("; inbreuk sinds ", "; breach since ").to(language) + since)
    return line


def _reading(heard: Heard, at: datetime, language: Language) -> str:
    reading = heard.reading
    value = reading.quantity.describe(round(reading.value, 1))
    ago = span(at - reading.at)
    return f"{value}, {Words(f'{ago} geleden', f'{ago} ago').to(language)}"


def _wording(status: RequirementStatus, language: Language) -> str:
    requirement = status.requirement
    return requirement.nl if language is Language.NL else requirement.en


# --- For machines --------------------------------------------------------------------


def _json(
    seen: Look, statuses: Sequence[RoomStatus], shown: Shown, back: timedelta | None
) -> dict[str, object]:
    return {
        "at": seen.at,
        "site": seen.settings.site.name,
        "catalogue": seen.settings.catalogue.stamp,
        "configuration": seen.settings.hash,
        "period": back,
        "blind": blind_shape(seen.sight),
        "rooms": [_room_shape(status, shown) for status in statuses],
        "prompts": [prompt_shape(p, room) for room, p in prompts_given(seen)],
    }


def _room_shape(status: RoomStatus, shown: Shown) -> dict[str, object]:
    return {
        "room": status.room.id,
        "name": status.room.name,
        "kind": status.room.kind,
        "readiness": status.readiness,
        "requirements": [_requirement_shape(r, shown) for r in status.requirements],
        "stays": [
            {"stay": stay.id, "asks": [_ask_shape(ask) for ask in asks]}
            for stay, asks in status.stays
        ],
        "alerts": [alert_shape(alert, status.room.id) for alert in status.alerts],
    }


def _requirement_shape(status: RequirementStatus, shown: Shown) -> dict[str, object]:
    requirement = status.requirement
    coverage = shown.get(requirement.id)
    return {
        "requirement": requirement.id,
        "label": requirement.label,
        "citation": requirement.citation,
        "link": requirement.link,
        "nl": requirement.nl,
        "en": requirement.en,
        "verdict": status.verdict,
        "reason": status.reason,
        "since": status.since,
        "coverage": None
        if coverage is None
        else {
            "share": round(coverage.share, 6),
            "met": coverage.met,
            "violated": coverage.violated,
            "period": coverage.period,
        },
        "asks": [_ask_shape(ask) for ask in status.asks],
    }


def _ask_shape(ask: AskStatus) -> dict[str, object]:
    heard = ask.evidence
    return {
        "obligation": ask.obligation,
        "ask": ask.ask.key,
        "evidence": ask.ask.evidence,
        "device": ask.device.id if ask.device else None,
        "verdict": ask.verdict,
        "reason": ask.reason,
        "since": ask.since,
        "breach_since": ask.breach_since,
        "reading": None if heard is None else _reading_shape(heard),
    }


def _reading_shape(heard: Heard) -> dict[str, object]:
    quantity, value = heard.reading.quantity, heard.reading.value
    return {
        "quantity": quantity,
        "value": value,
        "unit": quantity.unit,
        "state": quantity.describe(value) if quantity.states else None,
        "at": heard.reading.at,
        "received_at": heard.reading.received_at,
    }
