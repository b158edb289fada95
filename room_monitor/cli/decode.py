"""``room-monitor decode``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from room_monitor.cli.errors import Ending, unknown
from room_monitor.cli.options import ProfileName
from room_monitor.cli.output import say_json
from sensors.measurement import MAX_PAYLOAD_BYTES, Measurement, Refused
from sensors.profiles import PROFILES


def decode(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The payload; '-' for standard input."),
    ],
    profile: ProfileName,
    topic: Annotated[
        str,
        typer.Option(
            "--topic", metavar="TOPIC", help="The full topic it was published on."
        ),
    ],
) -> None:
    """Show what a device family's profile reads in a payload, or why it refuses it.

    One line of JSON a measurement, none if there is nothing to measure in it. A refusal
    is a line of JSON, too, and ends with exit code 2.
    """
    known = PROFILES.get(profile)
    if known is None:
        raise unknown("profile", profile, PROFILES)
    decoded = known.decode(topic, _payload(file))
    if isinstance(decoded, Refused):
        say_json({"refused": decoded.reason}, one_line=True)
        raise typer.Exit(Ending.REFUSED)
    for measurement in decoded:
        say_json(_shape(measurement), one_line=True)
    if not decoded:
        typer.echo("There is nothing to measure in this message.", err=True)


def _payload(file: Path) -> bytes:
    """What there is to read, as far as anybody needs it to see that it is too long."""
    most = MAX_PAYLOAD_BYTES + 1
    if str(file) == "-":
        return sys.stdin.buffer.read(most)
    with file.open("rb") as opened:
        return opened.read(most)


def _shape(measurement: Measurement) -> dict[str, object]:
    quantity, value = measurement.quantity, measurement.value
    return {
        "quantity": quantity,
        "value": value,
        "unit": quantity.unit,
        "state": quantity.describe(value) if quantity.states else None,
        "measured_at": measurement.measured_at,
        "sequence": measurement.sequence,
        "channel": measurement.channel,
        "tag": measurement.tag,
    }
