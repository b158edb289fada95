"""Sensors bear out what a person recorded, or say nothing; rarely they contradict.

Whoever looked in as they say is never contradicted, whatever they forgot.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.events import (
    Blindness,
    ClockStepped,
    ConfigurationChanged,
    Event,
    GapFound,
    MonitorStarted,
    MonitorStopped,
    SequenceGapFound,
    Source,
    StayBegan,
    VerdictChanged,
)
from room_monitor.core.ids import (
    DeviceId,
    ObligationId,
    PersonId,
    RecordId,
    RequirementId,
    RoomId,
    StayId,
)
from room_monitor.core.requirements import Label, StayKind
from room_monitor.core.site import Role, Room
from room_monitor.core.views.corroboration import (
    Corroborating,
    Grade,
    GradedCheck,
    Ground,
    Walking,
    grade_checks,
)
from tests.core.rounds import (
    ALICE,
    BLUE,
    BOB,
    CALM,
    CARL,
    FAR,
    REST,
    ROOMS,
    TAG,
    TAGS_OF,
    Log,
    honest_week,
    second,
    shuffled,
    with_devices,
)

NEAR = Corroborating(rooms=ROOMS)
READER = DeviceId(f"{CALM}-{Role.PRESENCE_TAP}")
C, U, X = Grade.CORROBORATED, Grade.UNCORROBORATED, Grade.CONTRADICTED
WORST_FIRST = [X, U, C]
G = Ground


def graded(
    log: Log,
    rooms: Mapping[RoomId, Room] = ROOMS,
    tags_of: Mapping[PersonId, frozenset[str]] = TAGS_OF,
) -> list[GradedCheck]:
    return grade_checks(log.entries, tags_of, replace(NEAR, rooms=rooms))


def checked_at(seconds: float, log: Log, by: PersonId | None = ALICE) -> GradedCheck:
    """The grade of one check at calm, in a log that has traces already."""
    position = log.check(second(seconds), by)
    return next(each for each in graded(log) if each.position == position)


def blind(start: float, end: float) -> GapFound:
    return GapFound(
        cause=Blindness.BROKER_AWAY, began_at=second(start), ended_at=second(end)
    )


def heard(reason: Reason, at: float) -> VerdictChanged:
    return VerdictChanged(
        obligation=ObligationId(f"{CALM}/device-heard-from/heard/{READER}"),
        source=Source(
            requirement=RequirementId("device-heard-from"),
            citation="",
            label=Label.INDICATION,
            catalogue="1",
        ),
        verdict=Verdict.VIOLATED if reason is Reason.SILENT else Verdict.MET,
        reason=reason,
        since=second(at),
    )


# --- What bears a check out ---------------------------------------------------------------

TRACES: list[tuple[str, Callable[[Log], object], Grade, set[Ground]]] = [
    ("nothing at all", lambda _: None, U, {G.NOTHING_SEEN}),
    ("their own tag", lambda log: log.tap(second(1000)), C, {G.OWN_TAG, G.NO_DWELL}),
    (
        "their own tag, at the edge of the window",
        lambda log: log.tap(second(820)),
        C,
        {G.OWN_TAG, G.NO_DWELL},
    ),
    (
        "their own tag, before the window",
        lambda log: log.tap(second(819.9)),
        U,
        {G.NOTHING_SEEN},
    ),
    (
        "their own tag on the way in and out",
        lambda log: (log.tap(second(990)), log.tap(second(1010))),
        C,
        {G.OWN_TAG, G.DWELL},
    ),
    (
        "a tag read twice at once",
        lambda log: (log.tap(second(990)), log.tap(second(991))),
        C,
        {G.OWN_TAG, G.NO_DWELL},
    ),
    (
        "a tag nobody knows",
        lambda log: log.tap(second(1000), "ffffffff"),
        C,
        {G.SOME_TAG, G.NO_DWELL},
    ),
    (
        "a reader that tells no tags apart",
        lambda log: log.tap(second(1000), None),
        C,
        {G.SOME_TAG, G.NO_DWELL},
    ),
    (
        "a colleague's tag: they went together",
        lambda log: log.tap(second(1000), BOB),
        C,
        {G.TAG_OF_ANOTHER, G.NO_DWELL},
    ),
    (
        "the door, for a while",
        lambda log: log.opens(second(1000)),
        C,
        {G.DOOR_OPENED, G.DWELL},
    ),
    (
        "the door, for a moment",
        lambda log: log.opens(second(1000), 1),
        C,
        {G.DOOR_OPENED, G.NO_DWELL},
    ),
    (
        "the hatch, open still",
        lambda log: log.door(second(1100), role=Role.HATCH),
        C,
        {G.HATCH_OPENED, G.DWELL},
    ),
    (
        "the door closes at last: they were inside",
        lambda log: log.opens(second(0), 1010),
        C,
        {G.DOOR_OPENED, G.DWELL},
    ),
    (
        "the door stands open all the time",
        lambda log: log.opens(second(0), 3000),
        U,
        {G.DOOR_STOOD_OPEN},
    ),
    (
        "a door that only closes",
        lambda log: log.door(second(1000), "closed"),
        U,
        {G.NOTHING_SEEN},
    ),
    (
        "the door of the sanitary facility",
        lambda log: log.door(second(1000), role=Role.SANITARY_DOOR),
        U,
        {G.NOTHING_SEEN},
    ),
    (
        "another room",
        lambda log: (
            log.tap(second(900), in_room=REST),
            log.opens(second(1000), 20, REST),
        ),
        U,
        {G.NOTHING_SEEN},
    ),
    ("blindness", lambda log: log.add(blind(1100, 1500), None), U, {G.MONITOR_BLIND}),
    (
        "blindness that is over",
        lambda log: log.add(blind(0, 700), None),
        U,
        {G.NOTHING_SEEN},
    ),
    (
        "a tag all the same, though nothing else was seen for a while",
        lambda log: (log.add(blind(1100, 1500), None), log.tap(second(1000))),
        C,
        {G.OWN_TAG, G.NO_DWELL},
    ),
    (
        "a monitor that never came back",
        lambda log: log.add(MonitorStopped(), None, second(500)),
        U,
        {G.MONITOR_BLIND},
    ),
    (
        "a monitor that had not started",
        lambda log: log.add(
            MonitorStarted(
                at=second(2000), version="1", configuration="c", catalogue="1"
            ),
            None,
        ),
        U,
        {G.MONITOR_BLIND},
    ),
    (
        "a reader that is silent",
        lambda log: log.add(heard(Reason.SILENT, 900)),
        U,
        {G.SENSORS_SILENT},
    ),
    (
        "a reader that was found silent later, and may have died before",
        lambda log: log.add(heard(Reason.SILENT, 2300)),
        U,
        {G.SENSORS_SILENT},
    ),
    (
        "a reader that died long after",
        lambda log: log.add(heard(Reason.SILENT, 2400)),
        U,
        {G.NOTHING_SEEN},
    ),
    (
        "a reader that came back before",
        lambda log: (
            log.add(heard(Reason.SILENT, 100)),
            log.add(heard(Reason.HEARD_IN_TIME, 800)),
        ),
        U,
        {G.NOTHING_SEEN},
    ),
    (
        "a room that was changed later: nobody knows what hung there",
        lambda log: log.add(
            ConfigurationChanged(
                at=second(5000),
                configuration="c",
                catalogue="1",
                rooms=(CALM,),
                changes=(),
            ),
            None,
        ),
        U,
        {G.SENSORS_SILENT},
    ),
]


@pytest.mark.parametrize(
    ("happens", "grade", "grounds"),
    [row[1:] for row in TRACES],
    ids=[row[0] for row in TRACES],
)
def test_what_bears_out_a_check(
    happens: Callable[[Log], object], grade: Grade, grounds: set[Ground]
) -> None:
    log = Log()
    happens(log)
    check = checked_at(1000, log)

    assert (check.grade, set(check.grounds)) == (grade, grounds)


@pytest.mark.parametrize(
    ("roles", "ground"),
    [
        ((), G.NO_SENSOR),
        ((Role.CLIMATE, Role.CALL_BUTTON), G.NO_SENSOR),
        ((Role.DOOR_CONTACT,), G.NO_READER),
        ((Role.HATCH,), G.NO_READER),
        ((Role.PRESENCE_TAP,), G.NOTHING_SEEN),
    ],
)
def test_what_is_not_there_sees_nothing(
    roles: tuple[Role, ...], ground: Ground
) -> None:
    log = Log()
    log.check(second(1000))
    (check,) = graded(log, {CALM: with_devices(CALM, *roles)})

    assert (check.grade, check.grounds) == (U, (ground,))


def test_the_evidence_is_named_and_the_weightiest_ground_comes_first() -> None:
    log = Log()
    door, tap = log.door(second(980)), log.tap(second(990))
    check = checked_at(1000, log)

    assert check.grounds == (G.OWN_TAG, G.DOOR_OPENED, G.DWELL)
    assert check.evidence == (door, tap)
    assert (check.room, check.account, check.happened_at) == (CALM, ALICE, second(1000))


def test_a_tag_that_several_carry_says_that_somebody_was_there() -> None:
    log = Log()
    log.tap(second(1000))
    log.check(second(1000))
    (check,) = graded(log, tags_of={ALICE: TAGS_OF[ALICE], BOB: TAGS_OF[ALICE]})

    assert check.grounds == (G.SOME_TAG, G.NO_DWELL)


def test_a_check_without_an_account_can_be_borne_out_too() -> None:
    log = Log()
    log.tap(second(1000))

    assert checked_at(1000, log, by=None).grade is C


# --- Corrections ------------------------------------------------------------------------


def test_what_was_corrected_away_is_not_graded_and_its_replacement_is() -> None:
    log = Log()
    log.check(second(100), record="r1")
    log.tap(second(1000))
    log.check(second(1000), record="r2", recorded_at=second(9000))
    log.corrected("r1", "r2")
    (check,) = graded(log)

    assert (check.record, check.grade) == ("r2", C)
    assert check.recorded_at == second(100)  # correcting it made it no late entry


def test_a_check_that_never_was_is_not_graded() -> None:
    log = Log()
    log.check(second(100), record="r1")
    log.corrected("r1", None)

    assert graded(log) == []


def test_a_correction_that_was_taken_back_changes_nothing() -> None:
    log = Log()
    log.check(second(100), record="r1")
    log.check(second(200), record="r2")
    log.corrected("r1", "r2", "c1")
    log.corrected("c1", None, "c2")

    assert [check.record for check in graded(log)] == ["r1"]


def test_a_stay_that_never_was_had_no_checks() -> None:
    log = Log()
    began = StayBegan(
        stay=StayId("s1"),
        kind=StayKind.ENCLOSURE,
        key="k",
        happened_at=second(0),
        role="staff",
        record=RecordId("r0"),
    )
    log.add(began)
    log.check(second(100), stay="s1")
    log.corrected("r0", None)

    assert graded(log) == []


# --- What contradicts -------------------------------------------------------------------


def elsewhere_all_the_time(log: Log) -> list[int]:
    """Alice's tag is in other rooms from 930 s to 1070 s."""
    instants = (930, 965, 1000, 1035, 1070)
    return [
        log.tap(second(at), ALICE, (REST, BLUE)[number % 2])
        for number, at in enumerate(instants)
    ]


