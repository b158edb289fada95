"""Jeugdwet and Besluit Jeugdwet: what a stay asks of people."""

from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.site import RoomKind
from tests.journeys.timelines.story import (
    Never,
    Timeline,
    met,
    not_yet,
    unknown,
    violated,
)

Rows = dict[str, tuple[Timeline | Never, ...]]

COUNTED_BY_TIME = Never(
    verdict=Verdict.UNKNOWN,
    why="Nothing recorded says that it was not done: either it is still in time, or late.",
)


def answered(fact: str, term: str, says: str, says_no: str) -> tuple[Timeline, ...]:
    """A question about the stay that must be answered with "yes", within a term."""
    return (
        met(
            says,
            Reason.DONE,
            f"""
            0:00  begins enclosure
            0:10  {fact} yes by staff
            """,
        ),
        violated(
            says_no,
            Reason.ANSWERED_NO,
            f"""
            0:00  begins enclosure
            0:10  {fact} no by staff
            """,
            breach="0:10",
        ),
        violated(
            "Nobody answered in time.",
            Reason.NOT_RECORDED,
            f"""
            0:00  begins enclosure
            {term}:01  nothing
            """,
            breach=f"{term}:00",
        ),
        unknown(
            "Not answered yet; there is still time.",
            Reason.NOT_YET_RECORDED,
            f"""
            0:00  begins enclosure
            {term}:00  nothing
            """,
        ),
    )


def two_are_not_three(one: str, other: str) -> tuple[Timeline, ...]:
    """Two of the three questions of no-unless were answered; the third has three hours."""
    answers = f"""
        0:00  begins enclosure
        0:20  {one} yes by staff
        0:20  {other} yes by staff
        """
    return (
        violated(
            "One of the three was never answered.",
            Reason.NOT_RECORDED,
            f"{answers}\n3:01  nothing",
            breach="3:00",
        ),
        unknown(
            "One of the three is still open.",
            Reason.NOT_YET_RECORDED,
            f"{answers}\n3:00  nothing",
        ),
    )


