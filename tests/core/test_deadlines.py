"""The next deadline is computed from the rooms, and always lies ahead."""

from datetime import timedelta

from room_monitor.core.deadlines import next_deadline
from room_monitor.core.evaluation import RESOLUTION
from room_monitor.core.requirements import DoneBy, HeardFrom
from room_monitor.core.site import Role
from tests.core.play import (
    CHECKS,
    STEP,
    Story,
    begin,
    device,
    minute,
    minutes,
    requirement,
    room,
)

CLOCK = device(Role.CLOCK)


def test_nothing_is_waited_for_where_nothing_is_asked() -> None:
    assert next_deadline([]) is None
    assert next_deadline([Story(room()).state]) is None


def test_what_only_people_can_change_is_not_waited_for() -> None:
    story = Story(room(), requirement(DoneBy(fact="walls")))

    assert next_deadline([story.state]) is None


def test_the_soonest_of_all_rooms_counts() -> None:
    quiet = Story(room(CLOCK), requirement(HeardFrom()))
    enclosed = Story(room(), CHECKS)
    enclosed.does(begin(0), minute(0))

    assert next_deadline([quiet.state]) == minute(20)
    assert next_deadline([quiet.state, enclosed.state]) == minute(15) + RESOLUTION
    assert next_deadline([enclosed.state, quiet.state]) == minute(15) + RESOLUTION


def test_nothing_happens_before_the_deadline_and_something_at_it() -> None:
    story = Story(room(), CHECKS)
    story.does(begin(0), minute(0))
    due_at = next_deadline([story.state])
    assert due_at is not None

    assert story.waits(due_at - STEP) == []
    assert story.waits(due_at) != []


def test_the_end_of_a_dwell_time_is_a_deadline() -> None:
    story = Story(room(CLOCK), requirement(HeardFrom(), dwell=minutes(3)))
    story.waits(minute(20))

    assert next_deadline([story.state]) == minute(23)


def test_every_deadline_leads_to_a_later_one_or_to_none() -> None:
    story = Story(
        room(CLOCK, device(Role.DOOR_LOCK, interval=timedelta(minutes=3))),
        requirement(HeardFrom(), dwell=minutes(3)),
        CHECKS,
    )
    story.does(begin(0), minute(0))

    met = []
    while (due_at := next_deadline([story.state])) is not None:
        met.append(due_at)
        story.waits(due_at)

    assert met == [minute(6), minute(9), minute(15) + STEP, minute(20), minute(23)]
