"""Duties of the organisation, and terms it must keep."""

from room_monitor.core.evaluation import Reason, Verdict
from tests.journeys.timelines.story import (
    Never,
    Timeline,
    after,
    met,
    unknown,
    violated,
)

Rows = dict[str, tuple[Timeline | Never, ...]]

COUNTED_BY_TIME = Never(
    verdict=Verdict.UNKNOWN,
    why="What began is recorded or it is not: it is in time, late, or was never asked.",
)


def established(
    fact: str, role: str, says: str, says_no: str, *, expires_after: int
) -> tuple[Timeline, ...]:
    """Something a person establishes, which holds for so many days."""
    return (
        met(
            says,
            Reason.DONE,
            f"""
            0:00  {fact} yes by {role}
            {after(expires_after - 2)}  nothing
            """,
        ),
        unknown(
            "Somebody says so who is not to judge it.",
            Reason.WRONG_PERSON,
            f"0:00  {fact} yes by staff",
        ),
        violated(
            says_no,
            Reason.ANSWERED_NO,
            f"""
            0:00  {fact} yes by {role}
            9:00  {fact} no by {role}
            """,
            breach="9:00",
        ),
        unknown(
            "It was established too long ago.",
            Reason.EXPIRED,
            f"""
            0:00  {fact} yes by {role}
            {after(expires_after)}  nothing
            """,
        ),
        unknown(
            "Nobody has recorded anything: that shows nothing.",
            Reason.NOT_YET_RECORDED,
            f"{after(30)}  nothing",
        ),
    )


def term(
    begins: str,
    ends: str,
    role: str,
    days: int,
    *,
    says: str,
    says_late: str,
) -> tuple[Timeline | Never, ...]:
    """After one thing another must follow, within so many days."""
    return (
        met(
            says,
            Reason.IN_TIME,
            f"""
            0:00  {begins} yes by {role}
            {after(days - 1)}  {ends} yes by {role}
            {after(days + 1)}  nothing
            """,
        ),
        met(
            "Nothing has begun; that it has not may be recorded.",
            Reason.NOT_ASKED,
            f"""
            0:00  {begins} no by {role}
            {after(days + 1)}  nothing
            """,
        ),
        violated(
            says_late,
            Reason.OVER_LIMIT,
            f"""
            0:00  {begins} yes by {role}
            {after(days - 1)}  {ends} no by {role}
            {after(days, "0:01")}  nothing
            """,
            breach=after(days),
        ),
        COUNTED_BY_TIME,
    )


TIMELINES: Rows = {
    "room-exists": established(
        "inspected_room_exists",
        "director",
        "There is a separate and safe room, also available on own request.",
        "It is in use as somebody's bedroom.",
        expires_after=366,
    ),
    "safety-plan": (
        met(
            "There is a plan, and a coordinator.",
            Reason.DONE,
            """
            0:00  inspected_safety_plan yes by director
            0:00  safety_coordinator_appointed yes by director
            """,
        ),
        violated(
            "The coordinator has left.",
            Reason.ANSWERED_NO,
            """
            0:00  inspected_safety_plan yes by director
            0:00  safety_coordinator_appointed yes by director
            9:00  safety_coordinator_appointed no by director
            """,
            breach="9:00",
        ),
        violated(
            "The plan is out of date.",
            Reason.ANSWERED_NO,
            """
            0:00  safety_coordinator_appointed yes by director
            0:10  inspected_safety_plan no by director
            """,
            breach="0:10",
        ),
        unknown(
            "A plan, and nothing recorded about a coordinator.",
            Reason.NOT_YET_RECORDED,
            "0:00  inspected_safety_plan yes by director",
        ),
    ),
    "fire-key": (
        met(
            "Every shift of today has a key holder, and the evacuation was drilled.",
            Reason.DONE,
            """
            0:00  key_holder_on_shift yes by staff
            0:00  evacuation_drilled yes by facility_manager
            """,
        ),
        violated(
            "The night shift has none.",
            Reason.ANSWERED_NO,
            """
            0:00  evacuation_drilled yes by facility_manager
            0:00  key_holder_on_shift no by staff
            """,
            breach="0:00",
        ),
        violated(
            "The drill was not held.",
            Reason.ANSWERED_NO,
            """
            0:00  key_holder_on_shift yes by staff
            0:10  evacuation_drilled no by director
            """,
            breach="0:10",
        ),
        unknown(
            "The roster of yesterday says nothing of today.",
            Reason.EXPIRED,
            """
            0:00   key_holder_on_shift yes by staff
            0:00   evacuation_drilled yes by facility_manager
            24:00  nothing
            """,
        ),
    ),
    "camera-images-erased": term(
        "camera_images_made",
        "camera_images_erased",
        "administrator",
        28,
        says="Erased within four weeks.",
        says_late="Four weeks later they are still there.",
    ),
    "overview-half-yearly": established(
        "overview_delivered",
        "director",
        "The overview was delivered.",
        "It was sent back.",
        expires_after=184,
    ),
    "analysis-yearly": established(
        "analysis_delivered",
        "director",
        "The analysis was delivered.",
        "It was sent back.",
        expires_after=366,
    ),
    "report-half-yearly": established(
        "half_yearly_reports_sent",
        "behavioural_scientist",
        "All reports that were due were sent.",
        "For one young person it was not.",
        expires_after=184,
    ),
    "complaint-decision": term(
        "complaint_received",
        "complaint_decided",
        "administrator",
        28,
        says="Decided within four weeks.",
        says_late="Four weeks later it is not decided.",
    ),
    "complaint-appeal": term(
        "appeal_lodged",
        "appeal_decided",
        "administrator",
        42,
        says="Decided within six weeks.",
        says_late="Six weeks later it is not decided.",
    ),
    "file-retention": established(
        "inspected_file_retention",
        "administrator",
        "Nothing younger than 20 years was destroyed.",
        "A file was destroyed too early.",
        expires_after=366,
    ),
}
