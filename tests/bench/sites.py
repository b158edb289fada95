"""Sites of any size, on disk, judged by the real catalogue."""

import shutil
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[2] / "config" / "requirements"

# One demand more, without dwell, so that a single reading raises an alert.
AT_ONCE = """\
requirements:
  - id: bench-at-once
    label: indication
    citation: bench
    nl: Meting
    en: Measurement
    applies: {rooms: [safe_room]}
    valid_from: 2024-01-01
    asks:
      - key: at-once
        evidence: live
        kind: within_range
        role: climate
        quantity: air_temperature
        high: 40 °C
        dwell: 0 s
        priority: urgent
"""

ROLES = ("climate", "door_lock", "door_contact", "thermostat", "ventilation", "lamp")


def write_site(folder: Path, *, rooms: int, port: int, client_id: str) -> Path:
    """A site of safe rooms with six devices each; the path of its site file."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "requirements").exists():
        shutil.copytree(REQUIREMENTS, folder / "requirements")
        (folder / "requirements" / "bench.yaml").write_text(AT_ONCE)
    lines = [
        "name: Bench",
        "broker:",
        "  host: 127.0.0.1",
        f"  port: {port}",
        f"  client_id: {client_id}",
        "  receive_maximum: 5000",
        "locations:",
        "  - id: bench",
        "    name: Bench",
        "    latitude: 52.1",
        "    longitude: 5.1",
        "    time_zone: Europe/Amsterdam",
        "    rooms:",
    ]
    for number in range(rooms):
        lines += [
            f"      - id: room-{number}",
            f"        name: Room {number}",
            "        kind: safe_room",
            "        building_function: care",
            "        devices:",
        ]
        for role in ROLES:
            name = f"room-{number}-{role.replace('_', '-')}"
            lines += [
                f"          - id: {name}",
                f"            name: {name}",
                f"            role: {role}",
                "            profile: native",
                f"            topic: bench/{name}",
                "            interval: 10 min",
                "            dated_by: device",
            ]
    path = folder / "site.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


def climates(rooms: int) -> list[str]:
    """The topics of the climate sensors."""
    return [f"bench/room-{number}-climate" for number in range(rooms)]
