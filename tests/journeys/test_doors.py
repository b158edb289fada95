"""The door speaks: what nobody registered is suspected, and nothing is closed silently.

A door that is locked without a stay suggests an enclosure. Only a person ends that: by
registering the stay, or by saying what it was instead. And of a stay on record the door
tells how long it really was, without overruling what was recorded.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from room_monitor.core.alert import AlertState
from room_monitor.core.events import OccupancySuggested, StayEnded
from room_monitor.core.ids import RoomId
from tests.journeys.findings import Told, clock, span
from tests.journeys.stories import tell

DOOR, OPEN = "enclosure-registered/door", "registration-contradicted/open"
UNLOCKED, END = "registration-contradicted/unlocked", "stay-registered/end"

ENCLOSED = "0:00 shut; 0:00 begins enclosure"
SUSPECTED = {
    # --- What does not end it -----------------------------------------------------------
    "nobody-says-anything": ("0:00 shut", "0:00.."),
    "the-door-is-opened": ("0:00 shut; 0:30 open", "0:00.."),
    "it-is-acknowledged": (
        "0:00 shut; 0:10 acknowledges enclosure-registered; 0:30 open",
        "0:00..",
    ),
    "somebody-says-it-was-one": (
        "0:00 shut; 0:30 open; 0:40 no_enclosure no",
        "0:00..",
    ),
    "a-stay-that-began-later-than-the-door-was-locked": (
        "0:00 shut; 0:30 begins enclosure at 0:05",
        "0:00..",
    ),
    "a-stay-of-which-nobody-knows-the-end-covers-what-is-known-of-it": (
        "0:00 shut; 0:30 begins enclosure at 0:00; 0:31 check at 0:10; 0:32 ends unknown",
        "0:00..0:30 0:10..",
    ),
    # --- What does ----------------------------------------------------------------------
    "it-is-registered": ("0:00 shut; 0:30 begins enclosure at 0:00", "0:00..0:30"),
    "it-is-registered-after-the-door-was-opened": (
        "0:00 shut; 0:30 open; 1:00 begins enclosure at 0:00; 1:01 ends at 0:30",
        "0:00..1:00",
    ),
    "it-was-another-kind-of-stay": (
        "0:00 shut; 0:30 begins own_request at 0:00",
        "0:00..0:30",
    ),
    "there-is-a-reason": (
        "0:00 shut; 0:30 open; 0:40 no_enclosure yes cleaning",
        "",
    ),
    "there-is-a-reason-while-it-is-locked": (
        "0:00 shut; 0:30 no_enclosure yes maintenance; 1:20 open",
        "",
    ),
    # --- And for how long ---------------------------------------------------------------
    "still-locked-an-hour-after-the-reason": (
        "0:00 shut; 0:30 no_enclosure yes cleaning; 1:32:01 nothing",
        "1:30..",
    ),
    "not-for-longer-than-an-hour-and-two-minutes": (
        "0:00 shut; 0:30 no_enclosure yes cleaning; 1:32 open",
        "",
    ),
    "a-reason-explains-nothing-that-comes-after-it": (
        "0:00 shut; 0:10 no_enclosure yes cleaning; 0:15 open; 0:20 shut; 0:25 open",
        "0:20..",
    ),
    "a-stay-is-over-and-the-door-stays-locked": (
        "0:00 shut; 0:00 begins enclosure; 0:14 check; 0:20 ends",
        "0:20..",
    ),
    "a-stay-is-over-and-the-door-is-opened-in-time": (
        "0:00 shut; 0:00 begins enclosure; 0:14 check; 0:20 ends; 0:22 open",
        "",
    ),
    "the-end-was-told-too-early": (
        f"{ENCLOSED}; 0:20 ends as e; 0:25 corrects e at 0:25; 0:26 open",
        "0:20..0:25",
    ),
    "two-stays-in-a-row-leave-no-gap": (
        "0:00 shut; 0:00 begins enclosure; 0:20 ends; 0:20 begins required_unlocked",
        "",
    ),
}


def lines(text: str) -> str:
    return text.replace(";", "\n")


@pytest.fixture(scope="module")
def suspected(tmp_path_factory: pytest.TempPathFactory) -> Told:
    stories = {name: lines(story) for name, (story, _) in SUSPECTED.items()}
    return tell(stories, tmp_path_factory.mktemp("doors"), until="2:00")


@pytest.mark.parametrize("name", SUSPECTED)
def test_a_locked_door_is_suspected_until_somebody_explains_it(
    name: str, suspected: Told
) -> None:
    _, breaches = SUSPECTED[name]

    assert suspected.refused(name) == []
    assert suspected.breaches(name, DOOR) == [f"{DOOR} {b}" for b in breaches.split()]


def test_what_was_explained_with_a_reason_never_was_a_breach_and_stays_to_be_seen(
    suspected: Told,
) -> None:
    for name in ("there-is-a-reason", "there-is-a-reason-while-it-is-locked"):
        assert suspected.withdrawn(name, DOOR) == [f"{DOOR} 0:00"]


def test_whoever_takes_it_on_is_asked_again(suspected: Told) -> None:
    (alert,) = (
        alert
        for alert in suspected.rooms[RoomId("it-is-acknowledged")].alerts.values()
        if alert.requirement == "enclosure-registered"
    )

    assert (alert.state, alert.raised_again) == (AlertState.RAISED, 1)


# --- CO₂ behind a locked door ---------------------------------------------------------


def test_rising_co2_is_told_once_for_each_locked_door_and_proves_nothing(
    tmp_path: Path,
) -> None:
    rising = "0:05 co2 600\n0:10 co2 660\n0:15 co2 900\n0:20 co2 1100\n0:30 open"
    told = tell(
        {
            "nobody-registered": f"0:00 shut\n{rising}\n0:40 shut\n0:50 co2 1300",
            "nothing-rises": "0:00 shut\n0:20 co2 640\n0:30 open",
            "door-is-only-closed": f"0:00 closed\n{rising}",
            "a-stay-is-registered": f"0:00 shut\n0:00 begins enclosure\n{rising}",
            "it-was-cleaning": f"0:00 shut\n{rising}\n0:35 no_enclosure yes cleaning",
        },
        tmp_path,
        until="1:00",
    )
    hints = {
        name: [
            (clock(at), event.from_ppm, event.evidence.value)
            for at, event in told.events(name, OccupancySuggested)
        ]
        for name in told.answers
    }

    assert hints == {
        "nobody-registered": [("0:10", 500, 660), ("0:50", 1100, 1300)],
        "nothing-rises": [],
        "door-is-only-closed": [],
        "a-stay-is-registered": [],
        "it-was-cleaning": [("0:10", 500, 660)],
    }
    # It is the locked door that is suspected, with or without a hint.
    assert told.breaches("nobody-registered", DOOR) == [f"{DOOR} 0:00.."]
    assert told.breaches("nothing-rises", DOOR) == [f"{DOOR} 0:00.."]
    assert told.breaches("it-was-cleaning", DOOR) == []


# --- The registration goes on, and the door is open -----------------------------------


def test_a_stay_that_was_forgotten_is_told_after_ten_minutes_and_never_closed(
    tmp_path: Path,
) -> None:
    told = tell(
        {
            "calm": "0:00 shut\n0:00 begins enclosure\n0:10 check\n0:20 open\n6:00 nothing"
        },
        tmp_path,
        until="6:00",
    )
    found = {f.ask: f for f in told.found("calm") if f.ask in (OPEN, UNLOCKED)}

    assert [(f.began, f.told, f.alerted) for f in found.values()] == [
        (span("0:20"), span("0:30"), True)
    ] * 2
    assert told.events("calm", StayEnded) == []
    assert told.stay("calm").is_open
    assert told.stay("calm").registered == span("6:00")
    assert told.stay("calm").measured == span("0:20")
    # It is still an enclosure on record, so somebody should have looked in.
    assert told.breaches("calm", "check-every-quarter") == [
        "check-every-quarter/gap 0:25.."
    ]


def test_the_end_that_was_forgotten_puts_all_of_it_right(tmp_path: Path) -> None:
    told = tell(
        {
            "calm": "0:00 shut\n0:00 begins enclosure\n0:10 check\n0:20 open\n"
            "6:00 ends at 0:20"
        },
        tmp_path,
        until="6:10",
    )
    stay = told.stay("calm")

    assert told.refused("calm") == []
    assert told.breaches("calm", OPEN, UNLOCKED, "check-every-quarter") == []
    assert (stay.registered, stay.measured, stay.ended_late) == (
        span("0:20"),
        span("0:20"),
        True,
    )


# --- An end that nobody knows ---------------------------------------------------------


def test_an_end_that_nobody_knows_is_asked_for_and_makes_no_duration(
    tmp_path: Path,
) -> None:
    begin = "0:00 shut\n0:00 begins enclosure\n0:10 check\n0:20 open\n"
    told = tell(
        {
            "never": f"{begin}2:00 ends unknown",
            "in-an-hour": f"{begin}2:00 ends unknown\n3:00 ends at 0:20",
            "too-late": f"{begin}2:00 ends unknown\n3:30 ends at 0:20",
        },
        tmp_path,
        until="5:00",
    )
    stay = told.stay("never")

    assert told.breaches("never", END) == [f"{END} 3:00.."]
    assert told.breaches("in-an-hour", END) == []
    assert told.breaches("too-late", END) == [f"{END} 3:00..3:30"]
    assert (stay.end_unknown, stay.is_open) == (True, False)
    assert (stay.registered, stay.measured, stay.difference) == (None, None, None)
    for name in ("in-an-hour", "too-late"):
        assert told.stay(name).registered == span("0:20")
        assert not told.stay(name).end_unknown


# --- Registered and measured ----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "registered", "measured", "difference"),
    [
        ("the-same", "1:00", "1:00", "0:00"),
        ("locked-later-opened-earlier", "1:00", "0:50", "-0:10"),
        ("let-out-for-a-while", "1:00", "0:45", "-0:15"),
        ("locked-before-and-after", "0:40", "0:40", "0:00"),
        ("never-locked", "1:00", "0:00", "-1:00"),
        ("only-closed", "1:00", "0:00", "-1:00"),
    ],
)
def test_how_long_it_was_is_told_as_registered_and_as_measured(
    name: str, registered: str, measured: str, difference: str, lengths: Told
) -> None:
    stay = lengths.stay(name)
    told = (stay.registered, stay.measured, stay.difference)

    assert [None if each is None else clock(each) for each in told] == [
        registered,
        measured,
        difference,
    ]


def test_that_it_was_locked_longer_than_registered_shows_in_its_instants(
    lengths: Told,
) -> None:
    stay = lengths.stay("locked-before-and-after")

    assert stay.measured_began_at == lengths.began_at
    assert stay.measured_ended_at == lengths.began_at + timedelta(hours=1)
    assert lengths.breaches("locked-before-and-after", DOOR) == [f"{DOOR} 0:00.."]


@pytest.fixture(scope="module")
def lengths(tmp_path_factory: pytest.TempPathFactory) -> Told:
    begins, ends = "0:00 begins enclosure\n", "\n1:00 ends"
    return tell(
        {
            "the-same": f"0:00 shut\n{begins}1:00 open{ends}",
            "locked-later-opened-earlier": f"{begins}0:05 shut\n0:55 open{ends}",
            "let-out-for-a-while": (
                f"0:00 shut\n{begins}0:20 open\n0:35 shut\n1:00 open{ends}"
            ),
            "locked-before-and-after": (
                "0:00 shut\n0:10 begins enclosure\n0:50 ends\n1:00 open"
            ),
            "never-locked": f"{begins}{ends}",
            "only-closed": f"0:00 closed\n{begins}{ends}",
        },
        tmp_path_factory.mktemp("lengths"),
        until="1:10",
    )