MAY_IT_BE: Rows = {
    "enclosure-age": answered(
        "aged_12_or_older",
        "3",
        "The young person is 12 or older.",
        "Under 12, and enclosed all the same: recorded and flagged, never refused.",
    ),
    "enclosure-emergency": answered(
        "emergency",
        "3",
        "There is an emergency.",
        "There was none.",
    ),
    "enclosure-only-in-safe-room": (
        violated(
            "Locked in the own bedroom. It happens, so it can be recorded; it is unlawful.",
            Reason.TOO_OFTEN,
            "0:00  begins enclosure_elsewhere",
            room=RoomKind.BEDROOM,
            breach="0:00",
        ),
        Never(
            verdict=Verdict.MET,
            why="It applies to nothing but what is unlawful from its first second.",
        ),
        Never(
            verdict=Verdict.UNKNOWN,
            why="That such a stay was recorded is all that counts.",
        ),
    ),
    "enclosure-in-no-other-room": (
        violated(
            "Called an ordinary enclosure, and it is in a bedroom.",
            Reason.TOO_OFTEN,
            "0:00  begins enclosure",
            room=RoomKind.BEDROOM,
            breach="0:00",
        ),
        Never(
            verdict=Verdict.MET,
            why="It applies to nothing but what is unlawful from its first second.",
        ),
        Never(
            verdict=Verdict.UNKNOWN,
            why="That such a stay was recorded is all that counts.",
        ),
    ),
    "bedroom-not-locked": (
        met(
            "The bedroom is not locked.",
            Reason.IN_STATE,
            "0:00  door_lock door_lock unlocked",
            on="2026-03-02 22:00",
        ),
        violated(
            "Locked at bedtime, and nobody recorded anything: the lock tells.",
            Reason.WRONG_STATE,
            """
            0:00     door_lock door_lock unlocked
            0:30     door_lock door_lock locked
            0:30:11  nothing
            """,
            on="2026-03-02 22:00",
            breach="0:30",
        ),
        not_yet(
            "Locked for nine seconds: somebody's hand on the key.",
            Reason.WRONG_STATE,
            """
            0:00     door_lock door_lock unlocked
            0:30     door_lock door_lock locked
            0:30:09  nothing
            """,
        ),
        unknown(
            "A lock that is silent does not pass for an open one.",
            Reason.READING_TOO_OLD,
            """
            0:00  door_lock door_lock unlocked
            1:00  nothing
            """,
            on="2026-03-02 22:00",
        ),
    ),
    "unlocked-stay-door": (
        met(
            "In the room on their own request, and the door is not locked.",
            Reason.IN_STATE,
            """
            0:00  begins own_request
            0:01  door_lock door_lock unlocked
            """,
        ),
        violated(
            "The door of a stay on own request is locked.",
            Reason.WRONG_STATE,
            """
            0:00     begins own_request
            0:01     door_lock door_lock unlocked
            0:10     door_lock door_lock locked
            0:10:11  nothing
            """,
            breach="0:10",
        ),
        violated(
            "It was locked already: a breach from the instant at which the stay began.",
            Reason.WRONG_STATE,
            """
            0:00  door_lock door_lock locked
            0:10  begins required_unlocked
            0:11  nothing
            """,
            breach="0:10",
        ),
        not_yet(
            "Locked for nine seconds.",
            Reason.WRONG_STATE,
            """
            0:00     begins own_request
            0:10     door_lock door_lock locked
            0:10:09  nothing
            """,
        ),
        unknown(
            "Nothing was heard of the lock.",
            Reason.NO_READING,
            "0:00  begins required_unlocked",
        ),
    ),
    "told-duration": (
        met(
            "Told three minutes before it began, and recorded afterwards.",
            Reason.DONE,
            """
            0:00  begins enclosure
            0:05  told_duration yes by staff, at -0:03
            """,
        ),
        violated(
            "Told when it had begun already: that is not beforehand.",
            Reason.TOO_LATE,
            """
            0:00  begins enclosure
            0:05  told_duration yes by staff
            """,
            breach="0:00",
        ),
        violated(
            "Not told at all.",
            Reason.ANSWERED_NO,
            """
            0:00  begins required_unlocked
            0:05  told_duration no by staff
            """,
            breach="0:05",
        ),
        violated(
            "A quarter of an hour later nobody has recorded that it was told.",
            Reason.NOT_RECORDED,
            """
            0:00  begins enclosure
            0:16  nothing
            """,
            breach="0:15",
        ),
        unknown(
            "Not recorded yet.",
            Reason.NOT_YET_RECORDED,
            """
            0:00  begins enclosure
            0:15  nothing
            """,
        ),
    ),
    "no-unless": (
        met(
            "All three questions were answered with yes.",
            Reason.DONE,
            """
            0:00  begins enclosure
            0:20  no_lighter_alternative yes by staff
            0:20  proportionate yes by staff
            0:20  expected_effective yes by staff
            """,
        ),
        violated(
            "There was a lighter alternative.",
            Reason.ANSWERED_NO,
            """
            0:00  begins required_unlocked
            0:20  no_lighter_alternative no by staff
            0:20  proportionate yes by staff
            0:20  expected_effective yes by staff
            """,
            breach="0:20",
        ),
        violated(
            "Not proportionate.",
            Reason.ANSWERED_NO,
            """
            0:00  begins enclosure
            0:20  proportionate no by staff
            """,
            breach="0:20",
        ),
        *two_are_not_three("proportionate", "expected_effective"),
        *two_are_not_three("no_lighter_alternative", "expected_effective"),
        *two_are_not_three("no_lighter_alternative", "proportionate"),
    ),
    "purpose": answered(
        "purpose_named",
        "3",
        "It serves a purpose that the law names.",
        "It serves another purpose.",
    ),
    "in-plan-or-emergency": answered(
        "in_plan_or_emergency",
        "3",
        "It is in the plan, or averts an emergency.",
        "Neither in the plan nor an emergency.",
    ),
}

