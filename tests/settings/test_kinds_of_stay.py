"""Which duties each of the four kinds of stay switches on, in which room: exactly these.

One stay has exactly one kind (Jeugdwet art. 6.2.6 lid 2 and art. 6.3.2.2 lid 1 onder e and
f). The names are those of the catalogue; all of each must be asked, and nothing else.
"""

from pathlib import Path

import pytest

from room_monitor.core.obligations import Plan, plan
from room_monitor.core.requirements import Label, StayKind
from room_monitor.core.site import RoomKind
from room_monitor.settings import load

SETTINGS = load(Path(__file__).parents[2] / "config/site.yaml")

OWN_REQUEST = StayKind.OWN_REQUEST
REQUIRED_UNLOCKED = StayKind.REQUIRED_UNLOCKED
ENCLOSURE = StayKind.ENCLOSURE
ENCLOSURE_ELSEWHERE = StayKind.ENCLOSURE_ELSEWHERE

# Besluit Jeugdwet art. 6.2.1, 6.2.5 lid 4 and 6.2.6: whoever is in the room, and why.
WHOEVER_IS_THERE = {"stay-belongings", "stay-contact", "no-camera"}
# A stay without a lock has no lock (Jeugdwet art. 6.2.6 lid 2; 6.3.2.2 lid 1 onder e).
NOT_LOCKED = {"unlocked-stay-door"}
# Every restrictive measure.
OF_MEASURES = {
    "told-duration",
    "no-unless",
    "purpose",
    "in-plan-or-emergency",
    "decision-in-writing",
    "copy-and-complaint-info",
    "in-file",
    "phase-out",
    "stay-registered",
}
# Whoever is locked in (Jeugdwet art. 6.3.2.2; Besluit Jeugdwet art. 6.2.4).
OF_ENCLOSURE = {
    "enclosure-age",
    "enclosure-emergency",
    "check-every-quarter",
    "review-within-3h",
    "end-on-negative-review",
    "max-one-day",
    "kept-informed",
    "informed-parents",
}
UNLAWFUL_PLACE = {"enclosure-only-in-safe-room"}

LAW = {
    OWN_REQUEST: WHOEVER_IS_THERE | NOT_LOCKED,
    REQUIRED_UNLOCKED: WHOEVER_IS_THERE | NOT_LOCKED | OF_MEASURES,
    ENCLOSURE: WHOEVER_IS_THERE | OF_MEASURES | OF_ENCLOSURE,
    ENCLOSURE_ELSEWHERE: WHOEVER_IS_THERE | OF_MEASURES | OF_ENCLOSURE | UNLAWFUL_PLACE,
}
INDICATIONS = {
    OWN_REQUEST: {"contact-warning"},
    REQUIRED_UNLOCKED: {"contact-warning", "stay-described", "aftercare"},
    ENCLOSURE: {
        "contact-warning",
        "stay-described",
        "aftercare",
        "check-agreed-interval",
        "registration-contradicted",
    },
}
INDICATIONS[ENCLOSURE_ELSEWHERE] = INDICATIONS[ENCLOSURE]
# Air is judged while somebody is there; the figures are those for the safe room.
AIR = {"air-co2-good", "air-co2"}


def plan_of(kind: RoomKind) -> Plan:
    room = next(room for room in SETTINGS.site.rooms if room.kind is kind)
    return plan(room, SETTINGS.catalogue)


SAFE_ROOM = plan_of(RoomKind.SAFE_ROOM)
BEDROOM = plan_of(RoomKind.BEDROOM)


def asked(of: Plan, kind: StayKind, label: Label | None = None) -> set[str]:
    """The requirements that a stay of this kind switches on in a room."""
    return {
        str(requirement.id)
        for requirement in of.requirements
        if kind in requirement.applies.during and label in (None, requirement.label)
    }


@pytest.mark.parametrize("kind", StayKind)
def test_what_the_law_asks_of_a_stay_in_the_safe_room(kind: StayKind) -> None:
    assert asked(SAFE_ROOM, kind, Label.LAW) == LAW[kind]


@pytest.mark.parametrize("kind", StayKind)
def test_which_figures_are_looked_at_in_the_safe_room(kind: StayKind) -> None:
    assert asked(SAFE_ROOM, kind, Label.INDICATION) == INDICATIONS[kind] | AIR


@pytest.mark.parametrize("kind", StayKind)
def test_a_stay_in_a_bedroom_has_the_same_protection(kind: StayKind) -> None:
    """Called an ordinary enclosure, it is unlawful there by a row of its own."""
    no_safe_room = {"enclosure-in-no-other-room"} if kind is ENCLOSURE else set()

    assert asked(BEDROOM, kind, Label.LAW) == LAW[kind] | no_safe_room
    assert asked(BEDROOM, kind, Label.INDICATION) == INDICATIONS[kind]


@pytest.mark.parametrize("kind", StayKind)
def test_what_is_asked_of_people_becomes_an_obligation(kind: StayKind) -> None:
    """A row that is switched on is asked even in a room without any device."""
    people = {str(o.requirement.id) for o in BEDROOM.during[kind] if o.device is None}

    assert asked(BEDROOM, kind) - people <= NOT_LOCKED | {"registration-contradicted"}


def test_a_stay_on_own_request_is_no_measure() -> None:
    own = asked(SAFE_ROOM, OWN_REQUEST)

    assert own & (OF_MEASURES | OF_ENCLOSURE) == set()
    assert own < asked(SAFE_ROOM, REQUIRED_UNLOCKED)


def test_a_locked_door_is_a_breach_only_where_nobody_may_be_locked_in() -> None:
    with_a_lock = {k for k in StayKind if asked(SAFE_ROOM, k) >= NOT_LOCKED}

    assert with_a_lock == {OWN_REQUEST, REQUIRED_UNLOCKED}


@pytest.mark.parametrize("of", [SAFE_ROOM, BEDROOM])
def test_locked_in_elsewhere_is_protected_like_any_enclosure_and_unlawful(
    of: Plan,
) -> None:
    protection = asked(of, ENCLOSURE) - {"enclosure-in-no-other-room"}

    assert asked(of, ENCLOSURE_ELSEWHERE) == protection | UNLAWFUL_PLACE


@pytest.mark.parametrize("kind", [ENCLOSURE, ENCLOSURE_ELSEWHERE])
def test_locked_in_outside_the_safe_room_is_unlawful_whatever_it_is_called(
    kind: StayKind,
) -> None:
    unlawful = {"enclosure-only-in-safe-room", "enclosure-in-no-other-room"}

    assert len(asked(BEDROOM, kind) & unlawful) == 1
