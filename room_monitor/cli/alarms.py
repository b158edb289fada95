"""``room-monitor alarms``."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from room_monitor.cli import alarm_wording as words
from room_monitor.cli.alarm_load import say_load
from room_monitor.cli.alarm_wording import about, stands
from room_monitor.cli.errors import Ending, Failure
from room_monitor.cli.instants import instant, local, span
from room_monitor.cli.look import Look, look, say_if_blind
from room_monitor.cli.options import STATE, AsJson, InLanguage, Language, State
from room_monitor.cli.output import console, say_json
from room_monitor.cli.shapes import alert_shape, blind_shape
from room_monitor.cli.tried import say_drills, say_reach
from room_monitor.cli.wording import PRIORITIES
from room_monitor.core.alert import AlertState
from room_monitor.core.rota import Ladder
from room_monitor.core.views.alarms import (
    ALARM_EVENTS,
    Alarm,
    Call,
    alarms_now,
    closed_alarms,
    together,
)
from room_monitor.recall import desk_of

SINCE = "24h"
TextOf = Callable[[str | None], str | None]


def alarms(
    context: typer.Context,
    *,
    room: Annotated[
        str | None,
        typer.Option("--room", metavar="ROOM", help="Only what is about this room."),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Also those that were closed since --since.")
    ] = False,
    load: Annotated[
        bool,
        typer.Option(
            "--load",
            help="How many alerts there were in each shift since --since, how many "
            "needed action, and where they come from.",
        ),
    ] = False,
    drills: Annotated[
        bool,
        typer.Option(
            "--drills", help="The drills since --since, and whom they reached."
        ),
    ] = False,
    reach: Annotated[
        bool,
        typer.Option(
            "--reach", help="The last test of each shift, and who was reached."
        ),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="INSTANT",
            help="With --all, --load, --drills: since when; 24h, 28 d, 365 d if left out.",
        ),
    ] = None,
    language: InLanguage = Language.EN,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Show what needs somebody now, the most urgent first, and who was told of it.

    Alerts of the rooms, troubles of the monitor itself, and drills, which are marked.
    """
    if sum((show_all, load, drills, reach)) > 1:
        message = "--all, --load, --drills and --reach are separate questions; ask one"
        raise Failure(message, Ending.REFUSED)
    with look(context, state, room=room) as seen:
        if load:
            say_load(seen, room, since, language, as_json=as_json)
            return
        if drills:
            say_drills(seen, room, since, language, as_json=as_json)
            return
        if reach:
            say_reach(seen, language, as_json=as_json)
            return
        found, closed, start = _found(
            seen, room, (since or SINCE) if show_all else None
        )
        if as_json:
            say_json(_shape(seen, found, closed))
            return
        out = console()
        say_if_blind(seen, out, language)
        _say(out, seen, found, language)
        if closed is not None and start is not None:
            _say_closed(out, seen, closed, start, language)


def _found(
    seen: Look, room: str | None, since: str | None
) -> tuple[list[Alarm], list[Alarm] | None, datetime | None]:
    """What needs somebody, and what was closed since, if that is asked."""
    entries = [
        entry
        for entry in seen.store.entries(types=ALARM_EVENTS)
        if entry.recorded_at <= seen.at
    ]
    of_rooms = {key: state.alerts for key, state in seen.rooms.items()}
    found = alarms_now(entries, desk_of(seen.store, seen.at), of_rooms)
    start = None if since is None else instant(since, seen.zone, seen.now)
    closed = None if start is None else closed_alarms(entries, start)
    if room is None:
        return found, closed, start
    return (
        [alarm for alarm in found if alarm.room == room],
        None if closed is None else [alarm for alarm in closed if alarm.room == room],
        start,
    )


# --- For people --------------------------------------------------------------------------


def _say(out: Console, seen: Look, found: Sequence[Alarm], language: Language) -> None:
    if not found:
        out.print(words.NOBODY_NEEDED.to(language))
        return
    groups = together(found)
    aside = sum(head.alert.state is AlertState.SHELVED for head, _ in groups)
    needing = words.NEED_SOMEBODY.to(language).format(len(groups) - aside)
    if aside:
        needing += words.ASIDE.to(language).format(aside)
    out.print(Text(needing, "bold red" if len(groups) > aside else "bold"))
    for alarm, held in groups:
        out.print()
        _say_one(out, seen, alarm, held, language)
    out.print()
    out.print(words.TAKE_ON.to(language))


def _say_closed(
    out: Console,
    seen: Look,
    closed: Sequence[Alarm],
    start: datetime,
    language: Language,
) -> None:
    out.print()
    if not closed:
        out.print(words.NONE_CLOSED.to(language))
        return
    when = local(start, seen.zone, seen.now)
    out.print(Text(words.CLOSED.to(language).format(when), "bold"))
    for alarm in closed:
        out.print()
        _say_one(out, seen, alarm, (), language)


def _say_one(
    out: Console, seen: Look, alarm: Alarm, held: Sequence[Alarm], language: Language
) -> None:
    def write(at: datetime) -> str:
        return local(at, seen.zone, seen.now)

    alert = alarm.alert
    title = [PRIORITIES[alert.priority].to(language), alert.id]
    title.append(alarm.room or words.MONITOR.to(language))
    if alert.insistent:
        title.append(f"[{words.INSISTENT.to(language)}]")
    style = "bold" if alert.drill or alarm.closed_at else "bold red"
    out.print(Text("  ".join(title), style), soft_wrap=not out.is_terminal)
    for line in _lines(seen, alarm, held, write, language):
        out.print(Text(f"    {line}"), soft_wrap=not out.is_terminal)