def test_nobody_is_at_one_door_while_their_tag_is_at_others() -> None:
    log = Log()
    elsewhere_all_the_time(log)
    check = checked_at(1000, log)

    assert (check.grade, check.grounds) == (X, (G.OWN_TAG_ELSEWHERE,))
    assert check.evidence == (1, 2, 3, 4, 5)


def test_one_tap_far_away_is_enough() -> None:
    log = Log()
    log.tap(second(1000), ALICE, FAR)
    log.check(second(1000))
    there = frozenset({CALM, FAR})
    walking = Walking(between={there: timedelta(minutes=10)})
    (check,) = grade_checks(log.entries, TAGS_OF, replace(NEAR, walking=walking))

    assert (check.grade, check.grounds) == (X, (G.OWN_TAG_ELSEWHERE,))


ACQUITS: list[tuple[str, Callable[[Log], object]]] = [
    (
        "one tap elsewhere: they walk, and write whole minutes",
        lambda log: log.tap(second(1000), ALICE, REST),
    ),
    (
        "their tag here as well",
        lambda log: (elsewhere_all_the_time(log), log.tap(second(1100))),
    ),
    (
        "a door here that they can have opened",
        lambda log: (elsewhere_all_the_time(log), log.opens(second(1110))),
    ),
    (
        "the monitor did not see",
        lambda log: (elsewhere_all_the_time(log), log.add(blind(1055, 1100), None)),
    ),
    (
        "what was kept back came in late",
        lambda log: (elsewhere_all_the_time(log), log.add(blind(100, 900), None)),
    ),
    (
        "the clock was set",
        lambda log: (
            elsewhere_all_the_time(log),
            log.add(ClockStepped(by=timedelta(seconds=-40)), None, second(1060)),
        ),
    ),
    (
        "a reader that lost messages",
        lambda log: (
            elsewhere_all_the_time(log),
            log.add(
                SequenceGapFound(
                    device=DeviceId(f"{REST}-{Role.PRESENCE_TAP}"),
                    after=1,
                    before=5,
                    at=second(1050),
                ),
                REST,
            ),
        ),
    ),
    (
        "readers that kept what they saw and sent it together",
        lambda log: (
            elsewhere_all_the_time(log),
            [log.tap(second(at), BOB, REST) for at in (931, 1001, 1071)],
        ),
    ),
    (
        "a gap between the taps in which there was time",
        lambda log: [
            log.tap(second(at), ALICE, REST) for at in (930, 955, 1015, 1040, 1070)
        ],
    ),
]


