"""How soon a monitor is ready with a long log behind it, and how much memory it takes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from room_monitor.core.desk import Desk
from room_monitor.core.events import DoorMoved
from room_monitor.core.ids import DeviceId, RoomId
from room_monitor.core.site import Role
from room_monitor.recall import snapshot
from room_monitor.store import SqliteStore, Turn
from sensors.quantity import Quantity
from tests.bench.running import watching
from tests.bench.sites import climates, write_site
from tests.bench.traffic import send
from tests.support.broker import Broker

EVENTS = 1_000_000
ROOMS = 50
MANY_ROOMS = 1000


def run(folder: Path) -> Iterator[str]:
    """A log of a million events with a snapshot near its end; then a thousand rooms."""
    with Broker(folder / "broker", durable=False) as broker:
        site = write_site(
            folder / "site", rooms=ROOMS, port=broker.port, client_id="bench-monitor"
        )
        state = folder / "state"
        with watching(site, state) as first:
            first.wait_until_it_sees()
            first.end()
        _fill(state)
        with watching(site, state) as again:
            again.wait_until_it_sees()
            figures = again.end()
        yield (
            f"  restart with {EVENTS:,} events in the log: ready in"
            f" {figures['ready']:.2f} s   (to reach: 5 s)"
        )
        many = write_site(
            folder / "many", rooms=MANY_ROOMS, port=broker.port, client_id="bench-many"
        )
        with watching(many, folder / "many-state") as large:
            large.wait_until_it_sees()
            send(broker.port, climates(MANY_ROOMS), 20_000, 2000)
            figures = large.end()
        yield (
            f"  {MANY_ROOMS:,} rooms, 2,000/s: peak memory {figures['peak_mib']:.0f} MiB"
            f"   (to reach: 250), p99 {figures['p99'] * 1e3:.0f} ms"
        )


def _fill(state: Path) -> None:
    """Put a million events into the log, and a snapshot where the last ones begin."""
    with SqliteStore.open(state) as store:
        head = store.head().position
        start = datetime(2026, 1, 1, tzinfo=UTC)
        kept = store.latest_snapshot()
        assert kept is not None
        while head < EVENTS:
            now = start + timedelta(seconds=head)
            events = [
                (
                    RoomId(f"room-{(head + n) % ROOMS}"),
                    DoorMoved(
                        device=DeviceId(f"room-{(head + n) % ROOMS}-door-contact"),
                        role=Role.DOOR_CONTACT,
                        quantity=Quantity.DOOR_CONTACT,
                        state="open" if n % 2 else "closed",
                        at=now,
                    ),
                )
                for n in range(2000)
            ]
            head = store.commit(
                Turn(after=head, recorded_at=now, events=events)
            ).head.position
            if EVENTS - 4000 <= head < EVENTS - 2000:
                taken = snapshot(
                    (),
                    Desk(),
                    position=head,
                    reading_row=kept.reading_row,
                    configuration=kept.configuration,
                    now=now,
                )
                object.__setattr__(taken, "rooms", kept.rooms)
                store.save_snapshot(taken)
