"""What goes wrong in the world is told in words, with what to do, never as a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from room_monitor.cli.errors import Ending, Failure, told_of
from room_monitor.settings import Problem, SettingsError
from room_monitor.store import SqliteStore, StoreUnavailable
from tests.cli.conftest import SITE, STOPPED, type_at


def test_a_store_that_another_monitor_writes(state: Path) -> None:
    with SqliteStore.open(state):
        said = type_at(STOPPED, "run", SITE, "--state", state)

    assert said.code == 1
    assert "is writing here; stop it first" in said.err


def test_a_store_that_is_damaged(tmp_path: Path) -> None:
    SqliteStore.open(tmp_path).close()
    for file in tmp_path.glob("*.db*"):
        file.write_bytes(b"this is no database" * 500)

    said = type_at(STOPPED, "status", "--state", tmp_path)

    assert said.code == 1
    assert said.err.startswith("Error: ")


@pytest.mark.parametrize(
    ("error", "line", "ending"),
    [
        (Failure("no such thing", Ending.NOT_FOUND), "Error: no such thing.", 3),
        (StoreUnavailable("disk full", retry=True), "Error: disk full.", 1),
        (
            PermissionError(13, "Permission denied", "f"),
            "Error: f: permission denied.",
            1,
        ),
        (ExceptionGroup("", [StoreUnavailable("x", retry=False)]), "Error: x.", 1),
        (
            SettingsError([Problem("f.yaml", 3, "key", "wrong")]),
            "f.yaml:3: key: wrong",
            1,
        ),
    ],
)
def test_what_can_be_foreseen(error: Exception, line: str, ending: int) -> None:
    told = told_of(error)

    assert told is not None
    assert (told[0][0], told[1]) == (line, ending)


def test_a_mistake_in_the_program_is_not_hushed_up() -> None:
    assert told_of(KeyError("x")) is None


def test_whoever_closes_the_pipe_has_seen_enough(kept: Path) -> None:
    typed = [sys.executable, "-m", "room_monitor", "events", "--state", str(kept)]
    for arguments in (typed, [*typed, "--json"]):
        with subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(30) == 0
