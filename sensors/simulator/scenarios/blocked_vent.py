"""A blocked vent: the fan runs, no air moves, and the CO₂ of one person stays inside."""

from datetime import UTC, datetime

from sensors.quantity import Quantity
from sensors.simulator.air import Air
from sensors.simulator.cast import Role
from sensors.simulator.curves import HOUR, MINUTE, Steps
from sensors.simulator.scenario import Deed, Planned, Scenario, Text, altered
from sensors.simulator.scenarios.well import FULL_FLOW, START, WELL

COMES_AT, LEAVES_AT = 5 * MINUTE, 4 * HOUR
BLOCKED_AT, CLEARED_AT = 1 * HOUR, 3.25 * HOUR
LEAKS = 0.5
"""m³/h through the chinks of the door, while the vent is blocked."""

BLOCKED_VENT = Scenario(
    name="blocked-vent",
    title=Text(
        nl="Een verstopt rooster: de ventilator draait, maar er komt geen lucht",
        en="A blocked vent: the fan runs but no air comes",
    ),
    shows=(
        Text(
            nl="De ventilator staat aan en de luchtstroom is 0: de ventilatie werkt niet.",
            en="The fan is on and the air flow is 0: ventilation does not work.",
        ),
        Text(
            nl="Met één persoon loopt de CO₂ op tot 2500 ppm en daalt na het vrijmaken.",
            en="With one person CO₂ rises to 2,500 ppm, and falls once it is cleared.",
        ),
    ),
    requirements=("room-ventilation", "air-co2-good", "air-co2"),
    needs=(Role.CLIMATE, Role.VENTILATION),
    # Two in the afternoon in the Netherlands, in winter.
    starts_at=datetime(2026, 1, 20, 13, 0, tzinfo=UTC),
    duration=4.5 * HOUR,
    curves=altered(
        WELL,
        {
            Role.CLIMATE: {
                Quantity.CO2: Air(
                    people=((START, 0.0), (COMES_AT, 1.0), (LEAVES_AT, 0.0)),
                    flow=(
                        (START, FULL_FLOW),
                        (BLOCKED_AT, LEAKS),
                        (CLEARED_AT, FULL_FLOW),
                    ),
                )
            },
            Role.VENTILATION: {
                Quantity.AIR_FLOW: Steps(
                    ((START, FULL_FLOW), (BLOCKED_AT, 0.0), (CLEARED_AT, FULL_FLOW))
                )
            },
        },
    ),
    acts=(
        Planned(
            offset=COMES_AT,
            deed=Deed.BEGIN_STAY,
            fields={"kind": "own_request", "key": "sim-201", "role": "staff"},
        ),
        Planned(
            offset=COMES_AT + MINUTE,
            deed=Deed.RECORD_FACT,
            fields={
                "fact": "belongings_offered",
                "outcome": True,
                "role": "staff",
            },
        ),
        Planned(offset=LEAVES_AT, deed=Deed.END_STAY, fields={"role": "staff"}),
    ),
)
