"""Who is told is read whole; what is missing in it is told before a night shows it."""

import random
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.ids import ChannelId, LadderId, PersonId, RoomId, ShiftId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import EVERY_DAY, Ladder, Person, Rota, Shift, Step
from room_monitor.settings import load, load_sources
from room_monitor.settings.changes import changes
from tests.settings.test_load import GOOD_SITE, problems_in, texts
from tests.support.rooms import NOON

CHANNELS = """
channels:
  - {id: tablet, kind: mqtt, topic: tablet}
  - {id: siren, kind: mqtt, topic: siren}
"""
PEOPLE = """
people:
  - {id: staff-1, channels: [tablet, siren], tags: [5d0c22f1]}
  - {id: staff-2, channels: [tablet]}
teams:
  - {id: both, members: [staff-2, staff-1]}
"""
SHIFTS = """
shifts:
  - {id: day, team: both, from: 07:30, until: 24:00}
  - {id: night, members: [staff-1], days: [mon-fri, sat, sunday], from: 0:00, until: 07:30}
"""
LADDERS = """
ladders:
  - id: locked-in
    rooms: [calm-1, haven]
    priorities: [urgent, high]
    steps:
      - {after: 0 s, tell: [on-shift]}
      - {after: 90 s, tell: [siren, staff-1, both]}
    again_after: 5 min
  - {id: others, steps: [{after: 1 min, tell: [on-shift]}], again_after: 1 h}
fallback: [siren, tablet]
reachability: {test_before: 20 min}
"""
WHOLE = CHANNELS + PEOPLE + SHIFTS + LADDERS

ONE, TWO = PersonId("staff-1"), PersonId("staff-2")
TABLET, SIREN = ChannelId("tablet"), ChannelId("siren")


def rota_of(text: str) -> Rota:
    return load_sources(texts(site=GOOD_SITE + text)).rota


def days_of(days: str) -> frozenset[int]:
    shift = f"shifts: [{{id: s, team: both, days: {days}, from: 08:00, until: 09:00}}]"
    (read,) = rota_of(CHANNELS + PEOPLE + shift).shifts
    return read.days


def test_a_rota_is_read_whole() -> None:
    assert rota_of(WHOLE) == Rota(
        people={
            ONE: Person(id=ONE, channels=(TABLET, SIREN), tags=("5d0c22f1",)),
            TWO: Person(id=TWO, channels=(TABLET,)),
        },
        shifts=(
            Shift(
                id=ShiftId("day"),
                members=(TWO, ONE),
                days=EVERY_DAY,
                begins=time(7, 30),
                ends=time(0),
                zone="Europe/Amsterdam",
            ),
            Shift(
                id=ShiftId("night"),
                members=(ONE,),
                days=EVERY_DAY,
                begins=time(0),
                ends=time(7, 30),
                zone="Europe/Amsterdam",
            ),
        ),
        ladders=(
            Ladder(
                id=LadderId("locked-in"),
                rooms=frozenset({RoomId("calm-1"), RoomId("haven")}),
                priorities=frozenset({Priority.URGENT, Priority.HIGH}),
                steps=(
                    Step(after=timedelta(0), on_shift=True),
                    Step(
                        after=timedelta(seconds=90),
                        persons=(ONE, TWO),
                        channels=(SIREN,),
                    ),
                ),
                again_after=timedelta(minutes=5),
            ),
            Ladder(
                id=LadderId("others"),
                steps=(Step(after=timedelta(minutes=1), on_shift=True),),
                again_after=timedelta(hours=1),
            ),
        ),
        fallback=(SIREN, TABLET),
        test_before=timedelta(minutes=20),
    )


def test_without_people_the_rota_is_empty() -> None:
    assert load_sources(texts()).rota == Rota()


def test_people_may_be_there_before_anybody_is_told_anything() -> None:
    rota = rota_of(CHANNELS + PEOPLE)

    assert (list(rota.people), rota.ladders, rota.fallback) == ([ONE, TWO], (), ())


def test_the_example_of_the_documents_is_one_that_works() -> None:
    root = Path(__file__).parents[2]
    rota = load(root / "config/site.yaml").rota

    assert rota.people
    assert rota.ladders
    assert rota.fallback == (SIREN,)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon", {0}),
        ("Wednesday", {2}),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("fri-mon", {4, 5, 6, 0}),  # over the end of the week
        ("tue-tue", {1}),
        ("[mon-wed, sun]", {0, 1, 2, 6}),
        ("[monday, mon]", {0}),
    ],
)
def test_days_are_named_one_by_one_or_from_one_to_another(
    written: str, days: set[int]
) -> None:
    assert days_of(written) == days


