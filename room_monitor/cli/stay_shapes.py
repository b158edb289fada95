"""What ``stays`` and ``stay`` write of stays for machines; see docs/cli.md."""

from collections.abc import Callable, Iterable
from datetime import datetime

from room_monitor.core.events import CheckRecorded, FactRecorded
from room_monitor.core.views import (
    AlertLine,
    BreachSummary,
    Correction,
    Gap,
    Intervention,
    Locked,
    Missed,
    Recorded,
    StaySummary,
    check_line,
)

Shape = dict[str, object]
TextOf = Callable[[str | None], str | None]
"""The text behind a commitment, if there is one and it was not erased."""


def summary_shape(stay: StaySummary, due_at: datetime | None) -> Shape:
    """A stay in short."""
    return {
        "stay": stay.stay,
        "room": stay.room,
        "kind": stay.kind,
        "key": stay.key,
        "began_at": stay.began_at,
        "recorded_at": stay.recorded_at,
        "began_late": stay.began_late,
        "open": stay.is_open,
        "ended_at": stay.ended_at,
        "end_recorded_at": stay.end_recorded_at,
        "ended_late": stay.ended_late,
        "end_unknown": stay.end_unknown,
        "void": stay.void,
        "duration": stay.registered,
        "registered": stay.registered,
        "measured": stay.measured,
        "measured_began_at": stay.measured_began_at,
        "measured_ended_at": stay.measured_ended_at,
        "difference": stay.difference,
        "unseen": stay.unseen,
        "checks": stay.checks,
        "late_checks": stay.late_checks,
        "missed": stay.missed,
        "missed_intervals": [_missed_shape(missed) for missed in stay.missed_intervals],
        "gaps": gap_shapes(stay.gaps),
        "blocks": stay.blocks,
        "breaches": stay.breaches,
        "corrections": len(stay.corrections),
        "next_check_due_at": due_at,
    }


def _missed_shape(missed: Missed) -> Shape:
    return {
        "breach": missed.breach,
        "began_at": missed.began_at,
        "ended_at": missed.ended_at,
        "open": missed.is_open,
    }


def gap_shapes(gaps: Iterable[Gap]) -> list[Shape]:
    """Gaps that were too long."""
    return [
        {
            "began_at": gap.began_at,
            "due_at": gap.due_at,
            "ended_at": gap.ended_at,
            "length": gap.length,
            "overrun": gap.overrun,
        }
        for gap in gaps
    ]


def locked_shape(locked: Locked) -> Shape:
    """A time in which the door was closed and locked."""
    return {
        "began_at": locked.began_at,
        "ended_at": locked.ended_at,
        "unseen": locked.unseen,
        "began_unsure": locked.began_unsure,
        "ended_unsure": locked.ended_unsure,
    }


def record_shape(recorded: Recorded, text_of: TextOf) -> Shape:
    """What a person recorded."""
    event = recorded.event
    said: Shape = {}
    if isinstance(event, CheckRecorded):
        line = check_line(recorded)
        assert line is not None
        said = {
            "account": line.account,
            "contact_wished": line.contact_wished,
            "contact_given": line.contact_given,
            "sign_of_life": line.sign_of_life,
            "condition": line.condition,
            "mood": line.mood,
            "needs": line.needs,
        }
    elif isinstance(event, FactRecorded):
        said = {
            "fact": event.fact,
            "outcome": event.outcome,
            "value": event.value,
            "until": event.until,
        }
    else:
        for name in ("kind", "key", "given", "at_most"):
            if hasattr(event, name):
                said[name] = getattr(event, name)
    return {
        "type": type(event).__name__,
        "record": event.record,
        "happened_at": event.happened_at,
        "recorded_at": recorded.recorded_at,
        "late": recorded.late,
        "counts": recorded.counts,
        "corrects": recorded.corrects,
        "role": event.role,
        "person": text_of(event.person),
        "remark": text_of(event.remark),
        **said,
    }


def correction_shape(correction: Correction, text_of: TextOf) -> Shape:
    """What was recorded otherwise before."""
    return {
        "record": correction.record,
        "corrects": correction.corrects,
        "instead": correction.instead,
        "type": correction.what,
        "changes": [
            {"field": change.field, "before": change.before, "after": change.after}
            for change in correction.changes
        ],
        "at": correction.at,
        "role": correction.role,
        "person": text_of(correction.person),
        "reason": text_of(correction.reason),
        "confirmed_by": correction.confirmed_by,
        "confirmed_at": correction.confirmed_at,
        "confirmed_person": text_of(correction.confirmed_person),
        "counts": correction.counts,
    }


def breach_shape(breach: BreachSummary) -> Shape:
    """A breach in the stay."""
    return {
        "breach": breach.breach,
        "obligation": breach.obligation,
        "requirement": breach.source.requirement,
        "label": breach.source.label,
        "citation": breach.source.citation,
        "priority": breach.priority,
        "reason": breach.reason,
        "began_at": breach.began_at,
        "ended_at": breach.ended_at,
        "length": breach.length,
        "closing": breach.closing,
        "revised": breach.revised,
        "recorded_at": breach.recorded_at,
    }


def alert_line_shape(alert: AlertLine, text_of: TextOf) -> Shape:
    """An alert because of the stay."""
    return {
        "alert": alert.alert,
        "breach": alert.breach,
        "requirement": alert.requirement,
        "priority": alert.priority,
        "reason": alert.reason,
        "began_at": alert.began_at,
        "raised_at": alert.raised_at,
        "taken_on": [
            {
                "at": taken.at,
                "role": taken.role,
                "person": text_of(taken.person),
                "remark": text_of(taken.remark),
            }
            for taken in alert.taken_on
        ],
        "over_at": alert.over_at,
    }


def intervention_shape(intervention: Intervention) -> Shape:
    """Episodes that belong together."""
    return {
        "key": intervention.key,
        "kind": intervention.kind,
        "began_at": intervention.began_at,
        "ended_at": intervention.ended_at,
        "duration": intervention.duration,
        "end_unknown": intervention.end_unknown,
        "open": intervention.is_open,
        "episodes": [
            {
                "stays": episode.stays,
                "began_at": episode.began_at,
                "ended_at": episode.ended_at,
                "duration": episode.duration,
                "end_unknown": episode.end_unknown,
                "open": episode.is_open,
            }
            for episode in intervention.episodes
        ],
    }
