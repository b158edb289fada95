"""At every moment it is known who is told; no night of the year leaves a hole."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.ids import ChannelId, LadderId, PersonId, RoomId, ShiftId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import (
    DAY,
    EVERY_DAY,
    Ladder,
    Person,
    Rota,
    Shift,
    Step,
    Target,
    gaps,
    ladder_for,
    next_tests,
    occurrences,
    on_shift,
    shift_bounds,
    shifts_at,
    targets,
)

AMSTERDAM = "Europe/Amsterdam"
ANNA, BEN, CHRIS = (PersonId(f"staff-{n}") for n in (1, 2, 3))
PHONE_1, PHONE_2, TABLET, SIREN = (
    ChannelId(name) for name in ("phone-1", "phone-2", "tablet", "siren")
)
PEOPLE = {
    ANNA: Person(id=ANNA, channels=(PHONE_1, TABLET)),
    BEN: Person(id=BEN, channels=(PHONE_2, TABLET)),
    CHRIS: Person(id=CHRIS, channels=(TABLET,), tags=("04A2",)),
}
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


def shift(
    name: str,
    hours: str,
    *members: PersonId,
    days: frozenset[int] = EVERY_DAY,
    zone: str = AMSTERDAM,
) -> Shift:
    begins, _, ends = hours.partition("-")
    return Shift(
        id=ShiftId(name),
        members=members or (ANNA,),
        days=days,
        begins=time.fromisoformat(begins),
        ends=time.fromisoformat(ends),
        zone=zone,
    )


def rota(*shifts: Shift, ladders: tuple[Ladder, ...] = ()) -> Rota:
    return Rota(people=PEOPLE, shifts=shifts, ladders=ladders, fallback=(SIREN,))


def wall(text: str, fold: int = 0) -> datetime:
    """An instant, from what the clock in Amsterdam shows."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(AMSTERDAM), fold=fold)
    return local.astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


DAYTIME = shift("day", "07:30-15:30", ANNA, BEN)
EVENING = shift("evening", "15:30-23:00", BEN)
NIGHT = shift("night", "23:00-07:30", CHRIS)
ALWAYS = rota(DAYTIME, EVENING, NIGHT)


# --- Who is there ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "present"),
    [
        ("2026-01-05 07:29:59", (CHRIS,)),
        ("2026-01-05 07:30:00", (ANNA, BEN)),  # a shift begins at its first moment
        ("2026-01-05 15:29:59", (ANNA, BEN)),
        ("2026-01-05 15:30:00", (BEN,)),  # and is over at its end
        ("2026-01-05 23:00:00", (CHRIS,)),
        ("2026-01-06 00:00:00", (CHRIS,)),  # the night belongs to the day before
        ("2026-07-06 07:30:00", (ANNA, BEN)),  # the wall clock counts, also in summer
    ],
)
def test_who_is_on_shift(at: str, present: tuple[PersonId, ...]) -> None:
    assert on_shift(ALWAYS, wall(at)) == present


def test_days_say_when_a_shift_begins_not_when_it_ends() -> None:
    friday = rota(shift("friday-night", "23:00-07:00", days=frozenset({FRIDAY})))

    assert on_shift(friday, wall("2026-01-09 23:30")) == (ANNA,)
    assert on_shift(friday, wall("2026-01-10 06:59")) == (ANNA,)
    assert on_shift(friday, wall("2026-01-09 06:59")) == ()
    assert on_shift(friday, wall("2026-01-10 23:30")) == ()


def test_two_shifts_at_once_are_told_in_the_order_of_the_rota_each_person_once() -> (
    None
):
    overlapping = rota(
        shift("late", "15:00-23:00", BEN, ANNA), shift("early", "07:00-15:30", ANNA)
    )
    at = wall("2026-01-05 15:10")

    assert [s.id for s in shifts_at(overlapping, at)] == ["late", "early"]
    assert on_shift(overlapping, at) == (BEN, ANNA)


def test_a_shift_that_ends_when_it_begins_lasts_a_whole_day() -> None:
    whole = shift("whole", "08:00-08:00", days=frozenset({SATURDAY}))

    assert shift_bounds(whole, wall("2026-01-11 07:59")) == (
        wall("2026-01-10 08:00"),
        wall("2026-01-11 08:00"),
    )
    assert shift_bounds(whole, wall("2026-01-11 08:00")) is None


