"""``room-monitor stays``."""

from datetime import datetime, timedelta

import typer

from room_monitor.cli.instants import short, span
from room_monitor.cli.look import Look, look, say_if_blind
from room_monitor.cli.options import STATE, AsJson, InLanguage, Language, State
from room_monitor.cli.output import console, say_json, table
from room_monitor.cli.wording import STAY_KINDS, Words
from room_monitor.core.ids import StayId
from room_monitor.core.requirements import CheckedEvery
from room_monitor.core.views import STAY_EVENTS, StaySummary, stay_summaries


def stays(
    context: typer.Context,
    language: InLanguage = Language.EN,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Show which stays there are and were, the newest first, and when a check is due."""
    with look(context, state) as seen:
        found = stay_summaries(seen.store.entries(types=STAY_EVENTS))
        found.sort(key=lambda stay: stay.began_at, reverse=True)
        due = _checks_due(seen)
        if as_json:
            shapes = [_shape(stay, seen, due.get(stay.stay)) for stay in found]
            say_json({"at": seen.at, "stays": shapes})
            return
        out = console()
        say_if_blind(seen, out, language)
        if not found:
            out.print(
                Words(
                    "Er zijn nog geen verblijven. Een nieuwe: room-monitor begin-stay "
                    "RUIMTE --kind SOORT --key SLEUTEL",
                    "There are no stays yet. To begin one: room-monitor begin-stay ROOM "
                    "--kind KIND --key KEY",
                ).to(language)
            )
            return
        columns = Words(
            "verblijf|ruimte, soort|begin|duur|controles|volgende",
            "stay|room, kind|began|lasted|checks|next check",
        )
        rows = table(*columns.to(language).split("|"), shares=(1,))
        for stay in found:
            rows.add_row(
                f"{stay.stay}\n{stay.key}",
                f"{stay.room}\n{STAY_KINDS[stay.kind].to(language)}",
                short(stay.began_at, seen.zone, seen.now),
                _lasted(stay, seen, language),
                _checks(stay, language),
                _due(due.get(stay.stay), seen, language),
            )
        out.print(rows)


def _checks_due(seen: Look) -> dict[StayId, datetime]:
    """By when somebody must look in again, of each open stay."""
    due: dict[StayId, datetime] = {}
    for state in seen.rooms.values():
        for asked in state.questions():
            demand = asked.obligation.ask.demand
            if asked.stay is None or not isinstance(demand, CheckedEvery):
                continue
            stay = state.stays[asked.stay]
            if demand.fact == "check" and not stay.ended:
                checks = (h.at for h in stay.happened.get("check", ()))
                at = max([stay.began_at, *checks]) + demand.at_most
                due[stay.id] = min(at, due.get(stay.id, at))
    return due


def _lasted(stay: StaySummary, seen: Look, language: Language) -> str:
    if stay.end_unknown:
        return Words("? einde onbekend", "? end unknown").to(language)
    if stay.ended_at is not None:
        return span(stay.ended_at - stay.began_at)
    so_far = span(seen.at - stay.began_at)
    return Words(f"{so_far}, loopt", f"{so_far}, open").to(language)


def _checks(stay: StaySummary, language: Language) -> str:
    if not stay.missed:
        return str(stay.checks)
    missed = Words("gemist", "missed").to(language)
    return f"{stay.checks}, {stay.missed} {missed}"


def _due(due_at: datetime | None, seen: Look, language: Language) -> str:
    if due_at is None:
        return ""
    if due_at < seen.at:
        late = span(seen.at - due_at)
        return Words(f"✗ {late} te laat", f"✗ {late} overdue").to(language)
    return short(due_at, seen.zone, seen.now)


def _shape(stay: StaySummary, seen: Look, due_at: datetime | None) -> dict[str, object]:
    ended_at = seen.at if stay.is_open else stay.ended_at
    duration: timedelta | None = ended_at - stay.began_at if ended_at else None
    return {
        "stay": stay.stay,
        "room": stay.room,
        "kind": stay.kind,
        "key": stay.key,
        "began_at": stay.began_at,
        "recorded_at": stay.recorded_at,
        "open": stay.is_open,
        "ended_at": stay.ended_at,
        "end_unknown": stay.end_unknown,
        "duration": duration,
        "checks": stay.checks,
        "missed": stay.missed,
        "breaches": stay.breaches,
        "next_check_due_at": due_at,
    }
