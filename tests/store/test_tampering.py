"""Whatever is changed in the log behind the monitor's back is found, and where."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.evidence.chain import GENESIS, link
from room_monitor.store import LogBroken, SqliteReader, SqliteStore
from tests.store.samples import ACKNOWLEDGED, STARTED, door, turn

ENTRIES = 12


@cache
def original() -> Path:
    folder = Path(mkdtemp(prefix="room-monitor-"))
    events = [STARTED, ACKNOWLEDGED, *map(door, range(ENTRIES - 2))]
    with SqliteStore.open(folder) as store:
        for position, event in enumerate(events):
            store.commit(turn(position, [event]))
    return folder


@pytest.fixture(scope="module", autouse=True)
def _clean() -> Iterator[None]:
    yield
    shutil.rmtree(original())
    original.cache_clear()


class Forgery:
    """A copy of the store without its triggers."""

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="room-monitor-"))
        shutil.copytree(original(), self.folder, dirs_exist_ok=True)
        self.sql = sqlite3.connect(
            self.folder / "monitor.sqlite3", isolation_level=None
        )
        for trigger in ("append", "no_update", "no_delete"):
            self.sql.execute(f"DROP TRIGGER log_{trigger}")

    def close(self) -> None:
        self.sql.close()
        shutil.rmtree(self.folder)

    def found_at(self) -> int:
        with (
            SqliteReader.open(self.folder) as reader,
            pytest.raises(LogBroken) as found,
        ):
            reader.verify()
        return found.value.position


@given(
    st.integers(1, ENTRIES),
    st.sampled_from(["entry", "hash"]),
    st.integers(0),
    st.integers(1, 255),
)
def test_changing_any_byte_is_found_where_it_was_changed(
    position: int, column: str, place: int, difference: int
) -> None:
    with closing(Forgery()) as forgery:
        (content,) = forgery.sql.execute(
            f"SELECT {column} FROM log WHERE position = ?", (position,)
        ).fetchone()
        changed = bytearray(content)
        changed[place % len(changed)] ^= difference
        forgery.sql.execute(
            f"UPDATE log SET {column} = ? WHERE position = ?",
            (bytes(changed), position),
        )

        assert forgery.found_at() == position


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE log SET room = 'rest-2' WHERE position = 5", 5),
        ("UPDATE log SET room = NULL WHERE position = 5", 5),
        ("UPDATE log SET type = 'MonitorStopped' WHERE position = 5", 5),
        ("UPDATE log SET recorded_at = recorded_at + 1 WHERE position = 5", 5),
        ("UPDATE log SET position = 99 WHERE position = 5", 5),
        ("UPDATE log SET position = -position WHERE position = 5", 1),
        ("INSERT INTO log SELECT -1, 0, NULL, type, entry, hash FROM log LIMIT 1", 1),
        ("INSERT INTO log SELECT 13, 0, NULL, type, entry, hash FROM log LIMIT 1", 13),
        ("UPDATE log SET recorded_at = 'never' WHERE position = 5", 5),
        ("UPDATE log SET entry = 'text' WHERE position = 5", 5),
        ("DELETE FROM log WHERE position = 1", 1),
        ("DELETE FROM log WHERE position = 5", 5),
        ("DELETE FROM log WHERE position = 12", 12),
        ("DELETE FROM log WHERE position > 3", 4),
        ("DELETE FROM log", 1),
    ],
)
def test_changing_columns_or_rows_is_found(statement: str, position: int) -> None:
    with closing(Forgery()) as forgery:
        forgery.sql.execute(statement)

        assert forgery.found_at() == position


def test_exchanging_two_entries_is_found() -> None:
    with closing(Forgery()) as forgery:
        forgery.sql.execute("UPDATE log SET position = 0 WHERE position = 5")
        forgery.sql.execute("UPDATE log SET position = 5 WHERE position = 6")
        forgery.sql.execute("UPDATE log SET position = 6 WHERE position = 0")

        assert forgery.found_at() == 5


def test_a_new_chain_over_entries_that_lie_about_their_place_is_found() -> None:
    with closing(Forgery()) as forgery:
        head = GENESIS
        for position, entry in forgery.sql.execute(
            "SELECT position, entry FROM log ORDER BY position"
        ).fetchall():
            if position == 7:
                plain = json.loads(entry) | {"position": 8}
                entry = json.dumps(plain).encode()  # noqa: PLW2901
            head = link(head, entry)
            forgery.sql.execute(
                "UPDATE log SET entry = ?, hash = ? WHERE position = ?",
                (entry, head, position),
            )

        assert forgery.found_at() == 7


def test_an_entry_that_cannot_be_read_is_named() -> None:
    with closing(Forgery()) as forgery:
        forgery.sql.execute("UPDATE log SET entry = x'7b7d' WHERE position = 3")
        with SqliteReader.open(forgery.folder) as reader:
            entries = reader.entries()

            assert [next(entries).position, next(entries).position] == [1, 2]
            with pytest.raises(LogBroken, match="position 3: not the keys"):
                next(entries)