def test_a_shift_keeps_the_clock_of_its_location() -> None:
    far = GOOD_SITE[GOOD_SITE.index("  - id: haven") :]
    far = far.replace("haven", "bonaire").replace("Europe/Amsterdam", "America/Curacao")
    far = far.replace("calm-1", "calm-b").replace("climate-1", "climate-b")
    site = f"{GOOD_SITE}{far}{CHANNELS}{PEOPLE}{SHIFTS}"
    site = site.replace("{id: night,", "{id: night, location: bonaire,")
    zones = [shift.zone for shift in load_sources(texts(site=site)).rota.shifts]

    assert zones == ["Europe/Amsterdam", "America/Curacao"]


def test_hours_that_only_one_of_two_clocks_leaves_open_are_found() -> None:
    far = GOOD_SITE[GOOD_SITE.index("  - id: haven") :]
    far = far.replace("haven", "bonaire").replace("Europe/Amsterdam", "America/Curacao")
    far = far.replace("calm-1", "calm-b").replace("climate-1", "climate-b")
    # In winter 02:30 in Curaçao is 07:30 in Amsterdam; in summer it is 08:30.
    shifts = """
shifts:
  - {id: day, team: both, from: 08:30, until: 00:00}
  - {id: night, team: both, location: bonaire, from: 18:00, until: 02:30}
"""
    site = f"{GOOD_SITE}{far}{CHANNELS}{PEOPLE}{shifts}{LADDERS}"
    (problem,) = problems_in(texts(site=site)) or ()

    assert problem.message == (
        "nobody is on shift on Monday from 07:30 to 08:30, "
        "and at 6 other time(s) of the week"
    )


def test_a_mistake_in_one_entry_makes_nobody_unknown_elsewhere() -> None:
    text = WHOLE.replace("{id: staff-2, channels: [tablet]}", "{id: staff-2}")
    problems = problems_in(texts(site=GOOD_SITE + text)) or ()

    assert [str(p).partition(": ")[2] for p in problems] == [
        "people.staff-2.channels: missing"
    ]


# --- What changed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", ()),
        (
            "channels: [tablet]}",
            "channels: [siren]}",
            ("person staff-2: channels changed",),
        ),
        ("fallback: [siren, tablet]", "fallback: [siren]", ("fallback: changed",)),
        ("20 min", "30 min", ("reachability: test_before changed",)),
        ("after: 90 s", "after: 80 s", ("ladder locked-in: steps changed",)),
        (
            "{id: night, members: [staff-1]",
            "{id: nights, members: [staff-1]",
            ("shift night: removed", "shift nights: added"),
        ),
        # A team is a way of writing; what changes is who is on shift.
        (
            "[staff-2, staff-1]}",
            "[staff-1]}",
            ("shift day: members changed", "ladder locked-in: steps changed"),
        ),
    ],
)
def test_changes_are_told_in_words(old: str, new: str, told: tuple[str, ...]) -> None:
    assert changes_to(WHOLE.replace(old, new)) == told


def test_the_order_of_shifts_is_a_change() -> None:
    head, day, night = SHIFTS.strip().splitlines()
    turned = WHOLE.replace(SHIFTS, f"\n{head}\n{night}\n{day}\n")

    assert changes_to(turned) == ("shifts: in another order",)


def test_the_order_of_ladders_is_a_change() -> None:
    rest = "steps: [{after: 0 s, tell: [siren]}], again_after: 1 h}"
    low = f"  - {{id: low, priorities: [low], {rest}"
    others = f"  - {{id: others, priorities: [urgent, high], {rest}"
    one, other = (
        f"{CHANNELS}ladders:\n{first}\n{then}\nfallback: [siren]\n"
        for first, then in ((low, others), (others, low))
    )

    assert changes_to(other, before=one) == ("ladders: in another order",)


def changes_to(text: str, before: str = WHOLE) -> tuple[str, ...]:
    old = load_sources(texts(site=GOOD_SITE + before))
    new = load_sources(texts(site=GOOD_SITE + text))
    return changes(old, new, NOON).changes


# --- Whatever is written ---------------------------------------------------------------


@given(st.integers())
def test_a_garbled_rota_is_used_or_refused_and_never_fails(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - it makes typing errors, no secrets
    lines = WHOLE.splitlines()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        line = lines[at]
        cut = chance.randrange(len(line) + 1)
        other = chance.randrange(len(line) + 1)
        lines[at] = chance.choice(
            (
                line[:cut],
                line[:cut] + line[max(cut, other) :],
                f"{line[:cut]}{chance.choice('[]{}:-, 0')}{line[cut:]}",
                line.replace(chance.choice("abst"), "x"),
                chance.choice(lines),
                line.partition(":")[0] + ": [x]",
                line.partition(":")[0] + ": {x: y}",
                "",
            )
        )
    problems = problems_in(texts(site=GOOD_SITE + "\n".join(lines)))

    assert problems is None or (problems and all(p.message for p in problems))