@pytest.mark.parametrize(
    "happens", [row[1] for row in ACQUITS], ids=[r[0] for r in ACQUITS]
)
def test_in_doubt_nobody_is_contradicted(happens: Callable[[Log], object]) -> None:
    log = Log()
    happens(log)

    assert checked_at(1000, log).grade is not X


def only_bob_is_seen(log: Log) -> None:
    """Bob's tag at calm, while Alice's is at rest."""
    log.tap(second(1000), BOB, CALM)
    log.tap(second(1010), ALICE, REST)


def test_a_check_recorded_for_a_colleague_who_was_there_alone() -> None:
    log = Log()
    only_bob_is_seen(log)
    check = checked_at(1000, log)

    assert (check.grade, check.grounds) == (X, (G.ONLY_ANOTHER_SEEN,))
    assert check.evidence == (1, 2)


@pytest.mark.parametrize(
    "happens",
    [
        lambda log: log.check(second(1020), BOB),
        lambda log: log.tap(second(1100), ALICE),
        lambda log: log.opens(second(900)),
        lambda log: log.add(heard(Reason.SILENT, 1500)),
        lambda log: log.add(blind(1100, 1200), None),
    ],
    ids=[
        "Bob has a check of his own",
        "her tag as well",
        "the door opened before Bob came",
        "the reader may have been dead",
        "the monitor was blind",
    ],
)
def test_somebody_elses_tag_alone_accuses_nobody(
    happens: Callable[[Log], object],
) -> None:
    log = Log()
    only_bob_is_seen(log)
    happens(log)
    checked_at(1000, log)

    assert X not in [check.grade for check in graded(log)]


