"""When nobody can be reached something else sounds; and it is tried before each shift."""

from datetime import UTC, datetime

import pytest

from room_monitor.core.desk import trouble_found
from room_monitor.core.events import (
    AlertAcknowledged,
    ClockStepped,
    ConfigurationChanged,
    Message,
    MonitorStarted,
    PageFailed,
    PageSent,
    ReachTested,
    Trouble,
    TroubleFound,
)
from room_monitor.core.ids import ChannelId, PageId, RoomId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Person, Rota, Step
from tests.core.at_desk import (
    ANNA,
    BEN,
    CHRIS,
    MIA,
    PEOPLE,
    SIREN,
    AtDesk,
    acknowledged,
    drill,
    expired,
    ladder,
    over,
    raised,
    rota,
    shift,
)
from tests.core.play import START, minute, minutes

ON_SHIFT = ladder(
    Step(after=minutes(0), on_shift=True), Step(after=minutes(3), on_shift=True)
)
LATER = shift("late", "10:00-18:00", ANNA)
"""Nobody is there before 60 minutes have passed."""


def of_trouble(desk: AtDesk) -> list[str]:
    """``minute channel`` of each page of a trouble."""
    return [
        f"{row.split()[0]} {row.split()[-1]}"
        for row in desk.rows()
        if row.split()[1] in troubles(desk)
    ]


def of_alerts(desk: AtDesk) -> list[str]:
    """The rows of ``rows`` that are not of a trouble."""
    return [row for row in desk.rows() if row.split()[1] not in troubles(desk)]


def troubles(desk: AtDesk) -> set[str]:
    return {e.alert for _, _, e in desk.said if isinstance(e, TroubleFound)}


# --- Steps without anybody -------------------------------------------------------------


def test_a_step_that_tells_nobody_is_skipped_at_once() -> None:
    desk = AtDesk(rota(LATER))
    desk.happens(raised("a"), 0)
    desk.waits(9)

    assert desk.table() == ["0 alert a 1.2 mia", "8 alert a 2.2 mia"]


def test_the_step_after_a_skipped_one_keeps_its_time() -> None:
    three = ladder(
        Step(after=minutes(0), on_shift=True),
        Step(after=minutes(3), persons=(MIA,)),
        Step(after=minutes(6), persons=(BEN,)),
    )
    desk = AtDesk(rota(LATER, ladders=(three,)))
    desk.happens(raised("a"), 0)
    desk.waits(11)

    assert desk.rows() == ["0 a 1.2 mia", "6 a 1.3 ben", "11 a 2.2 mia"]


def test_a_shift_that_comes_into_a_gap_is_told_at_once() -> None:
    desk = AtDesk(rota(shift("late", "09:02-18:00", ANNA)))
    desk.happens(raised("a"), 0)
    desk.waits(10)

    assert desk.rows() == ["0 a 1.2 mia", "2 a 1.1 anna", "8 a 2.1 anna"]


def test_a_siren_is_somebody() -> None:
    loud = ladder(
        Step(after=minutes(0), on_shift=True), Step(after=minutes(3), channels=(SIREN,))
    )
    desk = AtDesk(rota(LATER, ladders=(loud,)))
    desk.happens(raised("a"), 0)
    desk.waits(9)

    assert desk.rows() == ["0 a 1.2 siren", "8 a 2.2 siren"]
    assert desk.decided() == []


def test_when_no_step_tells_anybody_the_fallback_sounds_again_and_again() -> None:
    desk = AtDesk(rota(LATER, ladders=(ON_SHIFT,)))
    desk.happens(raised("a"), 0)
    desk.waits(11)

    assert desk.decided() == ["0 nobody_reachable staff"]
    assert of_alerts(desk) == ["0 a 1.0 siren", "5 a 1.0 siren", "10 a 1.0 siren"]
    assert of_trouble(desk) == ["0 siren", "5 siren", "10 siren"]
    assert all(page.ladder is None for page in desk.paged())


def test_it_waits_for_the_first_step() -> None:
    patient = ladder(Step(after=minutes(2), on_shift=True))
    desk = AtDesk(rota(LATER, ladders=(patient,)))
    desk.happens(raised("a"), 0)
    desk.waits(3)

    assert desk.decided() == ["2 nobody_reachable staff"]
    assert of_alerts(desk) == ["2 a 1.0 siren"]


