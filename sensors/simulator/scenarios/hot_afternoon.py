"""A hot afternoon: it gets too warm, and one control is locked for an hour."""

from datetime import UTC, datetime

from sensors.quantity import Quantity
from sensors.simulator.air import Air
from sensors.simulator.cast import Role
from sensors.simulator.curves import HOUR, Daylight, Dimmed, Line, Steps, states
from sensors.simulator.scenario import Scenario, Text, altered
from sensors.simulator.scenarios.well import FULL_FLOW, START, WELL, WINDOW_SHARE

BLIND_CLOSES, BLIND_OPENS = 1.5 * HOUR, 5 * HOUR
LOCKED_AT, FREE_AT = 3 * HOUR, 4 * HOUR

# A blind that is closed lets a fiftieth of the light through: some 50 lx reach the table.
_BEHIND_THE_BLIND = Dimmed(
    Daylight(WINDOW_SHARE),
    Steps(((START, 1.0), (BLIND_CLOSES, 0.02), (BLIND_OPENS, 1.0))),
)
_WARMTH = Line(((START, 24.0), (4 * HOUR, 31.0), (5 * HOUR, 31.0), (8 * HOUR, 26.0)))

HOT_AFTERNOON = Scenario(
    name="hot-afternoon",
    title=Text(
        nl="Een hete middag: van 24 naar 31 °C, en de radiatorknop gaat op slot",
        en="A hot afternoon: from 24 to 31 °C, and the radiator valve is locked",
    ),
    shows=(
        Text(
            nl="Boven 27 °C waarschuwt de temperatuur na een half uur; na 5 uur koelt het.",
            en="Above 27 °C the temperature warns after half an hour; it cools after 5 h.",
        ),
        Text(
            nl="De jongere sluit de zonwering: dan is donker geen overtreding.",
            en="The young person closes the blind: dark is no breach then.",
        ),
        Text(
            nl="Een uur lang is de radiatorknop geblokkeerd: dat is er wel een.",
            en="For an hour the radiator valve is locked out: that is one.",
        ),
    ),
    requirements=("temperature-comfort", "temperature-warning", "control-temperature"),
    needs=(Role.CLIMATE,),
    # Noon in the Netherlands, in summer time.
    starts_at=datetime(2026, 7, 14, 10, 0, tzinfo=UTC),
    duration=8 * HOUR,
    curves=altered(
        WELL,
        {
            Role.CLIMATE: {
                Quantity.AIR_TEMPERATURE: _WARMTH,
                Quantity.RELATIVE_HUMIDITY: Line(((START, 48.0), (4 * HOUR, 34.0))),
                Quantity.CO2: Air(flow=((START, FULL_FLOW),)),
            },
            Role.THERMOSTAT: {
                Quantity.AIR_TEMPERATURE: _WARMTH,
                Quantity.CONTROL_LOCKOUT: states(
                    Quantity.CONTROL_LOCKOUT,
                    (START, "free"),
                    (LOCKED_AT, "locked_out"),
                    (FREE_AT, "free"),
                ),
            },
            Role.DAYLIGHT: {Quantity.DAYLIGHT_ILLUMINANCE: _BEHIND_THE_BLIND},
            Role.ROOM_LIGHT: {Quantity.ILLUMINANCE: _BEHIND_THE_BLIND},
            Role.BLIND: {
                Quantity.BLIND_STATE: states(
                    Quantity.BLIND_STATE,
                    (START, "open"),
                    (BLIND_CLOSES, "closed"),
                    (BLIND_OPENS, "open"),
                )
            },
        },
    ),
)