WHILE_IT_LASTS: Rows = {
    "check-every-quarter": (
        met(
            "Every gap is 15 minutes at most; exactly 15 is in time.",
            Reason.CHECKED_IN_TIME,
            """
            0:00  begins enclosure
            0:14  check
            0:29  check
            0:44  nothing
            """,
        ),
        violated(
            "From the start to the first check counts as well.",
            Reason.CHECK_MISSED,
            """
            0:00  begins enclosure
            0:16  nothing
            """,
            breach="0:15",
        ),
        violated(
            "One check in every block of 15 minutes, and still a gap of 28 minutes.",
            Reason.CHECK_MISSED,
            """
            0:00  begins enclosure
            0:01  check
            0:28  nothing
            """,
            breach="0:16",
        ),
        violated(
            "A person at the door, a door that opens, a call: no sensor is a check.",
            Reason.CHECK_MISSED,
            """
            0:00  begins enclosure
            0:12  door_contact door_contact open
            0:13  call_button call_button pressed
            0:16  nothing
            """,
            breach="0:15",
        ),
        COUNTED_BY_TIME,
    ),
    "review-within-3h": (
        met(
            "Reviewed after 2:40 by the behavioural scientist.",
            Reason.IN_TIME,
            """
            0:00  begins enclosure
            2:40  review yes by behavioural_scientist
            3:01  nothing
            """,
        ),
        met(
            "Judged not necessary: that is a review as well (and it must end).",
            Reason.IN_TIME,
            """
            0:00  begins enclosure
            1:00  review no by behavioural_scientist
            3:01  nothing
            """,
        ),
        violated(
            "Nobody reviewed it.",
            Reason.OVER_LIMIT,
            """
            0:00  begins enclosure
            3:01  nothing
            """,
            breach="3:00",
        ),
        violated(
            "Reviewed by somebody who is no behavioural scientist.",
            Reason.OVER_LIMIT,
            """
            0:00  begins enclosure
            1:00  review yes by staff
            3:01  nothing
            """,
            breach="3:00",
        ),
        COUNTED_BY_TIME,
    ),
    "end-on-negative-review": (
        met(
            "Judged necessary and suitable.",
            Reason.NOT_ASKED,
            """
            0:00  begins enclosure
            1:00  review yes by behavioural_scientist
            """,
        ),
        violated(
            "Judged not necessary, and five minutes later it still goes on.",
            Reason.OVER_LIMIT,
            """
            0:00  begins enclosure
            1:00  review no by behavioural_scientist
            1:02  door_contact door_contact open
            1:06  nothing
            """,
            breach="1:05",
        ),
        COUNTED_BY_TIME,
    ),
    "max-one-day": (
        met(
            "Exactly 24 hours from its start.",
            Reason.IN_TIME,
            """
            0:00   begins enclosure
            24:00  nothing
            """,
        ),
        met(
            "Extended once, in time, by the behavioural scientist.",
            Reason.IN_TIME,
            """
            0:00   begins enclosure
            23:30  extension yes by behavioural_scientist
            48:00  nothing
            """,
        ),
        met(
            "The clocks go forward: it is 24 hours that count, not the calendar.",
            Reason.IN_TIME,
            """
            0:00   begins enclosure
            24:00  nothing
            """,
            on="2026-03-28 14:00",
        ),
        met(
            "That it is not extended may be recorded, as often as it is asked.",
            Reason.IN_TIME,
            """
            0:00   begins enclosure
            12:00  extension no by staff
            18:00  extension no by behavioural_scientist
            20:00  extension yes by behavioural_scientist
            47:00  nothing
            """,
        ),
        violated(
            "Longer than 24 hours.",
            Reason.OVER_LIMIT,
            """
            0:00   begins enclosure
            24:01  nothing
            """,
            breach="24:00",
        ),
        violated(
            "Extended when the first day was over.",
            Reason.OVER_LIMIT,
            """
            0:00   begins enclosure
            24:30  extension yes by behavioural_scientist
            """,
            breach="24:00",
        ),
        violated(
            "Extended by somebody else: flagged at once.",
            Reason.WRONG_PERSON,
            """
            0:00   begins enclosure
            20:00  extension yes by director
            21:00  nothing
            """,
            breach="20:00",
        ),
        violated(
            "Extended by somebody else: and the day is not longer for it.",
            Reason.OVER_LIMIT,
            """
            0:00   begins enclosure
            20:00  extension yes by director
            24:01  nothing
            """,
            breach="20:00",
        ),
        violated(
            "Extended a second time: recorded, and flagged.",
            Reason.TOO_OFTEN,
            """
            0:00   begins enclosure
            20:00  extension yes by behavioural_scientist
            40:00  extension yes by behavioural_scientist
            """,
            breach="40:00",
        ),
        violated(
            "Longer than 48 hours.",
            Reason.OVER_LIMIT,
            """
            0:00   begins enclosure
            20:00  extension yes by behavioural_scientist
            48:01  nothing
            """,
            breach="48:00",
        ),
        COUNTED_BY_TIME,
    ),
    "kept-informed": (
        met(
            "Both were brought up to date within eight hours.",
            Reason.CHECKED_IN_TIME,
            """
            0:00   begins enclosure
            7:00   scientist_informed yes by staff
            7:00   professional_informed yes by staff
            15:00  nothing
            """,
        ),
        violated(
            "The responsible care professional was not.",
            Reason.OVER_LIMIT,
            """
            0:00   begins enclosure
            7:00   scientist_informed yes by staff
            7:00   professional_informed no by staff
            8:01   nothing
            """,
            breach="8:00",
        ),
        violated(
            "The behavioural scientist was, once, and then no more.",
            Reason.OVER_LIMIT,
            """
            0:00   begins enclosure
            2:00   scientist_informed yes by staff
            7:00   professional_informed yes by staff
            10:01  nothing
            """,
            breach="10:00",
        ),
        COUNTED_BY_TIME,
    ),
}

