"""What is seen of the demo: a live table on a terminal, plain lines elsewhere."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from room_monitor.cli.alarm_wording import about
from room_monitor.cli.instants import span
from room_monitor.cli.options import Language
from room_monitor.cli.output import console, table
from room_monitor.cli.telling import tell
from room_monitor.cli.wording import (
    ALERT_STATES,
    PRIORITIES,
    READINESS,
    REASONS,
    STYLES,
)
from room_monitor.core.alert import AlertState
from room_monitor.core.evaluation import Verdict
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachOpened,
    BrokerLost,
    CheckRecorded,
    ContactRequested,
    DoorMoved,
    Event,
    GapFound,
    StayBegan,
    StayEnded,
)
from room_monitor.core.ids import DeviceId, RoomId
from room_monitor.core.requirements import Label
from room_monitor.core.site import Role, RoomKind
from room_monitor.core.state import RoomState
from room_monitor.core.views import RoomStatus, room_status
from sensors.quantity import Quantity

TOLD = (
    AlertAcknowledged
    | AlertRaised
    | AlertReturnedToNormal
    | BreachClosed
    | BreachOpened
    | BrokerLost
    | CheckRecorded
    | ContactRequested
    | DoorMoved
    | GapFound
    | StayBegan
    | StayEnded
)
"""What is worth a line; changes of verdicts show in the table."""

BRIEF = timedelta(seconds=5)
WIDE = 100
"""Columns: from here on there is room for what the sensors say."""

_SHOWN = {
    Quantity.AIR_TEMPERATURE: "{:.1f} °C",
    Quantity.CO2: "{:.0f} ppm",
    Quantity.AIR_FLOW: "{:.0f} m³/h",
}
_DOOR = {
    Quantity.DOOR_CONTACT: (Role.DOOR_CONTACT,),
    Quantity.DOOR_LOCK: (Role.DOOR_LOCK,),
}


class Screen:
    """The demo as it goes on."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._out: Console = console()
        self._live: Live | None = None
        self._told: deque[Text] = deque(maxlen=200)
        self._doors: set[DeviceId] = set()
        self.counts: dict[str, int] = {}

    def say(self, text: str) -> None:
        """One line that stays."""
        self._out.print(text, soft_wrap=not self._out.is_terminal)

    @contextmanager
    def live(self) -> Iterator[None]:
        """While this lasts the screen is drawn again and again, if it is a terminal."""
        if not self._out.is_terminal:
            yield
            return
        with Live(console=self._out, auto_refresh=False, transient=True) as self._live:
            yield
        self._live = None

    def tell(
        self, events: Iterable[tuple[RoomId | None, Event]], now: datetime
    ) -> None:
        """Say what has happened."""
        for room, event in events:
            name = type(event).__name__
            self.counts[name] = self.counts.get(name, 0) + 1
            if not isinstance(event, TOLD) or self._is_first_word(event):
                continue
            grave = isinstance(event, BreachOpened | AlertRaised)
            line = Text.assemble(
                (f"{now.astimezone(self._zone):%H:%M:%S} ", "dim"),
                (f"{room or 'monitor':<10} ", "cyan"),
                (tell(event, self._zone, now=now), "bold red" if grave else ""),
            )
            self._told.append(line)
            if self._live is None:
                self._out.print(line, soft_wrap=True)

    def _is_first_word(self, event: Event) -> bool:
        """How a door stands at the start is no news, nor that we began to hear."""
        if isinstance(event, GapFound):
            return event.ended_at - event.began_at < BRIEF
        if isinstance(event, DoorMoved) and event.device not in self._doors:
            self._doors.add(event.device)
            return True
        return False

    def draw(
        self, rooms: Mapping[RoomId, RoomState], now: datetime, left: timedelta
    ) -> None:
        """Show how it stands; nothing where lines are printed."""
        if self._live is None:
            return
        statuses = statuses_of(rooms)
        shown = rooms_table(statuses, rooms, now, wide=self._out.width >= WIDE)
        used = sum(1 for _ in self._out.render_lines(shown)) + 3
        space = max(3, self._out.height - used)
        lines = list(self._told)[-space:]
        for line in lines:
            line.no_wrap, line.overflow = True, "ellipsis"
        head = Text(f"Room Monitor demo - {span(left)} left, Ctrl-C ends it", "bold")
        self._live.update(Group(head, shown, *lines), refresh=True)

    def summary(self, rooms: Mapping[RoomId, RoomState], now: datetime) -> None:
        """What is left to say at the end."""
        statuses = statuses_of(rooms)
        if self._out.is_terminal:
            for line in self._told:
                line.no_wrap, line.overflow = False, "fold"
                self._out.print(line)
        self._out.print(rooms_table(statuses, rooms, now, wide=self._out.width >= WIDE))
        counts = self.counts
        self.say(
            f"{sum(counts.values())} events in the log: {counts.get('BreachOpened', 0)} "
            f"breaches, {counts.get('AlertRaised', 0)} alerts, "
            f"{counts.get('VerdictChanged', 0)} changes of verdict. All of it was in a "
            "temporary folder, which is gone."
        )
        self.say("Next: write a site file like config/site.yaml, 'check' it, 'run' it.")


def statuses_of(rooms: Mapping[RoomId, RoomState]) -> Sequence[RoomStatus]:
    """How the rooms stand, without the location itself."""
    return [
        room_status(state, blind_since=None)
        for state in rooms.values()
        if state.plan.room.kind is not RoomKind.LOCATION
    ]


def rooms_table(
    statuses: Sequence[RoomStatus],
    rooms: Mapping[RoomId, RoomState],
    now: datetime,
    *,
    wide: bool,
) -> Table:
    """One line a room: may it be used, what do the sensors say, what is wrong."""
    columns = ["room", "ready?", *(["sensors"] if wide else []), "what is wrong"]
    shown = table(*columns, shares=(len(columns) - 1,))
    for status in statuses:
        wrong = Text()
        for alert in status.alerts[:3]:
            wrong.append(f"{PRIORITIES[alert.priority].en} ", "bold red")
            wrong.append(f"{about(alert, Language.EN)}, ")
            if alert.state is AlertState.RETURNED:
                wrong.append(f"{ALERT_STATES[alert.state].en}\n", "dim")
            else:
                wrong.append(f"{span(now - alert.began_at)}\n")
        if not status.alerts:
            for each in status.requirements:
                law = each.requirement.label is Label.LAW
                if law and each.verdict is not Verdict.MET:
                    wrong.append(f"{each.requirement.id}: {REASONS[each.reason].en}\n")
        wrong.rstrip()
        shown.add_row(
            Text.assemble(
                (status.room.id, "bold"), f"\n{status.room.name}" if wide else ""
            ),
            Text(READINESS[status.readiness].en, STYLES[status.readiness]),
            *([_sensors(rooms[status.room.id])] if wide else []),
            wrong,
        )
    return shown


def _sensors(state: RoomState) -> str:
    told: dict[Quantity, str] = {}
    for device in state.plan.room.devices:
        for quantity, heard in state.heard.get(device.id, {}).items():
            if quantity in _SHOWN and quantity not in told:
                told[quantity] = _SHOWN[quantity].format(heard.reading.value)
            elif quantity in _DOOR and device.role in _DOOR[quantity]:
                told[quantity] = f"door {quantity.describe(heard.reading.value)}"
    climate = [told[q] for q in _SHOWN if q in told]
    doors = [told[q] for q in _DOOR if q in told]
    return "\n".join(filter(None, (" ".join(climate), ", ".join(doors))))
