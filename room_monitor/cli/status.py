"""``room-monitor status``."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from functools import partial

import typer
from rich.text import Text

from room_monitor import control
from room_monitor.cli.alarm_wording import about, stands
from room_monitor.cli.instants import local, short, span
from room_monitor.cli.look import Look, look, prompts_given, say_if_blind
from room_monitor.cli.options import STATE, AsJson, Language, State
from room_monitor.cli.output import console, say_json, table
from room_monitor.cli.shapes import alert_shape, blind_shape, prompt_shape
from room_monitor.cli.wording import PRIORITIES, READINESS
from room_monitor.control import Do, Request
from room_monitor.core.alert import Alert
from room_monitor.core.ids import RoomId
from room_monitor.core.views import Readiness, RoomStatus
from room_monitor.recall import desk_of
from room_monitor.store import Refusal, RefusalKind

_EN = Language.EN


def status(
    context: typer.Context, as_json: AsJson = False, state: State = STATE
) -> None:
    """Show how the monitor fares: sight, rooms, alerts, and what it could not use."""
    with look(context, state) as seen:
        answer = asyncio.run(control.ask(state, Request(do=Do.STATUS)))
        running = answer.status if answer is not None else None
        statuses = [seen.status(room) for room in seen.rooms]
        alerts = _alerts(seen, statuses)
        refusals = seen.store.refusals()
        if as_json:
            say_json(_shape(seen, running, statuses, alerts, refusals))
        else:
            _say(seen, running, statuses, alerts, refusals)


def _say(
    seen: Look,
    running: Mapping[str, str] | None,
    statuses: list[RoomStatus],
    alerts: list[tuple[RoomId | None, Alert]],
    refusals: list[Refusal],
) -> None:
    out = console()
    say_if_blind(seen, out, _EN)
    facts = table("", "", shares=(1,))
    facts.show_header = False
    facts.add_row("site", seen.settings.site.name)
    facts.add_row("monitor", "running" if running is not None else "not running")
    for name, words in (running or {}).items():
        facts.add_row(f"  {name.replace('_', ' ')}", words)
    facts.add_row("log", f"{seen.store.head().position} entries{_alive(seen)}")
    facts.add_row("catalogue", seen.settings.catalogue.stamp)
    facts.add_row("configuration", seen.settings.hash[:12])
    counts = Counter(each.readiness for each in statuses)
    told = [f"{counts[r]} {READINESS[r].en}" for r in Readiness if counts[r]]
    facts.add_row("rooms", ",  ".join(told) or "none: add one to the site file")
    stays = sum(not stay.ended for each in statuses for stay, _ in each.stays)
    facts.add_row("open stays", str(stays))
    out.print(facts)
    if not alerts:
        out.print("No alert needs anybody.")
    else:
        out.print(Text(f"{len(alerts)} alert(s) need somebody", "bold red"))
        rows = table("alert", "room", "what", shares=(2,))
        for room, alert in alerts:
            what = Text(f"{PRIORITIES[alert.priority].en}  ", "bold")
            what.append(f"{about(alert, _EN, fully=True)}\n")
            since = local(alert.began_at, seen.zone, seen.now)
            standing = stands(alert, _EN, partial(local, zone=seen.zone, now=seen.now))
            what.append(f"since {since}; {standing}", "dim")
            rows.add_row(alert.id, room or "the monitor", what)
        out.print(rows)
        out.print("Who was told of it: room-monitor alarms")
        out.print(
            "To take one on: room-monitor acknowledge ALERT --by NAME --comment …"
        )
    _say_prompts(seen)
    if refusals:
        out.print()
        out.print(Text("Messages that could not be used", "bold"))
        rows = table("from", "how many", "why, and what it looked like", shares=(0, 2))
        for refusal in refusals:
            known = "device" if refusal.kind is RefusalKind.DEVICE else "unknown topic"
            last = local(refusal.last_at, seen.zone, seen.now)
            lines = (refusal.reason, refusal.shape, f"last {last}")
            rows.add_row(
                f"{refusal.name}\n({known})",
                str(refusal.count),
                "\n".join(filter(None, lines)),
            )
        out.print(rows)


def _alerts(
    seen: Look, statuses: list[RoomStatus]
) -> list[tuple[RoomId | None, Alert]]:
    """Those of the rooms, and the troubles of the monitor itself."""
    troubles = desk_of(seen.store, seen.at).troubles.values()
    of_rooms = [(each.room.id, alert) for each in statuses for alert in each.alerts]
    return [*((None, alert) for alert in troubles), *of_rooms]


def _say_prompts(seen: Look) -> None:
    """Reminders that were given; never one that is still to come."""
    given = prompts_given(seen)
    if not given:
        return
    out = console()
    out.print()
    out.print(Text("Reminders that were given", "bold"))
    rows = table("room", "what", "due by", "reminded at", shares=(1,))
    for room, prompted in given:
        rows.add_row(
            room,
            prompted.source.requirement,
            short(prompted.due_at, seen.zone, seen.now),
            short(prompted.at, seen.zone, seen.now),
        )
    out.print(rows)


def _alive(seen: Look) -> str:
    alive_at = seen.store.alive_at()
    if alive_at is None:
        return ""
    return f", last written {span(seen.now - alive_at)} ago"


def _shape(
    seen: Look,
    running: Mapping[str, str] | None,
    statuses: list[RoomStatus],
    alerts: list[tuple[RoomId | None, Alert]],
    refusals: list[Refusal],
) -> dict[str, object]:
    head = seen.store.head()
    return {
        "at": seen.at,
        "site": seen.settings.site.name,
        "running": running is not None,
        "parts": running,
        "alive_at": seen.store.alive_at(),
        "blind": blind_shape(seen.sight),
        "log": {"position": head.position, "hash": head.hash},
        "catalogue": seen.settings.catalogue.stamp,
        "configuration": seen.settings.hash,
        "rooms": {each.room.id: each.readiness for each in statuses},
        "open_stays": [
            stay.id for each in statuses for stay, _ in each.stays if not stay.ended
        ],
        "alerts": [alert_shape(alert, room) for room, alert in alerts],
        "prompts": [prompt_shape(p, room) for room, p in prompts_given(seen)],
        "refusals": refusals,
    }
