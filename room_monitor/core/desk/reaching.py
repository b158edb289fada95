"""Can the people of a shift be reached? It is tried before the shift begins."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from room_monitor.core.desk.fold import Draft
from room_monitor.core.desk.record import NEVER, ReachTest
from room_monitor.core.desk.roster import Said, page_id
from room_monitor.core.desk.troubles import trouble_found
from room_monitor.core.events import Event, Message, Paged, ReachTested, Trouble
from room_monitor.core.ids import PageId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Rota, Shift, next_tests, shifts_at

HEARD_WITHIN = timedelta(minutes=5)
"""A test of which nothing is heard for this long has failed."""

STILL_TESTED = timedelta(hours=1)
"""A shift that was not tested before it began is tested until this long afterwards."""


def begin_tests(draft: Draft, rota: Rota, now: datetime) -> Said:
    """Page everybody on each of their channels whose shift begins soon.

    If the monitor was down then, it does so at once, unless the shift has long begun.
    """
    return [
        (None, paged)
        for shift, begins_at in _untested(rota, now)
        for paged in _pages(shift, begins_at, rota, now)
        if paged.page not in draft.tests
    ]


def next_test(rota: Rota, now: datetime) -> datetime:
    """When the next shift must be tested; ``NEVER`` if there is none."""
    found = next_tests(rota, now)
    return NEVER if found is None else found[0]


def report_tests(draft: Draft, now: datetime) -> Said:
    """What came of each test that is decided, and what is wrong if all of a shift's are."""
    said: Said = []
    shifts = dict.fromkeys(
        (test.shift, test.begins_at)
        for test in draft.tests.values()
        if not test.reported
    )
    for shift, begins_at in shifts:
        tests = [
            test
            for test in draft.tests.values()
            if (test.shift, test.begins_at) == (shift, begins_at)
        ]
        ready = [t for t in tests if not t.reported and _over_at(t) <= now]
        said += ((None, _tested(test, now)) for test in ready)
        left = sum(not test.reported for test in tests) - len(ready)
        if ready and not left and not any(test.sent for test in tests):
            found = trouble_found(
                draft.desk(),
                Trouble.NOBODY_REACHABLE,
                shift,
                f"nobody of shift {shift} was reached by a test",
                Priority.URGENT,
                now,
            )
            said += ((None, event) for event in found)
    return said


def next_report(draft: Draft) -> datetime:
    """When a test that is not decided has failed; ``NEVER`` if there is none."""
    waiting = (_over_at(test) for test in draft.tests.values() if not test.reported)
    return min(waiting, default=NEVER)


def _untested(rota: Rota, now: datetime) -> Iterator[tuple[Shift, datetime]]:
    """Shifts that may have to be tested, each with when it begins."""
    present = shifts_at(rota, now)
    found = next_tests(rota, now - STILL_TESTED - rota.test_before)
    while found is not None and found[0] <= now:
        begins_at = found[0] + rota.test_before
        for shift in found[1]:
            if begins_at > now or shift in present:
                yield shift, begins_at
        found = next_tests(rota, found[0])


def _pages(
    shift: Shift, begins_at: datetime, rota: Rota, now: datetime
) -> Iterator[Paged]:
    for person in shift.members:
        for channel in rota.people[person].channels:
            yield Paged(
                page=_name(shift, begins_at, person, channel),
                message=Message.REACH_TEST,
                channel=channel,
                at=now,
                due_at=begins_at,
                person=person,
                shift=shift.id,
            )


def _name(shift: Shift, begins_at: datetime, person: str, channel: str) -> PageId:
    return page_id(Message.REACH_TEST, shift.id, begins_at.isoformat(), person, channel)


def _over_at(test: ReachTest) -> datetime:
    return test.at if test.sent is not None else test.at + HEARD_WITHIN


def _tested(test: ReachTest, now: datetime) -> Event:
    reached = test.sent is True
    return ReachTested(
        shift=test.shift,
        person=test.person,
        channel=test.channel,
        at=now,
        reached=reached,
        error="" if reached else test.error or "nothing was heard of it",
    )