def test_a_shift_until_midnight_is_over_at_midnight() -> None:
    late = shift("late", "16:00-00:00", days=frozenset({SUNDAY}))

    assert shift_bounds(late, wall("2026-01-11 23:59")) == (
        wall("2026-01-11 16:00"),
        wall("2026-01-12 00:00"),
    )
    assert shift_bounds(late, wall("2026-01-12 00:00")) is None


def test_each_shift_keeps_the_clock_of_its_own_place() -> None:
    far = shift("far", "08:00-16:00", zone="America/Curacao")

    assert shift_bounds(far, utc("2026-01-05 12:00")) == (
        utc("2026-01-05 12:00"),
        utc("2026-01-05 20:00"),
    )


def test_an_empty_rota_has_an_answer_to_everything() -> None:
    nobody, at = Rota(), utc("2026-01-05 12:00")

    assert on_shift(nobody, at) == ()
    assert shifts_at(nobody, at) == ()
    assert ladder_for(nobody, RoomId("calm-1"), Priority.URGENT) is None
    assert next_tests(nobody, at) is None


# --- The two nights of the year --------------------------------------------------------


def test_the_night_in_which_the_clock_is_set_back_lasts_an_hour_more() -> None:
    begin, end = shift_bounds(NIGHT, wall("2026-10-25 02:30")) or (None, None)

    assert (begin, end) == (utc("2026-10-24 21:00"), utc("2026-10-25 06:30"))
    assert shift_bounds(NIGHT, wall("2026-10-25 02:30", fold=1)) == (begin, end)


def test_the_night_in_which_the_clock_is_set_forward_lasts_an_hour_less() -> None:
    assert shift_bounds(NIGHT, utc("2027-03-28 01:00")) == (
        utc("2027-03-27 22:00"),
        utc("2027-03-28 05:30"),
    )


def test_a_change_of_shift_in_the_hour_that_comes_twice_is_at_the_first() -> None:
    early, late = shift("early", "22:00-02:30", ANNA), shift("late", "02:30-08:00", BEN)
    change = utc("2026-10-25 00:30")

    assert on_shift(rota(early, late), change - timedelta(seconds=1)) == (ANNA,)
    assert on_shift(rota(early, late), change) == (BEN,)
    assert on_shift(rota(early, late), change + timedelta(hours=1)) == (BEN,)


def test_a_change_of_shift_in_the_hour_that_does_not_come_is_at_the_jump() -> None:
    early, late = shift("early", "22:00-02:30", ANNA), shift("late", "02:30-08:00", BEN)
    jump = utc("2027-03-28 01:00")

    assert on_shift(rota(early, late), jump - timedelta(seconds=1)) == (ANNA,)
    assert on_shift(rota(early, late), jump) == (BEN,)


def test_a_shift_within_the_hour_that_does_not_come_does_not_take_place() -> None:
    short = shift("short", "02:10-02:50")

    assert [begin.date() for begin, _ in week(short, "2027-03-26", 4)] == [
        date(2027, 3, 26),
        date(2027, 3, 27),
        date(2027, 3, 29),
    ]
    assert next_tests(rota(short), utc("2027-03-27 02:00")) == (
        wall("2027-03-29 01:55"),
        (short,),
    )


def week(shift: Shift, day: str, days: int = 7) -> list[tuple[datetime, datetime]]:
    start = wall(f"{day} 00:00")
    return list(occurrences(shift, start, start + days * DAY))


# --- Occurrences and gaps --------------------------------------------------------------


def test_occurrences_are_whole_and_in_order() -> None:
    start, end = wall("2026-01-05 00:00"), wall("2026-01-06 23:30")

    assert list(occurrences(NIGHT, start, end)) == [
        (wall("2026-01-04 23:00"), wall("2026-01-05 07:30")),
        (wall("2026-01-05 23:00"), wall("2026-01-06 07:30")),
        (wall("2026-01-06 23:00"), wall("2026-01-07 07:30")),
    ]


def test_what_only_touches_a_period_is_not_in_it() -> None:
    start, end = wall("2026-01-05 07:30"), wall("2026-01-05 23:00")

    assert list(occurrences(NIGHT, start, end)) == []


def test_gaps_are_the_times_without_anybody() -> None:
    start = wall("2026-01-05 00:00")

    assert list(gaps([DAYTIME, EVENING], start, start + DAY)) == [
        (start, wall("2026-01-05 07:30")),
        (wall("2026-01-05 23:00"), start + DAY),
    ]
    assert list(gaps([], start, start + DAY)) == [(start, start + DAY)]
    assert list(gaps([DAYTIME, EVENING, NIGHT], start, start + 400 * DAY)) == []


