"""A damaged snapshot is passed over; only two are kept; states come back typed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from room_monitor.core.ids import RoomId
from room_monitor.core.readings import Reading
from room_monitor.store import Snapshot, SqliteStore
from room_monitor.store.codec import dumps, loads
from tests.store.samples import CALM, START, door, reading, turn


def snapshot(position: int) -> Snapshot:
    return Snapshot(
        position=position,
        reading_row=0,
        configuration="c",
        format=1,
        taken_at=START,
        rooms={CALM: b"state %d" % position},
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path) as store:
        for position in range(1, 4):
            store.commit(turn(position - 1, [door(position)]))
            store.save_snapshot(snapshot(position))
        yield store


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE snapshot_rooms SET state = x'00' WHERE snapshot = 3",
        "UPDATE snapshot_rooms SET state = 'text' WHERE snapshot = 3",
        "UPDATE snapshot_rooms SET room = 'other' WHERE snapshot = 3",
        "DELETE FROM snapshot_rooms WHERE snapshot = 3",
        "UPDATE snapshots SET format = 2 WHERE number = 3",
        "UPDATE snapshots SET position = 1 WHERE number = 3",
        "UPDATE snapshots SET monitor = x'00' WHERE number = 3",
        "UPDATE snapshots SET checksum = x'00' WHERE number = 3",
    ],
)
def test_a_damaged_snapshot_is_passed_over(
    store: SqliteStore, tmp_path: Path, damage: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.sqlite3")) as database:
        database.execute(damage)
        database.commit()

    assert store.latest_snapshot() == snapshot(2)


def test_only_two_are_kept(store: SqliteStore, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.sqlite3")) as database:
        assert database.execute("SELECT number FROM snapshots").fetchall() == [
            (2,),
            (3,),
        ]
        kept = database.execute("SELECT DISTINCT snapshot FROM snapshot_rooms")
        assert kept.fetchall() == [(2,), (3,)]


@dataclass(frozen=True, slots=True)
class Suspected:
    since: datetime


@dataclass(frozen=True, slots=True)
class Breached:
    since: datetime


@dataclass(frozen=True)
class State:
    breaches: dict[RoomId, Suspected | Breached]
    last: Reading | None
    low: float


def test_a_state_comes_back_with_its_types() -> None:
    state = State({CALM: Breached(START)}, reading(1, tag="a"), float("inf"))

    assert loads(dumps(state, State), State) == state


def test_bytes_that_are_no_state_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON"):
        loads(b"\x00", State)
    with pytest.raises(ValueError, match="lacks"):
        loads(b"{}", State)
