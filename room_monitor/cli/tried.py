"""``room-monitor alarms --drills`` and ``--reach``: can people be reached?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.text import Text

from room_monitor.cli import alarm_load_wording as words
from room_monitor.cli.instants import instant, local
from room_monitor.cli.look import Look
from room_monitor.cli.options import Language
from room_monitor.cli.output import console, say_json, table
from room_monitor.core.rota import Target
from room_monitor.core.views.drills import (
    DRILL_EVENTS,
    Drill,
    ReachTest,
    Tried,
    drills,
    reach_tests,
)

LOOK_BACK = "365 d"
"""Drills are rare."""


def say_drills(
    seen: Look,
    room: str | None,
    since: str | None,
    language: Language,
    *,
    as_json: bool,
) -> None:
    """Say of each drill since then whom it told, how soon, and who was never reached.

    Args:
        seen: The state folder.
        room: Only drills of this room.
        since: What the user wrote; ``None`` for ``LOOK_BACK``.
        language: Of the words.
        as_json: For machines.

    Raises:
        Failure: ``since`` is no instant.
    """
    start = instant(since or LOOK_BACK, seen.zone, seen.now)
    found = [
        each
        for each in drills(seen.known(seen.store.entries(types=DRILL_EVENTS)))
        if each.began_at >= start and room in {None, each.room}
    ]
    if as_json:
        say_json({"at": seen.at, "drills": [drill_shape(each) for each in found]})
        return
    out = console()
    if not found:
        out.print(words.NO_DRILL.to(language).format(local(start, seen.zone, seen.now)))
        return
    for each in found:
        say_drill(out, each, lambda at: local(at, seen.zone, seen.now), language)
        out.print()
    out.print(words.SENT_IS_NOT_READ.to(language))


def say_reach(seen: Look, language: Language, *, as_json: bool) -> None:
    """Say of the last test of each shift who was reached, by which channel."""
    found = reach_tests(seen.known(seen.store.entries(types=DRILL_EVENTS)))
    if as_json:
        say_json({"at": seen.at, "tests": [_test_shape(each) for each in found]})
        return
    out = console()
    if not found:
        out.print(words.NO_TEST.to(language))
        return
    for each in found:
        _say_test(out, each, seen, language)
        out.print()
    out.print(words.SENT_IS_NOT_READ.to(language))


# --- For people --------------------------------------------------------------------------


def say_drill(
    out: Console, drill: Drill, write: Callable[[datetime], str], language: Language
) -> None:
    """One drill: each page of it, how it ended, and who was never reached."""
    title = words.DRILL.to(language).format(
        alert=drill.alert, room=drill.room, at=write(drill.began_at), role=drill.role
    )
    out.print(Text(title, "bold"), soft_wrap=not out.is_terminal)
    if drill.tried:
        rows = table(*words.TRIED_COLUMNS.to(language).split("|"), shares=(5,))
        for each in drill.tried:
            rows.add_row(*_row(drill, each, language))
        out.print(rows)
    else:
        out.print(words.TOLD_NOBODY.to(language))
    if drill.ending is None:
        out.print(words.GOES_ON.to(language).format(write(drill.ends_at)))
    else:
        ended = (
            words.ENDINGS[drill.ending]
            .to(language)
            .format(
                after=_latency(drill.acknowledged_after), role=drill.acknowledged_by
            )
        )
        style = "" if drill.acknowledged_by else "bold red"
        out.print(Text(ended, style))
    _say_missed(out, drill.never_reached, language)


def _say_test(out: Console, test: ReachTest, seen: Look, language: Language) -> None:
    begins = words.UNKNOWN_BEGIN.to(language)
    if test.begins_at is not None:
        begins = local(test.begins_at, seen.zone, seen.now)
    title = words.TEST.to(language).format(
        shift=test.shift, begins=begins, at=local(test.tested_at, seen.zone, seen.now)
    )
    out.print(Text(title, "bold"), soft_wrap=not out.is_terminal)
    rows = table(*words.TEST_COLUMNS.to(language).split("|"), shares=(2,))
    for each in test.tried:
        rows.add_row(
            _whom(each, language), _latency(each.sent_after), _became(each, language)
        )
    out.print(rows)
    _say_missed(out, test.never_reached, language)


def _say_missed(out: Console, missed: Sequence[Target], language: Language) -> None:
    if missed:
        named = ", ".join(each.person or each.channel for each in missed)
        text = words.NEVER_REACHED.to(language).format(named)
        out.print(Text(text, "bold red"), soft_wrap=not out.is_terminal)


def _row(drill: Drill, each: Tried, language: Language) -> Iterator[str]:
    fallback = words.FALLBACK.to(language).format(each.round)
    yield f"{each.round}.{each.step}" if each.step else fallback
    yield _whom(each, language)
    yield _latency(each.queued_after)
    yield _latency(each.sent_after)
    yield _latency(drill.acknowledged_after_sent(each))
    yield _became(each, language)


def _whom(each: Tried, language: Language) -> str:
    if each.person is None:
        return each.channel
    by_channel = words.BY_CHANNEL.to(language)
    return by_channel.format(person=each.person, channel=each.channel)


def _became(each: Tried, language: Language) -> str:
    if each.sent_after is not None:
        return words.SENT.to(language)
    if each.failed_after is not None:
        return words.FAILED.to(language).format(each.error)
    return words.ON_ITS_WAY.to(language)


def _latency(time: timedelta | None) -> str:
    if time is None:
        return ""
    seconds = time.total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.1f} min"


# --- For machines ------------------------------------------------------------------------


def drill_shape(drill: Drill) -> dict[str, object]:
    """One drill; see docs/cli.md."""
    return {
        "alert": drill.alert,
        "room": drill.room,
        "priority": drill.priority,
        "role": drill.role,
        "began_at": drill.began_at,
        "ends_at": drill.ends_at,
        "ladder": drill.ladder,
        "told": [
            {
                **_tried_shape(each),
                "round": each.round,
                "step": each.step,
                "queued_after": each.queued_after,
                "acknowledged_after_sent": drill.acknowledged_after_sent(each),
            }
            for each in drill.tried
        ],
        "acknowledged_at": drill.acknowledged_at,
        "acknowledged_after": drill.acknowledged_after,
        "acknowledged_by": drill.acknowledged_by,
        "ending": drill.ending,
        "over_at": drill.over_at,
        "never_reached": _missed(drill.never_reached),
    }


def _test_shape(test: ReachTest) -> dict[str, object]:
    return {
        "shift": test.shift,
        "begins_at": test.begins_at,
        "tested_at": test.tested_at,
        "told": [_tried_shape(each) for each in test.tried],
        "reached": test.reached,
        "never_reached": _missed(test.never_reached),
    }


def _tried_shape(each: Tried) -> dict[str, object]:
    return {
        "page": each.page,
        "person": each.person,
        "channel": each.channel,
        "at": each.at,
        "sent_at": each.sent_at,
        "sent_after": each.sent_after,
        "failed_at": each.failed_at,
        "failed_after": each.failed_after,
        "error": each.error,
    }


def _missed(missed: Iterable[Target]) -> list[dict[str, object]]:
    return [
        {"person": each.person, "channel": None if each.person else each.channel}
        for each in missed
    ]
