"""A dead door contact: its battery runs down, and then nobody hears it any more."""

from datetime import UTC, datetime

from sensors.quantity import Quantity
from sensors.simulator.cast import Role
from sensors.simulator.curves import HOUR, MINUTE, Line
from sensors.simulator.scenario import Scenario, Silence, Text, altered
from sensors.simulator.scenarios.well import START, WELL

DEAD_AT, REPLACED_AT = 2 * HOUR, 3.5 * HOUR

DEAD_DOOR_CONTACT = Scenario(
    name="dead-door-contact",
    title=Text(
        nl="Een deurcontact met een lege batterij",
        en="A door contact with an empty battery",
    ),
    shows=(
        Text(
            nl="De batterij loopt leeg; daarna zwijgt het contact, zonder afmelding.",
            en="The battery runs down; then the contact falls silent, with no goodbye.",
        ),
        Text(
            nl="Zwijgen is niet 'dicht': na twee keer het interval is de deur onbekend.",
            en="Silence is not 'closed': after two intervals the door is unknown.",
        ),
        Text(
            nl="Na 3½ uur zit er een nieuwe batterij in en is alles terug.",
            en="After 3½ hours it has a new battery, and all is back.",
        ),
    ),
    requirements=("device-heard-from", "door-heartbeat"),
    room_kinds=("safe_room", "bedroom"),
    needs=(Role.DOOR_CONTACT,),
    # Nine in the morning in the Netherlands, in winter.
    starts_at=datetime(2026, 2, 11, 8, 0, tzinfo=UTC),
    duration=4 * HOUR,
    curves=altered(
        WELL,
        {
            Role.DOOR_CONTACT: {
                Quantity.BATTERY: Line(
                    (
                        (START, 9.0),
                        (DEAD_AT, 1.0),
                        (REPLACED_AT - MINUTE, 1.0),
                        (REPLACED_AT, 100.0),
                    )
                )
            }
        },
    ),
    silences=(Silence(role=Role.DOOR_CONTACT, begins=DEAD_AT, ends=REPLACED_AT),),
)
