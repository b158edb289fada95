"""Each limit at its edges: exactly at it is in time, a microsecond later is not.

Limits are counted in time that passed. So nothing that goes wrong with the clock on the
wall, the monitor or the broker moves them: the same stories come to the same breaches.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from room_monitor.core.views import missed_intervals
from room_monitor.core.views.checks import rhythm_of
from tests.journeys.findings import MICROSECOND, Told, clock, span
from tests.journeys.stories import HEARTBEAT, TROUBLED, Story, Trouble, settings, tell


class Edge(NamedTuple):
    """A story, and the breaches of some asks that it comes to."""

    asks: str
    lines: str
    breaches: str = ""


GAP, AGREED = "check-every-quarter/gap", "check-agreed-interval/gap"
REVIEW, NEGATIVE = "review-within-3h/review", "end-on-negative-review/ended"
DAY, ONCE = "max-one-day/duration", "max-one-day/one-extension"
WRONG_ROLE = "max-one-day/by-scientist"
WARNING, CONTACT = "contact-warning/answer", "stay-contact/answer"
TOLD, DOOR = "told-duration/told", "enclosure-registered/door"
SAYS_OPEN = "registration-contradicted/open"
SAYS_UNLOCKED = "registration-contradicted/unlocked"

SECONDS = {
    # --- Nobody looked in for a quarter of an hour --------------------------------------
    "first-just-before": Edge(GAP, "0:14:59 check; 0:20 ends"),
    "first-at": Edge(GAP, "0:15 check; 0:20 ends"),
    "first-microsecond": Edge(
        GAP, "0:15:00.000001 check; 0:20 ends", "0:15..0:15:00.000001"
    ),
    "first-just-after": Edge(GAP, "0:15:01 check; 0:20 ends", "0:15..0:15:01"),
    "between-just-before": Edge(GAP, "0:05 check; 0:19:59 check; 0:30 ends"),
    "between-at": Edge(GAP, "0:05 check; 0:20 check; 0:30 ends"),
    "between-microsecond": Edge(
        GAP, "0:05 check; 0:20:00.000001 check; 0:30 ends", "0:20..0:20:00.000001"
    ),
    "between-just-after": Edge(
        GAP, "0:05 check; 0:20:01 check; 0:30 ends", "0:20..0:20:01"
    ),
    "end-just-before": Edge(GAP, "0:10 check; 0:24:59 ends"),
    "end-at": Edge(GAP, "0:10 check; 0:25 ends"),
    "end-microsecond": Edge(
        GAP, "0:10 check; 0:25:00.000001 ends", "0:25..0:25:00.000001"
    ),
    "end-just-after": Edge(GAP, "0:10 check; 0:25:01 ends", "0:25..0:25:01"),
    "no-look-just-before": Edge(GAP, "0:14:59 ends"),
    "no-look-at": Edge(GAP, "0:15 ends"),
    "no-look-microsecond": Edge(GAP, "0:15:00.000001 ends", "0:15..0:15:00.000001"),
    "no-look-just-after": Edge(GAP, "0:15:01 ends", "0:15..0:15:01"),
    "nobody-ever-looks": Edge(GAP, "0:20 nothing", "0:15.."),
    "a-scientist-looks-in": Edge(GAP, "0:10 check by behavioural_scientist; 0:20 ends"),
    "a-technician-is-no-care-worker": Edge(
        GAP, "0:10 check by facility_manager; 0:20 ends", "0:15..0:20"
    ),
    "told-later-in-time": Edge(GAP, "0:21 check at 0:15; 0:22 ends"),
    "told-later-late": Edge(
        GAP,
        "0:21 check at 0:15:00.000001; 0:22 ends",
        "0:15..0:15:00.000001",
    ),
    # --- Looking in more often was agreed -----------------------------------------------
    "agreed-just-before": Edge(AGREED, "0:02 agrees 10 min; 0:11:59 check; 0:21 ends"),
    "agreed-at": Edge(AGREED, "0:02 agrees 10 min; 0:12 check; 0:22 ends"),
    "agreed-just-after": Edge(
        AGREED, "0:02 agrees 10 min; 0:12:01 check; 0:22 ends", "0:12..0:12:01"
    ),
    "agreed-and-ended-late": Edge(
        AGREED,
        "0:02 agrees 10 min; 0:12 check; 0:22:00.000001 ends",
        "0:22..0:22:00.000001",
    ),
    "agreed-is-not-the-law": Edge(
        GAP, "0:02 agrees 10 min; 0:14:59 check; 0:29:59 ends"
    ),
    "nothing-was-agreed": Edge(AGREED, "0:20 check; 0:50 ends"),
    # --- A call for contact -------------------------------------------------------------
    "warned-just-before": Edge(WARNING, "0:03:30 calls; 0:04:29 contact_answered yes"),
    "warned-at": Edge(WARNING, "0:03:30 calls; 0:04:30 contact_answered yes"),
    "warned-microsecond": Edge(
        WARNING,
        "0:03:30 calls; 0:04:30.000001 contact_answered yes",
        "0:04:30..0:04:30.000001",
    ),
    "warned-just-after": Edge(
        WARNING,
        "0:03:30 calls; 0:04:31 contact_answered yes",
        "0:04:30..0:04:31",
    ),
    "contact-just-before": Edge(CONTACT, "0:03:30 calls; 0:08:29 check with contact"),
    "contact-at": Edge(CONTACT, "0:03:30 calls; 0:08:30 check with contact"),
    "contact-just-after": Edge(
        CONTACT,
        "0:03:30 calls; 0:08:31 check with contact",
        "0:08:30..0:08:31",
    ),
    "contact-asked-of-a-person": Edge(
        CONTACT,
        "0:03:30 asks contact; 0:08:31 gives contact",
        "0:08:30..0:08:31",
    ),
    "a-look-without-contact-is-no-answer": Edge(
        CONTACT, "0:03:30 calls; 0:05 check; 0:10 ends", "0:08:30..0:10"
    ),
    "a-second-call-does-not-begin-the-time-again": Edge(
        CONTACT,
        "0:03:30 calls; 0:07 calls; 0:09 gives contact",
        "0:08:30..0:09",
    ),
    # --- Told beforehand ----------------------------------------------------------------
    "told-before": Edge(TOLD, "0:01 told_duration yes 20 min at -0:00:01"),
    "told-at-the-begin": Edge(TOLD, "0:01 told_duration yes 20 min at 0:00"),
    "told-after": Edge(TOLD, "0:01 told_duration yes 20 min at 0:00:01", "0:00.."),
    "told-before-recorded-in-time": Edge(
        TOLD, "0:15 told_duration yes 20 min at -0:03"
    ),
    "told-before-recorded-late-was-told-all-the-same": Edge(
        TOLD, "0:16 told_duration yes 20 min at -0:03"
    ),
    "never-told": Edge(TOLD, "0:20 ends", "0:15.."),
    # --- The registration says one thing, the door another ------------------------------
    "open-just-before": Edge(SAYS_OPEN, "0:03 open; 0:12:59 shut"),
    "open-at": Edge(SAYS_OPEN, "0:03 open; 0:13 shut", "0:03..0:13"),
    "open-just-after": Edge(SAYS_OPEN, "0:03 open; 0:13:01 shut", "0:03..0:13:01"),
    "unlocked-just-before": Edge(SAYS_UNLOCKED, "0:03 closed; 0:12:59 shut"),
    "unlocked-at": Edge(SAYS_UNLOCKED, "0:03 closed; 0:13 shut", "0:03..0:13"),
    "unlocked-just-after": Edge(
        SAYS_UNLOCKED, "0:03 closed; 0:13:01 shut", "0:03..0:13:01"
    ),
    "unlocked-is-not-open": Edge(SAYS_OPEN, "0:03 closed; 0:13:01 shut"),
    "open-for-a-moment-often": Edge(
        SAYS_OPEN, "0:03 open; 0:08 shut; 0:09 open; 0:14 shut"
    ),
    # --- A locked door, and nobody recorded a stay --------------------------------------
    "locked-just-before": Edge(DOOR, "0:03 shut; 0:04:59 open"),
    "locked-at": Edge(DOOR, "0:03 shut; 0:05 open"),
    "locked-just-after": Edge(DOOR, "0:03 shut; 0:05:01 open", "0:03.."),
    "registered-at": Edge(DOOR, "0:03 shut; 0:05 begins enclosure"),
    "registered-just-after": Edge(
        DOOR, "0:03 shut; 0:05:01 begins enclosure", "0:03.."
    ),
    "registered-too-late-ends-it-when-that-was-done": Edge(
        DOOR, "0:03 shut; 0:07 begins enclosure at 0:03", "0:03..0:07"
    ),
}
"""What is over within an hour."""

HOURS = {
    # --- A scientist judges within three hours ------------------------------------------
    "review-just-before": Edge(
        REVIEW, "2:59:59 review yes by behavioural_scientist; 3:05 ends"
    ),
    "review-at": Edge(REVIEW, "3:00 review yes by behavioural_scientist; 3:05 ends"),
    "review-microsecond": Edge(
        REVIEW,
        "3:00:00.000001 review yes by behavioural_scientist; 3:05 ends",
        "3:00..3:00:00.000001",
    ),
    "review-just-after": Edge(
        REVIEW,
        "3:00:01 review yes by behavioural_scientist; 3:05 ends",
        "3:00..3:00:01",
    ),
    "review-by-staff-is-none": Edge(REVIEW, "2:00 review yes; 3:05 ends", "3:00..3:05"),
    "out-before-the-review-was-due": Edge(REVIEW, "3:00 ends"),
    "out-just-after-it-was-due": Edge(REVIEW, "3:00:01 ends", "3:00..3:00:01"),
    # --- Judged not necessary: out at once ----------------------------------------------
    "freed-just-before": Edge(
        NEGATIVE, "2:42 review no by behavioural_scientist; 2:46:59 ends"
    ),
    "freed-at": Edge(NEGATIVE, "2:42 review no by behavioural_scientist; 2:47 ends"),
    "freed-just-after": Edge(
        NEGATIVE,
        "2:42 review no by behavioural_scientist; 2:47:01 ends",
        "2:47..2:47:01",
    ),
    "a-no-of-staff-frees-as-well": Edge(
        NEGATIVE, "2:42 review no; 2:50 ends", "2:47..2:50"
    ),
    "a-later-yes-does-not-undo-a-no": Edge(
        NEGATIVE,
        "2:42 review no by behavioural_scientist;"
        "2:44 review yes by behavioural_scientist; 2:50 ends",
        "2:47..2:50",
    ),
}

DAYS = {
    # --- One day, and once more ---------------------------------------------------------
    "day-just-before": Edge(DAY, "23:59 ends"),
    "day-at": Edge(DAY, "24:00 ends"),
    "day-just-after": Edge(DAY, "24:01 ends", "24:00..24:01"),
    "extended-before": Edge(
        DAY, "23:59:59 extension yes by behavioural_scientist; 47:59 ends"
    ),
    "extended-at-the-very-end-of-the-day": Edge(
        DAY, "24:00 extension yes by behavioural_scientist; 48:00 ends"
    ),
    "extended-too-late": Edge(
        DAY,
        "24:00:01 extension yes by behavioural_scientist; 26:00 ends",
        "24:00..26:00",
    ),
    "extended-by-staff-lengthens-nothing": Edge(
        DAY, "20:00 extension yes; 25:00 ends", "24:00..25:00"
    ),
    "two-days-at": Edge(
        DAY, "20:00 extension yes by behavioural_scientist; 48:00 ends"
    ),
    "two-days-just-after": Edge(
        DAY,
        "20:00 extension yes by behavioural_scientist; 48:01 ends",
        "48:00..48:01",
    ),
    "a-second-extension-lengthens-nothing": Edge(
        DAY,
        "20:00 extension yes by behavioural_scientist;"
        "40:00 extension yes by behavioural_scientist; 50:00 ends",
        "48:00..50:00",
    ),
    "extended-in-time-told-later": Edge(
        DAY, "25:00 extension yes by behavioural_scientist at 23:59; 26:00 ends"
    ),
}

ALL = {**SECONDS, **HOURS, **DAYS}
TOLD_LATER = {
    *(
        "told-later-late",
        "told-after",
        "registered-too-late-ends-it-when-that-was-done",
    ),
}
AFTER = {
    SAYS_OPEN: span("0:10"),
    SAYS_UNLOCKED: span("0:10"),
    DOOR: span("0:02") + MICROSECOND,
}
"""How long after its begin a breach is known, where that is not at once."""
QUARTER = span("0:15")
SHORT, MIDDLE, LONG = "1:00", "3:10", "50:10"

AT_THE_EDGE = (
    *("between-at", "between-just-after", "end-microsecond", "agreed-just-after"),
    *("warned-at", "warned-just-after", "contact-just-after", "told-after"),
    *("open-just-before", "unlocked-just-after", "locked-at", "locked-just-after"),
)
AT_THE_EDGE_OF_HOURS = (
    *("review-at", "review-just-after", "freed-just-after"),
    *("extended-at-the-very-end-of-the-day", "two-days-just-after"),
)
"""Told again whatever goes wrong; the others are in ``tests/slow``."""


def stories(edges: Mapping[str, Edge]) -> dict[str, Story]:
    """An enclosure is behind a locked door, where the story does not say otherwise."""
    return {
        name: Story(
            ("" if edge.asks == DOOR else "0:00 shut\n0:00 begins enclosure\n")
            + edge.lines.replace(";", "\n")
        )
        for name, edge in edges.items()
    }


def expected(edge: Edge) -> list[str]:
    return [f"{edge.asks} {each}" for each in edge.breaches.split()]


def outcome(told: Told, edges: Mapping[str, Edge]) -> dict[str, list[str]]:
    return {name: told.breaches(name, edge.asks) for name, edge in edges.items()}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """Every story, when nothing goes wrong, by its name."""
    came: dict[str, Told] = {}
    for edges, until in ((SECONDS, SHORT), (HOURS, MIDDLE), (DAYS, LONG)):
        together = tell(stories(edges), tmp_path_factory.mktemp("told"), until=until)
        came |= dict.fromkeys(edges, together)
    return came


# --- At the edge ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_each_limit_is_kept_up_to_its_last_instant(
    name: str, told: dict[str, Told]
) -> None:
    assert told[name].refused(name) == []
    assert told[name].breaches(name, ALL[name].asks) == expected(ALL[name])


@pytest.mark.parametrize(
    "name",
    [name for name, edge in ALL.items() if edge.breaches and name not in TOLD_LATER],
)
def test_it_is_told_at_once_and_somebody_is_alerted(
    name: str, told: dict[str, Told]
) -> None:
    found = [each for each in told[name].found(name) if each.ask == ALL[name].asks]

    assert [each.told - each.began for each in found] == [
        AFTER.get(each.ask, MICROSECOND) for each in found
    ]
    assert all(each.alerted for each in found)


@pytest.mark.parametrize("name", [n for n, e in ALL.items() if e.asks == GAP])
def test_a_missed_check_is_the_same_in_every_view(
    name: str, told: dict[str, Told]
) -> None:
    stay = told[name].stay(name)
    log = [e for e in told[name].entries if e.room == name]

    if name != "a-technician-is-no-care-worker":
        assert [(g.due_at, g.ended_at) for g in stay.gaps] == [
            (m.began_at, m.ended_at) for m in stay.missed_intervals
        ]
    assert list(stay.missed_intervals) == missed_intervals(
        log, rhythm_of(settings().catalogue)
    )
    assert stay.missed == len(ALL[name].breaches.split())


def test_a_laxer_interval_is_no_agreement(tmp_path: Path) -> None:
    told = tell(
        {
            "laxer": "0:00 begins enclosure\n0:02 agrees 20 min\n0:20 ends",
            "the-law": "0:00 begins enclosure\n0:02 agrees 15 min\n0:18 check",
            "not-asked": "0:00 begins own_request\n0:02 agrees 10 min\n0:20 ends",
        },
        tmp_path,
        until="0:30",
    )

    (refused,) = told.refused("laxer")
    assert "more often, not less: 15 min or less" in refused
    assert told.breaches("laxer", AGREED) == []
    assert told.breaches("laxer", GAP) == [f"{GAP} 0:15..0:20"]
    # From the agreement on, which may be later than the quarter of the law.
    assert told.breaches("the-law", AGREED, GAP) == [
        f"{GAP} 0:15..0:18",
        f"{AGREED} 0:17..0:18",
    ]
    assert len(told.refused("not-asked")) == 1


# --- Before the limit -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ask", "reminders"),
    [
        ("review-at", REVIEW, ["2:30 of 3:00"]),
        ("freed-at", REVIEW, ["2:30 of 3:00"]),
        ("day-at", DAY, ["22:00 of 24:00"]),
        ("extended-before", DAY, ["22:00 of 24:00", "46:00 of 48:00"]),
        ("two-days-at", DAY, ["46:00 of 48:00"]),
        ("a-second-extension-lengthens-nothing", DAY, ["46:00 of 48:00"]),
        ("never-told", TOLD, ["0:05 of 0:15"]),
        ("told-before", TOLD, []),
        ("agreed-at", AGREED, ["0:11:30 of 0:12", "0:21:30 of 0:22"]),
    ],
)
def test_somebody_is_reminded_in_time(
    name: str, ask: str, reminders: list[str], told: dict[str, Told]
) -> None:
    assert [
        f"{clock(at)} of {clock(due)}" for at, due in told[name].prompts(name, ask)
    ] == reminders


def test_nobody_in_the_room_can_foresee_a_check(tmp_path: Path) -> None:
    looks = [n * span("0:14:59") for n in range(1, 33)]
    story = "\n".join(
        ["0:00 begins enclosure", *(f"{clock(at)} check" for at in looks)]
    )
    prompts = tell({"calm": story}, tmp_path, until="8:00").prompts("calm", GAP)

    leads = [due - at for at, due in prompts]
    due = [at + QUARTER for at in (span("0:00"), *looks)]
    # One a second before the limit is reminded of, or done before that.
    assert {limit for _, limit in prompts} <= set(due)
    assert len(prompts) == len({limit for _, limit in prompts}) >= len(looks) - 3
    assert all(span("0:00") < lead <= span("0:04") for lead in leads)
    assert len(set(leads)) == len(leads)
    assert max(leads) - min(leads) > span("0:02")


def test_reminders_are_the_same_after_a_restart(tmp_path: Path) -> None:
    """The same stay twice: undisturbed, and with a monitor that is killed in between."""
    looks = "\n".join(f"{clock(n * span('0:14:59'))} check" for n in range(1, 5))
    folder, again = tmp_path / "one", tmp_path / "two"
    tell({"calm": "0:00 begins enclosure"}, folder, until="0:01")
    shutil.copytree(folder, again)
    stories = {"calm": looks}

    whole = tell(stories, folder, until="1:10", goes_on_from="0:01")
    killed = tell(
        stories, again, until="1:10", goes_on_from="0:01", trouble=Trouble.KILLED
    )

    assert len(whole.prompts("calm", GAP)) >= 3
    assert killed.prompts("calm", GAP) == whole.prompts("calm", GAP)


# --- Whatever goes wrong --------------------------------------------------------------


@pytest.mark.parametrize("trouble", [t for t in Trouble if t is not Trouble.NOTHING])
def test_whatever_goes_wrong_limits_are_time_that_passed(
    trouble: Trouble, tmp_path: Path
) -> None:
    for names, until in ((AT_THE_EDGE, SHORT), (AT_THE_EDGE_OF_HOURS, LONG)):
        edges = {name: ALL[name] for name in names}
        told = tell(stories(edges), tmp_path / until, until=until, trouble=trouble)

        assert outcome(told, edges) == {n: expected(e) for n, e in edges.items()}
        assert [told.refused(name) for name in edges] == [[] for _ in edges]


def test_while_the_broker_is_away_people_are_judged_and_doors_are_not(
    tmp_path: Path,
) -> None:
    away, back = TROUBLED[1]
    told = tell(
        {
            "nobody-looks": "0:00 begins enclosure",
            "locked": "0:14 shut",
            "bedroom": Story("0:14:25 shut", elsewhere=True),
        },
        tmp_path,
        until="0:30",
        trouble=Trouble.BROKER_AWAY,
    )
    (missed,) = (f for f in told.found("nobody-looks") if f.ask == GAP)
    (suspected,) = told.found("locked")

    assert missed.began == QUARTER
    assert away < missed.told <= QUARTER + HEARTBEAT < back
    assert (suspected.ask, suspected.began, suspected.told) == (
        DOOR,
        span("0:14"),
        back,
    )
    assert [(f.ask, clock(f.began), f.told) for f in told.found("bedroom")] == [
        ("bedroom-not-locked/lock", "0:14:25", back),
        (DOOR, "0:14:25", back),
    ]


def test_at_whatever_hour_the_clocks_change_a_night_is_as_long_as_it_is(
    tmp_path: Path,
) -> None:
    """Begun at 22:00 in summer, over at 22:00 in winter: that is 25 hours, not a day."""
    night = "0:00 begins enclosure\n25:00 ends"
    for trouble in (Trouble.NIGHT_BACK, Trouble.NIGHT_FORWARD):
        told = tell({"calm": night}, tmp_path / trouble, until="25:10", trouble=trouble)

        assert told.breaches("calm", DAY) == [f"{DAY} 24:00..25:00"]
        assert told.stay("calm").registered == span("25:00")