def test_once_somebody_is_there_the_ladder_is_climbed() -> None:
    desk = AtDesk(rota(shift("late", "09:02-18:00", ANNA), ladders=(ON_SHIFT,)))
    desk.happens(raised("a"), 0)
    desk.waits(2)
    desk.sent(desk.page("anna"), 2.5)
    desk.waits(4)

    assert desk.decided() == ["0 nobody_reachable staff", "2.5 over"]
    assert of_alerts(desk) == ["0 a 1.0 siren", "2 a 1.1 anna", "3 a 1.2 anna"]
    assert len(desk.desk.troubles) == 1  # until somebody has looked


def test_when_everybody_has_left_it_is_found_as_well() -> None:
    desk = AtDesk(rota(shift("early", "05:00-09:02", ANNA), ladders=(ON_SHIFT,)))
    desk.happens(raised("a"), 0)
    desk.waits(4)

    assert desk.decided() == ["2 nobody_reachable staff"]
    assert of_alerts(desk) == ["0 a 1.1 anna", "2 a 1.0 siren"]


def test_an_alert_that_is_taken_on_does_not_sound() -> None:
    desk = AtDesk(rota(LATER, ladders=(ON_SHIFT,)))
    desk.happens(raised("a"), 0)
    desk.happens(acknowledged("a", 1), 1)
    desk.waits(3)
    desk.happens(expired("a", 3), 3)

    assert of_alerts(desk) == ["0 a 1.0 siren", "3 a 2.0 siren"]
    assert desk.table(Message.TAKEN_ON) == ["1 taken_on a 1.0 siren"]


def test_the_trouble_is_found_once_for_a_ladder() -> None:
    desk = AtDesk(rota(LATER, ladders=(ON_SHIFT,)))
    desk.happens(raised("a"), 0)
    desk.happens(drill("b", 1), 1)

    assert desk.decided() == ["0 nobody_reachable staff"]
    found = [event for _, _, event in desk.said if isinstance(event, TroubleFound)]
    assert found == [
        TroubleFound(
            alert=found[0].alert,
            trouble=Trouble.NOBODY_REACHABLE,
            subject="staff",
            detail="nobody was reached by ladder staff",
            priority=Priority.URGENT,
            began_at=START,
        )
    ]
    assert [page.drill for page in desk.paged() if page.alert == "b"] == [True]


def test_the_trouble_is_taken_on_like_any_other() -> None:
    desk = AtDesk(rota(LATER, ladders=(ON_SHIFT,)))
    desk.happens(raised("a"), 0)
    (alert,) = desk.desk.troubles
    told = AlertAcknowledged(
        alert=alert, role="manager", at=minute(1), expires_at=minute(9)
    )
    desk.happens(told, 1, None)
    desk.waits(10)

    assert of_trouble(desk) == ["0 siren", "9 siren"]
    assert of_alerts(desk) == ["0 a 1.0 siren", "5 a 1.0 siren", "10 a 1.0 siren"]


def test_without_a_fallback_it_is_only_found() -> None:
    desk = AtDesk(rota(LATER, ladders=(ON_SHIFT,), fallback=()))
    desk.happens(raised("a"), 0)
    desk.waits(9)

    assert desk.decided() == ["0 nobody_reachable staff"]
    assert desk.rows() == []


def test_where_no_ladder_fits_the_fallback_sounds() -> None:
    far = ladder(rooms=frozenset({RoomId("far")}))
    desk = AtDesk(rota(ladders=(far,)))
    desk.happens(raised("a"), 0)
    (found,) = trouble_found(
        desk.desk, Trouble.CLOCK_UNSURE, "", "", Priority.LOW, minute(1)
    )
    desk.happens(found, 1, None)
    desk.waits(6)

    assert [row.split()[0] + " " + row.split()[2] for row in desk.rows()] == [
        "0 1.0",
        "1 1.0",
        "5 1.0",
        "6 1.0",
    ]
    assert desk.decided() == []
    assert {page.channel for page in desk.paged()} == {SIREN}


# --- Pages that fail -------------------------------------------------------------------


def test_when_every_page_failed_the_fallback_sounds() -> None:
    people = {
        **PEOPLE,
        ANNA: Person(id=ANNA, channels=(ChannelId("phone"), ChannelId("tablet"))),
    }
    desk = AtDesk(rota(people=people))
    desk.happens(raised("a"), 0)
    desk.failed(desk.page("anna", -1), 0.5)
    assert desk.decided() == []
    desk.failed(desk.page("anna", -2), 1)
    assert desk.decided() == ["1 nobody_reachable staff"]
    assert of_alerts(desk)[2:] == ["1 a 1.0 siren"]


def test_a_page_that_got_through_is_enough() -> None:
    desk = AtDesk()
    desk.happens(raised("a"), 0)
    desk.sent(desk.page("anna"), 1)
    desk.waits(3)
    desk.failed(desk.page("mia"), 4)

    assert desk.decided() == []


