"""``room-monitor stays``."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from room_monitor.cli import stay_wording as words
from room_monitor.cli.instants import short, span
from room_monitor.cli.look import Look, look, say_if_blind
from room_monitor.cli.options import STATE, AsJson, InLanguage, Language, State
from room_monitor.cli.output import console, say_json, table
from room_monitor.cli.stay_shapes import intervention_shape, summary_shape
from room_monitor.cli.wording import STAY_KINDS
from room_monitor.core.evaluation import Verdict
from room_monitor.core.ids import StayId
from room_monitor.core.judging import evaluate
from room_monitor.core.requirements import CheckedEvery
from room_monitor.core.views import (
    STAY_EVENTS,
    Episode,
    Intervention,
    StaySummary,
    interventions,
    rhythm_of,
    stay_summaries,
)

MISSED_SHOWN = 3
"""How many missed intervals are told in a table; ``stay`` and ``--json`` tell all."""


def stays(
    context: typer.Context,
    *,
    by_intervention: Annotated[
        bool,
        typer.Option(
            "--interventions", help="Show the episodes and interventions they come to."
        ),
    ] = False,
    language: InLanguage = Language.EN,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Show which stays there are and were, the newest first, and when a check is due.

    How long each lasted is shown as registered and as measured at the door.
    """
    with look(context, state) as seen:
        found = summaries(seen)
        found.sort(key=lambda stay: stay.lies.began_at, reverse=True)
        if by_intervention:
            together = interventions(found, seen.at)[::-1]
            if as_json:
                shapes = [intervention_shape(each) for each in together]
                say_json({"at": seen.at, "interventions": shapes})
            else:
                _say_interventions(together, seen, language)
            return
        due = checks_due(seen)
        if as_json:
            shapes = [summary_shape(stay, due.get(stay.stay)) for stay in found]
            say_json({"at": seen.at, "stays": shapes})
            return
        out = console()
        say_if_blind(seen, out, language)
        if not found:
            out.print(words.NO_STAYS.to(language))
            return
        _say_stays(out, found, due, seen, language)


def summaries(seen: Look) -> list[StaySummary]:
    """All stays in the log, as they are known now."""
    return stay_summaries(
        seen.known(seen.store.entries(types=STAY_EVENTS)),
        seen.at,
        {room: state.plan.room.devices for room, state in seen.rooms.items()},
        rhythm_of(seen.settings.catalogue),
    )


def checks_due(seen: Look) -> dict[StayId, datetime]:
    """By when somebody must look in again, or had to, of each open stay."""
    due: dict[StayId, datetime] = {}
    for state in seen.rooms.values():
        for asked in state.questions():
            demand = asked.obligation.ask.demand
            if asked.stay is None or not isinstance(demand, CheckedEvery):
                continue
            if demand.fact == "check" and not state.stays[asked.stay].ended:
                finding, _ = evaluate(asked, state.known(asked.stay), seen.at)
                missed = finding.verdict is Verdict.VIOLATED
                at = finding.since if missed else finding.due_at
                if at is not None:
                    due[asked.stay] = min(at, due.get(asked.stay, at))
    return due


def lasted(stay: StaySummary, language: Language) -> str:
    """How long it was registered to last."""
    if stay.void:
        return words.VOID.to(language)
    if stay.end_unknown:
        return words.END_UNKNOWN.to(language)
    if stay.registered is None:
        return "?"
    if stay.is_open:
        return f"{span(stay.registered)}, {words.OPEN.to(language)}"
    return span(stay.registered)


def measured(stay: StaySummary, language: Language) -> str:
    """How long the door was locked in it."""
    if stay.measured is None:
        return words.NOT_MEASURED.to(language)
    told = span(stay.measured)
    if stay.unseen:
        told += f", {words.UNSEEN.to(language).format(span(stay.unseen))}"
    return told


def difference(stay: StaySummary) -> str:
    """How much longer it was measured than registered, with its sign."""
    if stay.difference is None:
        return ""
    sign = "-" if stay.difference < timedelta(0) else "+"
    return f"{sign}{span(stay.difference)}" if stay.difference else "0 s"


# --- For people --------------------------------------------------------------------------


def _say_stays(
    out: Console,
    found: Sequence[StaySummary],
    due: dict[StayId, datetime],
    seen: Look,
    language: Language,
) -> None:
    rows = table(*words.STAYS.to(language).split("|"), shares=(1,))
    for stay in found:
        late = words.LATE.to(language)
        began = short(stay.began_at, seen.zone, seen.now)
        of_door = [measured(stay, language).replace(", ", "\n"), difference(stay)]
        rows.add_row(
            f"{stay.stay}\n{stay.key}",
            f"{stay.room}\n{STAY_KINDS[stay.kind].to(language)}",
            f"{began}\n{late}" if stay.began_late else began,
            lasted(stay, language) + (f"\n{late}" if stay.ended_late else ""),
            "\n".join(line for line in of_door if line),
            _checks(stay, seen, language),
            _due(due.get(stay.stay), seen, language),
        )
    out.print(rows)


def _checks(stay: StaySummary, seen: Look, language: Language) -> str:
    lines = [str(stay.checks)]
    if stay.late_checks:
        lines.append(words.LATE_ONES.to(language).format(stay.late_checks))
    if stay.missed:
        lines.append(words.MISSED.to(language).format(stay.missed))
    for missed in stay.missed_intervals[:MISSED_SHOWN]:
        began = short(missed.began_at, seen.zone, seen.now)
        if missed.ended_at is not None:
            ended = span(missed.ended_at - missed.began_at)
        else:
            ended = (words.OPEN if missed.is_open else words.UNKNOWN).to(language)
        lines.append(f"  {began}, {ended}")
    if stay.missed > MISSED_SHOWN:
        lines.append("  …")
    return "\n".join(lines)


def _due(due_at: datetime | None, seen: Look, language: Language) -> str:
    if due_at is None:
        return ""
    if due_at < seen.at:
        return words.OVERDUE.to(language).format(span(seen.at - due_at))
    return short(due_at, seen.zone, seen.now)


def _say_interventions(
    found: Sequence[Intervention], seen: Look, language: Language
) -> None:
    out = console()
    if not found:
        out.print(words.NO_INTERVENTIONS.to(language))
        return
    rows = table(*words.INTERVENTIONS.to(language).split("|"), shares=(5,))
    for intervention in found:
        kind = STAY_KINDS[intervention.kind].to(language)
        rows.add_row(intervention.key, kind, *_period(intervention, seen, language), "")
        for episode in intervention.episodes:
            rows.add_row(
                "",
                words.EPISODE.to(language),
                *_period(episode, seen, language),
                ", ".join(episode.stays),
            )
        rows.add_section()
    out.print(rows)


def _period(
    of: Intervention | Episode, seen: Look, language: Language
) -> tuple[str, str, str]:
    ended = words.OPEN.to(language) if of.is_open else words.END_UNKNOWN.to(language)
    if of.ended_at is not None:
        ended = short(of.ended_at, seen.zone, seen.now)
    lasted_ = "?" if of.duration is None else span(of.duration)
    return short(of.began_at, seen.zone, seen.now), ended, lasted_
