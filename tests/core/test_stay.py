"""What people did is recorded as they say it; only what cannot be true is refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from room_monitor.core.evaluation import Happening
from room_monitor.core.events import (
    CheckRecorded,
    FactRecorded,
    StayBegan,
    StayEnded,
    StayEvent,
)
from room_monitor.core.ids import StayId
from room_monitor.core.requirements import StayKind
from room_monitor.core.stay import CLOCKS_DIFFER, Rejected, Stay, decide, evolve, shift
from tests.core.play import STAY, STEP, begin, check, end, fact, minute, minutes

OTHER = StayId("s2")
BEGAN = StayBegan(
    stay=STAY,
    kind=StayKind.ENCLOSURE,
    key="k-17",
    happened_at=minute(0),
    role="care_worker",
)


def stays(*events: StayEvent) -> Mapping[StayId, Stay]:
    known: dict[StayId, Stay] = {}
    for event in events:
        assert event.stay is not None
        known[event.stay] = evolve(known.get(event.stay), event)
    return known


def ended(at: float | None, *, told_at: float | None = None) -> StayEnded:
    return StayEnded(
        stay=STAY,
        happened_at=None if at is None else minute(at),
        role="care_worker",
        told_at=None if told_at is None else minute(told_at),
    )


def why_not(command: StayEvent, known: Mapping[StayId, Stay], now: float = 100) -> str:
    answer = decide(known, command, minute(now))
    assert isinstance(answer, Rejected)
    return answer.reason


@pytest.mark.parametrize("kind", StayKind)
def test_a_stay_of_every_kind_can_begin_also_an_unlawful_one(kind: StayKind) -> None:
    assert decide({}, begin(0, kind), minute(0)) == (replace(BEGAN, kind=kind),)


def test_a_stay_holds_what_is_known_of_it() -> None:
    assert stays(BEGAN)[STAY] == Stay(
        id=STAY,
        kind=StayKind.ENCLOSURE,
        key="k-17",
        began_at=minute(0),
        happened={"stay_began": (Happening(minute(0), role="care_worker"),)},
    )


@pytest.mark.parametrize("command", [begin(0), end(5), check(5), fact("review", 5)])
def test_who_and_what_else_was_said_is_kept_with_the_act(
    command: StayBegan | StayEnded | CheckRecorded | FactRecorded,
) -> None:
    known = {} if isinstance(command, StayBegan) else stays(BEGAN)
    said = replace(command, person="commitment-1", remark="commitment-2")

    recorded = decide(known, said, minute(5))

    assert not isinstance(recorded, Rejected)
    assert recorded == (said,)


def test_an_id_names_one_stay_only() -> None:
    assert why_not(begin(5), stays(BEGAN)) == "there is already a stay s1"


def test_a_stay_that_was_forgotten_ended_nobody_knows_when() -> None:
    other = replace(begin(60, stay=OTHER), key="k-18")

    assert decide(stays(BEGAN), other, minute(60)) == (
        ended(None, told_at=60),
        other,
    )


def test_a_stay_that_is_told_late_does_not_end_the_one_that_goes_on() -> None:
    earlier = replace(begin(-180, stay=OTHER), key="k-18")
    over = replace(ended(None, told_at=5), stay=OTHER)

    assert decide(stays(BEGAN), earlier, minute(5)) == (earlier, over)


def test_a_stay_that_goes_on_is_not_begun_again() -> None:
    again = decide(stays(BEGAN), begin(14, stay=OTHER), minute(14))

    assert again == Rejected("this is stay s1, which goes on; end it first")


def test_an_instant_before_anything_was_monitored_is_a_slip_of_the_pen() -> None:
    long_ago = replace(BEGAN, happened_at=datetime(1970, 1, 1, tzinfo=UTC))

    assert isinstance(decide({}, long_ago, minute(0)), Rejected)


def test_an_ended_stay_is_not_ended_again_by_the_next_one() -> None:
    answer = decide(stays(BEGAN, ended(20)), begin(60, stay=OTHER), minute(60))

    assert answer == (replace(BEGAN, stay=OTHER, happened_at=minute(60)),)


def test_an_end_that_nobody_knew_can_be_told_later() -> None:
    known = stays(BEGAN, ended(None))
    assert known[STAY].ended
    assert known[STAY].ended_at is None

    answer = decide(known, end(20), minute(60))

    assert answer == (ended(20, told_at=60),)
    assert stays(BEGAN, ended(None), ended(20))[STAY].ended_at == minute(20)


def test_an_end_may_be_recorded_late_or_at_the_very_start() -> None:
    assert decide(stays(BEGAN), end(20), minute(600)) == (ended(20),)
    assert decide(stays(BEGAN), end(0), minute(600)) == (ended(0),)


def test_a_stay_ends_once() -> None:
    over = stays(BEGAN, ended(20))
    why = "stay s1 has already ended; correct that record"

    assert why_not(end(30), over) == why
    assert why_not(end(None), over) == why


def test_that_nobody_knows_the_end_is_told_once() -> None:
    assert why_not(end(None), stays(BEGAN, ended(None))) == (
        "stay s1 is known to be over; give the time if it is known"
    )


def test_a_stay_does_not_end_before_it_began() -> None:
    assert why_not(end(-1), stays(BEGAN)) == "stay s1 began after this end"


def test_a_stay_does_not_end_before_its_last_check() -> None:
    known = stays(BEGAN, check(20))

    assert why_not(end(19), known) == (
        "a later check is recorded in stay s1; correct that record, or give the time at "
        "which it really ended"
    )
    assert decide(known, end(20), minute(100)) == (ended(20),)


def test_a_check_is_made_of_what_a_person_says() -> None:
    answer = decide(stays(BEGAN), replace(check(10), contact_wished=True), minute(600))

    assert answer == (
        CheckRecorded(
            stay=STAY,
            happened_at=minute(10),
            role="care_worker",
            contact_wished=True,
        ),
    )


def test_a_check_lies_within_its_stay() -> None:
    known = stays(BEGAN, ended(20))

    assert why_not(check(-1), known) == "stay s1 began after this check"
    assert why_not(check(21), known) == "stay s1 had ended before this check"
    assert not isinstance(decide(known, check(0), minute(99)), Rejected)
    assert not isinstance(decide(known, check(20), minute(99)), Rejected)


def test_where_nobody_knows_the_end_a_check_may_lie_anywhere_after_the_begin() -> None:
    known = stays(BEGAN, ended(None))

    assert not isinstance(decide(known, check(40), minute(99)), Rejected)


def test_a_fact_may_lie_before_the_stay_and_after_it() -> None:
    known = stays(BEGAN, ended(20))

    for at in (-30, 10, 50):
        answer = decide(known, fact("told", at), minute(99))
        assert answer == (
            FactRecorded(
                fact="told",
                outcome=True,
                happened_at=minute(at),
                role="care_worker",
                stay=STAY,
            ),
        )


def test_a_fact_of_the_room_needs_no_stay() -> None:
    answer = decide({}, fact("walls", 3, stay=None), minute(5))

    assert isinstance(answer, tuple)
    assert [e.stay for e in answer] == [None]


@pytest.mark.parametrize("command", [end(5), check(5), fact("review", 5)])
def test_nothing_happens_to_a_stay_nobody_knows(command: StayEvent) -> None:
    assert why_not(command, {}) == "there is no stay s1 in this room"


@pytest.mark.parametrize(
    "command",
    [
        replace(begin(10, stay=OTHER), key="k-18"),
        end(10),
        check(10),
        fact("x", 10),
        fact("x", 10, stay=None),
    ],
)
def test_nobody_records_the_future_but_clocks_may_differ(command: StayEvent) -> None:
    known = stays(BEGAN)
    just_fits = minute(10) - CLOCKS_DIFFER

    assert timedelta(minutes=1) == CLOCKS_DIFFER
    assert not isinstance(decide(known, command, just_fits), Rejected)
    assert decide(known, command, just_fits - STEP) == Rejected(
        "this lies in the future; give the time at which it happened"
    )


def test_what_happened_is_kept_in_the_order_it_happened() -> None:
    def checked(at: float, *, given: bool | None) -> CheckRecorded:
        return CheckRecorded(
            stay=STAY,
            happened_at=minute(at),
            role="care_worker",
            contact_given=given,
        )

    reviewed = FactRecorded(
        fact="review",
        outcome=False,
        happened_at=minute(4),
        role="behavioural_scientist",
        stay=STAY,
    )

    stay = stays(
        BEGAN, checked(9, given=True), reviewed, checked(3, given=False), ended(12)
    )[STAY]

    assert stay.happened == {
        "stay_began": (Happening(minute(0), role="care_worker"),),
        "check": (
            Happening(minute(3), role="care_worker"),
            Happening(minute(9), role="care_worker"),
        ),
        "contact_given": (Happening(minute(9), outcome=True, role="care_worker"),),
        "review": (Happening(minute(4), outcome=False, role="behavioural_scientist"),),
        "stay_ended": (Happening(minute(12), role="care_worker"),),
    }


def test_a_step_of_the_clock_moves_the_whole_stay() -> None:
    moved = shift(stays(BEGAN)[STAY], minutes(-60))

    assert moved.began_at == minute(-60)
    assert moved.happened == {
        "stay_began": (Happening(minute(-60), role="care_worker"),)
    }


def test_a_stay_is_over_from_its_end_or_may_be_if_nobody_knows_it() -> None:
    still_open, over, unknown = (
        stays(BEGAN)[STAY],
        stays(BEGAN, ended(20))[STAY],
        stays(BEGAN, ended(None))[STAY],
    )

    assert not still_open.over_by(minute(999))
    assert not over.over_by(minute(20) - STEP)
    assert over.over_by(minute(20))
    assert unknown.over_by(minute(1))
