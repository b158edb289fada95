"""What can be asked of a monitor, and what it answers."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum

from room_monitor.core.events import Condition, Event, Mood, Need
from room_monitor.core.ids import RecordId, RoomId, StayId
from room_monitor.core.requirements import StayKind
from room_monitor.settings.roles import PEOPLE

UNSEEN = {"Cc", "Cf", "Zl", "Zp"}
"""Categories of letters that change what is seen without being seen."""

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
"""What a pseudonymous key looks like: one word, so that nobody types a sentence in it."""


class Do(StrEnum):
    """What can be asked."""

    BEGIN_STAY = "begin_stay"
    END_STAY = "end_stay"
    CHECK_IN = "check_in"
    AGREE_CHECKS = "agree_checks"
    CONTACT = "contact"
    RECORD = "record"
    CORRECT = "correct"
    CONFIRM = "confirm"
    ACKNOWLEDGE = "acknowledge"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    DRILL = "drill"
    STATUS = "status"
    """Nothing is done; ``Answer.status`` says how the running monitor fares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An act of a person.

    Attributes:
        do: What was done.
        target: Where: the id of a room, a stay, an alert or a record; of a room its open
            stay is meant where a stay is needed.
        role: In which role: ``staff``, ``behavioural_scientist``, ``facility_manager``, …
        at: When it happened, aware UTC; ``None`` for now.
        at_unknown: It happened, nobody knows when (the end of a stay).
        until: When it ended, of a fact that lasts; of an alert put aside, until when.
        person: Who, by name; kept apart from the log, where it can be erased.
        remark: Free text; kept like ``person``. Of a correction, why.
        kind: Of a stay that begins.
        key: The pseudonymous key of the young person, of a stay that begins.
        fact: The name of what is recorded.
        outcome: The answer that is recorded.
        value: What is recorded besides: a code, a document's id, a duration.
        of_room: The fact is about the room, though there is a stay in it.
        contact_wished: At a check: whether the young person wished contact.
        contact_given: At a check: whether contact was given. Else: it was asked for
            (``False``) or given (``True``).
        sign_of_life: At a check: whether one was seen.
        condition: At a check, like the two that follow.
        account: The pseudonym of who looked in, from ``people`` of the site.
        at_most: The interval of checks that was agreed.
        void: Of a correction: what was recorded never was.
    """

    do: Do
    target: str = ""
    role: str = ""
    at: datetime | None = None
    at_unknown: bool = False
    until: datetime | None = None
    person: str | None = None
    remark: str | None = None
    kind: StayKind | None = None
    key: str | None = None
    fact: str | None = None
    outcome: bool | None = None
    value: str | None = None
    of_room: bool = False
    contact_wished: bool | None = None
    contact_given: bool | None = None
    sign_of_life: bool | None = None
    condition: Condition | None = None
    mood: Mood | None = None
    needs: tuple[Need, ...] = ()
    account: str | None = None
    at_most: timedelta | None = None
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request.

    Attributes:
        error: Why nothing was recorded; ``None`` if it was.
        room: Where it was recorded.
        stay: The stay it was about.
        record: The name of what was recorded, by which it can be corrected.
        events: What stands in the log because of it.
        status: How the running monitor fares, in names and words; only if asked for.
    """

    error: str | None = None
    room: RoomId | None = None
    stay: StayId | None = None
    record: RecordId | None = None
    events: tuple[Event, ...] = ()
    status: Mapping[str, str] = field(default_factory=dict)


def flaw(request: Request) -> str | None:
    """Why a request cannot be written down: a terminal passes on any bytes."""
    for each in fields(request):
        value = getattr(request, each.name)
        if isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError:
                return f"'{each.name}' is no text: it has bytes that are not UTF-8"
            if any(unicodedata.category(letter) in UNSEEN for letter in value):
                return f"'{each.name}' has control characters; write one plain line"
    if request.role and request.role not in PEOPLE:
        return f"there is no role '{request.role}'; the roles are: {', '.join(PEOPLE)}"
    return None
