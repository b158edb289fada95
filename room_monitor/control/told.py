"""What an act of a person means: the fact as it will stand in the log."""

import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from room_monitor.control.request import KEY, Do, Request
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertShelved,
    AlertUnshelved,
    CheckIntervalAgreed,
    CheckRecorded,
    ContactRecorded,
    DrillBegan,
    Event,
    FactRecorded,
    StayBegan,
    StayEnded,
    StayEvent,
)
from room_monitor.core.ids import AlertId, PersonId, RecordId, StayId
from room_monitor.core.monitor import Told
from room_monitor.core.requirements import Priority, facts_of
from room_monitor.core.state import RoomState
from room_monitor.core.stay import Rejected
from room_monitor.settings import Fact, Settings, ValueKind
from room_monitor.settings.units import read_duration

DRILL_LASTS = timedelta(minutes=30)
"""A drill nobody answers is over after this long."""

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,59}")
"""The id of a document or a group: one word, so that nobody types a name in it."""


class Who(TypedDict):
    """Who acts, as events take it."""

    role: str
    person: str | None
    remark: str | None


class Asked(NamedTuple):
    """A request, and what is needed to understand it.

    Attributes:
        who: Who did it, sealed.
        now: Aware UTC.
        settings: What facts there are, and who works here; without them nothing is said
            of either.
    """

    request: Request
    who: Who
    now: datetime
    settings: Settings | None


def told(asked: Asked, state: RoomState | None, stay: StayId | None) -> Told | Rejected:
    """The fact that a request tells, or what is missing in it.

    Args:
        asked: What a person did.
        state: The room it is about; ``None`` for an alert of the monitor itself.
        stay: The stay that is meant, if there is one.
    """
    request, who, now, settings = asked
    if request.do in (Do.ACKNOWLEDGE, Do.SHELVE, Do.UNSHELVE):
        return _of_an_alert(asked)
    assert state is not None, "everything else happens in a room"
    at = request.at or now
    record = _new_record()
    match request.do:
        case Do.DRILL:
            return DrillBegan(
                alert=AlertId("a" + secrets.token_hex(4)),
                priority=Priority.URGENT,
                began_at=now,
                ends_at=now + DRILL_LASTS,
                **who,
            )
        case Do.BEGIN_STAY:
            return _begin(request, at, record, who)
        case Do.RECORD:
            of_room = request.of_room or _of_the_room(request.fact or "", state)
            about = None if of_room else stay
            if about is None and not of_room and _of_stays(request.fact or "", state):
                return Rejected(
                    f"'{request.fact}' is about a stay, and there is no open stay in "
                    f"{state.plan.room.id}; name the stay{_lately(state)}"
                )
            return _fact(asked, about, at, record)
        case Do.CONTACT:
            if request.contact_given is None:
                return Rejected("say whether contact was asked for or given")
            return ContactRecorded(
                given=request.contact_given,
                happened_at=at,
                stay=stay,
                record=record,
                **who,
            )
    if stay is None:
        return Rejected(f"there is no open stay in {state.plan.room.id}; name the stay")
    match request.do:
        case Do.END_STAY:
            ended_at = None if request.at_unknown else at
            return StayEnded(stay=stay, happened_at=ended_at, record=record, **who)
        case Do.AGREE_CHECKS:
            if request.at_most is None:
                return Rejected("say how often: --every '10 min'")
            return CheckIntervalAgreed(
                stay=stay,
                at_most=request.at_most,
                happened_at=at,
                record=record,
                **who,
            )
        case Do.CHECK_IN:
            account = _account(request.account, settings)
            if isinstance(account, Rejected):
                return account
            return CheckRecorded(
                stay=stay,
                happened_at=at,
                contact_wished=request.contact_wished,
                contact_given=request.contact_given,
                sign_of_life=request.sign_of_life,
                condition=request.condition,
                mood=request.mood,
                needs=tuple(sorted(set(request.needs))),
                account=account,
                record=record,
                **who,
            )
        case _:
            return Rejected(f"'{request.do}' is not done to a stay")


