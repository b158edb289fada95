"""Figures that help to judge the open norms: never called a legal limit."""

from room_monitor.core.evaluation import Reason, Verdict
from tests.journeys.timelines.law_location import established, term
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


JUNE = range(5, 22)
DECEMBER = range(9, 17)


def fortnight(day: range, lux: int, noon: range, most: int, night: int) -> str:
    """Fifteen days of daylight, each half hour.

    Args:
        day: The hours of the day at which it is light outside.
        lux: How light it is inside then, in lx,
        noon: but for these hours,
        most: when it is this light, in lx.
        night: How light it is for the rest of the time, in lx.
    """
    return "\n".join(
        f"{after(n, f'{hour}:{minute:02}')}  daylight daylight_illuminance {light} lx"
        for n in range(15)
        for hour in range(24)
        for minute in (0, 30)
        for light in (most if hour in noon else lux if hour in day else night,)
    )


def warmth(*degrees: float) -> str:
    """A temperature every 20 minutes."""
    return "\n".join(
        f"{n * 20 // 60}:{n * 20 % 60:02}  climate air_temperature {each} °C"
        for n, each in enumerate(degrees)
    )


def air(limit: int) -> tuple[Timeline, ...]:
    """A limit for CO₂ while somebody is there. The sensor is right to ±(30 ppm + 3 %)."""
    return (
        met(
            "Fresh enough.",
            Reason.WITHIN_LIMITS,
            f"""
            0:00  begins own_request
            0:10  climate co2 {limit - 100} ppm
            """,
        ),
        violated(
            "Stale for longer than 15 minutes; dated from when it became so.",
            Reason.ABOVE_HIGH,
            f"""
            0:00  begins own_request
            0:10  climate co2 {limit - 100} ppm
            0:20  climate co2 {limit + 100} ppm
            0:36  nothing
            """,
            breach="0:20",
        ),
        not_yet(
            "Stale, and not for a quarter of an hour.",
            Reason.ABOVE_HIGH,
            f"""
            0:00  begins own_request
            0:20  climate co2 {limit + 100} ppm
            0:34  nothing
            """,
        ),
        unknown(
            "Nearer to the limit than the sensor can tell.",
            Reason.UNDECIDED,
            f"""
            0:00  begins own_request
            0:10  climate co2 {limit + 20} ppm
            """,
        ),
    )


def warm(low: float, high: float) -> tuple[Timeline, ...]:
    """A band of temperatures; outside it for 30 minutes is a breach."""
    middle = (low + high) / 2
    return (
        met("In the band.", Reason.WITHIN_LIMITS, warmth(middle)),
        violated(
            "Too cold for longer than half an hour.",
            Reason.BELOW_LOW,
            warmth(middle, low - 1, low - 1, low - 1),
            breach="0:20",
        ),
        violated(
            "Too warm for longer than half an hour.",
            Reason.ABOVE_HIGH,
            warmth(middle, high + 1, high + 2, high + 2),
            breach="0:20",
        ),
        not_yet(
            "A window was open.",
            Reason.BELOW_LOW,
            warmth(low - 1, low - 1) + "\n0:29  nothing",
        ),
        unknown(
            "Nearer to the limit than the sensor can tell.",
            Reason.UNDECIDED,
            warmth(high),
        ),
    )


LIGHT: Rows = {
    "daylight-share": (
        met(
            "A June fortnight: light enough from morning to evening.",
            Reason.DAYLIGHT_SEEN,
            fortnight(JUNE, 150, range(8, 19), 600, 2),
            on="2026-06-01 00:00",
        ),
        met(
            "A December fortnight: half of the few hours of daylight is soon reached.",
            Reason.DAYLIGHT_SEEN,
            fortnight(DECEMBER, 90, range(10, 15), 400, 2),
            on="2026-12-01 00:00",
        ),
        violated(
            "A June fortnight in a room that never gets 300 lx. Told as soon as three "
            "quarters of the hours were seen.",
            Reason.TOO_DARK,
            fortnight(JUNE, 120, range(8, 19), 150, 2),
            on="2026-06-01 00:00",
            breach=after(11),
        ),
        unknown(
            "As light by night as by day: that is a lamp.",
            Reason.MAY_BE_LAMP,
            fortnight(JUNE, 400, range(8, 19), 400, 400),
            on="2026-06-01 00:00",
        ),
        unknown(
            "A sensor that was put up yesterday.",
            Reason.TOO_LITTLE_OBSERVED,
            """
            0:00   daylight daylight_illuminance 2 lx
            12:00  daylight daylight_illuminance 900 lx
            24:30  nothing
            """,
            on="2026-06-01 00:00",
        ),
    ),
    "daylight-area": established(
        "measured_daylight_area",
        "facility_manager",
        "The daylight area was measured and is large enough.",
        "It is too small.",
        expires_after=3651,
    ),
    "light-level": established(
        "measured_light_level",
        "facility_manager",
        "The lamp can give 200 lx.",
        "It gives less.",
        expires_after=366,
    ),
}

