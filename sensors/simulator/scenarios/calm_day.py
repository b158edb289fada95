"""A calm day: somebody asks for the room twice, and nothing is wrong."""

from datetime import UTC, datetime

from sensors.quantity import Quantity
from sensors.simulator.air import Air
from sensors.simulator.cast import Role
from sensors.simulator.curves import HOUR, MINUTE, Daylight, Line, Steps, Sum, states
from sensors.simulator.scenario import Deed, Planned, Scenario, Text, altered
from sensors.simulator.scenarios.well import FULL_FLOW, START, WELL, WINDOW_SHARE

LAMP_LUX = 320.0
MORNING, EVENING = 10 * HOUR, 20 * HOUR
"""When somebody comes; each stays for 45 minutes."""

STAYS_FOR = 45 * MINUTE

_LAMP_ON = ((START, 0.0), (6.5 * HOUR, 1.0), (8 * HOUR, 0.0))
_LAMP_ON_EVENING = ((19.5 * HOUR, 1.0), (22 * HOUR, 0.0))

CALM_DAY = Scenario(
    name="calm-day",
    title=Text(
        nl="Een rustige dag: twee keer op eigen verzoek gebruikt",
        en="A calm day: used twice on own request",
    ),
    shows=(
        Text(
            nl="Alles wat sensoren tonen voldoet; de CO₂ stijgt als er iemand is.",
            en="All that sensors show is met; CO₂ rises while somebody is there.",
        ),
    ),
    # Midnight in the Netherlands, in summer time.
    starts_at=datetime(2026, 6, 16, 22, 0, tzinfo=UTC),
    duration=24 * HOUR,
    curves=altered(
        WELL,
        {
            Role.CLIMATE: {
                Quantity.AIR_TEMPERATURE: Line(
                    (
                        (START, 20.9),
                        (6 * HOUR, 20.5),
                        (16 * HOUR, 23.2),
                        (24 * HOUR, 21.0),
                    )
                ),
                Quantity.RELATIVE_HUMIDITY: Line(
                    ((START, 49.0), (15 * HOUR, 42.0), (24 * HOUR, 48.0))
                ),
                Quantity.CO2: Air(
                    people=(
                        (START, 0.0),
                        (MORNING, 1.0),
                        (MORNING + STAYS_FOR, 0.0),
                        (EVENING, 1.0),
                        (EVENING + STAYS_FOR, 0.0),
                    ),
                    flow=((START, FULL_FLOW),),
                ),
            },
            Role.ROOM_LIGHT: {
                Quantity.ILLUMINANCE: Sum(
                    (
                        Daylight(WINDOW_SHARE),
                        Steps(
                            tuple(
                                (at, on * LAMP_LUX)
                                for at, on in (*_LAMP_ON, *_LAMP_ON_EVENING)
                            )
                        ),
                    )
                )
            },
            Role.LAMP: {Quantity.LAMP_STATE: Steps((*_LAMP_ON, *_LAMP_ON_EVENING))},
            Role.DOOR_CONTACT: {
                Quantity.DOOR_CONTACT: states(
                    Quantity.DOOR_CONTACT,
                    (START, "open"),
                    (MORNING, "closed"),
                    (MORNING + STAYS_FOR, "open"),
                    (EVENING, "closed"),
                    (EVENING + STAYS_FOR, "open"),
                )
            },
            Role.MEDIA: {
                Quantity.SWITCH_STATE: states(
                    Quantity.SWITCH_STATE,
                    (START, "off"),
                    (7 * HOUR, "on"),
                    (22.5 * HOUR, "off"),
                )
            },
        },
    ),
    acts=tuple(
        planned
        for come, key in ((MORNING, "sim-101"), (EVENING, "sim-102"))
        for planned in (
            Planned(
                offset=come,
                deed=Deed.BEGIN_STAY,
                fields={"kind": "own_request", "key": key, "role": "staff"},
            ),
            Planned(
                offset=come + MINUTE,
                deed=Deed.RECORD_FACT,
                fields={
                    "fact": "belongings_offered",
                    "outcome": True,
                    "role": "staff",
                },
            ),
            Planned(
                offset=come + STAYS_FOR,
                deed=Deed.END_STAY,
                fields={"role": "staff"},
            ),
        )
    ),
)
