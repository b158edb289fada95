"""What the demo watches: a site file of its own, and the catalogue that ships with us."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Final

import room_monitor
from room_monitor.cli.demo.broker import HOST, Running
from room_monitor.cli.errors import Failure

INTERVAL = timedelta(seconds=15)
DOOR_INTERVAL = timedelta(seconds=5)

CALM, HOT, VENT, CHECKED = "calm-1", "calm-2", "calm-3", "calm-4"
LOCKED, DEAD = "bedroom-5", "bedroom-6"

_NAMES: Final = {
    CALM: "All is well",
    HOT: "Hot, and the heating locked",
    VENT: "A blocked vent",
    CHECKED: "An enclosure",
    LOCKED: "A bedroom",
    DEAD: "A bedroom, weak battery",
}
_PARTS: Final = (
    ("climate", "climate", "{co2: 30 ppm, air_temperature: 0.3 °C}"),
    ("daylight", "daylight", "{daylight_illuminance: 5 %}"),
    ("light", "room_light", ""),
    ("lamp", "lamp", ""),
    ("blind", "blind", ""),
    ("thermostat", "thermostat", ""),
    ("ventilation", "ventilation", "{air_flow: 2 m³/h}"),
    ("clock", "clock", ""),
    ("door", "door_contact", ""),
    ("lock", "door_lock", ""),
    ("bathroom", "sanitary_door", ""),
    ("call", "call_button", ""),
    ("media", "media", ""),
)


def write_site(folder: Path, broker: Running) -> Path:
    """Write site file and catalogue into a folder; the name of the site file."""
    shutil.copytree(_catalogue(), folder / "requirements")
    site = folder / "site.yaml"
    site.write_text(_site(broker), "utf-8")
    return site


def _catalogue() -> Path:
    """The requirements: in the package once installed, beside it in a checkout."""
    package = Path(room_monitor.__file__).parent
    for config in (package / "config", package.parent / "config"):
        if (config / "requirements").is_dir():
            return config / "requirements"
    raise Failure(
        f"the catalogue is missing from {package}; install Room Monitor again"
    )


def _site(broker: Running) -> str:
    rooms = "".join(_room(room) for room in _NAMES)
    return f"""name: Demo
broker: {{host: {HOST}, port: {broker.port}, protocol: "{broker.protocol}"}}
locations:
  - id: demo
    name: Demo
    latitude: 52.09
    longitude: 5.12
    time_zone: Europe/Amsterdam
    rooms:
{rooms}"""


def _room(room: str) -> str:
    bedroom = room in (LOCKED, DEAD)
    parts = [p for p in _PARTS if not bedroom or p[0] in ("door", "lock")]
    interval = DOOR_INTERVAL if bedroom else INTERVAL
    devices = "".join(_device(room, *part, interval) for part in parts)
    return f"""      - id: {room}
        name: {_NAMES[room]}
        kind: {"bedroom" if bedroom else "safe_room"}
        building_function: {"living" if bedroom else "care"}
        devices:
{devices}"""


def _device(room: str, part: str, role: str, accuracy: str, interval: timedelta) -> str:
    known = f"            accuracy: {accuracy}\n" if accuracy else ""
    return f"""          - id: {room}-{part}
            name: {part}
            role: {role}
            profile: native
            topic: demo/{room}/{part}
            interval: {interval.seconds} s
            dated_by: device
{known}"""
