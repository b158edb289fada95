"""Each kind of stay from begin to aftercare: all recorded, nothing recorded, unlawful.

What is recorded well leaves no breach but the one that the kind itself is. Each field of
the registration that is missing is a breach of its own, with its own term. And what the
law does not allow is recorded, flagged and told; nobody is refused.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from room_monitor.core.ids import RoomId
from room_monitor.core.requirements import DoneBy, StayKind
from tests.journeys.findings import Told, by_time, clock, listed, span
from tests.journeys.stories import Story, settings, tell

LONG = "75:00"
ELSEWHERE = StayKind.ENCLOSURE_ELSEWHERE

# --- All is recorded ----------------------------------------------------------------------

OF_EVERY_STAY = """
    0:01   belongings_offered yes
    0:01   belongings_withheld yes cord
    0:40   asks contact
    0:40:40 gives contact
"""
OF_MEASURES = """
    0:00   told_duration yes 2 h at -0:02
    0:05   purpose_named yes safety_others
    0:05   no_lighter_alternative yes
    0:05   proportionate yes
    0:05   expected_effective yes
    0:05   in_plan_or_emergency yes emergency
    0:10   decision_taken yes responsible_professional
    0:20   living_group yes group-3
    0:20   planned_or_not yes unplanned
    0:30   phase_out_discussed yes
    3:30   decision_written yes D-2026-17
    3:30   in_file yes
    3:40   copy_given yes
    3:40   complaint_information_given yes
    3:50   injury_looked_for yes no_injury
    3:50   end_reason yes calm
    20:00  aftercare_young_person yes
    44:00  aftercare_team yes
"""
OF_ENCLOSURES = """
    0:00   shut
    0:05   aged_12_or_older yes
    0:05   emergency yes
    0:45   review yes by behavioural_scientist
    1:30   scientist_informed yes by behavioural_scientist
    1:30   professional_informed yes
    4:00   parents_informed yes parents
    4:00   consent_respected yes given
""" + "\n".join(f"{clock(n * span('0:14'))} check" for n in range(1, 9))
ENDS = "2:00 open\n2:00 ends"

WELL = {
    StayKind.OWN_REQUEST: Story(f"0:00 begins own_request\n{OF_EVERY_STAY}\n{ENDS}"),
    StayKind.REQUIRED_UNLOCKED: Story(
        f"0:00 begins required_unlocked\n{OF_EVERY_STAY}{OF_MEASURES}\n{ENDS}"
    ),
    StayKind.ENCLOSURE: Story(
        f"0:00 begins enclosure\n{OF_EVERY_STAY}{OF_MEASURES}{OF_ENCLOSURES}\n{ENDS}"
    ),
    ELSEWHERE: Story(
        "0:00 begins enclosure_elsewhere\n"
        f"{OF_EVERY_STAY}{OF_MEASURES}{OF_ENCLOSURES}\n{ENDS}",
        elsewhere=True,
    ),
}

IS_ITSELF = {
    StayKind.OWN_REQUEST: "",
    StayKind.REQUIRED_UNLOCKED: "",
    StayKind.ENCLOSURE: "",
    ELSEWHERE: """
        bedroom-not-locked/lock            0:00..2:00
        enclosure-only-in-safe-room/began  0:00..2:00
    """,
}

# --- Nothing is recorded but begin and end ------------------------------------------------

NOBODY_WRITES = {
    kind: Story(f"0:00 begins {kind}\n26:00 ends", elsewhere=kind is ELSEWHERE)
    for kind in StayKind
}
MISSING_OF_EVERY_STAY = """
    stay-belongings/offered                3:00..
"""
MISSING_OF_MEASURES = """
    told-duration/told                     0:15..
    in-plan-or-emergency/basis             3:00..
    no-unless/alternative                  3:00..
    no-unless/effective                    3:00..
    no-unless/proportionate                3:00..
    purpose/purpose                        3:00..
    stay-registered/decided-by             3:00..
    copy-and-complaint-info/complaint      24:00..
    copy-and-complaint-info/copy           24:00..
    decision-in-writing/decision           24:00..
    in-file/file                           24:00..
    phase-out/discussed                    24:00..
    stay-described/group                   24:00..
    stay-described/injury                  24:00..
    stay-described/planned                 24:00..
    aftercare/team                         72:00..
    aftercare/young-person                 72:00..
    stay-described/why-ended               72:00..
"""
MISSING_OF_ENCLOSURES = """
    registration-contradicted/open         0:00..26:00
    registration-contradicted/unlocked     0:00..26:00
    check-every-quarter/gap                0:15..26:00
    enclosure-age/age                      3:00..
    enclosure-emergency/emergency          3:00..
    review-within-3h/review                3:00..26:00
    kept-informed/professional             8:00..26:00
    kept-informed/scientist                8:00..26:00
    informed-parents/consent-recorded      24:00..
    informed-parents/informed              24:00..
    max-one-day/duration                   24:00..26:00
