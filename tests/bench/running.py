"""Starts and ends the processes that are measured."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Watched:
    """A running monitor, and its figures once it has ended."""

    def __init__(self, site: Path, state: Path) -> None:
        self._figures = state.with_suffix(".json")
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.bench.watched",
                str(site),
                str(state),
                str(self._figures),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_until_it_sees(self) -> None:
        """Until everything that waited at the broker has been heard."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == "seeing"

    def end(self) -> dict[str, Any]:
        """Stop it, and read its figures."""
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(60) == 0
        figures: dict[str, Any] = json.loads(self._figures.read_text())
        return figures

    def kill(self) -> None:
        """End it whatever it does; for when the benchmark itself failed."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def watching(site: Path, state: Path) -> Iterator[Watched]:
    """A monitor that runs for as long as the block."""
    watched = Watched(site, state)
    try:
        yield watched
    finally:
        watched.kill()


def module(name: str, *arguments: object) -> dict[str, Any]:
    """Run a module of the benchmarks to its end; the JSON it prints."""
    done = subprocess.run(
        [sys.executable, "-m", name, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout) if done.stdout.strip() else {}
    return found


def median(measure: Callable[[], float], times: int) -> float:
    """The median of some measurements."""
    return sorted(measure() for _ in range(times))[times // 2]
