"""What is still asked of people because of a stay, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from room_monitor.cli import stay_wording as words
from room_monitor.cli.instants import short
from room_monitor.cli.look import Look
from room_monitor.cli.options import Language
from room_monitor.cli.output import table
from room_monitor.cli.stay_shapes import Shape
from room_monitor.cli.wording import LABELS, REASONS, STYLES, VERDICTS
from room_monitor.core.evaluation import Evaluation, Reason, Verdict
from room_monitor.core.ids import RequirementId
from room_monitor.core.judging import evaluate
from room_monitor.core.obligations import Question
from room_monitor.core.requirements import Label
from room_monitor.core.views import StaySummary

_WORST_FIRST = {Verdict.VIOLATED: 0, Verdict.UNKNOWN: 1, Verdict.MET: 2}


@dataclass(frozen=True, slots=True)
class Owed:
    """Something people must do or record.

    Attributes:
        asked: What.
        finding: How it stands; ``met`` where nothing is late and a limit runs.
    """

    asked: Question
    finding: Evaluation

    @property
    def missing(self) -> bool:
        """Whether it is not there, or not shown to be."""
        return self.finding.verdict is not Verdict.MET


def owed(seen: Look, summary: StaySummary) -> list[Owed]:
    """What is asked because of a stay and is not done for good, the worst first."""
    state = seen.rooms.get(summary.room)
    if state is None:
        return []
    found = []
    for asked in state.questions():
        if asked.stay == summary.stay and asked.obligation.device is None:
            finding, _ = evaluate(asked, state.known(asked.stay), seen.at)
            if finding.reason is Reason.NOT_JUDGED_NOW:
                continue
            if finding.verdict is not Verdict.MET or finding.due_at is not None:
                found.append(Owed(asked, finding))
    return sorted(
        found,
        key=lambda each: (
            _WORST_FIRST[each.finding.verdict],
            each.finding.due_at or seen.at,
            each.asked.key,
        ),
    )


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


def owed_shape(each: Owed) -> Shape:
    """For machines."""
    obligation, finding = each.asked.obligation, each.finding
    return {
        "obligation": each.asked.key,
        "requirement": obligation.requirement.id,
        "ask": obligation.ask.key,
        "label": obligation.requirement.label,
        "verdict": finding.verdict,
        "reason": finding.reason,
        "since": finding.since,
        "due_at": finding.due_at,
    }
