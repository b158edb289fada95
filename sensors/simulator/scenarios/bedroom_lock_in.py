"""A bedroom that is locked from outside at night, while nobody records anything."""

from datetime import UTC, datetime

from sensors.quantity import Quantity
from sensors.simulator.air import Air
from sensors.simulator.cast import Role
from sensors.simulator.curves import HOUR, MINUTE, states
from sensors.simulator.scenario import Scenario, Text, altered
from sensors.simulator.scenarios.well import START, WELL

CLOSES_AT = 20 * MINUTE
LOCKED_AT = 30 * MINUTE
UNLOCKED_AT = LOCKED_AT + 35 * MINUTE

BEDROOM_LOCK_IN = Scenario(
    name="bedroom-lock-in",
    title=Text(
        nl="Een slaapkamer die 's nachts 35 minuten van buiten op slot zit",
        en="A bedroom that is locked from outside for 35 minutes at night",
    ),
    shows=(
        Text(
            nl="De deur is dicht en op slot, en niemand legt een verblijf vast.",
            en="The door is closed and locked, and nobody records a stay.",
        ),
    ),
    requirements=("bedroom-not-locked", "enclosure-registered"),
    room_kinds=("bedroom",),
    needs=(Role.DOOR_LOCK,),
    # Half past eleven in the evening in the Netherlands, in winter.
    starts_at=datetime(2026, 3, 10, 22, 30, tzinfo=UTC),
    duration=2 * HOUR,
    curves=altered(
        WELL,
        {
            Role.CLIMATE: {
                Quantity.CO2: Air(
                    people=((START, 1.0),), flow=((START, 25.0),), start=900.0
                )
            },
            Role.DOOR_CONTACT: {
                Quantity.DOOR_CONTACT: states(
                    Quantity.DOOR_CONTACT, (START, "open"), (CLOSES_AT, "closed")
                )
            },
            Role.DOOR_LOCK: {
                Quantity.DOOR_LOCK: states(
                    Quantity.DOOR_LOCK,
                    (START, "unlocked"),
                    (LOCKED_AT, "locked"),
                    (UNLOCKED_AT, "unlocked"),
                )
            },
        },
    ),
)
