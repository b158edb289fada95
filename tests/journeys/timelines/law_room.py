"""Besluit Jeugdwet: what the room must be, and what its user can expect in it."""

from room_monitor.core.evaluation import Reason, Verdict
from tests.journeys.timelines.story import (
    Never,
    Timeline,
    after,
    met,
    not_yet,
    unknown,
    violated,
)

Rows = dict[str, tuple[Timeline | Never, ...]]

JUNE_MORNING = "2026-06-21 10:00"
DECEMBER_NOON = "2026-12-21 12:30"
WINTER_NIGHT = "2026-12-21 23:00"

ROOM: Rows = {
    "room-daylight": (
        met(
            "A June morning: the light of the sky reaches the room.",
            Reason.DAYLIGHT_SEEN,
            """
            0:00  inspected_daylight yes by inspector
            0:05  outdoor_daylight daylight_illuminance 40000 lx
            0:05  daylight daylight_illuminance 120 lx
            """,
            on=JUNE_MORNING,
        ),
        met(
            "A grey noon in December: 1 % of the little there is outdoors is enough.",
            Reason.DAYLIGHT_SEEN,
            """
            0:00  inspected_daylight yes by inspector
            0:05  outdoor_daylight daylight_illuminance 3000 lx
            0:05  daylight daylight_illuminance 40 lx
            """,
            on=DECEMBER_NOON,
        ),
        met(
            "At noon in December the sun is low, and half of what June asks is enough.",
            Reason.DAYLIGHT_SEEN,
            """
            0:00  inspected_daylight yes by inspector
            0:05  daylight daylight_illuminance 60 lx
            """,
            on=DECEMBER_NOON,
        ),
        met(
            "With the sun this low nothing is judged.",
            Reason.DONE,
            """
            0:00  inspected_daylight yes by inspector
            0:05  daylight daylight_illuminance 5 lx
            """,
            on="2026-12-21 09:55",
        ),
        met(
            "At night no daylight is asked for; what was inspected by day holds.",
            Reason.DONE,
            """
            0:00  inspected_daylight yes by inspector
            0:05  daylight daylight_illuminance 0 lx
            """,
            on=WINTER_NIGHT,
        ),
        violated(
            "A bright June morning stays dark inside, the blind open: breach after 30 min.",
            Reason.TOO_DARK,
            """
            0:00  inspected_daylight yes by inspector
            0:00  blind blind_state open
            0:05  outdoor_daylight daylight_illuminance 40000 lx
            0:05  daylight daylight_illuminance 80 lx
            0:40  nothing
            """,
            on=JUNE_MORNING,
            breach="0:05",
        ),
        violated(
            "Not even 1 % of a grey noon gets in.",
            Reason.TOO_DARK,
            """
            0:00  inspected_daylight yes by inspector
            0:05  outdoor_daylight daylight_illuminance 3000 lx
            0:05  daylight daylight_illuminance 18 lx
            0:40  nothing
            """,
            on=DECEMBER_NOON,
            breach="0:05",
        ),
        violated(
            "Somebody looked, and a cupboard stands before the window.",
            Reason.ANSWERED_NO,
            """
            0:10  inspected_daylight no by inspector
            """,
            on=WINTER_NIGHT,
            breach="0:10",
        ),
        not_yet(
            "A cloud, or somebody at the window: not for half an hour.",
            Reason.TOO_DARK,
            """
            0:00  inspected_daylight yes by inspector
            0:05  outdoor_daylight daylight_illuminance 40000 lx
            0:05  daylight daylight_illuminance 80 lx
            0:34  nothing
            """,
            on=JUNE_MORNING,
        ),
        unknown(
            "Dark because the young person closed the blind: their choice, no breach.",
            Reason.BLIND_CLOSED,
            """
            0:00  inspected_daylight yes by inspector
            0:00  blind blind_state closed
            0:05  outdoor_daylight daylight_illuminance 40000 lx
            0:05  daylight daylight_illuminance 15 lx
            0:40  nothing
            """,
            on=JUNE_MORNING,
        ),
        unknown(
            "A lamp does not pass for daylight.",
            Reason.MAY_BE_LAMP,
            """
            0:00  inspected_daylight yes by inspector
            0:00  lamp lamp_state on
            0:05  daylight daylight_illuminance 450 lx
            """,
            on=JUNE_MORNING,
        ),
    ),
    "room-lighting": (
        met(
            "The lamp is on and there is light, however little: it may be dimmed.",
            Reason.HEARD_IN_TIME,
            """
            0:00  inspected_lighting yes by facility_manager
            0:00  lamp lamp_state on
            0:02  room_light illuminance 6 lx
            """,
        ),
        met(
            "Dark by their own choice: the lamp is off, and was found to work.",
            Reason.HEARD_IN_TIME,
            """
            0:00  inspected_lighting yes by facility_manager
            0:00  lamp lamp_state off
            0:02  room_light illuminance 0 lx
            """,
        ),
        violated(
            "The lamp says it is on, and it stays dark for longer than 5 minutes.",
            Reason.NO_RESPONSE,
            """
            0:00  inspected_lighting yes by facility_manager
            0:00  lamp lamp_state on
            0:02  room_light illuminance 4 lx
            0:06  nothing
            """,
            breach="0:05",
        ),
        violated(
            "The lamp is broken; it says nothing of that itself.",
            Reason.ANSWERED_NO,
            """
            0:00  lamp lamp_state off
            0:10  inspected_lighting no by staff
            """,
            breach="0:10",
        ),
        violated(
            "The lamp has been silent for longer than it may be.",
            Reason.SILENT,
            """
            0:00  inspected_lighting yes by facility_manager
            0:00  lamp lamp_state off
            1:06  nothing
            """,
            breach="1:00",
        ),
        unknown(
            "The lamp was switched on just now.",
            Reason.AWAITING_RESPONSE,
            """
            0:00  inspected_lighting yes by facility_manager
            0:00  lamp lamp_state on
            0:02  room_light illuminance 0 lx
            """,
        ),
    ),
    "room-temperature-controller": (
        met(
            "It is as warm as was set, nearly.",
            Reason.HEARD_IN_TIME,
            """
            0:00  inspected_temperature_controller yes by facility_manager
            0:00  thermostat set_point 21 °C
            0:00  climate air_temperature 19.3 °C
            """,
        ),
        met(
            "Cool by their own choice is no failure of the controller.",
            Reason.HEARD_IN_TIME,
            """
            0:00  inspected_temperature_controller yes by facility_manager
            0:00  thermostat set_point 15 °C
            0:00  climate air_temperature 16 °C
            """,
        ),
        violated(
            "Two hours after it was set to 22 °C it is still 19.5 °C.",
            Reason.NO_RESPONSE,
            """
            0:00  inspected_temperature_controller yes by facility_manager
            0:00  thermostat set_point 22 °C
            0:00  climate air_temperature 18 °C
            0:50  thermostat set_point 22 °C
            0:50  climate air_temperature 19 °C
            1:40  thermostat set_point 22 °C
            1:40  climate air_temperature 19.5 °C
            2:16  nothing
            """,
            breach="2:00",
        ),
        violated(
            "The knob turns and the radiator stays cold.",
            Reason.ANSWERED_NO,
            """
            0:10  inspected_temperature_controller no by staff
            """,
            breach="0:10",
        ),
        violated(
            "The controller has been silent for longer than it may be.",
            Reason.SILENT,
            """
            0:00  inspected_temperature_controller yes by facility_manager
            0:00  thermostat set_point 20 °C
            1:06  nothing
            """,
            breach="1:00",
        ),
        unknown(
            "Set to 22 °C an hour ago: it may still become warm.",
            Reason.AWAITING_RESPONSE,
            """
            0:00  inspected_temperature_controller yes by facility_manager
            0:00  thermostat set_point 22 °C
            0:30  thermostat set_point 22 °C
            1:00  thermostat set_point 22 °C
            1:00  climate air_temperature 18 °C
            """,
        ),
    ),
    "room-ventilation": (
        met(
            "The fan is on and air flows.",
            Reason.HEARD_IN_TIME,
            """
            0:00  inspected_air_flow yes by facility_manager
            0:00  ventilation fan_state on
            0:00  ventilation air_flow 12 m³/h
            """,
        ),
        met(
            "Switched off by their own choice; it was found to work.",
            Reason.HEARD_IN_TIME,
            """
            0:00  inspected_air_flow yes by facility_manager
            0:00  ventilation fan_state off
            0:00  ventilation air_flow 0 m³/h
            """,
        ),
        violated(
            "The fan is on and hardly any air flows: the vent is blocked.",
            Reason.NO_RESPONSE,
            """
            0:00  inspected_air_flow yes by facility_manager
            0:00  ventilation fan_state on
            0:00  ventilation air_flow 8 m³/h
            0:11  nothing
            """,
            breach="0:05",
        ),
        violated(
            "Measured, and it moves too little.",
            Reason.ANSWERED_NO,
            """
            0:10  inspected_air_flow no by facility_manager
            """,
            breach="0:10",
        ),
        violated(
            "The ventilation has been silent for longer than it may be.",
            Reason.SILENT,
            """
            0:00  inspected_air_flow yes by facility_manager
            0:00  ventilation fan_state off
            1:06  nothing
            """,
            breach="1:00",
        ),
        unknown(
            "The fan is on; whether air flows was never told.",
            Reason.NO_READING,
            """
            0:00  inspected_air_flow yes by facility_manager
            0:00  ventilation fan_state on
            """,
        ),
    ),
    "room-clock": (
        met(
            "The clock reports itself 45 seconds fast.",
            Reason.WITHIN_LIMITS,
            "0:00  clock clock_offset 45 s",
        ),
        met(
            "The clock reports itself 45 seconds slow.",
            Reason.WITHIN_LIMITS,
            "0:00  clock clock_offset -45 s",
        ),
        met(
            "A clock without a network, and somebody looked.",
            Reason.DONE,
            "0:00  inspected_clock yes by staff",
        ),
        violated(
            "More than a minute fast.",
            Reason.ABOVE_HIGH,
            """
            0:00  clock clock_offset 75 s
            0:05  nothing
            """,
            breach="0:00",
        ),
        violated(
            "More than a minute slow.",
            Reason.BELOW_LOW,
            """
            0:00  clock clock_offset -75 s
            0:05  nothing
            """,
            breach="0:00",
        ),
        not_yet(
            "It corrects itself from time to time.",
            Reason.ABOVE_HIGH,
            """
            0:00  clock clock_offset 75 s
            0:04  nothing
            """,
        ),
        violated(
            "The night summer time began: an hour slow, whatever was inspected before.",
            Reason.BELOW_LOW,
            """
            0:00  inspected_clock yes by staff
            0:00  clock clock_offset 2 s
            1:05  clock clock_offset -3598 s
            1:11  nothing
            """,
            on="2026-03-29 01:00",
            breach="1:05",
        ),
        violated(
            "Somebody looked, and its hands have come off.",
            Reason.ANSWERED_NO,
            """
            0:00  clock clock_offset 2 s
            0:10  inspected_clock no by staff
            """,
            breach="0:10",
        ),
        unknown(
            "Nobody looked since the last change but one of the clocks.",
            Reason.NO_READING,
            f"""
            0:00  inspected_clock yes by staff
            {after(184)}  nothing
            """,
        ),
    ),
    "room-media": (
        met(
            "The music player is online and was tried.",
            Reason.HEARD_IN_TIME,
            """
            0:00  inspected_media yes by staff
            0:00  media switch_state on
            """,
        ),
        violated(
            "Silent for an hour longer than it may be.",
            Reason.SILENT,
            """
            0:00  inspected_media yes by staff
            0:00  media switch_state on
            2:01  nothing
            """,
            breach="1:00",
        ),
        violated(
            "Online, and the young person cannot use it.",
            Reason.ANSWERED_NO,
            """
            0:00  media switch_state on
            0:10  inspected_media no by staff
            """,
            breach="0:10",
        ),
        unknown(
            "Online, but nobody has tried whether it can be used.",
            Reason.NOT_YET_RECORDED,
            "0:00  media switch_state off",
        ),
    ),
    "room-injury-preventing": (
        met(
            "The checklist was gone through.",
            Reason.DONE,
            "0:00  inspected_injury_prevention yes by facility_manager",
        ),
        met(
            "Damaged, repaired, and looked at again.",
            Reason.DONE,
            """
            0:00  inspected_injury_prevention no by facility_manager
            26:00 inspected_injury_prevention yes by inspector
            """,
        ),
        violated(
            "Damage was found.",
            Reason.ANSWERED_NO,
            """
            0:00  inspected_injury_prevention yes by facility_manager
            9:00  inspected_injury_prevention no by facility_manager
            """,
            breach="9:00",
        ),
        violated(
            "Damage counts whoever finds it.",
            Reason.ANSWERED_NO,
            """
            0:00  inspected_injury_prevention yes by facility_manager
            9:00  inspected_injury_prevention no by staff
            9:30  inspected_injury_prevention yes by staff
            """,
            breach="9:00",
        ),
        unknown(
            "A look by somebody who is not to judge it shows nothing.",
            Reason.WRONG_PERSON,
            "0:00  inspected_injury_prevention yes by staff",
        ),
        unknown(
            "The last look is more than a year ago.",
            Reason.EXPIRED,
            f"""
            0:00  inspected_injury_prevention yes by facility_manager
            {after(366)}  nothing
            """,
        ),
    ),
    "room-sanitary": (
        met(
            "The door of the bathroom is not locked, and somebody has walked the way.",
            Reason.IN_STATE,
            """
            0:00  inspected_sanitary_route yes by staff
            0:00  sanitary_door door_lock unlocked
            """,
        ),
        violated(
            "Locked for longer than somebody inside would need.",
            Reason.WRONG_STATE,
            """
            0:00  inspected_sanitary_route yes by staff
            0:00  sanitary_door door_lock unlocked
            0:20  sanitary_door door_lock locked
            0:51  nothing
            """,
            breach="0:20",
        ),
        violated(
            "The lock is free, and the way there leads through a locked door.",
            Reason.ANSWERED_NO,
            """
            0:00  sanitary_door door_lock unlocked
            0:10  inspected_sanitary_route no by staff
            """,
            breach="0:10",
        ),
        not_yet(
            "Locked from within: they are there.",
            Reason.WRONG_STATE,
            """
            0:00  inspected_sanitary_route yes by staff
            0:20  sanitary_door door_lock locked
            0:49  nothing
            """,
        ),
        unknown(
            "Nothing was heard of the lock for an hour.",
            Reason.READING_TOO_OLD,
            """
            0:00  inspected_sanitary_route yes by staff
            0:00  sanitary_door door_lock unlocked
            1:00  nothing
            """,
        ),
    ),
}


