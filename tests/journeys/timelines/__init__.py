"""What each requirement means, as timelines: what happens, and what it comes to.

``law_room``, ``law_stay``, ``law_location`` and ``indications`` hold the timelines of every
row of the catalogue, to be read; ``story`` says how they are written, ``play`` plays them.
"""

from tests.journeys.timelines import indications, law_location, law_room, law_stay
from tests.journeys.timelines.story import Never, Timeline

TIMELINES: dict[str, tuple[Timeline | Never, ...]] = {
    **law_room.TIMELINES,
    **law_stay.TIMELINES,
    **law_location.TIMELINES,
    **indications.TIMELINES,
}