WRITTEN_AND_TOLD: Rows = {
    "decision-in-writing": answered(
        "decision_written",
        "24",
        "The decision is in writing, with reasons.",
        "There is no written decision.",
    ),
    "copy-and-complaint-info": (
        met(
            "The young person has a copy, and knows on paper how to complain.",
            Reason.DONE,
            """
            0:00  begins enclosure
            5:00  copy_given yes by staff
            5:00  complaint_information_given yes by staff
            """,
        ),
        violated(
            "A copy, and after a day still nothing about complaints.",
            Reason.NOT_RECORDED,
            """
            0:00   begins required_unlocked
            5:00   copy_given yes by staff
            24:01  nothing
            """,
            breach="24:00",
        ),
        violated(
            "No copy was given.",
            Reason.ANSWERED_NO,
            """
            0:00  begins required_unlocked
            5:00  copy_given no by staff
            5:00  complaint_information_given yes by staff
            """,
            breach="5:00",
        ),
        violated(
            "After a day still no copy.",
            Reason.NOT_RECORDED,
            """
            0:00   begins enclosure
            5:00   complaint_information_given yes by staff
            24:01  nothing
            """,
            breach="24:00",
        ),
        unknown(
            "Within a day it may still come.",
            Reason.NOT_YET_RECORDED,
            """
            0:00   begins enclosure
            5:00   complaint_information_given yes by staff
            24:00  nothing
            """,
        ),
        unknown(
            "A copy; the rest may still come.",
            Reason.NOT_YET_RECORDED,
            """
            0:00  begins required_unlocked
            5:00  copy_given yes by staff
            """,
        ),
    ),
    "in-file": answered(
        "in_file",
        "24",
        "Decision and reasons are in the file.",
        "They are not.",
    ),
    "informed-parents": (
        met(
            "The parents were told, and the young person had agreed.",
            Reason.DONE,
            """
            0:00  begins enclosure
            1:00  consent_respected yes by staff
            2:00  parents_informed yes by staff
            """,
        ),
        violated(
            "The parents were told against the will of a young person of 16 or older.",
            Reason.TOO_OFTEN,
            """
            0:00  begins enclosure
            2:00  parents_informed yes by staff
            2:00  consent_respected no by staff
            """,
            breach="2:00",
        ),
        violated(
            "A day later nobody was told.",
            Reason.NOT_RECORDED,
            """
            0:00   begins enclosure
            24:01  nothing
            """,
            breach="24:00",
        ),
        violated(
            "The parents were told, and nobody says whether the young person had agreed.",
            Reason.NOT_RECORDED,
            """
            0:00   begins enclosure
            2:00   parents_informed yes by staff
            24:01  nothing
            """,
            breach="24:00",
        ),
        unknown(
            "Nobody was told yet.",
            Reason.NOT_YET_RECORDED,
            """
            0:00  begins enclosure
            5:00  nothing
            """,
        ),
    ),
    "phase-out": answered(
        "phase_out_discussed",
        "24",
        "How it can end was discussed with the young person.",
        "It was not.",
    ),
}