def control(role: str, other: str, tested: str) -> tuple[Timeline, ...]:
    """What is asked of each of the four controls that the young person has."""
    return (
        met(
            "Nobody is locked out, and a child has been shown to reach it.",
            Reason.IN_STATE,
            f"""
            0:00  {tested} yes by staff
            0:00  {role} control_lockout free
            """,
        ),
        violated(
            "Staff lock the control: a breach at once, however light, warm or fresh it is.",
            Reason.WRONG_STATE,
            f"""
            0:00  {tested} yes by staff
            0:00  {role} control_lockout free
            0:10  {role} control_lockout locked_out
            """,
            breach="0:10",
        ),
        violated(
            "It cannot be reached or does not work: no sensor would know.",
            Reason.ANSWERED_NO,
            f"""
            0:00  {role} control_lockout free
            0:10  {tested} no by facility_manager
            """,
            breach="0:10",
        ),
        violated(
            "The control is not there any more: it has been silent for too long.",
            Reason.SILENT,
            f"""
            0:00  {tested} yes by staff
            0:00  {role} control_lockout free
            1:06  nothing
            """,
            breach="1:00",
        ),
        unknown(
            "It works; whether it is locked was never told.",
            Reason.NO_READING,
            f"""
            0:00  {tested} yes by staff
            0:00  {role} {other}
            """,
        ),
    )


