"""From the terminal only: check, run, simulate, look, act, follow, stop."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.broker import Broker

CONFIG = Path(__file__).parents[2] / "config"
PATIENCE = 30.0  # seconds


class Terminal:
    """A site of its own, a broker, and the commands."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        shutil.copytree(CONFIG, folder / "config")
        self.site = folder / "config/site.yaml"
        text = self.site.read_text("utf-8")
        there = f"host: {broker.host}\n  port: {broker.port}"
        self.site.write_text(text.replace("host: localhost", there), "utf-8")
        self.state = folder / "state"
        self.environment = {**os.environ, "ROOM_MONITOR_STATE": str(self.state)}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "room_monitor", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def type(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
        return out

    def ask(self, *arguments: str) -> Any:
        return json.loads(self.type(*arguments, "--json"))

    @contextmanager
    def monitor(self) -> Iterator[subprocess.Popen[str]]:
        """A monitor that hears; stopped in order at the end."""
        process = self.start("run", str(self.site))
        try:
            self.wait_for(
                lambda: self.status()["running"] and not self.status()["blind"]
            )
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            _, self.log = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, self.log

    def status(self) -> Any:
        if not (self.state / "control.sock").exists():
            return {"running": False}
        return self.ask("status")

    @staticmethod
    def wait_for(what: Callable[[], Any]) -> None:
        give_up_at = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < give_up_at
            time.sleep(0.1)


@pytest.fixture
def terminal(tmp_path: Path, broker: Broker) -> Terminal:
    return Terminal(tmp_path, broker)


def test_a_day_at_the_terminal(terminal: Terminal) -> None:
    assert "no problems" in terminal.type("check", str(terminal.site))

    with terminal.monitor():
        follower = terminal.start("events", "--follow", "--json")
        terminal.type(
            *("simulate", str(terminal.site), "--scenario", "bedroom-lock-in"),
            *("--speed", "720"),
        )
        begun = terminal.ask(
            *("begin-stay", "calm-1", "--kind", "own_request", "--key", "k-1")
        )
        (room,) = terminal.ask("readiness", "bedroom-7")["rooms"]
        status = terminal.status()

        follower.send_signal(signal.SIGINT)
        followed, complaints = follower.communicate(timeout=PATIENCE)

    assert begun["events"][0]["type"] == "StayBegan"
    lock = next(
        r for r in room["requirements"] if r["requirement"] == "bedroom-not-locked"
    )
    assert lock["asks"][0]["reading"] is not None
    assert (status["blind"], status["refusals"]) == (None, [])
    assert (follower.returncode, complaints) == (0, "")
    types = {json.loads(line)["type"] for line in followed.splitlines()}
    assert {"DoorMoved", "VerdictChanged", "StayBegan"} <= types


def test_the_log_of_the_program_is_json_without_payloads_and_names(
    terminal: Terminal,
) -> None:
    with terminal.monitor():
        terminal.type(
            *("begin-stay", "calm-1", "--kind", "own_request", "--key", "k-1"),
            *("--by", "J. Jansen", "--remark", "asked for it"),
        )

    lines = [json.loads(line) for line in terminal.log.splitlines()]
    assert any(line.get("events", {}).get("StayBegan") == 1 for line in lines)
    assert "Jansen" not in terminal.log
    assert "asked for it" not in terminal.log


def test_a_monitor_that_was_killed_is_missed(terminal: Terminal) -> None:
    process = terminal.start("run", str(terminal.site))
    terminal.wait_for(lambda: terminal.status()["running"])
    process.kill()
    process.communicate(timeout=PATIENCE)

    status = terminal.ask("status")
    assert status["running"] is False
    terminal.type("begin-stay", "calm-1", "--kind", "own_request", "--key", "k-1")

    types = [
        json.loads(line) for line in terminal.type("events", "--json").splitlines()
    ]
    gaps = [e["event"]["cause"] for e in types if e["type"] == "GapFound"]
    assert gaps[-1] == "killed"


def test_a_broker_that_is_not_there_is_told(terminal: Terminal, broker: Broker) -> None:
    broker.stop()

    process = terminal.start(
        *("simulate", str(terminal.site), "--scenario", "calm-day", "--speed", "0")
    )
    _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert f"{broker.host}:{broker.port}" in err
    assert "Traceback" not in err
