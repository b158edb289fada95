"""What people see: how a room stands, what of a period is shown, which stays there were.

All of it is folded from the same states and entries that the engine uses, so what a page
or a command shows can be computed again from the log, for any past instant.
"""

from room_monitor.core.views.breaches import (
    BreachSummary,
    breach_summaries,
)
from room_monitor.core.views.checks import (
    QUARTERLY,
    Blocks,
    CheckLine,
    Gap,
    Missed,
    Rhythm,
    blocks,
    check_line,
    check_lines,
    gaps,
    missed_intervals,
    rhythm_of,
)
from room_monitor.core.views.coverage import Coverage, Span, requirement_coverage, spans
from room_monitor.core.views.doors import Locked, locked_intervals
from room_monitor.core.views.interventions import (
    Episode,
    Intervention,
    episodes,
    interventions,
)
from room_monitor.core.views.records import LATE_AFTER, Change, Correction, Recorded
from room_monitor.core.views.sight import Sight, evolve_sight
from room_monitor.core.views.status import (
    AskStatus,
    Readiness,
    RequirementStatus,
    RoomStatus,
    room_status,
)
from room_monitor.core.views.stays import STAY_EVENTS, StaySummary, stay_summaries
from room_monitor.core.views.story import (
    STORY_EVENTS,
    AlertLine,
    Blind,
    ClockSet,
    Happened,
    StayStory,
    stay_story,
)

__all__ = [
    "LATE_AFTER",
    "QUARTERLY",
    "STAY_EVENTS",
    "STORY_EVENTS",
    "AlertLine",
    "AskStatus",
    "Blind",
    "Blocks",
    "BreachSummary",
    "Change",
    "CheckLine",
    "ClockSet",
    "Correction",
    "Coverage",
    "Episode",
    "Gap",
    "Happened",
    "Intervention",
    "Locked",
    "Missed",
    "Readiness",
    "Recorded",
    "RequirementStatus",
    "Rhythm",
    "RoomStatus",
    "Sight",
    "Span",
    "StayStory",
    "StaySummary",
    "blocks",
    "breach_summaries",
    "check_line",
    "check_lines",
    "episodes",
    "evolve_sight",
    "gaps",
    "interventions",
    "locked_intervals",
    "missed_intervals",
    "requirement_coverage",
    "rhythm_of",
    "room_status",
    "spans",
    "stay_story",
    "stay_summaries",
]