CONTROLS: Rows = {
    "control-daylight": control("blind", "blind_state open", "tested_daylight_control"),
    "control-light": control("lamp", "lamp_state on", "tested_light_control"),
    "control-temperature": control(
        "thermostat", "set_point 20 °C", "tested_temperature_control"
    ),
    "control-ventilation": control(
        "ventilation", "fan_state on", "tested_ventilation_control"
    ),
}

IN_THE_ROOM: Rows = {
    "stay-belongings": (
        met(
            "The young person has their things.",
            Reason.DONE,
            """
            0:00  begins own_request
            0:10  belongings_offered yes by staff
            """,
        ),
        met(
            "What endangers them was withheld, and the rest was not.",
            Reason.DONE,
            """
            0:00  begins enclosure
            0:10  belongings_offered yes by staff
            0:10  belongings_withheld yes by staff
            """,
        ),
        violated(
            "Something was withheld that is no danger.",
            Reason.TOO_OFTEN,
            """
            0:00  begins enclosure
            0:10  belongings_offered yes by staff
            0:40  belongings_withheld no by staff
            """,
            breach="0:40",
        ),
        violated(
            "Nobody recorded it within three hours.",
            Reason.NOT_RECORDED,
            """
            0:00  begins enclosure
            3:01  nothing
            """,
            breach="3:00",
        ),
        unknown(
            "Nobody has recorded it yet.",
            Reason.NOT_YET_RECORDED,
            """
            0:00  begins enclosure
            1:00  nothing
            """,
        ),
    ),
    "stay-contact": (
        met(
            "Asked for contact, and had it after three minutes.",
            Reason.HEARD_IN_TIME,
            """
            0:00  begins enclosure
            0:20  call_button call_button pressed
            0:23  contact_answered yes by staff
            0:40  nothing
            """,
        ),
        met(
            "A check at which there was contact is an answer.",
            Reason.HEARD_IN_TIME,
            """
            0:00  begins enclosure
            0:20  call_button call_button pressed
            0:24  check with contact
            0:40  nothing
            """,
        ),
        violated(
            "Asked for contact, and nobody came within five minutes.",
            Reason.OVER_LIMIT,
            """
            0:00  begins own_request
            0:20  call_button call_button pressed
            0:26  nothing
            """,
            breach="0:25",
        ),
        violated(
            "A check without contact is no answer, and neither is 'no'.",
            Reason.OVER_LIMIT,
            """
            0:00  begins enclosure
            0:20  call_button call_button pressed
            0:22  check
            0:23  contact_answered no by staff
            0:26  nothing
            """,
            breach="0:25",
        ),
        violated(
            "Contact is with a care worker, not with whoever manages the building.",
            Reason.OVER_LIMIT,
            """
            0:00  begins enclosure
            0:20  call_button call_button pressed
            0:22  contact_answered yes by facility_manager
            0:26  nothing
            """,
            breach="0:25",
        ),
        violated(
            "The button is dead: nobody would know that they asked.",
            Reason.SILENT,
            """
            0:00  call_button call_button released
            0:05  begins enclosure
            1:01  nothing
            """,
            breach="1:00",
        ),
        unknown(
            "The button has not been heard from yet.",
            Reason.NO_READING,
            "0:00  begins enclosure",
        ),
    ),
    "no-camera": (
        met(
            "There is no camera.",
            Reason.WITHIN_LIMITS,
            """
            0:00  begins enclosure
            0:30  nothing
            """,
        ),
        met(
            "A camera on well-founded concern about serious self-injury.",
            Reason.WITHIN_LIMITS,
            """
            0:00  begins enclosure
            0:10  camera_on yes by behavioural_scientist
            0:10  camera_in_sanitary_room no by staff
            """,
        ),
        violated(
            "A camera without that ground: recorded, and flagged.",
            Reason.TOO_OFTEN,
            """
            0:00  begins enclosure
            0:10  camera_on no by staff
            """,
            breach="0:10",
        ),
        violated(
            "A camera in a sanitary room, whatever the ground.",
            Reason.TOO_OFTEN,
            """
            0:00  begins enclosure
            0:10  camera_on yes by behavioural_scientist
            0:10  camera_in_sanitary_room yes by staff
            """,
            breach="0:10",
        ),
        Never(
            verdict=Verdict.UNKNOWN,
            why="It is off unless recorded: what is counted is always a number.",
        ),
    ),
}

TIMELINES: Rows = {**ROOM, **CONTROLS, **IN_THE_ROOM}
