"""How each device family writes what ``sensors.profiles`` reads: the inverse of decoding.

One module for each profile, which knows no other. For whatever ``encode`` accepts,
decoding its messages gives the same measurements back; what a family has no word for it
refuses with ``CannotSayError``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sensors.simulator.encode import native, shelly_gen2, tasmota, zigbee2mqtt
from sensors.simulator.encode.message import CannotSayError, Family, Message, Voice

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        family.name: family
        for family in (
            native.FAMILY,
            zigbee2mqtt.FAMILY,
            tasmota.FAMILY,
            shelly_gen2.FAMILY,
        )
    }
)

__all__ = ["FAMILIES", "CannotSayError", "Family", "Message", "Voice"]
