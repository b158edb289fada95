"""Which device families are understood.

Each family is one module: a table from its keys to quantities, and a ``decode``. The
modules do not know each other; what they share is in ``payload`` and ``profile``. To
add a family, write its module and its samples (``tests/sensors/payloads/<name>/``),
name it here and describe it in ``docs/profiles.md``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sensors.profiles import native, shelly_gen2, tasmota, zigbee2mqtt
from sensors.profiles.profile import Profile

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            native.PROFILE,
            zigbee2mqtt.PROFILE,
            tasmota.PROFILE,
            shelly_gen2.PROFILE,
        )
    }
)

__all__ = ["PROFILES", "Profile"]