CLIMATE: Rows = {
    "temperature-comfort": warm(20, 26),
    "temperature-warning": warm(18, 27),
    "air-co2-good": air(950),
    "air-co2": air(1200),
    "fresh-air": established(
        "measured_fresh_air",
        "facility_manager",
        "Enough fresh air was measured.",
        "Too little was measured.",
        expires_after=366,
    ),
    "installation-sound": established(
        "measured_installation_sound",
        "inspector",
        "The installation is quiet.",
        "It is louder than 35 dB(A).",
        expires_after=366,
    ),
}

MEASURING: Rows = {
    "device-heard-from": (
        met(
            "Every device was heard from.",
            Reason.HEARD_IN_TIME,
            "0:10  every_device battery 90 %",
        ),
        violated(
            "One device is silent for twice its interval, though it never spoke before.",
            Reason.SILENT,
            """
            0:00  climate co2 600 ppm
            1:00  nothing
            """,
            breach="1:00",
        ),
        unknown(
            "It began to watch half an hour ago; not everything has spoken yet.",
            Reason.NO_READING,
            """
            0:10  climate co2 600 ppm
            0:30  nothing
            """,
        ),
    ),
    "door-heartbeat": (
        met(
            "Contact and lock were heard from.",
            Reason.HEARD_IN_TIME,
            """
            0:05  door_contact door_contact closed
            0:05  door_lock door_lock unlocked
            0:19  nothing
            """,
        ),
        violated(
            "A dead contact must not look like a closed door.",
            Reason.SILENT,
            """
            0:05  door_contact door_contact closed
            0:05  door_lock door_lock unlocked
            0:15  door_lock door_lock unlocked
            0:20  nothing
            """,
            breach="0:20",
        ),
        violated(
            "A dead lock must not look like an open one.",
            Reason.SILENT,
            """
            0:05  door_contact door_contact closed
            0:05  door_lock door_lock unlocked
            0:15  door_contact door_contact closed
            0:20  nothing
            """,
            breach="0:20",
        ),
        unknown(
            "It has only just begun to watch.",
            Reason.NO_READING,
            "0:10  door_lock door_lock unlocked",
        ),
    ),
    "server-clock": established(
        "inspected_server_clock",
        "administrator",
        "The servers keep time to the second.",
        "They do not.",
        expires_after=366,
    ),
    "sensor-calibration": established(
        "calibrated_sensors",
        "facility_manager",
        "The sensors were calibrated.",
        "One of them is off.",
        expires_after=366,
    ),
    "sensor-accuracy": established(
        "inspected_sensor_accuracy",
        "administrator",
        "The configuration says of the sensors what their data sheets say.",
        "It says something else.",
        expires_after=366,
    ),
}

