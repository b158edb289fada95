"""The embedded store says what is wrong and what to do, and leaves nothing half done."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from room_monitor.store import (
    NoStore,
    SqliteReader,
    SqliteStore,
    StoreLocked,
    StoreUnavailable,
    seal,
)
from tests.store.samples import STARTED, door, reading, turn

DATABASE = "monitor.sqlite3"
AT_ONCE = timedelta(0)


def direct(folder: Path) -> sqlite3.Connection:
    """The database as any program may open it."""
    return sqlite3.connect(folder / DATABASE, isolation_level=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def store(folder: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(folder, busy=AT_ONCE) as store:
        yield store


# --- Durable and append-only -----------------------------------------------------------


def test_what_is_committed_survives_a_loss_of_power(store: SqliteStore) -> None:
    with store._writing() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET entry = x'00' WHERE position = 1",
        "UPDATE log SET room = 'elsewhere'",
        "DELETE FROM log WHERE position = 2",
        "DELETE FROM log",
        "INSERT OR REPLACE INTO log SELECT * FROM log WHERE position = 1",
        "INSERT INTO log SELECT 9, recorded_at, room, type, entry, hash FROM log LIMIT 1",
        "INSERT INTO log SELECT 0, recorded_at, room, type, entry, hash FROM log LIMIT 1",
        "UPDATE readings SET value = 20",
    ],
)
def test_even_plain_sql_cannot_edit_what_was_written(
    store: SqliteStore, folder: Path, statement: str
) -> None:
    store.commit(turn(0, [STARTED, door(1)], [reading(1)]))

    with (
        closing(direct(folder)) as database,
        pytest.raises(sqlite3.IntegrityError, match=r"append-only|never edited"),
    ):
        database.execute(statement)

    assert store.verify() == 2


def test_an_erased_text_is_in_none_of_the_files(
    store: SqliteStore, folder: Path
) -> None:
    commitment, sealed = seal("Somebody With A Rare Name")
    store.commit(turn(0, texts={commitment: sealed}))

    store.erase_text(commitment)

    assert not [file for file in folder.iterdir() if b"Rare Name" in file.read_bytes()]


def test_nobody_else_can_read_the_files_whatever_the_folder_allows(
    folder: Path,
) -> None:
    """Names and remarks are in them, also in what SQLite puts beside the database."""
    folder.mkdir()
    folder.chmod(0o755)
    before = os.umask(0o022)
    try:
        with SqliteStore.open(folder) as store:
            store.commit(turn(0, [STARTED]))
            modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in folder.iterdir()}
    finally:
        os.umask(before)

    assert {DATABASE, f"{DATABASE}-wal", "monitor.lock"} <= modes.keys()
    assert set(modes.values()) == {0o600}


# --- One writer, many readers ----------------------------------------------------------


def test_a_second_writer_is_told_who_is_the_first(
    store: SqliteStore, folder: Path
) -> None:
    with pytest.raises(StoreLocked, match=f"process {os.getpid()}") as refused:
        SqliteStore.open(folder)

    assert refused.value.process == os.getpid()


def test_the_folder_is_free_when_the_writer_is_gone(
    store: SqliteStore, folder: Path
) -> None:
    store.close()
    store.close()

    SqliteStore.open(folder).close()


def test_the_folder_is_free_when_the_writer_was_killed(folder: Path) -> None:
    program = (
        "import pathlib, sys, room_monitor.store as s;"
        f"s.SqliteStore.open(pathlib.Path({str(folder)!r}));"
        "print('open', flush=True); sys.stdin.read()"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        with pytest.raises(StoreLocked, match=f"process {writer.pid}"):
            SqliteStore.open(folder)
        writer.kill()

    SqliteStore.open(folder).close()


def test_a_reader_of_nothing_is_told_so_and_makes_nothing(folder: Path) -> None:
    with pytest.raises(NoStore, match="no monitor has written here"):
        SqliteReader.open(folder)

    assert not folder.exists()


def test_a_reader_cannot_write(store: SqliteStore, folder: Path) -> None:
    with (
        SqliteReader.open(folder) as reader,
        pytest.raises(StoreUnavailable, match="cannot be written"),
        reader._reading() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM positions")


def test_threads_of_the_writer_wait_for_each_other(store: SqliteStore) -> None:
    def hear(start: int) -> None:
        for number in range(start, start + 20):
            store.commit(turn(0, readings=[reading(number)]))

    threads = [threading.Thread(target=hear, args=(n * 100,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.last_reading_row() == 80


# --- The world fails -------------------------------------------------------------------


def test_a_full_disk_leaves_nothing_half_done_and_passes(store: SqliteStore) -> None:
    store.commit(turn(0, [STARTED], [reading(0)]))
    with store._writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    many = turn(1, [door(n) for n in range(1_000)], [reading(n) for n in range(1_000)])

    with pytest.raises(StoreUnavailable, match="disk is full") as failed:
        store.commit(many)

    assert failed.value.retry
    assert (store.head().position, store.last_reading_row()) == (1, 1)
    with store._writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert store.commit(many).head.position == 1_001
    assert store.verify() == 1_001


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")


def test_a_locked_database_is_tried_again(store: SqliteStore, folder: Path) -> None:
    with closing(direct(folder)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="another program") as failed:
            store.commit(turn(0, [STARTED]))
        other.execute("COMMIT")

    assert failed.value.retry
    assert store.head().position == 0
    assert store.commit(turn(0, [STARTED])).head.position == 1


def test_a_file_that_is_no_database_is_named(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"no database, surely " * 1_000)

    with pytest.raises(StoreUnavailable, match="restore the last backup") as failed:
        SqliteStore.open(folder)
    assert not failed.value.retry
    with pytest.raises(StoreUnavailable, match="restore the last backup"):
        SqliteReader.open(folder)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreUnavailable, match=r"file/state cannot be made"):
        SqliteStore.open(tmp_path / "file" / "state")


@needs_root
def test_a_read_only_disk_is_named_and_can_still_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    with small_disk(folder, "4m"):
        with SqliteStore.open(folder) as store:
            store.commit(turn(0, [STARTED]))
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)

        with pytest.raises(StoreUnavailable, match="mount options") as failed:
            SqliteStore.open(folder)
        with SqliteReader.open(folder) as reader:
            assert reader.verify() == 1

    assert not failed.value.retry


@needs_root
def test_a_disk_that_really_fills_up_passes_when_there_is_room(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    with small_disk(folder, "1m"):
        ballast = folder / "ballast"
        with SqliteStore.open(folder) as store:
            store.commit(turn(0, [STARTED]))
            ballast.write_bytes(bytes(300_000))
            with pytest.raises(StoreUnavailable, match="disk is full") as failed:
                fill(store)

            assert failed.value.retry
            position = store.head().position
            assert position % 50 == 1
            ballast.unlink()
            store.commit(turn(position, [door(n) for n in range(50)]))
            assert store.verify() == position + 50


def fill(store: SqliteStore) -> None:
    for position in range(1, 10_000, 50):
        store.commit(turn(position, [door(n) for n in range(50)]))
