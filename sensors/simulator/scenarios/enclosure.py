"""An enclosure: checks in time, then half an hour without one, and a call for contact."""

from datetime import UTC, datetime, timedelta

from sensors.quantity import Quantity
from sensors.simulator.air import Air
from sensors.simulator.cast import Role
from sensors.simulator.curves import HOUR, MINUTE, SECOND, Presses, states
from sensors.simulator.scenario import Deed, Fields, Planned, Scenario, Text, altered
from sensors.simulator.scenarios.well import FULL_FLOW, START, WELL

BEGINS = 5 * MINUTE
CHECKS = tuple(BEGINS + n * MINUTE for n in (12, 25, 38, 61, 73))
ASKED_AT, ANSWERED_AT = BEGINS + 40 * MINUTE, BEGINS + 44 * MINUTE
REVIEWED_AT, ENDS = BEGINS + 78 * MINUTE, BEGINS + 80 * MINUTE
CARD = "04A2C3D4E5F680"
TOLD = MINUTE
"""So long before it is recorded the young person was told; the law asks: beforehand."""

NOT_TAPPED = CHECKS[1]
"""The second check is recorded, but nobody presented a card at the door."""

STAFF = {"role": "staff"}


def _fact(
    at: timedelta, fact: str, role: str = "staff", ago: timedelta = START
) -> Planned:
    fields: Fields = {"fact": fact, "outcome": True, "role": role}
    return Planned(offset=at, deed=Deed.RECORD_FACT, fields=fields, ago=ago)


def _check(at: timedelta) -> Planned:
    fields: Fields = {**STAFF, "contact_wished": False, "contact_given": False}
    return Planned(offset=at, deed=Deed.CHECK, fields=fields)


# What the law asks to be answered of the measure itself; the papers follow near its end.
_BEGUN = (
    "aged_12_or_older",
    "emergency",
    "no_lighter_alternative",
    "proportionate",
    "expected_effective",
    "purpose_named",
    "in_plan_or_emergency",
    "belongings_offered",
)
_PAPERS = ("phase_out_discussed", "parents_informed", "decision_written")

_ACTS = (
    Planned(
        offset=BEGINS,
        deed=Deed.BEGIN_STAY,
        fields={"kind": "enclosure", "key": "sim-301", **STAFF},
    ),
    _fact(BEGINS + 2 * SECOND, "told_duration", ago=TOLD),
    *(_fact(BEGINS + (n + 1) * 5 * SECOND, fact) for n, fact in enumerate(_BEGUN)),
    *map(_check, CHECKS),
    _fact(ANSWERED_AT, "contact_answered"),
    _fact(REVIEWED_AT, "review", "behavioural_scientist"),
    Planned(offset=ENDS, deed=Deed.END_STAY, fields=STAFF),
    *(_fact(ENDS - (n + 1) * 20 * SECOND, fact) for n, fact in enumerate(_PAPERS)),
)

ENCLOSURE = Scenario(
    name="enclosure",
    title=Text(
        nl="Een insluiting met tijdige en gemiste controles",
        en="An enclosure with checks in time and checks missed",
    ),
    shows=(
        Text(
            nl="Controles na 12, 25 en 38 minuten; de volgende pas na 61: te laat na 53.",
            en="Checks after 12, 25 and 38 minutes; the next after 61: late from 53 on.",
        ),
        Text(
            nl="Om contact gevraagd na 40 minuten, beantwoord na 44: een waarschuwing.",
            en="Contact asked for after 40 minutes, answered after 44: a warning.",
        ),
        Text(
            nl="Bij de tweede controle hield niemand een pas bij de deur.",
            en="At the second check nobody presented a card at the door.",
        ),
        Text(
            nl="Minuten tellen vanaf het begin van de insluiting, 5 minuten na de start.",
            en="Minutes count from the begin of the enclosure, 5 minutes after the start.",
        ),
    ),
    requirements=("check-every-quarter", "contact-warning"),
    needs=(Role.DOOR_LOCK,),
    # Seven in the evening in the Netherlands, in winter.
    starts_at=datetime(2026, 3, 3, 18, 0, tzinfo=UTC),
    duration=1.75 * HOUR,
    curves=altered(
        WELL,
        {
            Role.CLIMATE: {
                Quantity.CO2: Air(
                    people=((START, 0.0), (BEGINS, 1.0), (ENDS, 0.0)),
                    flow=((START, FULL_FLOW),),
                )
            },
            Role.DOOR_CONTACT: {
                Quantity.DOOR_CONTACT: states(
                    Quantity.DOOR_CONTACT,
                    (START, "open"),
                    (BEGINS, "closed"),
                    (ENDS, "open"),
                )
            },
            Role.DOOR_LOCK: {
                Quantity.DOOR_LOCK: states(
                    Quantity.DOOR_LOCK,
                    (START, "unlocked"),
                    (BEGINS + 2 * SECOND, "locked"),
                    (ENDS - 2 * SECOND, "unlocked"),
                )
            },
            Role.HATCH: {
                Quantity.DOOR_CONTACT: states(
                    Quantity.DOOR_CONTACT,
                    (START, "closed"),
                    *(
                        point
                        for at in CHECKS
                        for point in (
                            (at - 40 * SECOND, "open"),
                            (at - 5 * SECOND, "closed"),
                        )
                    ),
                )
            },
            Role.CALL_BUTTON: {Quantity.CALL_BUTTON: Presses(((ASKED_AT, None),))},
            Role.PRESENCE_TAP: {
                Quantity.PRESENCE_TAP: Presses(
                    tuple((at - 45 * SECOND, CARD) for at in CHECKS if at != NOT_TAPPED)
                )
            },
        },
    ),
    acts=tuple(sorted(_ACTS, key=lambda act: act.offset)),
)