def test_the_next_step_is_tried_all_the_same() -> None:
    desk = AtDesk()
    desk.happens(raised("a"), 0)
    desk.failed(desk.page("anna"), 1)
    desk.waits(3)
    desk.failed(desk.page("mia"), 4)
    desk.waits(11)

    assert of_alerts(desk) == [
        "0 a 1.1 anna",
        "1 a 1.0 siren",
        "3 a 1.2 mia",
        "6 a 1.0 siren",  # five minutes after the first
        "8 a 2.1 anna",
        "11 a 2.2 mia",
    ]
    assert desk.decided() == ["1 nobody_reachable staff"]


def test_each_round_is_judged_by_itself() -> None:
    desk = AtDesk()
    desk.happens(raised("a"), 0)
    desk.sent(desk.page("anna"), 1)
    desk.waits(3)
    desk.sent(desk.page("mia"), 4)
    desk.waits(8)
    desk.failed(desk.page("anna"), 9)

    assert desk.decided() == ["9 nobody_reachable staff"]
    assert of_alerts(desk)[-1] == "9 a 2.0 siren"


def test_it_is_over_as_soon_as_a_page_to_a_person_got_through() -> None:
    desk = AtDesk()
    desk.happens(raised("a"), 0)
    desk.failed(desk.page("anna"), 1)
    for page in desk.paged()[1:]:  # a siren is nobody
        desk.sent(page, 2)
    assert desk.decided() == ["1 nobody_reachable staff"]
    desk.waits(3)
    desk.sent(desk.page("mia"), 4)
    desk.waits(30)

    assert desk.decided() == ["1 nobody_reachable staff", "4 over"]
    assert not [row for row in desk.rows() if "siren" in row][2:]


def test_a_siren_that_got_through_reaches_nobody() -> None:
    loud = ladder(
        Step(after=minutes(0), on_shift=True), Step(after=minutes(3), channels=(SIREN,))
    )
    desk = AtDesk(rota(ladders=(loud,), fallback=(ChannelId("horn"),)))
    desk.happens(raised("a"), 0)
    desk.failed(desk.page("anna"), 1)
    desk.waits(3)
    desk.sent(desk.page("siren"), 4)

    assert desk.decided() == ["1 nobody_reachable staff"]


def test_the_fallback_sounds_as_often_as_the_ladder_says() -> None:
    slow = ladder(Step(after=minutes(0), on_shift=True), again_after=7)
    desk = AtDesk(rota(LATER, ladders=(slow,)))
    desk.happens(raised("a"), 0)
    desk.waits(15)

    assert of_trouble(desk) == ["0 siren", "7 siren", "14 siren"]
    assert of_alerts(desk) == ["0 a 1.0 siren", "7 a 1.0 siren", "14 a 1.0 siren"]


@pytest.mark.parametrize("by", [-60, 60])
def test_a_step_of_the_clock_keeps_the_rhythm_of_the_fallback(by: int) -> None:
    desk = AtDesk(rota(shift("late", "23:00-23:30", ANNA), ladders=(ON_SHIFT,)))
    desk.happens(raised("a"), 0)
    desk.looks(2)
    desk.happens(ClockStepped(by=minutes(by)), 2 + by, None)
    desk.waits(10 + by)

    assert of_alerts(desk) == [
        "0 a 1.0 siren",
        f"{5 + by} a 1.0 siren",
        f"{10 + by} a 1.0 siren",
    ]


def test_a_page_by_another_ladder_does_not_end_it() -> None:
    low = ladder(
        Step(after=minutes(0), persons=(BEN,)),
        name="low",
        priorities=frozenset({Priority.LOW}),
    )
    desk = AtDesk(rota(ladders=(low, ladder())))
    desk.happens(raised("a"), 0)
    desk.failed(desk.page("anna"), 1)
    desk.happens(raised("b", priority=Priority.LOW), 1)
    desk.sent(desk.page("ben"), 2)

    assert desk.decided() == ["1 nobody_reachable staff"]


def test_it_is_over_when_its_ladder_is_gone() -> None:
    """Nobody will answer by it any more: it would sound for ever."""
    changed = ConfigurationChanged(
        at=minute(4), configuration="2", catalogue="c", rooms=(), changes=()
    )
    desk = AtDesk()
    desk.happens(raised("a"), 0)
    desk.failed(desk.page("anna"), 1)
    desk.happens(over("a", 2), 2)
    desk.waits(3)
    desk.rota = rota(ladders=(ladder(name="other"),))
    desk.happens(changed, 4, None)
    desk.waits(60)

    assert desk.decided() == ["1 nobody_reachable staff", "4 over"]
    assert not [page for page in desk.paged(Message.ALERT) if page.at > minute(4)]


