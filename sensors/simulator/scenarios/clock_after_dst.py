"""A clock that does not know that summer time is over."""

from datetime import UTC, datetime

from sensors.quantity import Quantity
from sensors.simulator.cast import Role
from sensors.simulator.curves import HOUR, Steps
from sensors.simulator.scenario import Scenario, Text, altered
from sensors.simulator.scenarios.well import START, WELL

CHANGE_AT, SET_RIGHT_AT = 1 * HOUR, 7.5 * HOUR

CLOCK_AFTER_DST = Scenario(
    name="clock-after-dst",
    title=Text(
        nl="De klok loopt na het einde van de zomertijd een uur voor",
        en="The clock is an hour ahead after the end of summer time",
    ),
    shows=(
        Text(
            nl="Vanaf 25 oktober 2026 01:00 UTC wijkt de klok 3600 s af, tot 07:30 UTC.",
            en="From 25 October 2026 01:00 UTC the clock is 3600 s off, until 07:30 UTC.",
        ),
    ),
    requirements=("room-clock",),
    needs=(Role.CLOCK,),
    starts_at=datetime(2026, 10, 25, 0, 0, tzinfo=UTC),
    duration=9 * HOUR,
    curves=altered(
        WELL,
        {
            Role.CLOCK: {
                Quantity.CLOCK_OFFSET: Steps(
                    ((START, 1.0), (CHANGE_AT, 3600.0), (SET_RIGHT_AT, 0.0))
                )
            }
        },
    ),
)
