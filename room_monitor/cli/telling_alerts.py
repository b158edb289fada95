"""The life of an alert and who was told of it, in sentences. English, as the log is."""

from typing import assert_never

from room_monitor.cli.alarm_wording import HOLDINGS, TROUBLES
from room_monitor.cli.saying import Voice, what
from room_monitor.cli.wording import PRIORITIES, REASONS
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertEvent,
    AlertHeld,
    AlertRaised,
    AlertReleased,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    DrillBegan,
    Message,
    Paged,
    PageFailed,
    PageSent,
    PagingEvent,
    ReachTested,
    TroubleFound,
)


def tell_of_alerts(event: AlertEvent, voice: Voice) -> str:
    """Say what became of an alert."""
    match event:
        case AlertRaised():
            return (
                f"ALERT {event.alert} {PRIORITIES[event.priority].en}: "
                f"{event.requirement}, {REASONS[event.reason].en}, "
                f"since {voice.at(event.began_at)}"
            )
        case TroubleFound(subject=subject):
            of = f" ({subject})" if subject else ""
            return (
                f"TROUBLE {event.alert} {PRIORITIES[event.priority].en}: "
                f"{TROUBLES[event.trouble].en}{of}: {event.detail}, "
                f"since {voice.at(event.began_at)}"
            )
        case DrillBegan(ends_at=ends_at):
            who = voice.who(event, event.remark)
            return (
                f"DRILL {event.alert} {PRIORITIES[event.priority].en} began: nothing is "
                f"wrong; it is over at {voice.at(ends_at)} at the latest{who}"
            )
        case AlertAcknowledged(alert=alert, expires_at=expires_at):
            held = f" until {voice.at(expires_at)}" if expires_at else ""
            return f"alert {alert} was taken on{held}{voice.who(event, event.remark)}"
        case AcknowledgementExpired(alert=alert):
            return (
                f"alert {alert} is raised again: it goes on, and was not ended in time"
            )
        case AlertShelved(alert=alert, until=until):
            who = voice.who(event, event.remark)
            return f"alert {alert} was put aside until {voice.at(until)}{who}"
        case AlertUnshelved(alert=alert, role=None):
            return f"alert {alert} is no longer put aside: its time was over"
        case AlertUnshelved(alert=alert):
            who = voice.who(event, event.remark)
            return f"alert {alert} is no longer put aside{who}"
        case AlertReturnedToNormal(alert=alert):
            return f"alert {alert} is over"


def tell_of_pages(event: PagingEvent, voice: Voice) -> str:
    """Say who was told."""
    match event:
        case AlertHeld(alert=alert, under=under, holding=holding):
            why = HOLDINGS[holding].en
            return f"alert {alert} is held under {under}: it {why}"
        case AlertReleased(alert=alert):
            return f"alert {alert} is no longer held: it claims people itself"
        case Paged():
            whom = (
                f"{event.person} by {event.channel}" if event.person else event.channel
            )
            drill = "DRILL: " if event.drill else ""
            return f"{drill}{whom} is told {_of(event, voice)} [{event.page}]"
        case PageSent(page=page, channel=channel, attempts=attempts):
            times = f" at attempt {attempts}" if attempts > 1 else ""
            return f"page {page} by {channel} was sent{times}"
        case PageFailed(page=page, channel=channel, attempts=attempts):
            return (
                f"page {page} by {channel} FAILED after {attempts} attempt(s): "
                f"{event.error}"
            )
        case ReachTested(shift=shift, person=person, channel=channel):
            reached = "can be reached" if event.reached else "can NOT be reached"
            why = f": {event.error}" if event.error else ""
            return f"shift {shift}: {person} {reached} by {channel}{why}"


def _of(page: Paged, voice: Voice) -> str:
    match page.message:
        case Message.ALERT:
            step = f"step {page.step}" if page.step else "fallback"
            return f"of alert {page.alert}, round {page.round}, {step}"
        case Message.PROMPT:
            due = what(page.obligation) if page.obligation else "something"
            return f"that {due} is due by {voice.at(page.due_at)}"
        case Message.TAKEN_ON:
            return f"that alert {page.alert} was taken on"
        case Message.OVER:
            return f"that alert {page.alert} is over"
        case Message.REACH_TEST:
            return f"nothing: a test before shift {page.shift}"
        case _:
            assert_never(page.message)