def test_two_who_go_together_may_show_either_tag() -> None:
    log = Log()
    for number, one in enumerate((CALM, REST, BLUE, FAR)):
        at = second(1000 + 40 * number)
        log.tap(at, (ALICE, BOB)[number % 2], one)
        log.check(at, ALICE, one)
        log.check(at, BOB, one)

    assert {check.grade for check in graded(log)} == {C}


# --- Always -----------------------------------------------------------------------------

seconds = st.integers(0, 1200).map(second)
people = st.sampled_from([ALICE, BOB, CARL])
rooms = st.sampled_from([CALM, REST, BLUE])


@st.composite
def logs(draw: st.DrawFn) -> Log:
    log = Log()
    for _ in range(draw(st.integers(0, 25))):
        at, who, one = draw(seconds), draw(people), draw(rooms)
        match draw(st.integers(0, 5)):
            case 0 | 1:
                log.tap(at, draw(st.sampled_from([who, who, None, "eeeeeeee"])), one)
            case 2:
                state = draw(st.sampled_from(["open", "closed"]))
                log.door(at, state, one)
            case 3:
                end = draw(seconds)
                gap = blind(0, 0)
                start, end = min(at, end), max(at, end)
                log.add(replace(gap, began_at=start, ended_at=end), None, at)
            case _:
                log.check(at, who, one)
    return log


