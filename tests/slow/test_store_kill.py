"""Killed at any moment, the store has every turn it acknowledged, and no half one."""

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

from room_monitor.store import SqliteReader

KILLS = 25
EVENTS, READINGS = 7, 40
"""How many of each one turn writes."""

WRITER = f"""
import sys
from pathlib import Path
from room_monitor.store import Delivery, Snapshot, SqliteStore, Turn
from tests.store.samples import CALM, door, numbered, second

with SqliteStore.open(Path(sys.argv[1])) as store:
    position = store.head().position
    while True:
        first = position // {EVENTS} * {READINGS} + 1
        turn = Turn(
            after=position,
            recorded_at=second(position),
            events=[door(position + n) for n in range({EVENTS})],
            readings=[numbered(first + n) for n in range({READINGS})],
            deliveries=[Delivery(first % 60_000 + n, b"d") for n in range({READINGS})],
        )
        position = store.commit(turn).head.position
        print(position, flush=True)
        if position % (5 * {EVENTS}) == 0:
            store.save_snapshot(
                Snapshot(
                    position=position,
                    reading_row=store.last_reading_row(),
                    configuration="c",
                    format=1,
                    taken_at=second(position),
                    rooms={{CALM: b"s" * 20_000}},
                )
            )
            store.roll_up()
"""


def write_until_killed(folder: Path, seconds: float) -> int:
    """Run a writer and kill it; the last position it acknowledged, 0 for none."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        killer = threading.Timer(seconds, writer.kill)
        killer.start()
        acknowledged = [first, *writer.stdout]
    assert writer.returncode == -signal.SIGKILL
    whole = [line for line in acknowledged if line.endswith("\n")]
    return int(whole[-1]) if whole else 0


def test_nothing_acknowledged_is_lost_and_no_turn_is_half_done(tmp_path: Path) -> None:
    chance = random.Random(20_260_301)  # noqa: S311 - moments, not secrets
    previous = 0
    for _ in range(KILLS):
        acknowledged = write_until_killed(tmp_path, chance.uniform(0, 0.15))

        with SqliteReader.open(tmp_path) as reader:
            position = reader.verify()
            numbers = [reading.sequence for _, reading in reader.readings_after(0)]
            assert acknowledged > previous
            assert position >= acknowledged
            assert position % EVENTS == 0
            assert numbers == list(range(1, position // EVENTS * READINGS + 1))
            assert len(reader.recent_deliveries()) >= min(len(numbers), 10_000)
            snapshot = reader.latest_snapshot()
            assert snapshot is None or snapshot.position > position - 11 * EVENTS
        previous = position
