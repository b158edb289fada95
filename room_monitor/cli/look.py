"""What the state folder says, now or at a past instant, while the monitor runs or not.

Nothing is written. What people must do is judged anew for the instant asked about, so
that a check that is overdue shows as missed although no monitor runs.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from room_monitor.cli.errors import Ending, Failure, unknown
from room_monitor.cli.instants import instant, local, span
from room_monitor.cli.options import Language, clock_of
from room_monitor.cli.wording import BLIND
from room_monitor.core.events import Entry, MonitorStopped, Prompted
from room_monitor.core.ids import RoomId
from room_monitor.core.monitor import judge_all
from room_monitor.core.obligations import plan
from room_monitor.core.state import RoomState
from room_monitor.core.views import RoomStatus, Sight, room_status
from room_monitor.core.views.prompts import running_prompts
from room_monitor.recall import configuration_at, recall, recall_at, sight_at
from room_monitor.settings import Settings, SettingsError, load_sources
from room_monitor.store import NoStore, SqliteReader

PROMPTED_WITHIN = timedelta(days=7)
"""Nobody is reminded of a limit longer before it is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What there is to see.

    Attributes:
        settings: Those in force at ``at``.
        rooms: As they stood at ``at``; what people must do is judged for that instant.
        sight: Whether the monitor could see then.
        at: The instant asked about, aware UTC.
        now: Our clock.
    """

    store: SqliteReader
    settings: Settings
    rooms: Mapping[RoomId, RoomState]
    sight: Sight
    at: datetime
    now: datetime

    @property
    def zone(self) -> tzinfo:
        """The zone of the site."""
        return zone_of(self.settings)

    def known(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Those known at the instant, with the blindness that nobody could record."""
        position = 0
        for entry in entries:
            if entry.recorded_at > self.at:
                break
            position = entry.position
            yield entry
        if self.sight.blind_since is not None:
            yield Entry(
                position=position + 1,
                recorded_at=self.sight.blind_since,
                room=None,
                event=MonitorStopped(),
                hash=b"",
            )

    def status(self, room: RoomId) -> RoomStatus:
        """How a room stood."""
        return room_status(self.rooms[room], blind_since=self.sight.blind_since)


@contextmanager
def look(
    context: typer.Context,
    folder: Path,
    *,
    at: str | None = None,
    room: str | None = None,
) -> Iterator[Look]:
    """Look into a state folder.

    Args:
        context: Of the command.
        folder: The state folder.
        at: What the user wrote of an instant, ``None`` for now.
        room: Only this room, ``None`` for all.

    Raises:
        Failure: There is no such room, or nothing was watched at that instant.
        StoreError: The state cannot be read.
    """
    now = clock_of(context).now()
    with SqliteReader.open(folder) as store:
        settings = settings_in(store, folder)
        then = now if at is None else instant(at, zone_of(settings, room), now)
        if then > now:
            message = f"{local(then, zone_of(settings))} lies in the future"
            raise Failure(message, Ending.REFUSED)
        if at is not None:
            digest = configuration_at(store, then)
            if digest is None:
                when = local(then, zone_of(settings))
                message = (
                    f"nothing was watched yet at {when}; 'events' shows since when"
                )
                raise Failure(message, Ending.NOT_FOUND)
            settings = settings_in(store, folder, digest)
        plans = {r.id: plan(r, settings.catalogue) for r in settings.site.rooms}
        if room is not None:
            if room not in plans:
                raise unknown("room", room, plans)
            plans = {RoomId(room): plans[RoomId(room)]}
        rooms = (
            recall(store, plans).rooms if at is None else recall_at(store, plans, then)
        )
        yield Look(
            store=store,
            settings=settings,
            rooms={
                key: judge_all(state, then, seeing=False).state
                for key, state in rooms.items()
            },
            sight=sight_at(store, then),
            at=then,
            now=now,
        )


def prompts_given(seen: Look) -> list[tuple[RoomId, Prompted]]:
    """Reminders of limits that still run, as far as they were given."""
    lately = seen.at - PROMPTED_WITHIN
    given = seen.store.entries(types=frozenset({Prompted.__name__}), since=lately)
    known = (entry for entry in given if entry.recorded_at <= seen.at)
    return running_prompts(known, seen.rooms, seen.at)


def settings_in(
    store: SqliteReader, folder: Path, digest: str | None = None
) -> Settings:
    """The settings that are kept in the state folder; the last ones for ``None``."""
    kept = store.configuration(digest)
    if kept is None:
        raise NoStore(folder)
    try:
        return load_sources(kept.sources)
    except SettingsError as error:
        raise Failure(
            f"{folder}: the settings kept there cannot be read by this version: "
            f"{error.problems[0]}"
        ) from error


def zone_of(settings: Settings, room: str | None = None) -> tzinfo:
    """The zone of a room, or else of the site: that of its first location."""
    rooms = settings.site.rooms
    found = next((r for r in rooms if r.id == room), next(iter(rooms), None))
    return found.location.zone if found is not None else UTC


def say_if_blind(seen: Look, console: Console, language: Language) -> None:
    """A banner, if what sensors show is not known."""
    since, why = seen.sight
    if since is None:
        return
    when = f"{local(since, seen.zone, seen.now)} ({span(seen.at - since)})"
    if language is Language.NL:
        text = f"BLIND sinds {when}: {BLIND.get(why, why)}. Wat sensoren tonen is onbekend."
    else:
        text = f"BLIND since {when}: {why}. What sensors show is unknown."
    console.print(Text(f"! {text}", "bold reverse yellow"))
    console.print()