TERMS: Rows = {
    "contact-warning": (
        met(
            "Answered within a minute.",
            Reason.IN_TIME,
            """
            0:00     begins own_request
            0:20     call_button call_button pressed
            0:20:50  contact_answered yes by staff
            """,
        ),
        violated(
            "A minute has passed; after five the law is broken, too.",
            Reason.OVER_LIMIT,
            """
            0:00     begins own_request
            0:20     call_button call_button pressed
            0:21:01  nothing
            """,
            breach="0:21",
        ),
        met(
            "A check at which there was contact is an answer.",
            Reason.IN_TIME,
            """
            0:00     begins enclosure
            0:20     call_button call_button pressed
            0:20:50  check with contact
            0:22     nothing
            """,
        ),
        violated(
            "Neither 'no' nor somebody who gives no care is an answer.",
            Reason.OVER_LIMIT,
            """
            0:00     begins enclosure
            0:20     call_button call_button pressed
            0:20:20  contact_answered no by staff
            0:20:40  contact_answered yes by facility_manager
            0:21:01  nothing
            """,
            breach="0:21",
        ),
        Never(
            verdict=Verdict.UNKNOWN,
            why="Whoever asked has an answer or waits; whether the button works is asked "
            "by stay-contact.",
        ),
    ),
    "overview-delivery": term(
        "overview_period_closed",
        "overview_delivered",
        "director",
        42,
        says="Delivered within six weeks after the half-year.",
        says_late="Six weeks after the half-year it is not there.",
    ),
}


def recorded_besides(*facts: str, term: str) -> tuple[Timeline, ...]:
    """Several things to record of a stay, all of them within a term of hours or less."""
    begins = "0:00  begins enclosure"
    every = [f"0:10  {fact} yes by staff" for fact in facts]
    return (
        met("All of it is on record.", Reason.DONE, "\n".join([begins, *every])),
        violated(
            "Nobody recorded it in time.",
            Reason.NOT_RECORDED,
            f"{begins}\n{term}:01  nothing",
            breach=f"{term}:00",
        ),
        *(
            violated(
                f"Recorded that it was not: {fact}.",
                Reason.ANSWERED_NO,
                "\n".join([begins, *(e for e in every if fact not in e)])
                + f"\n0:20  {fact} no by staff",
                breach="0:20",
            )
            for fact in facts
        ),
        unknown(
            "Not recorded yet.", Reason.NOT_YET_RECORDED, f"{begins}\n1:00  nothing"
        ),
    )


STAYS: Rows = {
    "check-agreed-interval": (
        met(
            "Nothing was agreed, so the quarter of an hour is all that is asked.",
            Reason.NOT_ASKED,
            """
            0:00  begins enclosure
            0:20  nothing
            """,
        ),
        met(
            "Every five minutes was agreed, and is kept.",
            Reason.CHECKED_IN_TIME,
            """
            0:00  begins enclosure
            0:10  agrees every 5 min
            0:15  check
            0:20  check
            0:25  nothing
            """,
        ),
        violated(
            "Every five minutes was agreed, and one came after six: no law is broken.",
            Reason.CHECK_MISSED,
            """
            0:00  begins enclosure
            0:10  agrees every 5 min
            0:14  check
            0:20  nothing
            """,
            breach="0:19",
        ),
        Never(
            verdict=Verdict.UNKNOWN,
            why="Nothing recorded says that it was not done: it is in time, or late.",
        ),
    ),
    "stay-described": recorded_besides(
        "planned_or_not",
        "living_group",
        "injury_looked_for",
        "end_reason",
        term="24",
    ),
    "aftercare": recorded_besides(
        "aftercare_young_person", "aftercare_team", term="72"
    ),
    "registration-contradicted": (
        met(
            "An enclosure, and the door is closed and locked.",
            Reason.IN_STATE,
            """
            0:00  begins enclosure
            0:01  door_contact door_contact closed
            0:01  door_lock door_lock locked
            0:30  nothing
            """,
        ),
        violated(
            "The door has been open for ten minutes: did it end?",
            Reason.WRONG_STATE,
            """
            0:00  begins enclosure
            0:01  door_contact door_contact closed
            0:01  door_lock door_lock locked
            0:20  door_lock door_lock unlocked
            0:20  door_contact door_contact open
            0:31  nothing
            """,
            breach="0:20",
        ),
        not_yet(
            "Open for nine minutes, for a talk.",
            Reason.WRONG_STATE,
            """
            0:00  begins enclosure
            0:01  door_contact door_contact closed
            0:01  door_lock door_lock locked
            0:20  door_contact door_contact open
            0:29  nothing
            """,
        ),
        unknown(
            "Nothing was heard of the door.",
            Reason.NO_READING,
            "0:00  begins enclosure",
        ),
    ),
}

TIMELINES: Rows = {**LIGHT, **CLIMATE, **MEASURING, **TERMS, **STAYS}
