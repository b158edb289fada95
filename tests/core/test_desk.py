"""Who is told of an alert: step by step, again and again, until somebody takes it on."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from room_monitor.core.alert import ACKNOWLEDGED_FOR
from room_monitor.core.desk import (
    Desk,
    advance,
    evolve,
    next_deadline,
    tell,
    trouble_found,
    trouble_over,
)
from room_monitor.core.desk.fold import _MATTERS
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    ClockStepped,
    ConfigurationChanged,
    Event,
    Message,
    MonitorStopped,
    ObligationLapsed,
    Trouble,
    TroubleFound,
)
from room_monitor.core.ids import AlertId, ChannelId, LadderId, ObligationId, RoomId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Person, Rota, Step
from room_monitor.store.codec import dumps, loads
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
    prompted,
    raised,
    rota,
    shelved,
    shift,
    unshelved,
)
from tests.core.play import START, minute, minutes

A = AlertId("a")
CHANGED = ConfigurationChanged(
    at=START, configuration="c", catalogue="1+0", rooms=(), changes=()
)
Happens = tuple[float, Event]


def played(*story: Happens, until: float, on: Rota | None = None) -> AtDesk:
    desk = AtDesk(on)
    for at, event in story:
        desk.waits(at)
        desk.happens(event, at)
    desk.waits(until)
    return desk


# --- Steps and rounds ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "until", "pages"),
    [
        # the first step at once, the next when its time has come
        ([(0, raised("a"))], 2.9, ["0 a 1.1 anna"]),
        ([(0, raised("a"))], 3, ["0 a 1.1 anna", "3 a 1.2 mia"]),
        # five minutes after the last step it begins anew, without end
        (
            [(0, raised("a"))],
            17,
            [
                "0 a 1.1 anna",
                "3 a 1.2 mia",
                "8 a 2.1 anna",
                "11 a 2.2 mia",
                "16 a 3.1 anna",
            ],
        ),
        # counted from the recording, though what it is about began before
        ([(10, raised("a", -60))], 13, ["10 a 1.1 anna", "13 a 1.2 mia"]),
        # each alert climbs by itself
        (
            [(0, raised("a")), (1, raised("b"))],
            4,
            ["0 a 1.1 anna", "1 b 1.1 anna", "3 a 1.2 mia", "4 b 1.2 mia"],
        ),
        # acknowledged: nobody else; expired: at once, from the first step
        (
            [(0, raised("a")), (2, acknowledged("a", 2)), (17, expired("a", 17))],
            20,
            ["0 a 1.1 anna", "17 a 2.1 anna", "20 a 2.2 mia"],
        ),
        # put aside: nobody else; back: at once, from the first step
        (
            [(0, raised("a")), (2, shelved("a", 2)), (60, unshelved("a", 60))],
            63,
            ["0 a 1.1 anna", "60 a 2.1 anna", "63 a 2.2 mia"],
        ),
        # over: nobody else
        ([(0, raised("a")), (2, over("a", 2))], 60, ["0 a 1.1 anna"]),
        # acknowledged, and then over
        (
            [(0, raised("a")), (2, acknowledged("a")), (3, over("a", 3))],
            60,
            ["0 a 1.1 anna"],
        ),
    ],
)
def test_who_is_paged_when(
    story: Sequence[Happens], until: float, pages: list[str]
) -> None:
    assert played(*story, until=until).rows() == pages


def test_a_ladder_whose_first_step_waits_keeps_its_rhythm() -> None:
    slow = ladder(
        Step(after=minutes(2), persons=(ANNA,)), Step(after=minutes(3), persons=(MIA,))
    )
    desk = played((0, raised("a")), until=18, on=rota(ladders=(slow,)))

    assert desk.rows() == [
        "2 a 1.1 anna",
        "3 a 1.2 mia",
        "10 a 2.1 anna",
        "11 a 2.2 mia",
        "18 a 3.1 anna",
    ]


def test_an_alert_that_comes_back_begins_with_the_first_step_whoever_is_told() -> None:
    persons = ladder(
        Step(after=minutes(2), persons=(ANNA,)), Step(after=minutes(3), persons=(MIA,))
    )
    desk = played(
        (0, raised("a")),
        (11, acknowledged("a", 11)),
        (20, expired("a", 20)),
        until=23,
        on=rota(ladders=(persons,)),
    )

    assert desk.rows() == [
        "2 a 1.1 anna",
        "3 a 1.2 mia",
        "10 a 2.1 anna",
        "11 a 2.2 mia",
        "22 a 3.1 anna",
        "23 a 3.2 mia",
    ]


def test_it_never_stops_by_itself() -> None:
    desk = played((0, raised("a")), until=7 * 24 * 60)

    assert desk.rows()[-1].split()[:2] == ["10080", "a"]
    assert len(desk.rows()) == 2 * (7 * 24 * 60) // 8 + 1
    assert not desk.desk.troubles


def test_an_alert_that_is_over_in_the_same_breath_pages_nobody() -> None:
    desk = AtDesk()
    desk.hears(raised("a"), 0)
    desk.hears(over("a", 0), 0)
    desk.waits(60)

    assert desk.table() == []
    assert desk.desk == Desk(numbered=1)


def test_an_alert_that_is_taken_on_in_the_same_breath_pages_nobody() -> None:
    desk = AtDesk()
    desk.hears(raised("a"), 0)
    desk.hears(acknowledged("a"), 0)
    desk.waits(60)

    assert desk.table() == []


def test_a_monitor_that_was_down_tells_everybody_whose_turn_has_come() -> None:
    desk = AtDesk()
    desk.hears(raised("a"), 0)
    desk.looks(45)
    desk.waits(50)

    assert desk.rows() == ["45 a 1.1 anna", "45 a 1.2 mia", "50 a 2.1 anna"]


def test_whoever_is_told_by_two_steps_at_once_is_told_once() -> None:
    both = ladder(
        Step(after=minutes(0), on_shift=True),
        Step(after=minutes(3), on_shift=True, persons=(MIA,)),
    )
    desk = AtDesk(rota(ladders=(both,)))
    desk.hears(raised("a"), 0)
    desk.looks(4)

    assert desk.rows() == ["4 a 1.2 mia", "4 a 1.2 anna"]


def test_only_whom_the_last_step_leaves_out_is_told_as_of_an_earlier_one() -> None:
    both = ladder(
        Step(after=minutes(0), on_shift=True, channels=(SIREN,)),
        Step(after=minutes(3), on_shift=True),
    )
    desk = AtDesk(rota(ladders=(both,)))
    desk.hears(raised("a"), 0)
    desk.looks(4)

    assert desk.rows() == ["4 a 1.1 siren", "4 a 1.2 anna"]


def test_each_channel_of_a_person_is_told() -> None:
    people = {
        **PEOPLE,
        ANNA: Person(id=ANNA, channels=(ChannelId("tablet"), ChannelId("phone"))),
    }
    desk = played((0, raised("a")), until=1, on=rota(people=people))

    assert [(p.person, p.channel) for p in desk.paged()] == [
        (ANNA, "tablet"),
        (ANNA, "phone"),
    ]


def test_a_page_says_what_it_belongs_to() -> None:
    desk = played((0, raised("a")), until=1)
    now, room, page = desk.said[0]

    assert (now, room) == (START, "calm-1")
    assert page == desk.page("anna")
    assert (page.at, page.ladder, page.drill) == (START, LadderId("staff"), False)


def test_the_ladder_of_a_room_and_a_priority_is_used() -> None:
    fast = ladder(
        Step(after=minutes(0), persons=(MIA,)),
        name="fast",
        priorities=frozenset({Priority.URGENT}),
    )
    desk = AtDesk(rota(ladders=(fast, ladder())))
    desk.happens(raised("a", priority=Priority.URGENT), 0)
    desk.happens(raised("b", priority=Priority.LOW), 0)

    assert desk.rows() == ["0 a 1.1 mia", "0 b 1.1 anna"]


def test_an_alert_that_is_raised_again_begins_anew() -> None:
    desk = played((0, raised("a")), (4, over("a", 4)), (6, raised("a", 0)), until=9)

    assert desk.rows() == ["0 a 1.1 anna", "3 a 1.2 mia", "6 a 1.1 anna", "9 a 1.2 mia"]


def test_other_ladders_are_climbed_from_the_height_that_was_reached() -> None:
    desk = played((0, raised("a")), until=4)
    three = ladder(
        *ladder().steps, Step(after=minutes(6), persons=(CHRIS,)), name="longer"
    )
    desk.rota = rota(ladders=(three,))
    desk.happens(CHANGED, 4, None)
    desk.waits(12)

    assert desk.rows()[2:] == ["6 a 1.3 chris", "11 a 2.1 anna"]


# --- What is said afterwards -----------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "said"),
    [
        # who was told hears that somebody took it on, once
        (
            [(0, raised("a")), (4, acknowledged("a")), (5, acknowledged("a"))],
            ["4 taken_on a 1.0 anna", "4 taken_on a 1.0 mia"],
        ),
        # also who was told in an earlier round: a siren sounds until it hears so
        (
            [(0, raised("a")), (9, acknowledged("a"))],
            ["9 taken_on a 2.0 anna", "9 taken_on a 2.0 mia"],
        ),
        # and that it is over
        (
            [(0, raised("a")), (1, acknowledged("a")), (2, over("a", 2))],
            ["1 taken_on a 1.0 anna", "2 over a 1.0 anna"],
        ),
        (
            [(0, raised("a")), (4, over("a", 4))],
            ["4 over a 1.0 anna", "4 over a 1.0 mia"],
        ),
        (
            [(0, raised("a")), (9, over("a", 9))],
            ["9 over a 2.0 anna", "9 over a 2.0 mia"],
        ),
        (
            [(0, raised("a")), (1, shelved("a", 1)), (9, over("a", 9))],
            ["9 over a 1.0 anna"],
        ),
        # but not twice
        (
            [
                (0, raised("a")),
                (1, over("a", 1)),
                (2, acknowledged("a")),
                (3, over("a", 3)),
            ],
            ["1 over a 1.0 anna"],
        ),
    ],
)
def test_those_who_were_told_are_told_how_it_goes_on(
    story: Sequence[Happens], said: list[str]
) -> None:
    desk = played(*story, until=story[-1][0])

    assert desk.table(Message.TAKEN_ON, Message.OVER) == said
    assert all(p.ladder == "staff" for p in desk.paged(Message.TAKEN_ON, Message.OVER))


def test_over_and_acknowledged_in_the_same_breath_is_said_to_be_over() -> None:
    desk = AtDesk()
    desk.happens(raised("a"), 0)
    desk.hears(over("a", 1), 1)
    desk.hears(acknowledged("a", 1), 1)
    desk.looks(1)

    assert desk.table(Message.TAKEN_ON, Message.OVER) == ["1 over a 1.0 anna"]
    assert not desk.desk.claims


def test_nobody_is_told_of_the_taking_on_of_a_round_that_is_over() -> None:
    desk = AtDesk()
    desk.happens(raised("a"), 0)
    desk.hears(acknowledged("a", 1), 1)
    desk.hears(expired("a", 1), 1)
    desk.looks(1)

    assert desk.table() == ["0 alert a 1.1 anna", "1 alert a 2.1 anna"]


def test_nobody_is_told_of_the_taking_on_of_a_round_in_which_nobody_was_told() -> None:
    desk = played((0, raised("a")), (1, acknowledged("a", 1)), until=2)
    desk.hears(expired("a", 16), 16)
    desk.hears(acknowledged("a", 16), 16)
    desk.looks(16)

    assert desk.table(Message.TAKEN_ON) == ["1 taken_on a 1.0 anna"]


def test_nobody_is_told_that_something_is_over_of_which_they_never_heard() -> None:
    slow = ladder(Step(after=minutes(2), persons=(ANNA,)))
    desk = played(
        (0, raised("a")), (1, over("a", 1)), until=9, on=rota(ladders=(slow,))
    )

    assert desk.table() == []


# --- Drills ----------------------------------------------------------------------------


def test_a_drill_is_an_alert_that_says_so() -> None:
    desk = played((0, drill("d", 0)), (4, acknowledged("d", 4)), until=60)

    assert desk.table() == [
        "0 alert d 1.1 anna",
        "3 alert d 1.2 mia",
        "4 over d 1.0 anna",
        "4 over d 1.0 mia",
    ]
    assert all(page.drill for page in desk.paged())
    assert not desk.desk.claims


def test_a_drill_that_nobody_answers_is_over_when_its_time_is() -> None:
    desk = played((0, drill("d", 0)), (2, over("d", 2)), until=60)

    assert desk.table() == ["0 alert d 1.1 anna", "2 over d 1.0 anna"]


# --- Who is on shift -------------------------------------------------------------------


def test_who_is_on_shift_is_asked_at_each_step() -> None:
    """Until 09:04 Anna, then Chris."""
    changing = rota(
        shift("early", "05:00-09:04", ANNA),
        shift("late", "09:04-05:00", CHRIS),
        ladders=(
            ladder(
                Step(after=minutes(0), on_shift=True),
                Step(after=minutes(6), on_shift=True, persons=(MIA,)),
            ),
        ),
    )
    desk = played((0, raised("a")), until=11, on=changing)

    assert desk.rows() == [
        "0 a 1.1 anna",
        "4 a 1.1 chris",  # inherits it
        "6 a 1.2 mia",
        "6 a 1.2 chris",
        "11 a 2.1 chris",
    ]


def test_a_shift_does_not_inherit_what_somebody_on_it_knows() -> None:
    overlapping = rota(
        shift("early", "05:00-09:02", ANNA),
        shift("late", "09:01-05:00", BEN, ANNA),
        ladders=(ladder(Step(after=minutes(0), on_shift=True), again_after=30),),
    )

    assert played((0, raised("a")), until=20, on=overlapping).rows() == ["0 a 1.1 anna"]


def test_a_shift_inherits_when_the_last_who_knows_leaves() -> None:
    overlapping = rota(
        shift("early", "05:00-09:10", ANNA),
        shift("late", "09:01-05:00", BEN),
        ladders=(ladder(Step(after=minutes(0), on_shift=True), again_after=30),),
    )
    desk = played((0, raised("a")), until=20, on=overlapping)

    assert desk.rows() == ["0 a 1.1 anna", "10 a 1.1 ben"]


def test_a_shift_inherits_nothing_that_somebody_took_on() -> None:
    changing = rota(
        shift("early", "05:00-09:04", ANNA), shift("late", "09:04-05:00", CHRIS)
    )
    desk = played((0, raised("a")), (1, acknowledged("a", 1)), until=14, on=changing)

    assert desk.rows() == ["0 a 1.1 anna"]


def test_a_shift_inherits_nothing_that_is_not_told_to_those_on_shift() -> None:
    changing = rota(
        shift("early", "05:00-09:04", ANNA),
        shift("late", "09:04-05:00", CHRIS),
        ladders=(ladder(Step(after=minutes(0), persons=(MIA,)), again_after=30),),
    )

    assert played((0, raised("a")), until=20, on=changing).rows() == ["0 a 1.1 mia"]


def test_only_those_who_come_are_told_when_a_shift_inherits() -> None:
    both = ladder(Step(after=minutes(0), on_shift=True, persons=(MIA,)), again_after=30)
    changing = rota(
        shift("early", "05:00-09:04", ANNA),
        shift("late", "09:04-05:00", CHRIS),
        ladders=(both,),
    )
    desk = played((0, raised("a")), until=6, on=changing)

    assert desk.rows() == ["0 a 1.1 mia", "0 a 1.1 anna", "4 a 1.1 chris"]


def test_a_ladder_may_become_shorter() -> None:
    shifts = (
        shift("early", "05:00-09:04", ANNA),
        shift("late", "09:04-05:00", CHRIS),
    )
    desk = played((0, raised("a")), until=3.5, on=rota(*shifts))
    desk.rota = rota(*shifts, ladders=(ladder(Step(after=minutes(0), persons=(MIA,))),))
    desk.happens(CHANGED, 3.5, None)
    desk.waits(8)

    assert desk.rows() == ["0 a 1.1 anna", "3 a 1.2 mia", "8 a 2.1 mia"]


def test_a_shift_inherits_as_of_the_step_that_tells_those_on_shift() -> None:
    changing = rota(
        shift("early", "05:00-09:04", ANNA),
        shift("late", "09:04-05:00", CHRIS),
        ladders=(
            ladder(
                Step(after=minutes(0), persons=(MIA,)),
                Step(after=minutes(2), on_shift=True),
            ),
        ),
    )
    desk = played((0, raised("a")), until=6, on=changing)

    assert desk.rows() == ["0 a 1.1 mia", "2 a 1.2 anna", "4 a 1.2 chris"]


@pytest.mark.parametrize(
    ("began", "change"),
    [
        # 2026-10-25: 02:30 comes twice, the first is at 00:30 UTC
        (datetime(2026, 10, 25, 0, 25, tzinfo=UTC), 5),
        # 2027-03-28: 02:30 does not come, the clock jumps at 01:00 UTC
        (datetime(2027, 3, 28, 0, 55, tzinfo=UTC), 5),
    ],
)
def test_the_two_nights_of_the_year(began: datetime, change: int) -> None:
    night = rota(
        shift("early", "22:00-02:30", ANNA, zone="Europe/Amsterdam"),
        shift("late", "02:30-08:00", BEN, zone="Europe/Amsterdam"),
        ladders=(ladder(Step(after=minutes(0), on_shift=True), again_after=30),),
    )
    desk = AtDesk(night, at=began)
    desk.happens(raised("a"), 0)
    desk.waits(61)

    assert desk.rows() == [
        "0 a 1.1 anna",
        f"{change} a 1.1 ben",
        "30 a 2.1 ben",
        "60 a 3.1 ben",
    ]


# --- The clock is set ------------------------------------------------------------------


@pytest.mark.parametrize("by", [-60, 60])
def test_a_step_of_the_clock_keeps_what_has_elapsed(by: int) -> None:
    """Two minutes after the alert; Mia is told one minute later, whatever it shows."""
    desk = AtDesk()
    desk.happens(raised("a"), 0)
    desk.looks(2)
    desk.happens(ClockStepped(by=minutes(by)), 2 + by, None)
    desk.waits(9 + by)

    assert desk.rows() == [
        "0 a 1.1 anna",
        f"{3 + by} a 1.2 mia",
        f"{8 + by} a 2.1 anna",
    ]


@pytest.mark.parametrize("by", [-60, 60])
def test_a_step_of_the_clock_after_a_step_that_came_late(by: int) -> None:
    desk = AtDesk()
    desk.hears(raised("a"), 0)
    desk.looks(45)
    desk.happens(ClockStepped(by=minutes(by)), 46 + by, None)
    desk.waits(50 + by)

    assert desk.rows()[2:] == [f"{50 + by} a 2.1 anna"]


@pytest.mark.parametrize("by", [-60, 60])
def test_a_step_of_the_clock_does_not_change_how_long_a_trouble_is_taken_on(
    by: int,
) -> None:
    desk = AtDesk()
    alert = troubled(desk, 0)
    desk.happens(acknowledged(alert, 1), 1, None)
    desk.happens(ClockStepped(by=minutes(by)), 2 + by, None)
    desk.waits(16 + by)

    assert desk.rows()[1:] == [f"{16 + by} {alert} 2.1 anna"]


def test_a_step_of_the_clock_in_a_later_round_and_of_a_limit() -> None:
    nobody = rota(
        shift("late", "10:00-11:00", ANNA), ladders=(ladder(*ladder().steps[:1]),)
    )
    desk = played((0, raised("a")), (0, prompted(30)), until=1, on=nobody)
    desk.happens(ClockStepped(by=minutes(60)), 61, None)
    desk.waits(66)

    assert desk.table(Message.PROMPT) == ["61 prompt calm-1/checks/it 1.1 anna"]
    assert desk.paged(Message.PROMPT)[0].due_at == minute(90)
    assert desk.rows()[:3] == [
        "0 a 1.0 siren",
        f"0 {desk.paged()[1].alert} 1.0 siren",
        "61 a 1.1 anna",
    ]


# --- A limit is near -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "due", "looks_at", "told"),
    [
        (rota(), 5, 0, ["0 prompt calm-1/checks/it 1.1 anna"]),
        # too late
        (rota(), 5, 5, []),
        (rota(), 5, 4.9, ["4.9 prompt calm-1/checks/it 1.1 anna"]),
        # the ladder for low priorities, else any
        (
            rota(
                ladders=(
                    ladder(priorities=frozenset({Priority.URGENT})),
                    ladder(
                        Step(after=minutes(0), persons=(MIA,)),
                        name="low",
                        priorities=frozenset({Priority.LOW}),
                    ),
                )
            ),
            5,
            0,
            ["0 prompt calm-1/checks/it 1.1 mia"],
        ),
        (
            rota(ladders=(ladder(priorities=frozenset({Priority.URGENT})),)),
            5,
            0,
            ["0 prompt calm-1/checks/it 1.1 anna"],
        ),
        # no ladder for this room
        (rota(ladders=(ladder(rooms=frozenset({RoomId("far")})),)), 5, 0, []),
        (Rota(), 5, 0, []),
        # nobody is there
        (rota(shift("late", "20:00-21:00", ANNA)), 5, 0, []),
        # somebody comes in time
        (
            rota(shift("late", "09:04-21:00", ANNA)),
            5,
            0,
            ["4 prompt calm-1/checks/it 1.1 anna"],
        ),
    ],
)
def test_a_prompt_is_told_once_to_the_first_step(
    on: Rota, due: float, looks_at: float, told: list[str]
) -> None:
    desk = AtDesk(on)
    desk.hears(prompted(due), 0)
    desk.looks(looks_at)
    desk.waits(60)

    assert desk.table(Message.PROMPT) == told
    assert not desk.rows()


def test_a_prompt_says_which_limit() -> None:
    desk = AtDesk()
    desk.happens(prompted(5), 0)
    desk.happens(prompted(20, 15), 15)
    pages = desk.paged(Message.PROMPT)

    assert [(p.obligation, p.due_at, p.alert) for p in pages] == [
        ("calm-1/checks/it", minute(5), None),
        ("calm-1/checks/it", minute(20), None),
    ]


def test_nobody_is_reminded_of_what_is_no_longer_asked() -> None:
    desk = AtDesk()
    desk.hears(prompted(5), 0)
    lapsed = ObligationLapsed(obligation=ObligationId("calm-1/checks/it"), at=minute(1))
    desk.happens(lapsed, 1)

    assert desk.table() == []


# --- Troubles of the monitor itself ----------------------------------------------------


def troubled(
    desk: AtDesk, at: float, trouble: Trouble = Trouble.BROKER_AWAY
) -> AlertId:
    """A trouble is found; its alert."""
    (found,) = trouble_found(
        desk.desk, trouble, "", "no answer", Priority.HIGH, minute(at)
    )
    assert isinstance(found, TroubleFound)
    desk.happens(found, at, None)
    return found.alert


def test_a_trouble_goes_through_the_ladder_of_all_rooms() -> None:
    of_a_room = ladder(name="room", rooms=frozenset({RoomId("calm-1")}))
    general = ladder(Step(after=minutes(0), persons=(MIA,)), name="all")
    desk = AtDesk(rota(ladders=(of_a_room, general)))
    alert = troubled(desk, 0)

    assert desk.rows() == [f"0 {alert} 1.1 mia"]
    assert desk.said[0][1] is None
    assert desk.desk.troubles[alert].trouble is Trouble.BROKER_AWAY


def test_a_trouble_is_found_once_and_over_once() -> None:
    desk = AtDesk()
    alert = troubled(desk, 0)

    again = trouble_found(
        desk.desk, Trouble.BROKER_AWAY, "", "still", Priority.HIGH, minute(1)
    )
    other = trouble_found(
        desk.desk, Trouble.BROKER_AWAY, "b", "too", Priority.HIGH, minute(1)
    )
    assert again == []
    assert [type(event) for event in other] == [TroubleFound]
    assert trouble_over(desk.desk, Trouble.STORE_AWAY, "", minute(1)) == []

    (ended,) = trouble_over(desk.desk, Trouble.BROKER_AWAY, "", minute(2))
    assert ended == AlertReturnedToNormal(alert=alert, at=minute(2))
    desk.happens(ended, 2, None)
    assert trouble_over(desk.desk, Trouble.BROKER_AWAY, "", minute(3)) == []
    assert desk.table(Message.OVER) == [f"2 over {alert} 1.0 anna"]


def test_a_trouble_nobody_looked_at_stays_until_somebody_has() -> None:
    desk = AtDesk()
    alert = troubled(desk, 0)
    desk.happens(over(alert, 1), 1, None)
    assert alert in desk.desk.troubles

    told = tell(desk.desk, AlertAcknowledged(alert=alert, role="manager"), minute(2))
    assert told == [AlertAcknowledged(alert=alert, role="manager", at=minute(2))]
    desk.happens(told[0], 2, None)
    assert desk.desk.troubles == {}
    assert desk.table(Message.OVER, Message.TAKEN_ON) == [f"1 over {alert} 1.0 anna"]


def test_a_trouble_that_is_over_and_looked_at_is_gone_before_anybody_is_told() -> None:
    desk = AtDesk()
    alert = troubled(desk, 0)
    desk.hears(over(alert, 1), 1, None)
    desk.hears(acknowledged(alert, 1), 1, None)
    assert desk.desk.troubles == {}
    desk.looks(1)

    assert desk.table(Message.OVER) == [f"1 over {alert} 1.0 anna"]


def test_another_trouble_of_the_same_kind_has_another_alert() -> None:
    desk = AtDesk()
    first = troubled(desk, 0)
    desk.happens(over(first, 0), 0, None)

    assert troubled(desk, 0) != first


def test_taking_a_trouble_on_lasts_for_a_while() -> None:
    desk = AtDesk()
    alert = troubled(desk, 0)
    told = tell(desk.desk, AlertAcknowledged(alert=alert, role="manager"), minute(1))
    assert told == [
        AlertAcknowledged(
            alert=alert,
            role="manager",
            at=minute(1),
            expires_at=minute(1) + ACKNOWLEDGED_FOR,
        )
    ]
    desk.happens(told[0], 1, None)
    desk.waits(16)

    expiry = AcknowledgementExpired(alert=alert, at=minute(16))
    assert expiry in [event for _, _, event in desk.said]
    assert desk.rows() == [f"0 {alert} 1.1 anna", f"16 {alert} 2.1 anna"]


def test_a_trouble_that_was_put_aside_comes_back() -> None:
    desk = AtDesk()
    alert = troubled(desk, 0)
    told = tell(desk.desk, shelved(alert, 1, 30), minute(1))
    assert told == [shelved(alert, 1, 30)]
    desk.happens(told[0], 1, None)
    desk.waits(30)
    assert desk.rows() == [f"0 {alert} 1.1 anna", f"30 {alert} 2.1 anna"]

    desk.happens(shelved(alert, 31, 60), 31, None)
    back = AlertUnshelved(alert=alert, at=minute(32), role="manager")
    assert tell(desk.desk, back, minute(32)) == [back]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (acknowledged("a"), "there is no alert a that needs anybody"),
        (acknowledged("b"), "there is no alert b that needs anybody"),
        (shelved("b", 0), "there is no alert b that needs anybody"),
    ],
)
def test_only_troubles_are_told_at_the_desk(
    told: AlertAcknowledged | AlertShelved, why: str
) -> None:
    desk = AtDesk()
    desk.happens(raised("a"), 0)

    assert tell(desk.desk, told, START) == why


def test_a_trouble_that_is_not_put_aside_cannot_be_taken_back() -> None:
    desk = AtDesk()
    alert = troubled(desk, 0)

    assert tell(desk.desk, unshelved(alert, 1), minute(1)) == (
        f"alert {alert} is not put aside"
    )


# --- No rota, and what it costs --------------------------------------------------------


def test_without_ladders_nobody_is_told_anything() -> None:
    empty = Rota(people=PEOPLE, shifts=rota().shifts, fallback=(SIREN,))
    desk = AtDesk(empty)
    desk.happens(raised("a", group="g"), 0)
    desk.happens(raised("b", group="g"), 0)
    desk.happens(drill("d", 0), 0)
    desk.happens(prompted(5), 0)
    alert = troubled(desk, 0)
    desk.happens(acknowledged(alert), 0, None)
    desk.waits(24 * 60)

    assert [event for _, _, event in desk.said] == [
        AcknowledgementExpired(alert=alert, at=minute(15))
    ]
    assert desk.deadline(minute(24 * 60)) is None


def test_a_rota_that_comes_later_is_used_at_once() -> None:
    desk = AtDesk(Rota())
    desk.happens(raised("a"), 0)
    desk.rota = rota()
    desk.happens(CHANGED, 1, None)

    assert desk.rows() == ["1 a 1.1 anna"]


def test_nothing_is_looked_at_while_nothing_is_due() -> None:
    desk = AtDesk()
    for number in range(20):
        desk.happens(raised(f"a{number}"), 0)

    assert advance(desk.desk, rota(), minute(2.99))[0] is desk.desk
    assert desk.deadline(minute(1)) == minute(3)


def test_what_does_not_matter_changes_nothing() -> None:
    desk = Desk(wake_at=minute(5))
    lapsed = ObligationLapsed(obligation=ObligationId("o"), at=minute(1))

    assert evolve(desk, None, MonitorStopped(), minute(1)) is desk
    assert evolve(desk, None, lapsed, minute(1)) is desk
    assert frozenset(get_args(Event)) > _MATTERS


def test_an_alert_that_is_not_known_changes_nothing() -> None:
    desk = AtDesk()
    for event in (acknowledged("x"), over("x", 0), expired("x", 0), unshelved("x", 0)):
        desk.happens(event, 0)

    assert desk.desk == Desk()


def test_before_anything_was_looked_at_something_is_due() -> None:
    assert next_deadline(Desk(), rota(), START) == START


def test_a_desk_can_be_kept_and_brought_back() -> None:
    desk = played(
        (0, raised("a")), (1, prompted(9)), (14, acknowledged("a", 14)), until=14
    )
    kept = loads(dumps(desk.desk, Desk), Desk)

    assert kept == desk.desk
    assert advance(kept, desk.rota, minute(14) + timedelta(seconds=1))[1] == []
