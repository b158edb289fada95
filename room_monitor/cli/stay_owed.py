"""What is still asked of people because of a stay, and by when."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from room_monitor.cli import stay_wording as words
from room_monitor.cli.instants import short
from room_monitor.cli.look import Look
from room_monitor.cli.options import Language
from room_monitor.cli.output import table
from room_monitor.cli.wording import LABELS, REASONS, STYLES, VERDICTS
from room_monitor.core.evaluation import Verdict
from room_monitor.core.ids import RequirementId
from room_monitor.core.requirements import Label
from room_monitor.core.views import StaySummary
from room_monitor.core.views.owed import Owed
from room_monitor.core.views.owed import owed as owed_in


def owed(seen: Look, summary: StaySummary) -> list[Owed]:
    """What is asked because of a stay and is not done for good, the worst first."""
    state = seen.rooms.get(summary.room)
    return [] if state is None else owed_in(state, summary.stay, seen.at)


def say_owed(
    out: Console, found: Sequence[Owed], seen: Look, language: Language
) -> None:
    """Write it for people: legal demands apart from indications, one row a requirement."""
    if not any(each.missing for each in found):
        out.print(words.NOTHING_MISSING.to(language))
    for label in Label:
        rows: dict[tuple[RequirementId, Verdict], list[Owed]] = {}
        for each in found:
            requirement = each.asked.obligation.requirement
            if requirement.label is label:
                key = requirement.id, each.finding.verdict
                rows.setdefault(key, []).append(each)
        if not rows:
            continue
        title = f"{words.MISSING.to(language)}: {LABELS[label].to(language)}"
        told = table(
            *words.MISSING_COLUMNS.to(language).split("|"), title=title, shares=(1,)
        )
        if label is Label.INDICATION:
            told.title_style = "italic"
        for together in rows.values():
            told.add_row(*_row(together, seen, language))
        out.print(told)


def _row(
    together: Sequence[Owed], seen: Look, language: Language
) -> tuple[Text, Text, str]:
    first = together[0]
    requirement, verdict = first.asked.obligation.requirement, first.finding.verdict
    asked = Text(requirement.nl if language is Language.NL else requirement.en)
    asks = ", ".join(each.asked.obligation.ask.key for each in together)
    asked.append(f"\n{requirement.id} ({asks}); {requirement.citation}; ", "dim")
    reasons = dict.fromkeys(
        REASONS[each.finding.reason].to(language) for each in together
    )
    asked.append(", ".join(reasons), "dim")
    due_at = first.finding.due_at
    if verdict is Verdict.MET:
        stands = Text(words.RUNS.to(language))
    else:
        stands = Text(VERDICTS[verdict].to(language), STYLES[verdict])
    return stands, asked, "" if due_at is None else short(due_at, seen.zone, seen.now)
