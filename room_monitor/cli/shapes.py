"""What several commands write for machines in the same way; see docs/cli.md."""

from room_monitor.core.alert import Alert
from room_monitor.core.events import Entry, Prompted
from room_monitor.core.ids import RoomId
from room_monitor.core.views import Sight
from room_monitor.core.views.owed import Owed
from room_monitor.evidence.entries import encode


def alert_shape(alert: Alert, room: RoomId | None) -> dict[str, object]:
    """An alert that needs somebody."""
    return {
        "alert": alert.id,
        "room": room,
        "requirement": alert.requirement,
        "obligation": alert.obligation,
        "priority": alert.priority,
        "reason": alert.reason,
        "began_at": alert.began_at,
        "state": alert.state,
        "until": alert.until,
        "insistent": alert.insistent,
        "drill": alert.drill,
        "trouble": alert.trouble,
        "subject": alert.subject or None,
    }


def prompt_shape(prompted: Prompted, room: RoomId) -> dict[str, object]:
    """A reminder of a limit that still runs."""
    return {
        "room": room,
        "stay": prompted.stay,
        "obligation": prompted.obligation,
        "requirement": prompted.source.requirement,
        "due_at": prompted.due_at,
        "prompted_at": prompted.at,
    }


def owed_shape(each: Owed) -> dict[str, object]:
    """Something that is still asked of people because of a stay."""
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


def blind_shape(sight: Sight) -> dict[str, object] | None:
    """Since when and why nothing is seen, if it is so."""
    if sight.blind_since is None:
        return None
    return {"since": sight.blind_since, "why": sight.why}


def entry_line(entry: Entry) -> str:
    """An entry as it stands in the log, and its hash: one line of JSON."""
    written = encode(entry.position, entry.recorded_at, entry.room, entry.event)
    return f'{written.decode()[:-1]},"hash":"{entry.hash.hex()}"}}'
