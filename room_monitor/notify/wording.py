"""What does a page say to people? Dutch first; the room and what is due, nobody's name.

Only the keys that are named here are read from what is queued, so nothing about a young
person or a member of staff can slip in. None of them need be there.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

HOME: Final = ZoneInfo("Europe/Amsterdam")
"""Closed youth care, and those who are paged, are in the Netherlands."""

DRILL: Final = "OEFENING / DRILL"
_MOST: Final = 200
_LONGEST_LINK: Final = 500

_PRIORITIES: Final = {
    "urgent": ("Dringend", "urgent"),
    "high": ("Hoog", "high"),
    "low": ("Laag", "low"),
}
_MONTHS: Final = (
    ("jan", "Jan"),
    ("feb", "Feb"),
    ("mrt", "Mar"),
    ("apr", "Apr"),
    ("mei", "May"),
    ("jun", "Jun"),
    ("jul", "Jul"),
    ("aug", "Aug"),
    ("sep", "Sep"),
    ("okt", "Oct"),
    ("nov", "Nov"),
    ("dec", "Dec"),
)


class Tone(Enum):
    """How it should sound, or which colour it should have, where a service can."""

    ALARM = "alarm"
    NOTE = "note"
    GOOD = "good"


class Page(NamedTuple):
    """What one person reads.

    Attributes:
        title: One line, the subject of a mail.
        text: Some lines; the first ones say it all.
        tone: How it should sound.
    """

    title: str
    text: str
    tone: Tone


class _Kind(NamedTuple):
    nl: str
    en: str
    tone: Tone


_KINDS: Final = {
    "page": _Kind("Alarm", "alarm", Tone.ALARM),
    "prompt": _Kind("Let op", "reminder", Tone.NOTE),
    "taken_on": _Kind("Opgepakt door een ander", "taken on by somebody", Tone.GOOD),
    "over": _Kind("Voorbij", "over", Tone.GOOD),
    "reach_test": _Kind("Bereikbaarheidstest", "reachability test", Tone.NOTE),
    "trouble": _Kind("Storing", "trouble", Tone.ALARM),
}
_OTHER: Final = _Kind("Melding", "message", Tone.NOTE)

_REACH_TEST: Final = (
    "Dit is een test of u bereikbaar bent. Bevestig dat u dit hebt ontvangen.",
    "This tests whether you can be reached. Please confirm that you got it.",
)


def worded(body: str, zone: ZoneInfo = HOME) -> Page:
    """The page for what is queued.

    Args:
        body: JSON; what is not there, or not as it should be, is left out.
        zone: In which instants are shown.
    """
    told = _read(body)
    kind = _KINDS.get(_line(told, "kind"), _OTHER)
    nl, en = _PRIORITIES.get(_line(told, "priority"), ("", ""))
    room = _line(told, "room_name") or _line(told, "room")
    # Only the word itself: a real page must never pass for a drill.
    drill = told.get("drill") is True
    urgent = nl if kind is _KINDS["page"] and nl else kind.nl
    title = ": ".join(filter(None, (urgent, room or "Room Monitor")))
    return Page(
        title=f"{DRILL}: {title}" if drill else title,
        text="\n".join(
            filter(
                None,
                (
                    f"{DRILL}: dit is een oefening, this is a drill." if drill else "",
                    _what(told, kind),
                    _in_dutch(told, nl, zone),
                    _link(told),
                    _in_english(told, kind, room, en, zone),
                ),
            )
        ),
        tone=kind.tone,
    )


def _what(told: Mapping[str, object], kind: _Kind) -> str:
    if kind is _KINDS["reach_test"]:
        return _REACH_TEST[0]
    return _line(told, "what") or _line(told, "requirement") or "Kijk in Room Monitor."


def _in_dutch(told: Mapping[str, object], priority: str, zone: ZoneInfo) -> str:
    since, due = _instant(told, "since", zone), _instant(told, "due_at", zone)
    step, times = _number(told, "step"), _number(told, "round")
    return "\n".join(
        line
        for line in (
            f"Prioriteit: {priority.lower()}" if priority else "",
            f"Sinds: {_when(since, dutch=True)}" if since else "",
            f"Uiterlijk: {_when(due, dutch=True)}" if due else "",
            f"Oproep: stap {step}" + (f", ronde {times}" if times else "")
            if step
            else "",
        )
        if line
    )


def _in_english(
    told: Mapping[str, object], kind: _Kind, room: str, priority: str, zone: ZoneInfo
) -> str:
    if kind is _KINDS["reach_test"]:
        return f"EN: {_REACH_TEST[1]}"
    since, due = _instant(told, "since", zone), _instant(told, "due_at", zone)
    parts = (
        kind.en,
        priority,
        room,
        _line(told, "requirement"),
        f"since {_when(since, dutch=False)}" if since else "",
        f"due by {_when(due, dutch=False)}" if due else "",
    )
    return f"EN: {', '.join(filter(None, parts))}."


def _read(body: str) -> Mapping[str, object]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _line(told: Mapping[str, object], key: str) -> str:
    """A text on one line: a second one could pass for a header of a mail."""
    value = told.get(key)
    if not isinstance(value, str):
        return ""
    line = "".join(c if c.isprintable() else " " for c in " ".join(value.split()))
    return line if len(line) <= _MOST else f"{line[: _MOST - 1]}…"


def _number(told: Mapping[str, object], key: str) -> int:
    value = told.get(key)
    return value if type(value) is int and 0 < value < 1000 else 0


def _link(told: Mapping[str, object]) -> str:
    value = told.get("link")
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        return ""
    fits = len(value) <= _LONGEST_LINK and value.isprintable() and " " not in value
    return value if fits else ""


def _instant(told: Mapping[str, object], key: str, zone: ZoneInfo) -> datetime | None:
    try:
        instant = datetime.fromisoformat(_line(told, key))
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=UTC)
        return instant.astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _when(instant: datetime, *, dutch: bool) -> str:
    month = _MONTHS[instant.month - 1][0 if dutch else 1]
    return f"{instant.day} {month} {instant:%H:%M}"
