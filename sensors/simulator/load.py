"""Steady traffic for benchmarks: native messages, numbered, evenly spread."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sensors.measurement import Measurement
from sensors.quantity import Quantity
from sensors.simulator.cast import SimulatedDevice, SimulationError
from sensors.simulator.encode import FAMILIES
from sensors.simulator.steps import Publish, Step


def load(
    devices: Sequence[SimulatedDevice],
    *,
    rate: float,
    count: int,
    dated: Callable[[timedelta], datetime],
    first: int = 1,
) -> Iterator[Step]:
    """Climate readings, each device in its turn; four in five are near 600 ppm CO₂.

    Every fifth message of a device is above any limit for CO₂, so that verdicts change
    and the monitor has something to decide.

    Args:
        devices: Whose topics to publish on; all of profile ``native``.
        rate: Messages per second, all devices together.
        count: How many messages.
        dated: Dates the messages.
        first: The number of each device's first message.

    Raises:
        SimulationError: A device does not speak native, or there is none.
    """
    if not devices or rate <= 0:
        raise SimulationError("a load needs a device, and a rate above 0")
    for device in devices:
        if device.profile != "native":
            raise SimulationError(
                f"{device.id}: profile '{device.profile}' has no numbers"
            )
    encode = FAMILIES["native"].encode
    for n in range(count):
        turn, place = divmod(n, len(devices))
        device = devices[place]
        offset = timedelta(seconds=n / rate)
        co2 = 1800.0 if turn % 5 == 4 else 600.0 + turn % 17
        head = (dated(offset), first + turn, device.channel)
        said = (
            Measurement(Quantity.CO2, co2, *head),
            Measurement(Quantity.AIR_TEMPERATURE, 21.0 + turn % 7 / 10, *head),
        )
        for message in encode(device.topic, said):
            yield Step(offset, Publish(*message, device=device.id))
