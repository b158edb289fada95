"""What people do and record, each in one sentence. English, as the log is."""

from collections.abc import Iterator

from room_monitor.cli import wording as words
from room_monitor.cli.instants import span
from room_monitor.cli.saying import Voice, named
from room_monitor.core.events import (
    CheckIntervalAgreed,
    CheckRecorded,
    ContactRecorded,
    CorrectionConfirmed,
    FactRecorded,
    RecordCorrected,
    StayBegan,
    StayEnded,
    StayEvent,
)


def tell_of_people(event: StayEvent, voice: Voice) -> str:
    """Say what was done."""
    match event:
        case RecordCorrected(corrects=wrong, instead=instead):
            who = voice.who(event, event.reason)
            became = f"{instead} takes its place" if instead else "it never was"
            return f"CORRECTED {wrong}: {became}{who}{named(event.record)}"
        case CorrectionConfirmed(confirms=confirms):
            who = voice.who(event, event.remark)
            return f"correction {confirms} was confirmed{who}"
        case _:
            who = voice.who(event, event.remark)
            return f"{_recorded(event, voice)}{who}{named(event.record)}"


_Recorded = (
    StayBegan
    | StayEnded
    | CheckRecorded
    | CheckIntervalAgreed
    | ContactRecorded
    | FactRecorded
)


def _recorded(event: _Recorded, voice: Voice) -> str:
    when = voice.at(event.happened_at)
    match event:
        case StayBegan(stay=stay, kind=kind, key=key):
            return f"stay {stay} of {key} began {when}: {words.STAY_KINDS[kind].en}"
        case StayEnded(stay=stay, happened_at=None):
            return f"stay {stay} is over, {when}: end unknown"
        case StayEnded(stay=stay):
            return f"stay {stay} ended {when}"
        case CheckRecorded(stay=stay):
            return ", ".join([f"check in stay {stay} {when}", *_seen(event)])
        case CheckIntervalAgreed(stay=stay, at_most=at_most):
            return f"stay {stay}: a check at least every {span(at_most)}, from {when}"
        case ContactRecorded(given=given, stay=stay):
            of = f" in stay {stay}" if stay else ""
            return f"contact was {'given' if given else 'asked for'}{of} {when}"
        case FactRecorded(fact=fact, outcome=outcome, stay=stay):
            of = f" of stay {stay}" if stay else ""
            said = [f"{fact}{of}: {'yes' if outcome else 'no'}"]
            if event.value is not None:
                said.append(event.value)
            said.append(when)
            if event.until is not None:
                said.append(f"until {voice.at(event.until)}")
            return ", ".join(said)


def _seen(check: CheckRecorded) -> Iterator[str]:
    """What was seen at a check, as far as it was said."""
    for answers, answer in (
        (words.SIGN_OF_LIFE, check.sign_of_life),
        (words.CONTACT_WISHED, check.contact_wished),
        (words.CONTACT_GIVEN, check.contact_given),
    ):
        if answer is not None:
            yield answers[answer].en
    if check.condition is not None:
        yield words.CONDITIONS[check.condition].en
    if check.mood is not None:
        yield words.MOODS[check.mood].en
    for need in check.needs:
        yield words.NEEDS[need].en
    if check.account is not None:
        yield f"account {check.account}"
