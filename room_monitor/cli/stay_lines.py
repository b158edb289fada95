"""Each thing that happened in a stay as one line for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple, assert_never

from room_monitor.cli import stay_wording as words
from room_monitor.cli import wording
from room_monitor.cli.instants import local, span
from room_monitor.cli.options import Language
from room_monitor.cli.stay_shapes import TextOf
from room_monitor.cli.wording import PRIORITIES, REASONS, STAY_KINDS, Words
from room_monitor.core.events import (
    CheckIntervalAgreed,
    CheckRecorded,
    ContactRecorded,
    ContactRequested,
    FactRecorded,
    StayBegan,
    StayEnded,
)
from room_monitor.core.requirements import StayKind
from room_monitor.core.views import (
    AlertLine,
    Blind,
    BreachSummary,
    Change,
    ClockSet,
    Correction,
    Gap,
    Happened,
    Locked,
    Recorded,
    StayStory,
)

GRAVE, WEAK = "bold red", "dim"


class Line(NamedTuple):
    """What is told, and when it was; ``None`` where nobody knows."""

    at: datetime | None
    told: str
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells what happened.

    Attributes:
        zone: For instants.
        text_of: The text behind a commitment, if it was not erased.
        fact_of: What "yes" says, by the name of the fact.
        story: The stay it is about.
    """

    language: Language
    zone: tzinfo
    text_of: TextOf
    fact_of: Mapping[str, str]
    story: StayStory

    def tell(self, happened: Happened) -> Line:
        """Say one thing in one line."""
        match happened:
            case Recorded():
                return self._recorded(happened)
            case Correction():
                return Line(happened.at, self._correction(happened))
            case Gap():
                return Line(happened.due_at, self._gap(happened), GRAVE)
            case Locked():
                return Line(happened.began_at, self._locked(happened))
            case BreachSummary():
                style = WEAK if happened.withdrawn else GRAVE
                return Line(happened.began_at, self._breach(happened), style)
            case AlertLine():
                return Line(happened.raised_at, self._alert(happened))
            case ContactRequested(at=at):
                return Line(at, self._in(words.CALLED))
            case ClockSet(at=at, by=by):
                back = by.total_seconds() < 0
                way = self._in(words.BACK if back else words.FORWARD)
                return Line(at, self._in(words.CLOCK_SET).format(by=span(by), way=way))
            case Blind():
                until = self._until(happened.ended_at)
                told = self._in(words.BLIND_UNTIL).format(until=until)
                return Line(happened.began_at, told, WEAK)
            case _:
                assert_never(happened)

    # --- What people recorded ----------------------------------------------------------

    def _recorded(self, recorded: Recorded) -> Line:
        event = recorded.event
        said = [self._said(recorded), self._who(event.role, event.person)]
        if isinstance(event, CheckRecorded) and event.account:
            said[-1] += f" [{event.account}]"
        if recorded.late:
            at = self._at(recorded.recorded_at)
            said.append(f"{self._in(words.LATE)}: {at}")
        if recorded.corrects is not None:
            said.append(self._in(words.INSTEAD).format(recorded.corrects))
        if not recorded.counts:
            said.append(self._in(words.CORRECTED_AWAY))
        told = ", ".join(said)
        if remark := self.text_of(event.remark):
            told += f": {remark}"
        if event.record is not None:
            told += f" ({event.record})"
        return Line(event.happened_at, told, "" if recorded.counts else WEAK)

    def _said(self, recorded: Recorded) -> str:
        event = recorded.event
        match event:
            case StayBegan(kind=kind):
                return self._in(words.BEGAN).format(kind=self._in(STAY_KINDS[kind]))
            case StayEnded(happened_at=None):
                return self._in(words.OVER)
            case StayEnded():
                return self._in(words.ENDED)
            case CheckRecorded():
                return self._check(event)
            case CheckIntervalAgreed(at_most=at_most):
                return self._in(words.AGREED).format(at_most=span(at_most))
            case ContactRecorded(given=given):
                return self._in(words.GAVE_CONTACT if given else words.ASKED_CONTACT)
            case FactRecorded():
                return self._fact(event)
            case _:
                assert_never(event)

    def _check(self, check: CheckRecorded) -> str:
        said = [self._in(words.CHECK)]
        for answers, answer in (
            (wording.SIGN_OF_LIFE, check.sign_of_life),
            (wording.CONTACT_WISHED, check.contact_wished),
            (wording.CONTACT_GIVEN, check.contact_given),
        ):
            if answer is not None:
                said.append(self._in(answers[answer]))
        if check.condition is not None:
            said.append(self._in(wording.CONDITIONS[check.condition]))
        if check.mood is not None:
            said.append(self._in(wording.MOODS[check.mood]))
        said += [self._in(wording.NEEDS[need]) for need in check.needs]
        return ", ".join(said)

    def _fact(self, fact: FactRecorded) -> str:
        what = self.fact_of.get(fact.fact, "")
        told = f"{fact.fact}: {self._in(words.YES_NO[fact.outcome])}"
        if fact.value is not None:
            told += f", {fact.value}"
        if fact.until is not None:
            told += f", -> {self._at(fact.until)}"
        return f"{told} ({what.rstrip('.')})" if what else told

    def _correction(self, correction: Correction) -> str:
        changes = "; ".join(map(self._change, correction.changes))
        what = self._in(words.WHAT.get(correction.what, words.WHAT[""]))
        said = [
            self._in(words.CORRECTED).format(what=what, changes=changes),
            self._who(correction.role, correction.person),
        ]
        if reason := self.text_of(correction.reason):
            said.append(self._in(words.REASON).format(reason))
        if correction.confirmed_by is not None and correction.confirmed_at is not None:
            who = self.text_of(correction.confirmed_person)
            role = correction.confirmed_by
            said.append(
                self._in(words.CONFIRMED).format(
                    f"{who} ({role})" if who else role,
                    self._at(correction.confirmed_at),
                )
            )
        else:
            said.append(self._in(words.UNCONFIRMED))
        if not correction.counts:
            said.append(self._in(words.WITHDRAWN_ITSELF))
        return f"{', '.join(said)} ({correction.record})"

    def _change(self, change: Change) -> str:
        before = self._value(change.before)
        if change.field == "void":
            return self._in(words.NEVER_WAS).format(before=before)
        field = words.FIELDS.get(change.field)
        return self._in(words.CHANGED).format(
            field=self._in(field) if field else change.field,
            before=before,
            after=self._value(change.after),
        )

    def _value(self, value: object) -> str:
        match value:
            case datetime():
                return self._at(value)
            case StayKind():
                return self._in(STAY_KINDS[value])
            case bool():
                return self._in(words.YES_NO[value])
            case None:
                return self._in(words.UNKNOWN)
            case tuple():
                return ", ".join(map(self._value, value)) or "-"
            case _:
                return str(value)

    # --- What follows, and what sensors showed -----------------------------------------

    def _gap(self, gap: Gap) -> str:
        assert gap.length is not None
        assert gap.overrun is not None
        return self._in(words.GAP).format(
            length=span(gap.length),
            overrun=span(gap.overrun),
            until=self._until(gap.ended_at),
        )

    def _locked(self, locked: Locked) -> str:
        length = ""
        if locked.ended_at is not None:
            length = span(locked.ended_at - locked.began_at)
        until = self._until(locked.ended_at)
        said = [
            self._in(words.LOCKED).format(until=until, length=length).replace(" ()", "")
        ]
        for what, time in (
            (words.UNSEEN, locked.unseen),
            (words.BEGAN_UNSURE, locked.began_unsure),
            (words.ENDED_UNSURE, locked.ended_unsure),
        ):
            if time:
                said.append(self._in(what).format(span(time)))
        return ", ".join(said)

    def _breach(self, breach: BreachSummary) -> str:
        closing = self._in(words.BREACH_OPEN)
        if breach.closing is not None:
            over = self._in(wording.CLOSINGS[breach.closing])
            length = span(breach.length) if breach.length is not None else "?"
            closing = self._in(words.BREACH_OVER).format(closing=over, length=length)
            closing = over if breach.withdrawn else closing
        told = self._in(words.BREACH).format(
            what=breach.ask, reason=self._in(REASONS[breach.reason]), closing=closing
        )
        if breach.revised:
            told += f" ({self._in(words.REVISED).format(breach.revised)})"
        return told

    def _alert(self, alert: AlertLine) -> str:
        said = [
            self._in(words.ALERT).format(
                alert=alert.alert,
                priority=self._in(PRIORITIES[alert.priority]),
                what=f"{alert.requirement}, {self._in(REASONS[alert.reason])}",
            )
        ]
        for taken in alert.taken_on:
            assert taken.at is not None
            on = self._in(words.TAKEN_ON).format(at=self._at(taken.at))
            said.append(f"{on} {self._who(taken.role, taken.person)}")
        if alert.over_at is not None:
            said.append(self._in(words.ALERT_OVER).format(at=self._at(alert.over_at)))
        return "; ".join(said)

    # --- Words -------------------------------------------------------------------------

    def _in(self, told: Words) -> str:
        return told.to(self.language)

    def _at(self, at: datetime) -> str:
        """Of the day on which the stay began only the time is told."""
        return local(at, self.zone, self.story.summary.began_at)

    def _until(self, at: datetime | None) -> str:
        if at is not None:
            return self._at(at)
        return self._in(words.STILL)

    def _who(self, role: str, person: str | None) -> str:
        name = self.text_of(person)
        return self._in(words.BY).format(f"{name} ({role})" if name else role)
