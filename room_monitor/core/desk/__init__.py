"""Who is told of which alert, and when?

Rooms raise alerts; the desk claims people. It is one for all rooms, because people are:
it knows from the log whom each alert has claimed so far, and from the rota who is next.

    event of the log ──evolve──> desk ──advance──> pages, as events for the log

Like a room it is pure, and its state is a fold: after a restart it forgets nobody.
"""

from room_monitor.core.desk.fold import MATTERS, evolve
from room_monitor.core.desk.paging import advance, next_deadline
from room_monitor.core.desk.record import Claim, Desk
from room_monitor.core.desk.roster import Said
from room_monitor.core.desk.troubles import Told, tell, trouble_found, trouble_over

__all__ = [
    "MATTERS",
    "Claim",
    "Desk",
    "Said",
    "Told",
    "advance",
    "evolve",
    "next_deadline",
    "tell",
    "trouble_found",
    "trouble_over",
]
