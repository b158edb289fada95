"""What is still asked of people because of a stay, and by when?"""

from dataclasses import dataclass
from datetime import datetime

from room_monitor.core.evaluation import Evaluation, Reason, Verdict
from room_monitor.core.ids import StayId
from room_monitor.core.judging import evaluate
from room_monitor.core.obligations import Question
from room_monitor.core.state import RoomState

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


def owed(state: RoomState, stay: StayId, at: datetime) -> list[Owed]:
    """What is asked because of a stay and is not done for good, the worst first.

    Args:
        state: The room the stay is in.
        stay: Which one.
        at: Aware UTC; now.
    """
    found = []
    for asked in state.questions():
        if asked.stay == stay and asked.obligation.device is None:
            finding, _ = evaluate(asked, state.known(asked.stay), at)
            if finding.reason is Reason.NOT_JUDGED_NOW:
                continue
            if finding.verdict is not Verdict.MET or finding.due_at is not None:
                found.append(Owed(asked, finding))
    return sorted(
        found,
        key=lambda each: (
            _WORST_FIRST[each.finding.verdict],
            each.finding.due_at or at,
            each.asked.key,
        ),
    )
