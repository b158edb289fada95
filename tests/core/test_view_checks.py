"""Every gap over the limit is told, in both readings, and the log says the same."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from room_monitor.core.events import Closing, Condition, Entry
from room_monitor.core.requirements import StayKind
from room_monitor.core.views.checks import (
    QUARTERLY,
    Blocks,
    Gap,
    Missed,
    Rhythm,
    blocks,
    check_lines,
    gaps,
    missed_intervals,
    rhythm_of,
)
from room_monitor.core.views.stays import stay_summaries
from tests.core.entries import Log, numbered
from tests.core.play import (
    CHECKS,
    ROOM,
    STAY,
    STEP,
    Story,
    begin,
    catalogue,
    check,
    end,
    minute,
    minutes,
    room,
)

QUARTER = minutes(15)


def missed(*checks: float, ended: float | None, now: float | None = None) -> list[Gap]:
    found = gaps(
        minute(0),
        None if ended is None else minute(ended),
        map(minute, checks),
        QUARTER,
        None if now is None else minute(now),
    )
    return [gap for gap in found if gap.missed]


def gap(began: float, ended: float | None, length: float) -> Gap:
    return Gap(
        began_at=minute(began),
        due_at=minute(began + 15),
        ended_at=None if ended is None else minute(ended),
        length=minutes(length),
        overrun=minutes(length - 15),
        missed=True,
    )


# --- The gap reading ----------------------------------------------------------------------


def test_begin_to_first_and_last_to_end_are_gaps_too() -> None:
    assert missed(20, 30, 46, ended=70) == [
        gap(0, 20, 20),
        gap(30, 46, 16),
        gap(46, 70, 24),
    ]


def test_a_gap_of_exactly_the_limit_is_in_time() -> None:
    assert missed(15, 30, ended=45) == []
    found = gaps(minute(0), minute(15) + STEP, (), QUARTER)
    assert [each.missed for each in found] == [True]


def test_what_lies_outside_the_stay_does_not_count() -> None:
    assert missed(-5, 40, ended=30) == [gap(0, 30, 30)]


def test_the_order_in_which_checks_were_told_changes_nothing() -> None:
    assert missed(46, 20, 30, ended=70) == missed(20, 30, 46, ended=70)


def test_a_gap_that_goes_on_has_a_length_but_no_end() -> None:
    assert missed(10, ended=None, now=30) == [gap(10, None, 20)]
    assert missed(10, ended=None, now=25) == []


def test_nobody_knows_the_gap_before_an_end_that_is_unknown() -> None:
    found = gaps(minute(0), None, [minute(20)], QUARTER)

    assert [each.missed for each in found] == [True, None]
    assert found[-1] == Gap(
        began_at=minute(20),
        due_at=minute(35),
        ended_at=None,
        length=None,
        overrun=None,
        missed=None,
    )


# --- Both readings ------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "of_gaps"), [(24, 95), (48, 191)])
def test_how_many_checks_a_whole_day_needs_in_each_reading(
    hours: int, of_gaps: int
) -> None:
    over_at = minute(60 * hours)
    at_the_edges = [minute(15 * n) for n in range(1, 4 * hours)]
    assert len(at_the_edges) == of_gaps

    assert not any(g.missed for g in gaps(minute(0), over_at, at_the_edges, QUARTER))
    # The first block has none: whoever comes at the very edge comes in the next one.
    assert blocks(minute(0), over_at, at_the_edges, QUARTER) == Blocks(of_gaps + 1, 1)
    inside = [minute(15 * n + 7) for n in range(4 * hours)]
    assert len(inside) == of_gaps + 1
    assert blocks(minute(0), over_at, inside, QUARTER) == Blocks(of_gaps + 1, 0)


@given(st.sets(st.integers(0, 24 * 60), max_size=94))
def test_no_fewer_checks_are_enough(ats: set[int]) -> None:
    checks = [minute(at) for at in ats]

    assert any(g.missed for g in gaps(minute(0), minute(24 * 60), checks, QUARTER))
    assert blocks(minute(0), minute(24 * 60), checks, QUARTER).missed >= 96 - len(ats)


@given(st.lists(st.integers(0, 600), max_size=40), st.integers(0, 600))
def test_gaps_fill_the_stay_and_do_not_overlap(ats: list[int], over: int) -> None:
    found = gaps(minute(0), minute(over), map(minute, ats), QUARTER)

    assert sum((g.length or minutes(0) for g in found), minutes(0)) == minutes(over)
    assert all(a.ended_at == b.began_at for a, b in pairwise(found))


def test_nearly_half_an_hour_apart_is_one_check_in_every_block() -> None:
    assert blocks(minute(0), minute(30), [minute(1), minute(29)], QUARTER) == (2, 0)
    assert missed(1, 29, ended=30) == [gap(1, 29, 28)]


def test_a_block_that_the_end_cut_short_is_not_asked_for() -> None:
    assert blocks(minute(0), minute(14), [], QUARTER) == Blocks(0, 0)
    assert blocks(minute(0), minute(40), [minute(3)], QUARTER) == Blocks(2, 1)


def test_a_check_at_the_end_of_the_stay_is_in_its_last_block() -> None:
    checks = [minute(3), minute(30)]
    assert blocks(minute(0), minute(30), checks, QUARTER) == Blocks(2, 0)
    assert blocks(minute(0), minute(31), checks, QUARTER) == Blocks(2, 1)


# --- As the log has it --------------------------------------------------------------------


def as_logged(story: Story) -> list[Entry]:
    log = Log()
    for event in story.events:
        log.add(event, minute(0), room=ROOM)
    return log.entries


def both(
    entries: Sequence[Entry], now: float
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Missed checks by the breaches in the log, and computed from the records."""
    (stay,) = stay_summaries(entries, minute(now))
    computed: list[tuple[object, ...]] = [(g.due_at, g.ended_at) for g in stay.gaps]
    return [(m.began_at, m.ended_at) for m in missed_intervals(entries)], computed