def amended(wrong: Event, asked: Asked) -> StayEvent | Rejected:
    """A record as it should have been: what the request does not say stays as it was."""
    request, _, _, settings = asked
    said: dict[str, object] = {
        "contact_wished": request.contact_wished,
        "contact_given": request.contact_given,
        "sign_of_life": request.sign_of_life,
        "condition": request.condition,
        "mood": request.mood,
        "needs": request.needs or None,
        "outcome": request.outcome,
        "value": request.value,
        "until": request.until,
        "kind": request.kind,
        "key": request.key,
        "at_most": request.at_most,
        "happened_at": request.at,
    }
    if isinstance(wrong, ContactRecorded):
        said["given"] = said.pop("contact_given")
    new = {name: value for name, value in said.items() if value is not None}
    unknown = sorted(name for name in new if not hasattr(wrong, name))
    if unknown:
        what = _CALLED.get(type(wrong), "this record")
        return Rejected(f"{what} has no {', '.join(unknown).replace('_', ' ')}")
    if request.at_unknown and isinstance(wrong, StayEnded):
        new["happened_at"] = None
    elif not new:
        return Rejected("say what it should have been, or --void if it never was")
    if request.key is not None and (why := _no_pseudonym(request.key)) is not None:
        return Rejected(why)
    assert isinstance(
        wrong,
        StayBegan
        | StayEnded
        | CheckRecorded
        | CheckIntervalAgreed
        | ContactRecorded
        | FactRecorded,
    )
    if isinstance(wrong, FactRecorded) and request.value is not None:
        fact = settings.facts.get(wrong.fact) if settings else None
        why = _misfit(fact, request) if fact else None
        if why is not None:
            return Rejected(why)
    return replace(wrong, record=_new_record(), **new)  # type: ignore[arg-type]


_CALLED = {
    StayBegan: "the begin of a stay",
    StayEnded: "the end of a stay",
    CheckRecorded: "a check",
    CheckIntervalAgreed: "an agreement about checks",
    ContactRecorded: "a contact",
    FactRecorded: "a fact",
}


def _new_record() -> RecordId:
    return RecordId("r" + secrets.token_hex(4))


def _of_an_alert(asked: Asked) -> Told | Rejected:
    request, who, now, _ = asked
    alert = AlertId(request.target)
    if not request.person or not request.remark:
        return Rejected(
            "say who takes it on and what they will do: --by NAME --comment TEXT"
        )
    match request.do:
        case Do.SHELVE:
            if request.until is None:
                return Rejected("say for how long it is put aside: --for '2 h'")
            return AlertShelved(alert=alert, at=now, until=request.until, **who)
        case Do.UNSHELVE:
            return AlertUnshelved(alert=alert, at=now, **who)
        case _:
            return AlertAcknowledged(alert=alert, **who)


_KEY_IS = (
    "the key stays in the log for good: give the pseudonym of the client "
    "file, at most 40 letters, digits, '.', '_' or '-'; never a name"
)


def _no_pseudonym(key: str) -> str | None:
    """Why a key is no pseudonym: it stays in the log for good."""
    if not KEY.fullmatch(key):
        return _KEY_IS
    if key.isdigit() and _may_be_bsn(key):
        return (
            "this number could be a BSN, which does not belong in the log; give the "
            "pseudonym of the client file, or put a letter before its number"
        )
    return None


def _may_be_bsn(number: str) -> bool:
    """The eleven test of the citizen service number, of eight or nine digits."""
    if len(number) not in (8, 9):
        return False
    digits = [int(digit) for digit in number.zfill(9)]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * d for w, d in zip(weights, digits, strict=True)) % 11 == 0