"""
MISSING = {
    StayKind.OWN_REQUEST: MISSING_OF_EVERY_STAY,
    StayKind.REQUIRED_UNLOCKED: MISSING_OF_EVERY_STAY + MISSING_OF_MEASURES,
    StayKind.ENCLOSURE: (
        MISSING_OF_EVERY_STAY + MISSING_OF_MEASURES + MISSING_OF_ENCLOSURES
    ),
    ELSEWHERE: (
        MISSING_OF_EVERY_STAY
        + MISSING_OF_MEASURES
        + MISSING_OF_ENCLOSURES
        + "enclosure-only-in-safe-room/began 0:00..26:00"
    ),
}
"""What must be done stays asked for until it is; what should have been so is over."""

SILENCE_IS_NO_BREACH = {
    *("stay-belongings/withheld", "no-camera/ground", "no-camera/sanitary"),
    *("stay-contact/answer", "stay-contact/button", "contact-warning/answer"),
    *("unlocked-stay-door/lock", "end-on-negative-review/ended"),
    *("check-agreed-interval/gap", "informed-parents/consent", "stay-registered/end"),
    *("max-one-day/one-extension", "max-one-day/by-scientist"),
    *("enclosure-in-no-other-room/began", "air-co2/co2", "air-co2-good/co2"),
}
"""Asks of a stay that only something that happened can break."""


def named(stories: Mapping[StayKind, Story]) -> dict[str, Story]:
    return {kind.value: story for kind, story in stories.items()}


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return tell(named(WELL), tmp_path_factory.mktemp("well"), until=LONG)


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return tell(named(NOBODY_WRITES), tmp_path_factory.mktemp("silent"), until=LONG)


@pytest.mark.parametrize("kind", StayKind)
def test_what_is_recorded_well_breaches_nothing_but_what_the_kind_itself_is(
    kind: StayKind, well: Told
) -> None:
    assert well.refused(kind) == []
    assert well.breaches(kind) == by_time(listed(IS_ITSELF[kind]))
    assert well.withdrawn(kind) == []


@pytest.mark.parametrize("kind", StayKind)
def test_of_a_stay_on_which_all_is_recorded_nothing_is_asked_any_more(
    kind: StayKind, well: Told
) -> None:
    standings = well.rooms[RoomId(kind)].standings

    assert [key for key in standings if "@" in key] == []


@pytest.mark.parametrize("kind", StayKind)
def test_each_field_that_is_missing_is_a_breach_with_its_own_term(
    kind: StayKind, silent: Told
) -> None:
    assert silent.refused(kind) == []
    assert silent.breaches(kind) == by_time(listed(MISSING[kind]))


@pytest.mark.parametrize("kind", StayKind)
def test_every_ask_of_a_stay_is_broken_by_silence_or_said_not_to_be(
    kind: StayKind, silent: Told
) -> None:
    asked = {
        f"{o.requirement.id}/{o.ask.key}"
        for o in silent.rooms[RoomId(kind)].plan.during[kind]
    }
    missing = {line.split()[0] for line in listed(MISSING[kind])}

    assert missing <= asked
    assert asked - missing <= SILENCE_IS_NO_BREACH


def test_what_is_recorded_after_all_ends_its_own_breach_and_no_other(
    tmp_path: Path,
) -> None:
    """Each at its own minute, two days after everything was due."""
    story = ["0:00 begins required_unlocked", "26:00 ends"]
    facts = {
        f"{requirement.id}/{ask.key}": ask.demand.fact
        for requirement in settings().catalogue.requirements
        for ask in requirement.asks
        if isinstance(ask.demand, DoneBy)
        and StayKind.REQUIRED_UNLOCKED in requirement.applies.during
    }
    ended = {}
    for minute, (ask, fact) in enumerate(sorted(facts.items())):
        story.append(f"73:{minute:02} {fact} yes")
        ended[ask] = f"73:{minute:02}"
    told = tell({"calm": "\n".join(story)}, tmp_path, until="74:00")

    assert told.refused("calm") == []
    assert told.breaches("calm") == by_time(
        line + ended[line.split()[0]]
        for line in listed(MISSING[StayKind.REQUIRED_UNLOCKED])
    )


# --- What the law does not allow ----------------------------------------------------------


class Unlawful(NamedTuple):
    """A story, and the breaches of some asks that it comes to."""

    lines: str
    breaches: str
    elsewhere: bool = False


BEGINS, SCIENTIST = "0:00 shut\n0:00 begins enclosure\n", " by behavioural_scientist"
UNLAWFUL = {
    "under-12": Unlawful(
        f"{BEGINS} 0:05 aged_12_or_older no\n1:00 ends",
        "enclosure-age/age 0:05..1:00",
    ),
    "no-emergency": Unlawful(
        f"{BEGINS} 0:05 emergency no\n1:00 ends",
        "enclosure-emergency/emergency 0:05..1:00",
    ),
    "a-lighter-way-was-there": Unlawful(
        f"{BEGINS} 0:05 no_lighter_alternative no\n1:00 ends",
        "no-unless/alternative 0:05..1:00",
    ),
    "for-no-purpose-of-the-law": Unlawful(
        f"{BEGINS} 0:05 purpose_named no\n1:00 ends", "purpose/purpose 0:05..1:00"
    ),
    "decided-by-nobody-who-may": Unlawful(
        f"{BEGINS} 0:05 decision_taken no other\n1:00 ends",
        "stay-registered/decided-by 0:05..1:00",
    ),
    "told-afterwards": Unlawful(
        f"{BEGINS} 0:05 told_duration yes 1 h\n1:00 ends",
        "told-duration/told 0:00..1:00",
    ),
    "parents-told-against-consent": Unlawful(
        f"{BEGINS} 0:05 consent_respected no refused\n1:00 ends",
        "informed-parents/consent 0:05..1:00",
    ),
    "a-second-extension": Unlawful(
        f"{BEGINS} 20:00 extension yes{SCIENTIST}\n"
        f"40:00 extension yes{SCIENTIST}\n47:00 ends",
        "max-one-day/one-extension 40:00..47:00",
    ),
    "extended-by-staff": Unlawful(
        f"{BEGINS} 20:00 extension yes\n25:00 ends",
        """
        max-one-day/by-scientist 20:00..25:00
        max-one-day/duration 24:00..25:00
        """,
    ),
    "locked-on-own-request": Unlawful(
        "0:00 begins own_request\n0:10 shut\n0:20 open\n0:30 ends",
        "unlocked-stay-door/lock 0:10..0:20",
    ),
    "locked-though-required-to-stay-unlocked": Unlawful(
        "0:00 begins required_unlocked\n0:10 shut\n0:20 open\n0:30 ends",
        "unlocked-stay-door/lock 0:10..0:20",
    ),
    "locked-in-a-bedroom-and-said-so": Unlawful(
        "0:00 shut\n0:00 begins enclosure_elsewhere\n0:20 open\n0:20 ends",
        """
        bedroom-not-locked/lock            0:00..0:20
        enclosure-only-in-safe-room/began  0:00..0:20
        """,
        elsewhere=True,
    ),
    "locked-in-a-bedroom-and-called-an-enclosure": Unlawful(
        "0:00 shut\n0:00 begins enclosure\n0:20 open\n0:20 ends",
        """
        bedroom-not-locked/lock           0:00..0:20
        enclosure-in-no-other-room/began  0:00..0:20
        """,
        elsewhere=True,
    ),
    "locked-in-a-bedroom-and-nobody-said-so": Unlawful(
        "0:00 shut\n0:20 open",
        """
        bedroom-not-locked/lock    0:00..0:20
        enclosure-registered/door  0:00..
        """,
        elsewhere=True,
    ),
    "a-stay-elsewhere-that-was-recorded-of-the-safe-room": Unlawful(
        "0:00 shut\n0:00 begins enclosure_elsewhere\n0:20 open\n0:20 ends",
        "enclosure-only-in-safe-room/began  0:00..0:20",
    ),
    "a-camera-without-ground": Unlawful(
        f"{BEGINS} 0:30 camera_on no at 0:10 until 0:20\n1:00 ends",
        "no-camera/ground 0:10..1:00",
    ),
    "a-camera-in-the-sanitary-room": Unlawful(
        "0:00 begins own_request\n0:10 camera_in_sanitary_room yes\n0:30 ends",
        "no-camera/sanitary 0:10..0:30",
    ),
    "belongings-kept-back-without-danger": Unlawful(
        "0:00 begins own_request\n0:10 belongings_withheld no electronic\n0:30 ends",
        "stay-belongings/withheld 0:10..0:30",
    ),
    "kept-in-after-a-negative-review": Unlawful(
        f"{BEGINS} 0:30 review no{SCIENTIST}\n1:00 ends",
        "end-on-negative-review/ended 0:35..1:00",
    ),
}
AND_NOT_THE_CAMERA = Unlawful(f"{BEGINS} 0:10 camera_on yes\n1:00 ends", "")
"""On well-founded concern about serious self-injury; who, why and when is on record."""


@pytest.fixture(scope="module")
def unlawful(tmp_path_factory: pytest.TempPathFactory) -> Told:
    together = {
        name: Story(each.lines, elsewhere=each.elsewhere)
        for name, each in {**UNLAWFUL, "camera": AND_NOT_THE_CAMERA}.items()
    }
    return tell(together, tmp_path_factory.mktemp("unlawful"), until="47:10")


@pytest.mark.parametrize("name", UNLAWFUL)
def test_what_is_unlawful_is_recorded_flagged_and_told_and_never_refused(
    name: str, unlawful: Told
) -> None:
    wanted = listed(UNLAWFUL[name].breaches)
    asks = [line.split()[0] for line in wanted]

    assert unlawful.refused(name) == []
    assert unlawful.breaches(name, *asks) == by_time(wanted)
    assert all(found.alerted for found in unlawful.found(name) if found.ask in asks)


def test_a_camera_with_the_ground_of_the_law_is_recorded_and_breaches_nothing(
    unlawful: Told,
) -> None:
    assert unlawful.refused("camera") == []
    assert unlawful.breaches("camera", "no-camera") == []