def by_record(log: list[GradedCheck]) -> dict[object, tuple[Grade, tuple[Ground, ...]]]:
    return {check.record: (check.grade, check.grounds) for check in log}


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_within_an_instant_changes_nothing(log: Log, random: Random) -> None:
    mixed = grade_checks(shuffled(log.entries, random), TAGS_OF, NEAR)

    assert by_record(mixed) == by_record(graded(log))


@given(logs(), seconds, rooms, st.integers(-180, 180))
def test_a_tap_of_the_right_tag_never_makes_a_grade_worse(
    log: Log, at: datetime, in_room: RoomId, off: int
) -> None:
    log.check(at, ALICE, in_room, record="it")
    before = by_record(graded(log))[RecordId("it")][0]
    log.tap(at + timedelta(seconds=off), ALICE, in_room)
    after = by_record(graded(log))[RecordId("it")][0]

    assert WORST_FIRST.index(after) >= WORST_FIRST.index(before)
    assert after is C


@given(logs())
def test_nobody_is_contradicted_of_whom_no_tag_is_known(log: Log) -> None:
    grades = {check.grade for check in graded(log, tags_of={})}

    assert X not in grades


@given(logs())
def test_every_check_has_a_grade_and_a_ground(log: Log) -> None:
    checks = graded(log)

    assert sorted(check.position for check in checks) == [
        entry.position for entry in log.entries if "Check" in type(entry.event).__name__
    ]
    assert all(check.grounds for check in checks)
    assert all(check.evidence or check.grade is U for check in checks)


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_whoever_looked_in_as_they_say_is_never_contradicted(seed: int) -> None:
    entries = honest_week(Random(seed))[:400]  # noqa: S311 — it plays people
    grades = {check.grade for check in grade_checks(entries, TAGS_OF, NEAR)}

    assert X not in grades


def test_a_precision_beyond_the_window_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="window"):
        Corroborating(rooms={}, window=timedelta(0))


def test_the_shortest_way_and_the_longest() -> None:
    walking = Walking(between={frozenset({CALM, REST}): timedelta(seconds=5)})

    assert walking.time(CALM, CALM) == timedelta(0)
    assert walking.time(REST, CALM) == timedelta(seconds=5)
    assert walking.shortest([CALM, REST, BLUE]) == timedelta(seconds=5)
    assert walking.longest == timedelta(seconds=30)


def test_known_events_only() -> None:
    """What else stands in the log is passed over."""
    other: Event = ConfigurationChanged(
        at=second(0), configuration="c", catalogue="1", rooms=(), changes=()
    )
    log = Log()
    log.add(other, None)
    log.tap(second(1000), TAG[ALICE])

    assert checked_at(1000, log).grounds == (G.OWN_TAG, G.NO_DWELL)
