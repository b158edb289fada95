"""A room that is not there: scenarios as data, and what its devices would publish.

- ``scenarios``: the stories, chosen by name.
- ``play``: from a scenario and devices to steps in the order of time; pure.
- ``encode``: how each device family writes it.
- ``load``: steady traffic for benchmarks; pure.
- ``publisher``: plays steps to a broker; the only part that knows MQTT and the clock.
"""

from sensors.simulator.cast import Role, SimulatedDevice, SimulationError
from sensors.simulator.load import load
from sensors.simulator.play import play, play_rooms
from sensors.simulator.scenario import Deed, Scenario
from sensors.simulator.scenarios import SCENARIOS
from sensors.simulator.steps import Act, Publish, Step, together

__all__ = [
    "SCENARIOS",
    "Act",
    "Deed",
    "Publish",
    "Role",
    "Scenario",
    "SimulatedDevice",
    "SimulationError",
    "Step",
    "load",
    "play",
    "play_rooms",
    "together",
]