def _begin(
    request: Request, at: datetime, record: RecordId, who: Who
) -> StayBegan | Rejected:
    if request.kind is None or not request.key:
        return Rejected("a stay needs a kind and the young person's key")
    if (why := _no_pseudonym(request.key)) is not None:
        return Rejected(why)
    return StayBegan(
        stay=StayId("s" + secrets.token_hex(4)),
        kind=request.kind,
        key=request.key,
        happened_at=at,
        record=record,
        **who,
    )


def _fact(
    asked: Asked, stay: StayId | None, at: datetime, record: RecordId
) -> FactRecorded | Rejected:
    request, who, _, settings = asked
    if not request.fact or request.outcome is None:
        return Rejected("a fact needs a name and an answer, yes or no")
    fact = settings.facts.get(request.fact) if settings else None
    if fact is not None and (why := _misfit(fact, request)) is not None:
        return Rejected(why)
    if fact is not None and fact.reasoned and (why := _unreasoned(fact, request)):
        return Rejected(why)
    return FactRecorded(
        fact=request.fact,
        outcome=request.outcome,
        happened_at=at,
        stay=stay,
        value=request.value,
        until=request.until,
        record=record,
        **who,
    )


def _unreasoned(fact: Fact, request: Request) -> str | None:
    """What is missing where an answer silences something: who says so, and why."""
    if not request.outcome:
        return None
    if not request.person:
        return f"'{fact.name}' needs the name of who says so: --by NAME"
    if request.value is None:
        return f"'{fact.name}' needs a reason, --value: " + ", ".join(fact.codes)
    if request.value == "other" and not request.remark:
        return f"'{fact.name}' for another reason needs words: --remark TEXT"
    return None


def _misfit(fact: Fact, request: Request) -> str | None:
    """Why what is recorded besides does not belong to the fact.

    That it is missing is no flaw: what is not known yet can follow in another record.
    """
    value = request.value
    if request.until is not None and not fact.lasting:
        return f"'{fact.name}' is about a moment, and has no end"
    if value is None:
        return None
    match fact.value:
        case ValueKind.NONE:
            return f"'{fact.name}' has no value besides yes and no; use --remark"
        case ValueKind.CODE if value not in fact.codes:
            return f"'{value}' is no answer to '{fact.name}'; one of " + ", ".join(
                fact.codes
            )
        case ValueKind.REFERENCE if not REFERENCE.fullmatch(value):
            return (
                f"the value of '{fact.name}' stays in the log for good: give an id of at "
                "most 60 letters, digits, '.', '/', '_' or '-'; never a name"
            )
        case ValueKind.DURATION:
            try:
                read_duration(value)
            except ValueError as error:
                return str(error)
    return None


def _account(
    account: str | None, settings: Settings | None
) -> PersonId | Rejected | None:
    if account is None:
        return None
    people = settings.rota.people if settings else {}
    if people and account not in people:
        return Rejected(f"nobody in 'people' of the site is called '{account}'")
    if not REFERENCE.fullmatch(account):
        return Rejected("an account is a pseudonym from 'people' of the site, no name")
    return PersonId(account)


def _of_the_room(fact: str, state: RoomState) -> bool:
    """Whether a fact is asked of the room itself and never of a stay in it."""
    return fact in _asked_of_room(state) - _asked_of_stays(state)


def _of_stays(fact: str, state: RoomState) -> bool:
    """Whether a fact is asked of stays and never of the room itself."""
    return fact in _asked_of_stays(state) - _asked_of_room(state)


def _lately(state: RoomState) -> str:
    """Which stay may be meant: what is about one that is over must name it."""
    last = max(state.stays.values(), key=lambda stay: stay.began_at, default=None)
    return f": the last one was {last.id} of {last.key}" if last else ""


def _asked_of_stays(state: RoomState) -> set[str]:
    return {
        name
        for obligations in state.plan.during.values()
        for obligation in obligations
        for name in facts_of(obligation.ask.demand)
    }


def _asked_of_room(state: RoomState) -> set[str]:
    return {
        name
        for asked in state.plan.always
        for name in facts_of(asked.obligation.ask.demand)
    }
