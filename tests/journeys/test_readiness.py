"""The rooms of the example become ready when all is shown, and one failure is enough.

Nothing is shown at the start. People inspect, sensors report, and each room is ready; then
one thing at a time goes wrong or silent or out of date, and the room says which demand of
the law is no longer met, or no longer shown.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from room_monitor.core import monitor
from room_monitor.core.events import FactRecorded, MonitorStarted
from room_monitor.core.ids import RoomId
from room_monitor.core.judging import Turn
from room_monitor.core.obligations import Plan, plan
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import DoneBy, EvidenceKind, Label
from room_monitor.core.site import Device, Role
from room_monitor.core.state import RoomState, evolve
from room_monitor.core.stay import Rejected
from room_monitor.core.views import Readiness, room_status
from room_monitor.settings import Settings, load
from room_monitor.settings.roles import told_by
from sensors.quantity import Quantity

READY, NOT_READY = Readiness.READY, Readiness.NOT_READY
NOT_SHOWN = Readiness.NOT_SHOWN

ROOT = Path(__file__).parents[2]
ROOMS = ("haven", "calm-1", "calm-2", "bedroom-7")

# A June morning in Utrecht; half a year and a year later it is day at this hour as well.
START = datetime(2026, 6, 15, 10, tzinfo=UTC)
LONG_SILENT = timedelta(minutes=30)

# What all is well looks like. The lamp is off: a lamp does not pass for daylight.
WELL: dict[Quantity, float | str] = {
    Quantity.ILLUMINANCE: 210,
    Quantity.DAYLIGHT_ILLUMINANCE: 800,
    Quantity.AIR_TEMPERATURE: 21,
    Quantity.SET_POINT: 21,
    Quantity.RELATIVE_HUMIDITY: 50,
    Quantity.CO2: 700,
    Quantity.AIR_FLOW: 60,
    Quantity.CLOCK_OFFSET: 2,
    Quantity.BATTERY: 90,
    Quantity.LINK_QUALITY: 100,
    Quantity.SWITCH_STATE: "on",
    Quantity.LAMP_STATE: "off",
    Quantity.FAN_STATE: "on",
    Quantity.BLIND_STATE: "open",
    Quantity.DOOR_CONTACT: "closed",
    Quantity.DOOR_LOCK: "unlocked",
    Quantity.CALL_BUTTON: "released",
    Quantity.PRESENCE_TAP: "none",
    Quantity.CONTROL_LOCKOUT: "free",
    Quantity.TAMPER: "intact",
    Quantity.AVAILABILITY: "online",
}
OUTDOORS = 40_000.0  # lx


@cache
def settings() -> Settings:
    """The example site, with the real catalogue."""
    return load(ROOT / "config/site.yaml")


@cache
def planned(room: str) -> Plan:
    """What is asked of a room of the example."""
    return plan(settings().site.by_id[RoomId(room)], settings().catalogue)


def inspections(room: str) -> dict[str, DoneBy]:
    """What people must have established of a room before it is ready, by fact."""
    return {
        asked.obligation.ask.demand.fact: asked.obligation.ask.demand
        for asked in planned(room).always
        if isinstance(asked.obligation.ask.demand, DoneBy)
        and asked.obligation.requirement.label is Label.LAW
    }


def asking(room: str, fact: str) -> str:
    """The requirement that asks for a fact."""
    (row,) = (
        row
        for row in planned(room).requirements
        for ask in row.asks
        if isinstance(ask.demand, DoneBy) and ask.demand.fact == fact
    )
    return row.id


class Watched:
    """A room of the example, from the moment the monitor began to watch it."""

    def __init__(self, room: str) -> None:
        self.room = room
        self.now = START
        catalogue = settings().catalogue.stamp
        started = MonitorStarted(
            at=START, version="1", configuration="", catalogue=catalogue
        )
        state = evolve(RoomState(plan=planned(room)), started)
        self.state = monitor.judge_all(state, START).state

    def waits(self, time: timedelta) -> "Watched":
        """Time passes."""
        self.now += time
        self.state = monitor.advance(self.state, self.now).state
        return self

    def inspected(self, *, but: Iterable[str] = ()) -> "Watched":
        """People have looked at everything, and all was well."""
        for fact in inspections(self.room):
            if fact not in but:
                self.records(fact)
        return self

    def records(self, fact: str, *, outcome: bool = True) -> "Watched":
        """Somebody who may has looked."""
        by = inspections(self.room).get(fact)
        return self._acts(
            FactRecorded(
                fact=fact,
                outcome=outcome,
                happened_at=self.now,
                role=min(by.by) if by and by.by else "staff",
            )
        )

    def reported(self, *, but: Role | None = None) -> "Watched":
        """Every device says that all is well, but those in one role."""
        for device in self.state.plan.room.devices:
            if device.role is not but:
                for quantity in told_by(device.role):
                    if quantity not in device.lacks:
                        self._hears(device, quantity, _well(device, quantity))
        return self

    def reports(self, role: Role, quantity: Quantity, value: float | str) -> "Watched":
        """The device in a role says something else."""
        (device,) = self.state.plan.room.devices_in(role)
        return self._hears(device, quantity, value)

    def stands(
        self, *, blind_since: datetime | None = None
    ) -> tuple[Readiness, set[str]]:
        """Whether it is ready, and which demands of the law are not shown to be met."""
        status = room_status(self.state, blind_since=blind_since)
        return status.readiness, {
            str(row.requirement.id)
            for row in status.requirements
            if row.requirement.label is Label.LAW and row.verdict != "met"
        }

    def _hears(
        self, device: Device, quantity: Quantity, value: float | str
    ) -> "Watched":
        number = quantity.states.index(value) if isinstance(value, str) else value
        reading = Reading(
            room=self.state.plan.room.id,
            device=device.id,
            quantity=quantity,
            value=float(number),
            at=self.now,
            received_at=self.now,
        )
        return self._enters(monitor.take(self.state, reading))

    def _acts(self, command: FactRecorded) -> "Watched":
        turn = monitor.act(self.state, command, self.now)
        assert not isinstance(turn, Rejected), turn.reason
        return self._enters(turn)

    def _enters(self, turn: Turn) -> "Watched":
        self.state = turn.state
        return self


def _well(device: Device, quantity: Quantity) -> float | str:
    if (
        device.role is Role.OUTDOOR_DAYLIGHT
        and quantity is Quantity.DAYLIGHT_ILLUMINANCE
    ):
        return OUTDOORS
    return WELL[quantity]


def ready(room: str) -> Watched:
    """A room of which everything is shown."""
    watched = Watched(room).inspected().reported()
    assert watched.stands() == (READY, set())
    return watched


# --- From nothing to ready ---------------------------------------------------------------


@pytest.mark.parametrize("room", ROOMS)
def test_at_the_start_nothing_is_shown(room: str) -> None:
    assert Watched(room).stands()[0] is NOT_SHOWN


@pytest.mark.parametrize("room", ROOMS)
def test_when_everything_was_inspected_and_heard_it_is_ready(room: str) -> None:
    assert Watched(room).inspected().reported().stands() == (READY, set())


@pytest.mark.parametrize("room", ["calm-1", "calm-2"])
def test_neither_people_nor_sensors_are_enough(room: str) -> None:
    assert Watched(room).inspected().stands()[0] is NOT_SHOWN
    assert Watched(room).reported().stands()[0] is NOT_SHOWN


# --- One inspection fails ----------------------------------------------------------------

# The networked clock of the first room is shown to be right by itself.
INSPECTED = [
    (room, fact)
    for room in ROOMS
    for fact in inspections(room)
    if (room, fact) != ("calm-1", "inspected_clock")
]


@pytest.mark.parametrize(("room", "fact"), INSPECTED)
def test_one_inspection_that_is_not_there_is_enough(room: str, fact: str) -> None:
    watched = Watched(room).inspected(but=[fact]).reported()

    assert watched.stands() == (NOT_SHOWN, {asking(room, fact)})


@pytest.mark.parametrize(("room", "fact"), INSPECTED)
def test_one_inspection_that_found_a_defect_is_enough(room: str, fact: str) -> None:
    watched = ready(room).records(fact, outcome=False)

    assert watched.stands() == (NOT_READY, {asking(room, fact)})
    assert watched.waits(timedelta(seconds=1)).records(fact).stands()[0] is READY


@pytest.mark.parametrize(("room", "fact"), INSPECTED)
def test_one_inspection_that_expired_is_enough(room: str, fact: str) -> None:
    term = inspections(room)[fact].valid_for
    assert term is not None
    a_moment = timedelta(seconds=1)

    watched = ready(room).waits(term - a_moment).inspected(but=[fact]).reported()
    assert watched.stands() == (READY, set())

    assert watched.waits(a_moment).stands() == (NOT_SHOWN, {asking(room, fact)})
    assert watched.records(fact).stands() == (READY, set())


def test_a_clock_that_reports_itself_needs_no_look_but_a_look_may_find_it_wrong() -> (
    None
):
    watched = Watched("calm-1").inspected(but=["inspected_clock"]).reported()

    assert watched.stands() == (READY, set())
    assert watched.records("inspected_clock", outcome=False).stands() == (
        NOT_READY,
        {"room-clock"},
    )


# --- One device falls silent -------------------------------------------------------------

# A control or an installation that is silent is not there; a sensor that is silent shows
# nothing. What no demand of the law rests on leaves the room ready.
SILENT = [
    ("calm-1", Role.LAMP, NOT_READY, {"room-lighting", "control-light"}),
    ("calm-1", Role.BLIND, NOT_READY, {"control-daylight"}),
    ("calm-1", Role.MEDIA, NOT_READY, {"room-media"}),
    (
        "calm-1",
        Role.THERMOSTAT,
        NOT_READY,
        {"room-temperature-controller", "control-temperature"},
    ),
    (
        "calm-1",
        Role.VENTILATION,
        NOT_READY,
        {"room-ventilation", "control-ventilation"},
    ),
    ("calm-1", Role.CLIMATE, NOT_SHOWN, {"room-temperature-controller"}),
    ("calm-1", Role.DAYLIGHT, NOT_SHOWN, {"room-daylight"}),
    ("calm-1", Role.SANITARY_DOOR, NOT_SHOWN, {"room-sanitary"}),
    ("calm-1", Role.CLOCK, READY, set()),
    ("calm-1", Role.OUTDOOR_DAYLIGHT, READY, set()),
    ("calm-1", Role.ROOM_LIGHT, READY, set()),
    ("calm-1", Role.DOOR_CONTACT, READY, set()),
    ("calm-1", Role.DOOR_LOCK, NOT_SHOWN, {"enclosure-registered"}),
    ("calm-1", Role.CALL_BUTTON, READY, set()),
    ("calm-1", Role.PRESENCE_TAP, READY, set()),
    (
        "bedroom-7",
        Role.DOOR_LOCK,
        NOT_SHOWN,
        {"bedroom-not-locked", "enclosure-registered"},
    ),
]


@pytest.mark.parametrize(("room", "role", "readiness", "named"), SILENT)
def test_one_silent_device(
    room: str, role: Role, readiness: Readiness, named: set[str]
) -> None:
    watched = ready(room).waits(LONG_SILENT).reported(but=role)

    assert watched.stands() == (readiness, named)
    assert watched.reported().stands() == (READY, set())


def test_every_role_of_the_room_is_among_them() -> None:
    roles = {device.role for device in planned("calm-1").room.devices}

    assert {role for room, role, _, _ in SILENT if room == "calm-1"} == roles


# --- One device tells of something wrong -------------------------------------------------

WRONG = [
    (Role.BLIND, Quantity.CONTROL_LOCKOUT, "locked_out", {"control-daylight"}),
    (Role.LAMP, Quantity.CONTROL_LOCKOUT, "locked_out", {"control-light"}),
    (Role.THERMOSTAT, Quantity.CONTROL_LOCKOUT, "locked_out", {"control-temperature"}),
    (Role.VENTILATION, Quantity.CONTROL_LOCKOUT, "locked_out", {"control-ventilation"}),
    (Role.SANITARY_DOOR, Quantity.DOOR_LOCK, "locked", {"room-sanitary"}),
    (Role.DAYLIGHT, Quantity.DAYLIGHT_ILLUMINANCE, 20, {"room-daylight"}),
    (Role.CLOCK, Quantity.CLOCK_OFFSET, 3600, {"room-clock"}),
]


@pytest.mark.parametrize(("role", "quantity", "value", "named"), WRONG)
def test_one_thing_that_is_wrong_is_enough(
    role: Role, quantity: Quantity, value: float | str, named: set[str]
) -> None:
    watched = ready("calm-1").waits(timedelta(seconds=30))

    assert watched.reports(role, quantity, value).stands() == (NOT_READY, named)
    assert watched.waits(timedelta(seconds=30)).reported().stands() == (READY, set())


def test_a_blocked_vent_shows_once_the_air_had_its_time() -> None:
    watched = ready("calm-1").waits(timedelta(minutes=6)).reported()
    watched.waits(timedelta(seconds=1)).reports(Role.VENTILATION, Quantity.AIR_FLOW, 1)

    assert watched.stands() == (NOT_READY, {"room-ventilation"})


def test_a_locked_bedroom_is_not_in_order() -> None:
    watched = ready("bedroom-7").waits(timedelta(seconds=30))
    watched.reports(Role.DOOR_LOCK, Quantity.DOOR_LOCK, "locked")

    assert watched.stands() == (NOT_READY, {"bedroom-not-locked"})


def test_what_they_chose_themselves_leaves_the_room_ready() -> None:
    """Dark, cool and without air, by their own hand."""
    watched = ready("calm-1").waits(timedelta(seconds=30))
    watched.reports(Role.VENTILATION, Quantity.FAN_STATE, "off")
    watched.reports(Role.VENTILATION, Quantity.AIR_FLOW, 0)
    watched.reports(Role.THERMOSTAT, Quantity.SET_POINT, 15)
    watched.reports(Role.CLIMATE, Quantity.AIR_TEMPERATURE, 15)
    watched.reports(Role.ROOM_LIGHT, Quantity.ILLUMINANCE, 0)

    assert watched.stands() == (READY, set())


# --- The monitor, and the organisation ---------------------------------------------------


@pytest.mark.parametrize("room", ["calm-1", "calm-2", "bedroom-7"])
def test_while_the_monitor_is_blind_no_sensor_shows_anything(room: str) -> None:
    watched = ready(room)
    readiness, named = watched.stands(blind_since=START)
    live = {
        row.id
        for row in planned(room).requirements
        if row.label is Label.LAW
        and not row.applies.during
        and any(ask.evidence is EvidenceKind.LIVE for ask in row.asks)
    }

    assert readiness is NOT_SHOWN
    assert named <= live
    assert named


TERMS = [
    ("complaint_received", "complaint_decided", 28, "complaint-decision"),
    ("appeal_lodged", "appeal_decided", 42, "complaint-appeal"),
    ("camera_images_made", "camera_images_erased", 28, "camera-images-erased"),
]


@pytest.mark.parametrize(("begun", "done", "days", "named"), TERMS)
def test_a_term_that_ran_out_is_enough(
    begun: str, done: str, days: int, named: str
) -> None:
    watched = ready("haven").records(begun).waits(timedelta(days=days))
    assert watched.inspected().stands() == (READY, set())

    watched.waits(timedelta(seconds=1))
    assert watched.stands() == (NOT_READY, {named})
    assert watched.records(done).stands() == (READY, set())
