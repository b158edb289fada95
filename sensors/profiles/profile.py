"""What a device family is: where it publishes and how to read it."""

from collections.abc import Callable
from dataclasses import dataclass

from sensors.measurement import Decoded


@dataclass(frozen=True, slots=True)
class Profile:
    """One device family.

    Attributes:
        name: How ``site.yaml`` calls it.
        filters: From a device's base topic in ``site.yaml`` to the MQTT topic filters
            on which everything that device says arrives.
        decode: From a full topic and the raw payload to measurements, or to the reason
            why the payload was refused. Never raises, whatever the bytes.
    """

    name: str
    filters: Callable[[str], tuple[str, ...]]
    decode: Callable[[str, bytes], Decoded]
