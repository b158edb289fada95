"""Payloads in the shapes that are documented, each with what must become of it.

``payloads/<profile>/<case>.json`` (or ``.txt``, ``.bin``) is sent as it stands, less
its last line break. ``<case>.expected`` begins with ``topic: …`` and goes on with one
JSON object per measurement, or with ``refused: …``.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from sensors.measurement import Decoded, Measurement, Refused
from sensors.quantity import SPECS

FOLDER = Path(__file__).parent / "payloads"


@dataclass(frozen=True, slots=True)
class Sample:
    """One payload and what it must become."""

    profile: str
    case: str
    topic: str
    payload: bytes
    expected: list[str]

    @property
    def refused(self) -> bool:
        return self.expected[:1] != [] and self.expected[0].startswith("refused: ")

    def __str__(self) -> str:
        return f"{self.profile}/{self.case}"


def read_samples() -> list[Sample]:
    """Every sample in the folder."""
    return [
        _read(path)
        for path in sorted(FOLDER.glob("*/*"))
        if path.suffix in {".json", ".txt", ".bin"}
    ]


def write_decoded(decoded: Decoded) -> list[str]:
    """The lines that stand in ``.expected`` after the topic."""
    if isinstance(decoded, Refused):
        return [f"refused: {decoded.reason}"]
    return [_write(measurement) for measurement in decoded]


def _read(path: Path) -> Sample:
    head, *expected = path.with_suffix(".expected").read_text().splitlines()
    return Sample(
        profile=path.parent.name,
        case=path.stem,
        topic=head.removeprefix("topic: "),
        payload=path.read_bytes().removesuffix(b"\n"),
        expected=expected,
    )


def _write(measurement: Measurement) -> str:
    states = SPECS[measurement.quantity].states
    value = measurement.value
    line: dict[str, object] = {
        "quantity": measurement.quantity.value,
        "value": states[int(value)] if states else value,
    }
    if measurement.measured_at is not None:
        line["measured_at"] = measurement.measured_at.isoformat()
    for name in ("sequence", "channel", "tag"):
        if getattr(measurement, name) is not None:
            line[name] = getattr(measurement, name)
    return json.dumps(line, ensure_ascii=False)
