"""What is still asked of people because of a stay: what to do next, and by when."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from room_monitor.cli.instants import local
from room_monitor.cli.look import Look
from room_monitor.cli.wording import REASONS
from room_monitor.core.evaluation import Verdict
from room_monitor.core.ids import StayId
from room_monitor.core.obligations import Question
from room_monitor.core.requirements import (
    CheckedEvery,
    DoneBy,
    Label,
    WithinLimit,
)
from room_monitor.core.views.owed import Owed

_COMMANDS = {
    "check": "check-in",
    "contact_answered": "contact … given",
    "contact_given": "contact … given",
    "review": "review",
    "stay_ended": "end-stay",
}
"""What happens, by a command of its own; anything else is recorded."""


def say_owed(out: Console, found: Sequence[Owed], stay: StayId, seen: Look) -> None:
    """What is late, a line each; then what must come, a line for each limit."""
    if not found:
        out.print(f"Nothing more is asked of stay {stay}.")
        return
    out.print(Text(f"Still asked of stay {stay}:", "bold"))
    late = [each for each in found if each.finding.verdict is Verdict.VIOLATED]
    for each in late:
        since = local(each.finding.since, seen.zone, seen.now)
        why = REASONS[each.finding.reason].en
        does = "".join(f": {how}" for how in filter(None, [_how(each.asked)]))
        out.print(
            Text(f"  ✗ since {since}  {_name(each.asked)}, {why}{does}", "bold red"),
            soft_wrap=not out.is_terminal,
        )
    coming = sorted(
        (each for each in found if each not in late),
        key=lambda each: (each.finding.due_at or seen.at, _is_indication(each)),
    )
    for (due_at, indication), group in groupby(
        coming, lambda each: (each.finding.due_at, _is_indication(each))
    ):
        when = f"by {local(due_at, seen.zone, seen.now)}" if due_at else "at once"
        mark = "~" if indication else "§"
        told = "; ".join(_together(list(group)))
        out.print(f"  {mark} {when}  {told}", soft_wrap=not out.is_terminal)


def _is_indication(each: Owed) -> bool:
    return each.asked.obligation.requirement.label is Label.INDICATION


def _name(asked: Question) -> str:
    return asked.obligation.requirement.id


def _together(group: Sequence[Owed]) -> Iterator[str]:
    """Commands with what asks for them; all facts behind one another."""
    facts = []
    for each in group:
        name = _happening(each.asked)
        if name is None or name in _COMMANDS:
            yield f"{_how(each.asked) or '?'} ({_name(each.asked)})"
        else:
            facts.append(name)
    if facts:
        yield "record " + ", ".join(facts)


def _how(asked: Question) -> str:
    """What to type for it; empty where nothing puts it right."""
    name = _happening(asked)
    if name is None:
        return ""
    return _COMMANDS.get(name, f"record {name}")


def _happening(asked: Question) -> str | None:
    match asked.obligation.ask.demand:
        case DoneBy(fact=fact) | CheckedEvery(fact=fact):
            return fact
        case WithinLimit(until=until) if until:
            return until[0].name
        case _:
            return None
