"""``room-monitor stay STAY``."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from room_monitor.cli import stay_wording as words
from room_monitor.cli.errors import unknown
from room_monitor.cli.instants import local, short, span
from room_monitor.cli.look import Look, look, say_if_blind
from room_monitor.cli.options import STATE, AsJson, InLanguage, Language, State
from room_monitor.cli.output import console, say_json, table
from room_monitor.cli.shapes import owed_shape
from room_monitor.cli.stay_lines import Teller
from room_monitor.cli.stay_owed import owed, say_owed
from room_monitor.cli.stay_shapes import (
    TextOf,
    alert_line_shape,
    breach_shape,
    correction_shape,
    locked_shape,
    record_shape,
    summary_shape,
)
from room_monitor.cli.stays import checks_due, difference, lasted, measured, summaries
from room_monitor.cli.wording import STAY_KINDS
from room_monitor.core.ids import StayId
from room_monitor.core.views import (
    STORY_EVENTS,
    StayStory,
    StaySummary,
    rhythm_of,
    stay_story,
)
from room_monitor.core.views.owed import Owed
from room_monitor.recall import log_of


def stay(
    context: typer.Context,
    *,
    name: Annotated[
        str, typer.Argument(metavar="STAY", help="The id of a stay; see 'stays'.")
    ],
    language: InLanguage = Language.EN,
    as_json: AsJson = False,
    state: State = STATE,
) -> None:
    """Show all that is known of one stay, in the order in which it happened.

    What people recorded, what was corrected, what the door showed, which checks were
    missed, which alerts were raised; and what is still to be recorded.
    """
    with look(context, state) as seen:
        known = {each.stay: each for each in summaries(seen)}
        summary = known.get(StayId(name))
        if summary is None:
            raise unknown("stay", name, known)
        story = _story(seen, summary)
        asked = owed(seen, summary)
        if as_json:
            say_json(_shape(seen, story, asked))
            return
        out = console()
        say_if_blind(seen, out, language)
        _say_head(out, story, seen, language)
        _say_lines(out, story, seen, language)
        say_owed(out, asked, seen, language)


def _story(seen: Look, summary: StaySummary) -> StayStory:
    state = seen.rooms.get(summary.room)
    story = stay_story(
        seen.known(log_of(seen.store, summary.room, STORY_EVENTS)),
        summary.stay,
        seen.at,
        state.plan.room.devices if state else (),
        rhythm_of(seen.settings.catalogue),
    )
    assert story is not None, "a stay that is listed is in the log of its room"
    return story


# --- For people --------------------------------------------------------------------------


def _say_head(out: Console, story: StayStory, seen: Look, language: Language) -> None:
    summary = story.summary
    title = words.STAY.to(language).format(stay=summary.stay)
    kind = STAY_KINDS[summary.kind].to(language)
    out.print(Text(f"{title}  {summary.key}  {summary.room}  {kind}", "bold"))
    late = f" ({words.LATE.to(language)})"
    ended = local(summary.ended_at, seen.zone) if summary.ended_at else ""
    if summary.end_unknown:
        ended = words.END_UNKNOWN.to(language)
    elif summary.is_open:
        ended = words.OPEN.to(language)
    facts = [
        (words.BEGIN, local(summary.began_at, seen.zone), summary.began_late),
        (words.END, ended, summary.ended_late),
        (words.REGISTERED, lasted(summary, language), False),
        (words.MEASURED, measured(summary, language), False),
        (words.DIFFERENCE, difference(summary), False),
        (words.CHECKS, _readings(summary, seen, language), False),
    ]
    for what, told, is_late in facts:
        if told:
            out.print(
                f"  {what.to(language):<14} {told}{late if is_late else ''}",
                soft_wrap=not out.is_terminal,
            )


def _readings(summary: StaySummary, seen: Look, language: Language) -> str:
    if summary.blocks is None:
        return str(summary.checks)
    return words.GAPS_AND_BLOCKS.to(language).format(
        checks=summary.checks,
        gaps=len(summary.gaps),
        limit=span(rhythm_of(seen.settings.catalogue).at_most),
        missed=summary.blocks.missed,
        asked=summary.blocks.asked,
    )


def _say_lines(out: Console, story: StayStory, seen: Look, language: Language) -> None:
    teller = Teller(
        language=language,
        zone=seen.zone,
        text_of=_text_of(seen),
        fact_of={
            fact.name: fact.nl if language is Language.NL else fact.en
            for fact in seen.settings.facts.values()
        },
        story=story,
    )
    rows = table(*words.WHAT_HAPPENED.to(language).split("|"), shares=(1,))
    for line in story.lines:
        at, told, style = teller.tell(line)
        when = short(at, seen.zone, seen.now) if at is not None else "?"
        rows.add_row(when, Text(told, style))
    out.print(rows)


def _text_of(seen: Look) -> TextOf:
    def text_of(commitment: str | None) -> str | None:
        sealed = seen.store.text(commitment) if commitment else None
        return None if sealed is None else sealed.text

    return text_of


# --- For machines ------------------------------------------------------------------------


def _shape(seen: Look, story: StayStory, asked: Sequence[Owed]) -> dict[str, object]:
    text_of, summary = _text_of(seen), story.summary
    return {
        "at": seen.at,
        **summary_shape(summary, checks_due(seen).get(summary.stay)),
        "records": [record_shape(record, text_of) for record in story.records],
        "corrections": [correction_shape(c, text_of) for c in summary.corrections],
        "locked": [locked_shape(locked) for locked in story.locked],
        "called": story.called,
        "breaches": [breach_shape(breach) for breach in story.breaches],
        "alerts": [alert_line_shape(alert, text_of) for alert in story.alerts],
        "blind": [
            {"began_at": blind.began_at, "ended_at": blind.ended_at}
            for blind in story.blind
        ],
        "missing": [owed_shape(each) for each in asked if each.missing],
        "due": [owed_shape(each) for each in asked if not each.missing],
    }
