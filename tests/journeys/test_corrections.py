"""What was recorded wrongly and put right counts as if it had been right at once.

Each slip is told twice, side by side: with the correction, and as somebody would have told
it who made no mistake. The breaches that stand are the same; what was said first stays to
be seen, beside what holds now, with who corrected it, why, and who agreed.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from room_monitor.core.events import CheckRecorded, CorrectionConfirmed, RecordCorrected
from room_monitor.core.requirements import StayKind
from room_monitor.core.views.records import Change
from tests.journeys.findings import Found, Told, span
from tests.journeys.stories import Trouble, tell

GAP, DAY = "check-every-quarter/gap", "max-one-day/duration"
UNTIL = "27:00"

CHECKS = "0:14 check; 0:28 check; 0:42 check"


class Slip(NamedTuple):
    """What was told wrongly and put right, and what is missed in the end.

    Attributes:
        wrong: As it was told, with its correction.
        right: As it would have been told without a mistake.
        missed: The checks that were missed, and nothing else that ``asks`` names.
        asks: What is compared with the table; all breaches are compared with ``right``.
    """

    wrong: str
    right: str
    missed: str = ""
    asks: str = GAP


BEGINS = "0:00 shut; 0:00 begins enclosure as b;"
SLIPS = {
    "a-check-was-at-another-time": Slip(
        f"{BEGINS} 0:14 check; 0:35 check as c; 0:36 corrects c at 0:28; 0:40 ends",
        f"{BEGINS} 0:14 check; 0:35 check at 0:28; 0:40 ends",
    ),
    "a-check-was-later-than-written": Slip(
        f"{BEGINS} 0:14 check; 0:35 check at 0:28 as c; 0:36 corrects c at 0:34; 0:40 ends",
        f"{BEGINS} 0:14 check; 0:35 check at 0:34; 0:40 ends",
        "0:29..0:34",
    ),
    "a-check-never-was": Slip(
        f"{BEGINS} 0:14 check; 0:28 check as c; 0:40 check; 0:45 voids c; 0:50 ends",
        f"{BEGINS} 0:14 check; 0:40 check; 0:50 ends",
        "0:29..0:40",
    ),
    "a-check-that-was-no-check-by-somebody-who-may": Slip(
        f"{BEGINS} 0:14 check by facility_manager as c; 0:20 voids c;"
        "0:21 check at 0:13; 0:25 ends",
        f"{BEGINS} 0:21 check at 0:13; 0:25 ends",
    ),
    "a-check-was-corrected-twice": Slip(
        f"{BEGINS} 0:14 check as c; 0:20 corrects c at 0:10 as k; 0:26 check;0:30 ends",
        f"{BEGINS} 0:14 check at 0:10; 0:26 check; 0:30 ends",
        "0:25..0:26",
    ),
    "it-began-earlier": Slip(
        "0:10 begins enclosure as b; 0:20 check; 0:22 corrects b at 0:00; 0:30 ends",
        "0:10 begins enclosure at 0:00; 0:20 check; 0:30 ends",
        "0:15..0:20",
    ),
    "it-began-later": Slip(
        f"{BEGINS} 0:20 check; 0:22 corrects b at 0:10; 0:30 ends",
        "0:00 shut; 0:22 begins enclosure at 0:10; 0:22 check at 0:20; 0:30 ends",
    ),
    "it-was-another-kind": Slip(
        "0:00 begins enclosure as b; 0:40 corrects b kind required_unlocked; 0:50 ends",
        "0:00 begins required_unlocked; 0:50 ends",
    ),
    "it-was-an-enclosure-after-all": Slip(
        "0:00 begins own_request as b; 0:40 corrects b kind enclosure; 0:50 ends",
        "0:00 begins enclosure; 0:50 ends",
        "0:15..0:50",
    ),
    "it-never-was": Slip("0:00 begins enclosure as b; 0:40 voids b", "0:00 nothing"),
    "it-ended-earlier": Slip(
        f"{BEGINS} {CHECKS}; 1:20 open; 1:20 ends as e; 1:25 corrects e at 0:50",
        f"{BEGINS} {CHECKS}; 1:20 open; 1:20 ends at 0:50",
    ),
    "it-ended-later": Slip(
        f"{BEGINS} {CHECKS}; 0:50 ends as e; 1:20 open; 1:25 corrects e at 1:20",
        f"{BEGINS} {CHECKS}; 1:20 open; 1:25 ends at 1:20",
        "0:57..1:20",
    ),
    "it-went-on": Slip(
        f"{BEGINS} {CHECKS}; 0:50 ends as e; 1:20 voids e",
        f"{BEGINS} {CHECKS}",
        "0:57..",
    ),
    "its-end-was-forgotten": Slip(
        f"{BEGINS} {CHECKS}; 26:00 ends at 0:50",
        f"{BEGINS} {CHECKS}; 0:50 ends",
    ),
    "its-end-was-forgotten-and-the-day-was-over": Slip(
        f"{BEGINS} 26:00 ends at 0:50",
        f"{BEGINS} 0:50 ends",
        asks=DAY,
    ),
    "a-no-was-a-yes": Slip(
        f"{BEGINS} 0:10 aged_12_or_older no as a; 0:20 corrects a outcome yes; 1:00 ends",
        f"{BEGINS} 0:10 aged_12_or_older yes; 1:00 ends",
        asks="enclosure-age",
    ),
    "a-yes-was-a-no": Slip(
        f"{BEGINS} 0:10 aged_12_or_older yes as a; 0:20 corrects a outcome no; 1:00 ends",
        f"{BEGINS} 0:10 aged_12_or_older no; 1:00 ends",
        "0:10..1:00",
        asks="enclosure-age/age",
    ),
    "a-review-never-was": Slip(
        f"{BEGINS} 1:00 review yes by behavioural_scientist as r; 4:00 voids r; 5:00 ends",
        f"{BEGINS} 5:00 ends",
        "3:00..5:00",
        asks="review-within-3h/review",
    ),
    "an-extension-never-was": Slip(
        f"{BEGINS} 20:00 extension yes by behavioural_scientist as x; 25:00 voids x;"
        "26:00 ends",
        f"{BEGINS} 26:00 ends",
        "24:00..26:00",
        asks=DAY,
    ),
    "what-was-forgotten-is-told-late": Slip(
        f"{BEGINS} 1:00 check at 0:14; 1:01 check at 0:28; 1:02 ends at 0:40",
        f"{BEGINS} 0:14 check; 0:28 check; 0:40 ends",
    ),
}


def lines(text: str) -> str:
    return text.replace(";", "\n")


def both(slips: dict[str, Slip]) -> dict[str, str]:
    """Each slip, and the same without it."""
    wrong = {name: lines(slip.wrong) for name, slip in slips.items()}
    return wrong | {f"{name}-right": lines(slip.right) for name, slip in slips.items()}


def of_people(told: Told, name: str) -> list[str]:
    """What stands of people; what a door shows is judged as it is heard."""
    return [
        breach
        for breach in told.breaches(name)
        if not breach.startswith(("registration-contradicted", "enclosure-registered"))
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return tell(both(SLIPS), tmp_path_factory.mktemp("slips"), until=UNTIL)


@pytest.mark.parametrize("name", SLIPS)
def test_put_right_it_counts_as_if_it_had_been_right_at_once(
    name: str, told: Told
) -> None:
    slip = SLIPS[name]

    assert told.refused(name) == told.refused(f"{name}-right") == []
    assert of_people(told, name) == of_people(told, f"{name}-right")
    assert told.breaches(name, slip.asks) == [
        f"{slip.asks} {each}" for each in slip.missed.split()
    ]


@pytest.mark.parametrize("name", [n for n, s in SLIPS.items() if s.asks == GAP])
def test_the_views_show_the_same_missed_checks(name: str, told: Told) -> None:
    (wrong,) = told.stays(name)
    for right in told.stays(f"{name}-right"):
        assert wrong.registered == right.registered
        assert wrong.gaps == right.gaps
        assert wrong.blocks == right.blocks
        assert wrong.checks == right.checks
        assert [m.began_at for m in wrong.missed_intervals] == [
            m.began_at for m in right.missed_intervals
        ]


@pytest.mark.parametrize(
    "trouble", [Trouble.KILLED, Trouble.SET_BACK, Trouble.SET_FORWARD]
)
def test_it_counts_the_same_though_the_monitor_was_disturbed_in_between(
    trouble: Trouble, tmp_path: Path
) -> None:
    slips = {
        name: SLIPS[name]
        for name in (
            *("a-check-was-later-than-written", "a-check-never-was"),
            *("it-began-earlier", "it-ended-later", "it-was-another-kind"),
        )
    }
    told = tell(both(slips), tmp_path, until="3:10", trouble=trouble)

    for name, slip in slips.items():
        assert told.refused(name) == []
        assert told.breaches(name, slip.asks) == [
            f"{slip.asks} {each}" for each in slip.missed.split()
        ]
        assert of_people(told, name) == of_people(told, f"{name}-right")
    # Only the kind was wrong: that the clock was set since is no correction of the begin.
    (correction,) = told.stay("it-was-another-kind").corrections
    assert correction.changes == (
        Change(
            field="kind",
            before=StayKind.ENCLOSURE,
            after=StayKind.REQUIRED_UNLOCKED,
        ),
    )


# --- Both versions --------------------------------------------------------------------


def at(told: Told, passed: str) -> object:
    return told.began_at + span(passed)


SHOWN = {
    "a-check-was-at-another-time": ("CheckRecorded", "checked_at", "0:35", "0:28"),
    "a-check-never-was": ("CheckRecorded", "void", "0:28", None),
    "it-began-earlier": ("StayBegan", "began_at", "0:10", "0:00"),
    "it-never-was": ("StayBegan", "void", "0:00", None),
    "it-ended-later": ("StayEnded", "ended_at", "0:50", "1:20"),
    "it-went-on": ("StayEnded", "void", "0:50", None),
}


@pytest.mark.parametrize("name", SHOWN)
def test_both_versions_are_shown_with_who_when_and_why(name: str, told: Told) -> None:
    what, field, before, after = SHOWN[name]
    held = None if after is None else at(told, after)
    (correction,) = told.stay(name).corrections

    assert (correction.what, correction.changes) == (
        what,
        (Change(field=field, before=at(told, before), after=held),),
    )
    assert (correction.role, correction.counts) == ("staff", True)
    assert correction.person is not None
    assert correction.reason is not None
    assert correction.confirmed_by is None


def test_nothing_is_rewritten(told: Told) -> None:
    """The check that was wrong, the one that holds and what says so are all in the log."""
    name = "a-check-was-at-another-time"
    checks = [event for _, event in told.events(name, CheckRecorded)]
    ((_, corrected),) = told.events(name, RecordCorrected)

    assert [check.happened_at for check in checks] == [
        at(told, "0:14"),
        at(told, "0:35"),
        at(told, "0:28"),
    ]
    assert (corrected.corrects, corrected.instead) == (
        checks[1].record,
        checks[2].record,
    )


def test_an_alert_that_was_raised_for_nothing_stays_to_be_seen_as_withdrawn(
    told: Told,
) -> None:
    (found,) = (f for f in told.found("a-check-was-at-another-time") if f.ask == GAP)

    assert found == Found(
        GAP, span("0:29"), span("0:29"), found.closing, found.told, alerted=True
    )
    assert told.withdrawn("a-check-was-at-another-time", GAP) == [f"{GAP} 0:29"]


# --- A second person ------------------------------------------------------------------


def test_a_second_person_confirms_and_not_the_one_who_corrected(tmp_path: Path) -> None:
    told = tell(
        {
            "calm": lines(
                f"{BEGINS} 0:14 check as c; 0:20 corrects c at 0:13 as k person Kim;"
                "0:21 confirms k person Kim; 0:22 confirms k person kim;"
                "0:23 confirms k by behavioural_scientist person Robin;"
                "0:24 confirms k person Sam"
            )
        },
        tmp_path,
        until="0:27",
    )
    (correction,) = told.stay("calm").corrections

    assert [why.partition(": ")[2] for why in told.refused("calm")] == [
        "a second person confirms, not the one who corrected it",
        "a second person confirms, not the one who corrected it",
        f"correction {correction.record} has been confirmed already",
    ]
    assert len(told.events("calm", CorrectionConfirmed)) == 1
    assert correction.confirmed_by == "behavioural_scientist"
    assert correction.confirmed_at == at(told, "0:23")


def test_a_correction_counts_before_anybody_confirmed_it(tmp_path: Path) -> None:
    """What holds does not wait for a second person; that nobody agreed is shown."""
    told = tell(
        {
            "calm": lines(
                f"{BEGINS} 0:10 check as c; 0:16 voids c; 0:18 check; 0:20 ends"
            )
        },
        tmp_path,
        until="0:21",
    )

    assert told.breaches("calm", GAP) == [f"{GAP} 0:15..0:18"]
    assert [c.confirmed_by for c in told.stay("calm").corrections] == [None]


@pytest.mark.parametrize(
    ("story", "why"),
    [
        ("0:10 check as c; 0:11 voids c; 0:12 voids c", "does not count any more"),
        ("0:10 check as c; 0:11 corrects c at 0:30", "lies in the future"),
        ("0:10 check as c; 0:11 corrects c at -0:05", "began after this check"),
        ("0:10 check; 0:11 corrects b at 0:10:30", "an earlier check is recorded"),
        ("0:10 check; 0:12 ends as e; 0:13 corrects e at 0:05", "a later check"),
    ],
)
def test_what_cannot_be_true_is_no_correction_either(
    story: str, why: str, tmp_path: Path
) -> None:
    told = tell({"calm": lines(f"{BEGINS} {story}")}, tmp_path, until="0:14")

    (refused,) = told.refused("calm")
    assert why in refused
