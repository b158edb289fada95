"""From the verdicts of asks to the verdict of a requirement, and of a room."""

from collections.abc import Iterable, Sequence

from room_monitor.core.evaluation import Verdict
from room_monitor.core.requirements import (
    Proof,
    Requirement,
)


def fold_all(verdicts: Iterable[Verdict]) -> Verdict:
    """One violated is violated; all met is met; nothing, or any unknown, is unknown."""
    seen = set(verdicts)
    if Verdict.VIOLATED in seen:
        return Verdict.VIOLATED
    return Verdict.MET if seen == {Verdict.MET} else Verdict.UNKNOWN


def fold_requirement(requirement: Requirement, verdicts: Sequence[Verdict]) -> Verdict:
    """The fold of the asks that count, where all are needed or one is enough."""
    if requirement.proof is Proof.ANY and Verdict.VIOLATED not in verdicts:
        return Verdict.MET if Verdict.MET in verdicts else Verdict.UNKNOWN
    return fold_all(verdicts)