def _lines(
    seen: Look,
    alarm: Alarm,
    held: Sequence[Alarm],
    write: Callable[[datetime], str],
    language: Language,
) -> Iterator[str]:
    alert = alarm.alert
    lasted = span((alarm.closed_at or seen.at) - alert.began_at)
    since = words.SINCE.to(language).format(write(alert.began_at), lasted)
    yield f"{about(alert, language, fully=True)}, {since}"
    if alarm.detail:
        yield alarm.detail
    if alarm.closed_at is None:
        yield stands(alert, language, write) + _by_whom(alarm, _text_of(seen), language)
    else:
        by_whom = _by_whom(alarm, _text_of(seen), language, closed=True)
        yield words.CLOSED_AT.to(language).format(write(alarm.closed_at)) + by_whom
    if alarm.held is not None and alarm.holding is not None:
        why = words.HOLDINGS[alarm.holding].to(language)
        yield words.HELD_UNDER.to(language).format(alert=alarm.held, why=why)
        return
    yield _reached(alarm, _ladder(seen, alarm), language)
    for step, calls in groupby(alarm.calls_now, lambda call: call.step):
        told = "; ".join(_call(call, write, language) for call in calls)
        as_of = words.STEP.to(language) if step else words.NO_STEP.to(language)
        yield "  " + (as_of.format(step, told) if step else as_of.format(told))
    for other in held:
        assert other.holding is not None
        yield words.HELD.to(language).format(
            alert=other.alert.id,
            about=f"{other.room or words.MONITOR.to(language)}, "
            f"{about(other.alert, language, fully=True)}",
            why=words.HOLDINGS[other.holding].to(language),
        )


def _by_whom(
    alarm: Alarm, text_of: TextOf, language: Language, *, closed: bool = False
) -> str:
    """Who took it on or put it aside, as long as that holds."""
    held = (AlertState.ACKNOWLEDGED, AlertState.SHELVED)
    if alarm.taken is None or not (closed or alarm.alert.state in held):
        return ""
    name, remark = text_of(alarm.taken.person), text_of(alarm.taken.remark)
    role = alarm.taken.role
    by = words.BY.to(language).format(f"{name} ({role})" if name else role)
    return f", {by}" + (f": {remark}" if remark else "")


def _reached(alarm: Alarm, ladder: Ladder | None, language: Language) -> str:
    """How far up the ladder it has come."""
    if alarm.raised_at is None:
        return words.NOT_RECORDED.to(language)
    if not alarm.calls_now:
        return words.TOLD_NOBODY.to(language)
    if not alarm.step:
        return words.FALLBACK.to(language).format(round=alarm.round)
    of = ""
    if ladder is not None:
        of = words.OF.to(language).format(steps=len(ladder.steps), ladder=ladder.id)
    return words.REACHED.to(language).format(round=alarm.round, step=alarm.step, of=of)


def _ladder(seen: Look, alarm: Alarm) -> Ladder | None:
    ladders = seen.settings.rota.ladders
    return next((each for each in ladders if each.id == alarm.ladder), None)


def _call(call: Call, write: Callable[[datetime], str], language: Language) -> str:
    whom: str = call.channel
    if call.person is not None:
        whom = words.VIA.to(language).format(person=call.person, channel=call.channel)
    if call.sent_at is not None:
        return words.SENT.to(language).format(whom=whom, at=write(call.sent_at))
    if call.failed_at is not None:
        return words.FAILED.to(language).format(
            whom=whom, at=write(call.failed_at), error=call.error
        )
    return words.ON_ITS_WAY.to(language).format(whom=whom)


def _text_of(seen: Look) -> TextOf:
    def text_of(commitment: str | None) -> str | None:
        sealed = seen.store.text(commitment) if commitment else None
        return None if sealed is None else sealed.text

    return text_of


# --- For machines ------------------------------------------------------------------------


def _shape(
    seen: Look, found: Sequence[Alarm], closed: Sequence[Alarm] | None
) -> dict[str, object]:
    text_of = _text_of(seen)
    return {
        "at": seen.at,
        "blind": blind_shape(seen.sight),
        "alarms": [_alarm_shape(alarm, text_of) for alarm in found],
        "closed": None
        if closed is None
        else [_alarm_shape(alarm, text_of) for alarm in closed],
    }


def _alarm_shape(alarm: Alarm, text_of: TextOf) -> dict[str, object]:
    taken = alarm.taken
    return {
        **alert_shape(alarm.alert, alarm.room),
        "detail": alarm.detail or None,
        "raised_at": alarm.raised_at,
        "raised_again": alarm.alert.raised_again,
        "taken": None
        if taken is None
        else {
            "at": alarm.taken_at,
            "role": taken.role,
            "person": text_of(taken.person),
            "remark": text_of(taken.remark),
        },
        "ladder": alarm.ladder,
        "round": alarm.round,
        "step": alarm.step,
        "told": alarm.calls,
        "held_under": alarm.held,
        "holding": alarm.holding,
        "closed_at": alarm.closed_at,
    }