AS_IT_HAPPENED: Rows = {
    "stay-registered": (
        met(
            "Who decided is on record, and when it ended.",
            Reason.NOT_ASKED,
            """
            0:00  begins required_unlocked
            0:10  decision_taken yes by staff
            0:30  nothing
            """,
        ),
        met(
            "It is over, nobody knows since when, and there is an hour to find out.",
            Reason.IN_TIME,
            """
            0:00  begins enclosure
            0:10  decision_taken yes by staff
            5:00  ends, unknown when
            6:00  nothing
            """,
        ),
        violated(
            "It is over, and an hour later still nobody knows since when.",
            Reason.OVER_LIMIT,
            """
            0:00  begins enclosure
            0:10  decision_taken yes by staff
            5:00  ends, unknown when
            6:01  nothing
            """,
            breach="6:00",
        ),
        violated(
            "Who decided is on nobody's record.",
            Reason.NOT_RECORDED,
            """
            0:00  begins enclosure
            3:01  nothing
            """,
            breach="3:00",
        ),
        unknown(
            "Who decided is not recorded yet.",
            Reason.NOT_YET_RECORDED,
            """
            0:00  begins enclosure
            3:00  nothing
            """,
        ),
    ),
    "enclosure-registered": (
        met(
            "Locked, and a stay is registered.",
            Reason.REGISTERED,
            """
            0:00  door_contact door_contact closed
            0:00  door_lock door_lock locked
            0:01  begins enclosure
            0:30  nothing
            """,
        ),
        met(
            "Locked by somebody who cleans.",
            Reason.DISMISSED,
            """
            0:00  door_contact door_contact closed
            0:00  door_lock door_lock locked
            0:10  no_enclosure yes by staff
            0:30  nothing
            """,
        ),
        met(
            "Locked for no longer than a moment.",
            Reason.REGISTERED,
            """
            0:00  door_contact door_contact closed
            0:00  door_lock door_lock locked
            0:02  door_lock door_lock unlocked
            0:30  nothing
            """,
        ),
        violated(
            "Locked, and nobody registered anything.",
            Reason.NOT_REGISTERED,
            """
            0:00  door_contact door_contact closed
            0:05  door_lock door_lock locked
            0:08  nothing
            """,
            breach="0:05",
        ),
        violated(
            "The door is open again: that explains nothing.",
            Reason.NOT_REGISTERED,
            """
            0:00  door_contact door_contact closed
            0:05  door_lock door_lock locked
            0:20  door_lock door_lock unlocked
            3:00  nothing
            """,
            breach="0:05",
        ),
        violated(
            "It was said to be cleaning; an hour later the door is still locked.",
            Reason.NOT_REGISTERED,
            """
            0:00  door_contact door_contact closed
            0:00  door_lock door_lock locked
            0:01  no_enclosure yes by staff
            1:04  nothing
            """,
            breach="1:01",
        ),
        unknown(
            "A lock that says nothing may be locked.",
            Reason.READING_TOO_OLD,
            """
            0:00  door_contact door_contact closed
            0:00  door_lock door_lock unlocked
            3:00  nothing
            """,
        ),
        unknown(
            "It never said anything.",
            Reason.NO_READING,
            """
            0:00  door_contact door_contact closed
            """,
        ),
    ),
}

TIMELINES: Rows = {
    **MAY_IT_BE,
    **WHILE_IT_LASTS,
    **WRITTEN_AND_TOLD,
    **AS_IT_HAPPENED,
}
