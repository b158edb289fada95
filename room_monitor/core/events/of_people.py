"""What people do and record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from room_monitor.core.ids import (
    PersonId,
    RecordId,
    StayId,
)
from room_monitor.core.requirements import StayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StayBegan:
    """A stay of one kind began in a room.

    Attributes:
        record: The name of this entry, by which it can be corrected.
        kind: One of the four kinds of stay.
        key: The facility's pseudonymous key of the young person; never a name.
    """

    stay: StayId
    kind: StayKind
    key: str
    happened_at: datetime
    role: str
    person: str | None = None
    remark: str | None = None
    record: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayEnded:
    """A stay ended.

    Attributes:
        happened_at: When; null where nobody knows.
        told_at: When it was told that nobody knows, or when somebody did after all.
        record: As for ``StayBegan``.
    """

    stay: StayId
    happened_at: datetime | None
    role: str
    person: str | None = None
    remark: str | None = None
    told_at: datetime | None = None
    record: RecordId | None = None


class Condition(StrEnum):
    """How the young person was found."""

    CALM = "calm"
    RESTLESS = "restless"
    DISTRESSED = "distressed"
    AGGRESSIVE = "aggressive"
    RESTING = "resting"
    UNWELL = "unwell"
    INJURED = "injured"


class Mood(StrEnum):
    """Which mood the young person was in, as far as it showed."""

    GOOD = "good"
    NEUTRAL = "neutral"
    SAD = "sad"
    ANXIOUS = "anxious"
    ANGRY = "angry"
    WITHDRAWN = "withdrawn"
    NOT_SEEN = "not_seen"


class Need(StrEnum):
    """What was asked for, or was offered."""

    FOOD = "food"
    DRINK = "drink"
    TOILET = "toilet"
    MEDICATION = "medication"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRecorded:
    """A care worker looked in. Only a person makes one of these.

    Attributes:
        contact_wished: Whether the young person wished contact, if it was said.
        contact_given: Whether there was contact, if it was said.
        sign_of_life: Whether one was seen, if it was said.
        condition: How the young person was found.
        mood: Their mood, as far as it showed.
        needs: What they needed and was seen to.
        account: The pseudonym of who looked in, from ``people`` of the site.
        record: As for ``StayBegan``.
    """

    stay: StayId
    happened_at: datetime
    role: str
    person: str | None = None
    remark: str | None = None
    contact_wished: bool | None = None
    contact_given: bool | None = None
    sign_of_life: bool | None = None
    condition: Condition | None = None
    mood: Mood | None = None
    needs: tuple[Need, ...] = ()
    account: PersonId | None = None
    record: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIntervalAgreed:
    """For this stay checks were agreed to come more often than the law asks.

    Attributes:
        at_most: The longest gap from then on.
        record: As for ``StayBegan``.
    """

    stay: StayId
    at_most: timedelta
    happened_at: datetime
    role: str
    person: str | None = None
    remark: str | None = None
    record: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecorded:
    """A person says that the young person asked for contact, or that it was given.

    Attributes:
        given: Contact was given; else it was asked for.
        record: As for ``StayBegan``.
    """

    given: bool
    happened_at: datetime
    role: str
    stay: StayId | None = None
    person: str | None = None
    remark: str | None = None
    record: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecorded:
    """A person recorded an inspection, or a fact of a stay.

    Attributes:
        fact: Its name in the catalogue.
        outcome: The answer; "yes" is what the requirement asks.
        value: What was answered besides, where the fact has more than yes and no: one of
            its codes, a document's id, a duration. Never free text.
        until: When it ended, where it is about a stretch of time.
        record: As for ``StayBegan``.
    """

    fact: str
    outcome: bool
    happened_at: datetime
    role: str
    stay: StayId | None = None
    person: str | None = None
    remark: str | None = None
    value: str | None = None
    until: datetime | None = None
    record: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCorrected:
    """An earlier record is not, or no longer, what is held to be true.

    Both stay in the log; what follows from them is judged again.

    Attributes:
        record: The name of this correction, by which a second person confirms it.
        corrects: The record that was wrong.
        instead: The record that takes its place; null where nothing does.
        at: When it was corrected.
        reason: Why, as a commitment like ``remark``.
    """

    record: RecordId
    corrects: RecordId
    instead: RecordId | None
    at: datetime
    role: str
    stay: StayId | None = None
    person: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionConfirmed:
    """A second person agrees with a correction.

    Attributes:
        confirms: The name of the correction.
    """

    confirms: RecordId
    at: datetime
    role: str
    stay: StayId | None = None
    person: str | None = None
    remark: str | None = None