@settings(max_examples=300)
@given(st.lists(st.integers(1, 40), max_size=8), st.integers(0, 40))
def test_breaches_and_records_say_the_same(pauses: list[int], rest: int) -> None:
    story = Story(room(), CHECKS, looked_over=False)
    story.does(begin(0), minute(0))
    at = 0
    for pause in pauses:
        at += pause
        story.waits(minute(at))
        story.does(check(at), minute(at))
    story.waits(minute(at + rest))
    logged, computed = both(as_logged(story), at + rest)
    assert logged == computed
    story.does(end(at + rest), minute(at + rest))

    logged, computed = both(as_logged(story), at + rest)
    assert logged == computed


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 90)), max_size=8),
    st.integers(60, 180),
)
def test_they_do_so_whenever_the_checks_were_recorded(
    told: list[tuple[int, int]], over: int
) -> None:
    story = Story(room(), CHECKS, looked_over=False)
    story.does(begin(0), minute(0))
    for recorded, at in sorted((at + later, at) for at, later in told if at <= over):
        story.does(check(at), minute(recorded))
    last = max([over, *(at + later for at, later in told if at <= over)])
    story.does(end(over), minute(last))

    logged, computed = both(as_logged(story), last)
    assert logged == computed


def test_a_missed_check_is_from_when_it_was_due_until_it_was_made() -> None:
    log = Log()
    log.begins(0)
    log.opens(15)
    log.closes(15, 20)
    log.opens(35, breach="b2")

    assert missed_intervals(log.entries) == [
        Missed(
            stay=STAY,
            breach="b1",  # type: ignore[arg-type]
            began_at=minute(15),
            ended_at=minute(20),
            is_open=False,
        ),
        Missed(
            stay=STAY,
            breach="b2",  # type: ignore[arg-type]
            began_at=minute(35),
            ended_at=None,
            is_open=True,
        ),
    ]


def test_what_was_put_in_another_light_is_told_in_the_new_light() -> None:
    log = Log()
    log.begins(0)
    log.opens(15)
    log.closes(15, 20)
    log.revises(15, 18, Closing.MET)
    assert [m.ended_at for m in missed_intervals(log.entries)] == [minute(18)]
    log.revises(15, 15, Closing.WITHDRAWN)
    assert missed_intervals(log.entries) == []
    log.revises(15, None, None)
    assert [m.is_open for m in missed_intervals(log.entries)] == [True]


def test_only_the_asks_of_the_rhythm_are_missed_checks() -> None:
    """Whoever was not informed in time did not miss a check."""
    log = Log()
    log.begins(0)
    log.opens(15)
    log.opens(480, breach="b2", ask="kept-informed/scientist")
    rhythm = QUARTERLY._replace(asks=frozenset({"check-every-quarter/gap"}))

    assert [m.breach for m in missed_intervals(log.entries, rhythm)] == ["b1"]
    (stay,) = stay_summaries(log.entries, minute(500), rhythm=rhythm)
    assert (stay.missed, stay.breaches) == (1, 2)


def test_the_rhythm_is_that_of_the_catalogue() -> None:
    assert rhythm_of(catalogue(CHECKS)) == Rhythm(
        QUARTER, frozenset({StayKind.ENCLOSURE}), frozenset({"checks/it"})
    )
    assert rhythm_of(catalogue()) == QUARTERLY


# --- The records --------------------------------------------------------------------------


def test_a_check_is_late_when_it_was_recorded_over_five_minutes_after() -> None:
    log = Log()
    log.begins(0)
    log.checks(10, recorded=15)
    log.checks(20, recorded=25.01)

    assert [(c.happened_at, c.late) for c in check_lines(log.entries)] == [
        (minute(10), False),
        (minute(20), True),
    ]


def test_a_corrected_check_stays_to_be_seen_and_does_not_count() -> None:
    log = Log()
    log.begins(0)
    log.checks(10, record="r1")
    log.checks(9, record="r2", recorded=60)
    log.corrects("r1", "r2", 60)
    lines = check_lines(log.entries)

    assert [(c.record, c.counts, c.corrects) for c in lines] == [
        ("r1", False, None),
        ("r2", True, "r1"),
    ]
    # It was recorded in time, and corrected later.
    assert [c.late for c in lines] == [False, False]
    assert [c.recorded_at for c in lines] == [minute(10), minute(10)]


@given(st.permutations(range(5)))
def test_a_correction_counts_wherever_in_the_log_it_stands(order: list[int]) -> None:
    log = Log()
    log.begins(0)
    log.checks(10, record="r1")
    log.checks(9, record="r2", recorded=60)
    log.corrects("r1", "r2", 60)
    log.checks(20)
    mixed = numbered(log.entries[number] for number in order)

    (stay,) = stay_summaries(mixed, minute(30))
    assert stay.checks == 2
    assert Condition.CALM not in {c.condition for c in check_lines(mixed)}


def test_the_length_of_a_gap_is_what_passed_though_the_clock_was_set() -> None:
    """Checked at 10, the clock is set back by an hour, checked again 20 minutes later."""
    log = Log()
    log.begins(0)
    log.checks(10)
    log.is_set(timedelta(hours=-1), -50)
    log.checks(-30)
    log.ends(-25)
    (stay,) = stay_summaries(log.entries)

    assert [(g.began_at, g.ended_at, g.length) for g in stay.gaps] == [
        (minute(-50), minute(-30), minutes(20))
    ]
