"""Each role takes from a device what belongs to the role, and nothing else."""

import pytest

from room_monitor.core.site import Role
from room_monitor.ingest.meanings import MEANINGS, OWN_CONDITION
from room_monitor.settings.roles import told_by
from sensors.quantity import Quantity

Q = Quantity

# role, what was measured, what it is evidence of
TRANSLATED = [
    (Role.LAMP, Q.SWITCH_STATE, Q.LAMP_STATE),
    (Role.LAMP, Q.LAMP_STATE, Q.LAMP_STATE),
    (Role.VENTILATION, Q.SWITCH_STATE, Q.FAN_STATE),
    (Role.VENTILATION, Q.FAN_STATE, Q.FAN_STATE),
    (Role.MEDIA, Q.SWITCH_STATE, Q.SWITCH_STATE),
    (Role.DAYLIGHT, Q.ILLUMINANCE, Q.DAYLIGHT_ILLUMINANCE),
    (Role.OUTDOOR_DAYLIGHT, Q.ILLUMINANCE, Q.DAYLIGHT_ILLUMINANCE),
    (Role.OUTDOOR_DAYLIGHT, Q.DAYLIGHT_ILLUMINANCE, Q.DAYLIGHT_ILLUMINANCE),
    (Role.ROOM_LIGHT, Q.ILLUMINANCE, Q.ILLUMINANCE),
    (Role.CALL_BUTTON, Q.BUTTON_PRESS, Q.CALL_BUTTON),
    (Role.PRESENCE_TAP, Q.BUTTON_PRESS, Q.PRESENCE_TAP),
    (Role.SANITARY_DOOR, Q.DOOR_LOCK, Q.DOOR_LOCK),
    (Role.SANITARY_DOOR, Q.DOOR_CONTACT, Q.DOOR_CONTACT),
]

# A box that does two jobs is listed twice: each job hears only its own.
LEFT_ALONE = [
    (Role.DOOR_CONTACT, Q.DOOR_LOCK),
    (Role.DOOR_LOCK, Q.DOOR_CONTACT),
    (Role.HATCH, Q.DOOR_LOCK),
    (Role.LAMP, Q.ILLUMINANCE),
    (Role.BLIND, Q.SWITCH_STATE),
    (Role.CLIMATE, Q.ILLUMINANCE),
    (Role.CLIMATE, Q.BUTTON_PRESS),
    (Role.MEDIA, Q.LAMP_STATE),
    (Role.CALL_BUTTON, Q.PRESENCE_TAP),
    (Role.PRESENCE_TAP, Q.CALL_BUTTON),
]


@pytest.mark.parametrize(("role", "measured", "meant"), TRANSLATED)
def test_a_measurement_means_what_its_role_says(
    role: Role, measured: Quantity, meant: Quantity
) -> None:
    assert MEANINGS[role][measured] is meant


@pytest.mark.parametrize(("role", "measured"), LEFT_ALONE)
def test_what_is_no_business_of_the_role_is_left_alone(
    role: Role, measured: Quantity
) -> None:
    assert measured not in MEANINGS[role]


@pytest.mark.parametrize("role", Role)
def test_every_device_may_speak_of_its_own_condition(role: Role) -> None:
    assert {q: MEANINGS[role][q] for q in OWN_CONDITION} == {
        q: q for q in OWN_CONDITION
    }


@pytest.mark.parametrize("role", Role)
def test_every_role_has_something_to_tell(role: Role) -> None:
    assert MEANINGS[role].keys() - OWN_CONDITION.keys()


@pytest.mark.parametrize("role", Role)
def test_a_role_tells_only_what_the_settings_let_one_ask(role: Role) -> None:
    own = set(MEANINGS[role].values()) - OWN_CONDITION.keys()

    assert own <= set(told_by(role))
