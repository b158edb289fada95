"""All that is known of a stay is told, in the order in which it happened."""

from datetime import timedelta

from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    ContactRecorded,
    ContactRequested,
    FactRecorded,
)
from room_monitor.core.ids import AlertId, BreachId, DeviceId, RequirementId, StayId
from room_monitor.core.requirements import Priority
from room_monitor.core.views.breaches import BreachSummary
from room_monitor.core.views.checks import Gap
from room_monitor.core.views.doors import Locked
from room_monitor.core.views.records import Correction, Recorded
from room_monitor.core.views.story import AlertLine, Blind, StayStory, stay_story
from tests.core.entries import CARE, Log, obligation
from tests.core.play import ROOM, STAY, minute


def tell(log: Log, now: float) -> StayStory:
    story = stay_story(log.entries, STAY, minute(now))
    assert story is not None
    return story


def kinds(story: StayStory) -> list[str]:
    """What each line is, records by the kind of the event."""
    return [
        type(each.event if isinstance(each, Recorded) else each).__name__
        for each in story.lines
    ]


def whole() -> Log:
    log = Log()
    log.starts(-60)
    log.door("unlocked", -60)
    log.begins(0)
    log.door("locked", 1)
    call = ContactRequested(device=DeviceId("button"), at=minute(3), stay=STAY)
    log.add(call, minute(3), room=ROOM)
    given = ContactRecorded(given=True, happened_at=minute(4), role=CARE, stay=STAY)
    log.add(given, minute(4), room=ROOM)
    log.checks(5, record="r1")
    log.opens(20)
    raised = AlertRaised(
        alert=AlertId("a1"),
        breach=BreachId("b1"),
        obligation=obligation("check-every-quarter/gap", STAY),
        requirement=RequirementId("check-every-quarter"),
        priority=Priority.URGENT,
        reason=Reason.CHECK_MISSED,
        began_at=minute(20),
        stay=STAY,
    )
    log.add(raised, minute(20.1), room=ROOM)
    taken = AlertAcknowledged(alert=AlertId("a1"), role=CARE)
    log.add(taken, minute(21), room=ROOM)
    log.is_blind(22, 24)
    log.checks(25)
    log.closes(20, 25)
    over = AlertReturnedToNormal(alert=AlertId("a1"), at=minute(25))
    log.add(over, minute(25), room=ROOM)
    review = FactRecorded(
        fact="review", outcome=True, happened_at=minute(26), role=CARE, stay=STAY
    )
    log.add(review, minute(26), room=ROOM)
    log.door("unlocked", 29)
    log.ends(30)
    log.checks(4, record="r2", recorded=40)
    log.corrects("r1", "r2", 40)
    return log


def test_everything_is_there_in_order() -> None:
    assert kinds(tell(whole(), 60)) == [
        "StayBegan",
        "Locked",
        "ContactRequested",
        "ContactRecorded",
        "CheckRecorded",
        "CheckRecorded",
        "Gap",
        "BreachSummary",
        "AlertLine",
        "Blind",
        "CheckRecorded",
        "FactRecorded",
        "StayEnded",
        "Correction",
    ]


def test_each_kind_is_told_apart_too() -> None:
    story = tell(whole(), 60)

    def of(kind: type) -> tuple[object, ...]:
        return tuple(each for each in story.lines if isinstance(each, kind))

    assert story.records == tuple(
        sorted(of(Recorded), key=lambda r: r.position)  # type: ignore[attr-defined]
    )
    assert story.locked == of(Locked)
    assert story.breaches == of(BreachSummary)
    assert story.alerts == of(AlertLine)
    assert (
        story.blind == of(Blind) == (Blind(began_at=minute(22), ended_at=minute(24)),)
    )
    assert story.called == (minute(3),)
    assert story.summary.gaps == of(Gap)
    assert story.summary.corrections == of(Correction)
    (alert,) = story.alerts
    assert [a.at for a in alert.taken_on] == [minute(21)]
    assert alert.over_at == minute(25)


def test_the_order_is_that_of_time_though_the_clock_was_set() -> None:
    log = Log()
    log.begins(0)
    log.checks(10, record="r1")
    log.opens(15)
    log.is_set(timedelta(hours=-1), -44)
    log.checks(-40)
    log.closes(-45, -40)
    log.corrects("r1", None, -35)
    log.ends(-30)

    # What was never written with an instant of its own keeps its place all the same.
    assert kinds(tell(log, 0)) == [
        "StayBegan",
        "CheckRecorded",
        "Gap",
        "BreachSummary",
        "ClockSet",
        "CheckRecorded",
        "Correction",
        "StayEnded",
    ]


def test_a_stay_that_is_not_there_has_no_story() -> None:
    assert stay_story(whole().entries, StayId("s9"), minute(60)) is None
