"""The scenarios, chosen by name: each is one module, and nothing but data."""

from collections.abc import Mapping
from types import MappingProxyType

from sensors.simulator.scenario import Scenario
from sensors.simulator.scenarios.bedroom_lock_in import BEDROOM_LOCK_IN
from sensors.simulator.scenarios.blocked_vent import BLOCKED_VENT
from sensors.simulator.scenarios.calm_day import CALM_DAY
from sensors.simulator.scenarios.clock_after_dst import CLOCK_AFTER_DST
from sensors.simulator.scenarios.dead_door_contact import DEAD_DOOR_CONTACT
from sensors.simulator.scenarios.enclosure import ENCLOSURE
from sensors.simulator.scenarios.hot_afternoon import HOT_AFTERNOON

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        scenario.name: scenario
        for scenario in (
            CALM_DAY,
            HOT_AFTERNOON,
            DEAD_DOOR_CONTACT,
            BLOCKED_VENT,
            CLOCK_AFTER_DST,
            ENCLOSURE,
            BEDROOM_LOCK_IN,
        )
    }
)

__all__ = ["SCENARIOS"]