def test_what_became_of_a_page_nobody_knows_changes_nothing() -> None:
    desk = AtDesk()
    page = PageId("p0")
    for event in (
        PageSent(page=page, channel=SIREN, at=START),
        PageFailed(page=page, channel=SIREN, at=START, attempts=1, error=""),
    ):
        desk.happens(event, 0, None)
    desk.happens(raised("a"), 0)
    first = desk.page("anna")
    desk.happens(over("a", 1), 1)
    desk.failed(first, 2)

    assert desk.decided() == []
    assert desk.desk.claims == {}


# --- Before a shift --------------------------------------------------------------------

BOTH = {
    **PEOPLE,
    ANNA: Person(id=ANNA, channels=(ChannelId("phone"), ChannelId("tablet"))),
}
BEFORE = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
WEEK = (shift("day", "07:00-15:00", ANNA, BEN), shift("night", "15:00-07:00", CHRIS))


def at_night(*, on: Rota | None = None) -> AtDesk:
    """It is 06:30; Anna and Ben come at 07:00 and are tested at 06:45."""
    desk = AtDesk(on or rota(*WEEK, people=BOTH), at=BEFORE, tests_fail=True)
    started(desk, 0)
    return desk


def started(desk: AtDesk, at: float) -> None:
    started_at = BEFORE + minutes(at)
    event = MonitorStarted(at=started_at, version="1", configuration="c", catalogue="1")
    desk.happens(event, at, None)


def results(desk: AtDesk) -> list[str]:
    """``minute shift person channel: reached or why not`` of every test."""
    return [
        f"{(now - BEFORE).total_seconds() / 60:g} {e.shift} {e.person} {e.channel}: "
        f"{e.error or e.reached}"
        for now, _, e in desk.said
        if isinstance(e, ReachTested)
    ]


def test_before_a_shift_everybody_is_paged_on_each_channel() -> None:
    desk = at_night()
    desk.waits(14.9)
    assert desk.paged() == []
    desk.waits(15)

    assert desk.table() == [
        "15 reach_test day 0.0 anna",
        "15 reach_test day 0.0 anna",
        "15 reach_test day 0.0 ben",
    ]
    assert [page.channel for page in desk.paged()] == ["phone", "tablet", "phone-ben"]
    assert {page.due_at for page in desk.paged()} == {BEFORE + minutes(30)}


def test_what_came_of_it_is_said_as_soon_as_it_is_known() -> None:
    desk = at_night()
    desk.waits(15)
    anna, tablet, _ = desk.paged()
    desk.sent(anna, 16)
    desk.failed(tablet, 17)
    desk.waits(30)

    assert results(desk) == [
        "16 day anna phone: True",
        "17 day anna tablet: refused",
        "20 day ben phone-ben: nothing was heard of it",
    ]
    assert desk.decided() == []


def test_nobody_of_the_shift_is_reached() -> None:
    desk = at_night()
    desk.waits(15)
    for page in desk.paged()[:2]:
        desk.failed(page, 16)
    desk.waits(30)

    assert desk.decided() == ["20 nobody_reachable day"]
    assert of_trouble(desk) == ["20 siren", "25 siren", "30 siren"]


def test_it_is_over_when_one_of_them_is_reached_after_all() -> None:
    desk = at_night()
    desk.waits(20)
    assert desk.decided() == ["20 nobody_reachable day"]
    desk.happens(raised("a"), 21)
    desk.sent(desk.page("chris"), 21)
    assert desk.decided() == ["20 nobody_reachable day"]
    desk.sent(desk.page("ben"), 22)  # the test itself, late
    desk.waits(60)

    assert desk.decided()[:2] == ["20 nobody_reachable day", "22 over"]
    assert len(results(desk)) == 3


@pytest.mark.parametrize(
    ("starts", "pages"),
    [
        (-30, []),  # the test is still to come
        (14.9, []),
        (20, ["20 day"]),
        (30, ["30 day"]),
        (89, ["89 day"]),
        (90, []),  # the shift began an hour ago
        (200, []),
    ],
)
def test_a_monitor_that_was_down_tests_at_once(starts: float, pages: list[str]) -> None:
    desk = AtDesk(rota(*WEEK), at=BEFORE)
    started(desk, starts)

    assert [f"{starts:g} {page.shift}" for page in desk.paged()][::2] == pages