# --- Ladders ---------------------------------------------------------------------------

CALM, BEDROOM = RoomId("calm-1"), RoomId("bedroom-7")


def ladder(name: str, **fits: frozenset[RoomId] | frozenset[Priority]) -> Ladder:
    return Ladder(
        id=LadderId(name),
        steps=(
            Step(after=timedelta(0), on_shift=True),
            Step(after=timedelta(minutes=3), persons=(ANNA,), channels=(SIREN,)),
        ),
        again_after=timedelta(minutes=5),
        **fits,  # type: ignore[arg-type] # each key is given the set it takes
    )


LADDERS = rota(
    ladders=(
        ladder(
            "calm-urgent",
            rooms=frozenset({CALM}),
            priorities=frozenset({Priority.URGENT}),
        ),
        ladder("urgent", priorities=frozenset({Priority.URGENT, Priority.HIGH})),
        ladder("calm", rooms=frozenset({CALM})),
    )
)


@pytest.mark.parametrize(
    ("room", "priority", "name"),
    [
        (CALM, Priority.URGENT, "calm-urgent"),  # the first that fits
        (BEDROOM, Priority.URGENT, "urgent"),  # no rooms named: all of them
        (CALM, Priority.HIGH, "urgent"),
        (CALM, Priority.LOW, "calm"),  # no priorities named: all of them
        (BEDROOM, Priority.LOW, None),
    ],
)
def test_the_first_ladder_that_fits_is_used(
    room: RoomId, priority: Priority, name: str | None
) -> None:
    found = ladder_for(LADDERS, room, priority)

    assert (found and found.id) == name


def test_a_round_lasts_until_the_ladder_begins_anew() -> None:
    assert ladder("any").round == timedelta(minutes=8)


def test_a_channel_is_told_once_however_many_ways_lead_to_it() -> None:
    step = Step(
        after=timedelta(0), persons=(CHRIS,), on_shift=True, channels=(SIREN, PHONE_2)
    )

    assert targets(ALWAYS, step, wall("2026-01-05 12:00")) == (
        Target(person=CHRIS, channel=TABLET),
        Target(person=ANNA, channel=PHONE_1),
        Target(person=BEN, channel=PHONE_2),
        Target(person=None, channel=SIREN),
    )


def test_who_is_not_on_shift_is_told_only_when_named() -> None:
    named = Step(after=timedelta(0), persons=(ANNA,))

    assert targets(ALWAYS, named, wall("2026-01-05 03:00")) == (
        Target(person=ANNA, channel=PHONE_1),
        Target(person=ANNA, channel=TABLET),
    )


# --- Trying whether people can be reached ----------------------------------------------


def test_it_is_tried_before_each_shift_begins() -> None:
    first = next_tests(ALWAYS, wall("2026-01-05 07:00"))
    assert first == (wall("2026-01-05 07:15"), (DAYTIME,))

    then = next_tests(ALWAYS, wall("2026-01-05 07:15"))
    assert then == (wall("2026-01-05 15:15"), (EVENING,))


def test_shifts_that_begin_together_are_tried_together() -> None:
    both = rota(DAYTIME, EVENING, shift("office", "07:30-17:00", CHRIS))

    due = next_tests(both, wall("2026-01-05 00:00"))
    assert due == (wall("2026-01-05 07:15"), (DAYTIME, both.shifts[2]))


def test_a_shift_once_a_week_is_tried_once_a_week() -> None:
    weekly = shift("weekly", "00:05-08:00", days=frozenset({MONDAY}))

    due = next_tests(rota(weekly), wall("2026-01-04 23:50"))
    assert due == (wall("2026-01-11 23:50"), (weekly,))


# --- What cannot be --------------------------------------------------------------------


@pytest.mark.parametrize("days", [frozenset[int](), frozenset({7})])
def test_a_shift_has_days_of_the_week(days: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="days are some of 0 to 6"):
        shift("never", "08:00-16:00", days=days)


def test_a_shift_has_members() -> None:
    with pytest.raises(ValueError, match="nobody is on it"):
        Shift(id=ShiftId("x"), members=(), begins=time(8), ends=time(9), zone="UTC")


def test_a_step_tells_somebody_and_not_before_the_alert() -> None:
    with pytest.raises(ValueError, match="tells somebody"):
        Step(after=timedelta(0))
    with pytest.raises(ValueError, match="before the alert"):
        Step(after=timedelta(seconds=-1), on_shift=True)


