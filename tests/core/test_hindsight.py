"""Late, out of order or corrected: in the end the log says what timely records would.

Nothing that was violated is lost, nothing is counted twice, and nothing that was not
violated stays.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from room_monitor.core.events import (
    CheckIntervalAgreed,
    ContactRecorded,
    StayBegan,
)
from room_monitor.core.ids import RecordId
from tests.core.late import (
    OVER,
    SCIENTIST,
    Record,
    Telling,
    in_time,
    instant,
    moved,
    play,
)
from tests.core.play import (
    STAY,
    begin,
    check,
    correction,
    end,
    fact,
    minute,
    minutes,
)

EXAMPLES = settings(max_examples=60, derandomize=True, deadline=None)

# --- Whatever people do, and whenever they tell it ------------------------------------

INSTANTS = st.one_of(
    st.integers(0, 300),
    st.sampled_from([0, 14, 15, 16, 30, 45, 60, 120, 179, 180, 181, 240, 241]),
)
DELAYS = st.one_of(st.just(0), st.integers(0, 600))
FACTS = ("review", "copy", "decided", "told", "age", "extension", "informed")


def record_of(what: str, at: float, *, yes: bool, scientist: bool) -> Record:
    match what:
        case "check":
            return check(at, contact_given=yes or None)
        case "call" | "contact":
            return ContactRecorded(
                given=what == "contact",
                happened_at=minute(at),
                role="care_worker",
                stay=STAY,
            )
        case "agreed":
            return CheckIntervalAgreed(
                stay=STAY,
                at_most=minutes(10 if yes else 5),
                happened_at=minute(at),
                role="care_worker",
            )
        case _:
            role = SCIENTIST if scientist else "care_worker"
            return fact(what, at, outcome=yes, role=role)


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["check", "check", "check", "call", "contact", "agreed", *FACTS]
        ),
        INSTANTS,
        st.booleans(),
        st.booleans(),
        DELAYS,
        st.integers(-30, 30),
    ),
    max_size=14,
    # Of two answers about one instant the one that is told last counts: order matters.
    unique_by=lambda drawn: (drawn[0], drawn[1]),
)
Drawn = Sequence[tuple[str, int, bool, bool, int, int]]
ENDS = st.one_of(st.none(), st.integers(0, 320), st.sampled_from([15, 30, 180, 181]))


def truth(drawn: Drawn, ends: int | None) -> list[tuple[Record, int, int]]:
    """What happened, with how late it is told, and how far off at first."""
    happened: list[tuple[Record, int, int]] = []
    for number, (what, at, yes, scientist, delay, off) in enumerate(drawn):
        if ends is not None and at > ends and what in ("check", "agreed", "call"):
            continue
        shift = -20 if what == "told" and yes else 0
        record = record_of(what, at + shift, yes=yes, scientist=scientist)
        named = replace(record, record=RecordId(f"r{number}"))
        happened.append((named, delay, off))
    return happened


def later(
    began: StayBegan, record: Record, delay: float, not_before: float
) -> datetime:
    return max(
        instant(record) + minutes(delay), began.happened_at + minutes(not_before)
    )


@EXAMPLES
@given(RECORDS, ENDS, DELAYS, DELAYS, st.lists(st.integers(0, 700), max_size=5))
def test_when_and_in_which_order_it_is_told_changes_nothing_in_the_end(
    drawn: Drawn, ends: int | None, begin_late: int, end_late: int, looks: list[int]
) -> None:
    happened = truth(drawn, ends)
    began, records = begin(0), [record for record, *_ in happened]
    ended = [] if ends is None else [end(ends)]
    timely = play(in_time(began, [*records, *ended]), OVER)

    tellings = [Telling(minute(begin_late), began)]
    tellings += [
        Telling(later(began, record, delay, begin_late), record)
        for record, delay, _ in happened
    ]
    tellings += [
        Telling(later(began, each, end_late, begin_late), each) for each in ended
    ]
    late = play(tellings, OVER, looks=[minute(at) for at in looks])

    assert late.ledger.intervals() == timely.ledger.intervals()


def wrongly(
    record: StayBegan | Record, delay: float, off: int, until: float
) -> list[Telling]:
    """It is told wrongly, and put right later; or what never was is told, and voided."""
    name = str(record.record)
    wrong = replace(moved(record, minutes(off)), record=RecordId(f"{name}-wrong"))
    told_at = max(instant(wrong), instant(record)) + minutes(delay)
    right_at = told_at + minutes(until)
    if off % 3 == 0:
        voided = correction(f"{name}-wrong", at=(right_at - minute(0)) / minutes(1))
        return [
            Telling(told_at, wrong, true=False),
            Telling(right_at, record),
            Telling(right_at, voided, true=False),
        ]
    replaced = correction(
        f"{name}-wrong", record, at=(right_at - minute(0)) / minutes(1)
    )
    return [Telling(told_at, wrong, true=False), Telling(right_at, replaced)]


@EXAMPLES
@given(RECORDS, st.integers(1, 320), DELAYS, st.booleans())
def test_what_was_told_wrongly_leaves_no_trace_once_it_is_put_right(
    drawn: Drawn, ends: int, begin_late: int, as_unknown: bool
) -> None:
    happened = truth(drawn, ends)
    began = begin(0, record="b")
    records = [record for record, *_ in happened]
    timely = play(in_time(began, [*records, end(ends)]), OVER)

    tellings = wrongly(began, 0, 3 * len(drawn) - 20, begin_late)
    not_before = begin_late + 50
    for record, delay, away in happened:
        for telling in wrongly(record, delay, away, 40):
            at = max(telling.at, began.happened_at + minutes(not_before))
            tellings.append(telling._replace(at=at))
    last_at = max(t.at for t in tellings)
    if as_unknown:
        tellings.append(Telling(last_at, end(None), true=False))
        tellings.append(Telling(last_at + minutes(10), end(ends)))
    else:
        wrong = end(ends + 20, record="e-wrong")
        tellings.append(Telling(last_at + minutes(400), wrong, true=False))
        right = correction("e-wrong", end(ends, record="e"), at=3000)
        tellings.append(Telling(last_at + minutes(500), right))
    late = play(tellings, OVER)

    assert late.ledger.intervals() == timely.ledger.intervals()