def test_a_shift_that_is_over_is_not_tested() -> None:
    short = rota(shift("short", "07:00-07:20", ANNA))
    desk = AtDesk(short, at=BEFORE)
    started(desk, 55)

    assert desk.paged() == []


def test_no_shift_is_tested_twice() -> None:
    desk = at_night()
    desk.waits(16)
    started(desk, 17)
    desk.happens(ClockStepped(by=minutes(-10)), 10, None)
    desk.waits(60)
    changed = ConfigurationChanged(
        at=BEFORE + minutes(60), configuration="d", catalogue="1", rooms=(), changes=()
    )
    desk.happens(changed, 60, None)

    assert [page.shift for page in desk.paged(Message.REACH_TEST)] == ["day"] * 3


@pytest.mark.parametrize("by", [-10, 10])
def test_a_step_of_the_clock_keeps_how_long_is_waited(by: int) -> None:
    desk = at_night()
    desk.waits(15)
    desk.happens(ClockStepped(by=minutes(by)), 16 + by, None)
    desk.waits(19.9 + by)
    assert results(desk) == []
    desk.waits(20 + by)
    assert len(results(desk)) == 3


def test_each_day_it_is_tested_anew() -> None:
    desk = AtDesk(rota(*WEEK), at=BEFORE)
    started(desk, 0)
    desk.waits(3 * 24 * 60)

    assert [page.shift for page in desk.paged()] == ["day", "day", "night"] * 3
    assert len(desk.desk.tests) < 9


def test_somebody_on_two_shifts_is_tested_for_each() -> None:
    two = rota(
        shift("one", "07:00-15:00", ANNA),
        shift("two", "07:00-12:00", ANNA),
        ladders=(ladder(),),
    )
    desk = AtDesk(two, at=BEFORE)
    started(desk, 0)
    desk.waits(15)

    assert results(desk) == [
        "15 one anna phone-anna: True",
        "15 two anna phone-anna: True",
    ]


def test_the_test_before_the_jump_of_the_clock_is_at_its_own_time() -> None:
    """2027-03-28: 02:10 is 01:10 UTC the night before, and does not come."""
    began = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    night = rota(shift("late", "02:10-08:00", ANNA, zone="Europe/Amsterdam"))
    desk = AtDesk(night, at=began)
    desk.happens(raised("a"), 0)
    desk.waits(40)

    assert desk.table(Message.REACH_TEST) == ["15 reach_test late 0.0 anna"]


def test_without_ladders_there_are_no_tests() -> None:
    desk = AtDesk(Rota(people=PEOPLE, shifts=WEEK), at=BEFORE)
    started(desk, 0)
    desk.waits(24 * 60)

    assert desk.said == []


# --- Nothing gets through, and nothing says that it failed -----------------------------


def test_pages_that_are_tried_again_and_again_do_not_keep_the_fallback_silent() -> None:
    """A refused connection is tried again for long; nobody waits for that."""
    desk = AtDesk(rota(heard_within=minutes(2)))
    desk.happens(raised("a"), 0)
    desk.waits(4)

    assert desk.decided() == ["2 nobody_reachable staff"]
    assert "2 a 1.0 siren" in desk.rows()


def test_one_page_that_gets_through_is_enough_and_the_next_must_get_through_again() -> (
    None
):
    desk = AtDesk(rota(heard_within=minutes(2)))
    desk.happens(raised("a"), 0)
    desk.sent(desk.paged()[0], 0.1)
    desk.waits(4.9)
    assert desk.decided() == []
    desk.waits(5)

    assert desk.decided() == ["5 nobody_reachable staff"]


def test_that_it_is_over_gets_through_to_somebody_so_they_can_be_reached_again() -> (
    None
):
    desk = AtDesk(rota(ladders=(ON_SHIFT,), heard_within=minutes(2)))
    desk.happens(raised("a"), 0)
    desk.waits(2)
    desk.happens(over("a", 3), 3)
    (page,) = (p for p in desk.paged(Message.OVER) if p.person is not None)
    desk.sent(page, 3.1)

    assert desk.decided()[-1] == "3.1 over"


def test_a_ladder_of_channels_is_answered_by_a_channel() -> None:
    siren = ladder(Step(after=minutes(0), channels=(SIREN,)))
    desk = AtDesk(rota(ladders=(siren,), fallback=(), heard_within=minutes(2)))
    desk.happens(raised("a"), 0)
    desk.waits(2)
    assert desk.decided() == ["2 nobody_reachable staff"]
    desk.sent(desk.paged()[0], 3)

    assert desk.decided()[-1] == "3 over"