@pytest.mark.parametrize(
    ("steps", "again", "message"),
    [
        ((), 5, "there are no steps"),
        ((3, 3), 5, "each step comes later"),
        ((3, 0), 5, "each step comes later"),
        ((0, 3), 0, "begin anew at once"),
    ],
)
def test_a_ladder_goes_up_and_begins_anew(
    steps: tuple[int, ...], again: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Ladder(
            id=LadderId("x"),
            steps=tuple(Step(after=timedelta(minutes=n), on_shift=True) for n in steps),
            again_after=timedelta(minutes=again),
        )


def test_everybody_who_is_named_is_known() -> None:
    with pytest.raises(ValueError, match="nobody knows staff-9"):
        rota(shift("day", "08:00-16:00", PersonId("staff-9")))


# --- Whatever the hours ----------------------------------------------------------------

ZONES = st.sampled_from((AMSTERDAM, "UTC", "Australia/Lord_Howe", "America/Curacao"))
# Around both nights in which clocks are set, in Europe and (half an hour) on Lord Howe.
INSTANTS = st.one_of(
    *(
        st.datetimes(night - timedelta(days=2), night + timedelta(days=2))
        for night in (
            datetime(2026, 10, 25, 1),  # noqa: DTZ001 - hypothesis wants it naive
            datetime(2027, 3, 28, 1),  # noqa: DTZ001 - hypothesis wants it naive
            datetime(2026, 10, 3, 15),  # noqa: DTZ001 - hypothesis wants it naive
            datetime(2027, 4, 3, 15),  # noqa: DTZ001 - hypothesis wants it naive
        )
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - as above
).map(lambda naive: naive.replace(tzinfo=UTC))
CHANGES = st.lists(
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    min_size=1,
    max_size=6,
    unique=True,
).map(sorted)


@st.composite
def shift_plans(draw: st.DrawFn) -> tuple[Shift, ...]:
    """A day that is divided at some times, so that each moment has one shift."""
    zone, times = draw(ZONES), draw(CHANGES)
    hours = list(pairwise([*times, times[0]]))
    return tuple(
        shift(f"s{n}", f"{begin}-{end}", draw(st.sampled_from(list(PEOPLE))), zone=zone)
        for n, (begin, end) in enumerate(hours)
    )


@given(shift_plans(), INSTANTS)
def test_when_every_hour_is_covered_somebody_is_always_there(
    shifts: tuple[Shift, ...], at: datetime
) -> None:
    assert len(shifts_at(rota(*shifts), at)) == 1
    assert on_shift(rota(*shifts), at)
    assert not list(gaps(shifts, at, at + 3 * DAY))


@given(shift_plans(), INSTANTS)
def test_an_occurrence_covers_the_instant_it_is_asked_for(
    shifts: tuple[Shift, ...], at: datetime
) -> None:
    for each in shifts_at(rota(*shifts), at):
        bounds = shift_bounds(each, at)
        assert bounds is not None
        begin, end = bounds
        assert begin <= at < end
        assert begin.tzinfo is UTC
        assert bounds in list(occurrences(each, at, at + timedelta(seconds=1)))


@given(shift_plans(), INSTANTS)
def test_the_next_test_is_later_and_before_the_begin_of_its_shifts(
    shifts: tuple[Shift, ...], after: datetime
) -> None:
    plan = rota(*shifts)
    found = next_tests(plan, after)

    assert found is not None
    at, tested = found
    assert after < at <= after + 2 * DAY
    begin = at + plan.test_before
    assert tested
    for each in tested:
        bounds = shift_bounds(each, begin)
        assert bounds is not None
        assert bounds[0] == begin


@given(
    shift_plans(),
    INSTANTS,
    st.lists(st.sampled_from(list(PEOPLE)), max_size=4),
    st.lists(st.sampled_from((PHONE_1, TABLET, SIREN)), max_size=4),
)
def test_no_target_is_there_twice(
    shifts: tuple[Shift, ...],
    at: datetime,
    persons: list[PersonId],
    channels: list[ChannelId],
) -> None:
    step = Step(
        after=timedelta(0),
        persons=tuple(persons),
        on_shift=True,
        channels=tuple(channels),
    )
    told = [target.channel for target in targets(rota(*shifts), step, at)]

    assert len(told) == len(set(told))
    assert set(channels) <= set(told)
