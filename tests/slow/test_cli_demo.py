"""The demo shows what it promises, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_MOSQUITTO = (
    "import importlib, sys\n"
    "importlib.import_module('room_monitor.cli.demo.broker').shutil.which "
    "= lambda *_, **__: None\n"
    "from room_monitor.cli import app\n"
    "sys.argv = ['room-monitor', *sys.argv[1:]]\n"
    "app()\n"
)
MODULE = ["-m", "room_monitor"]
BROKERS = [
    pytest.param(MODULE, id="mosquitto"),
    pytest.param(["-c", WITHOUT_MOSQUITTO], id="python"),
]


def start(program: list[str], folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Run the demo with a temporary folder of its own, to see what is left in it."""
    return subprocess.Popen(
        [sys.executable, *program, "demo", *arguments],
        env={**os.environ, "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def processes_in(folder: Path) -> list[str]:
    """Command lines that name the folder: a broker that was left behind does."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = line.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in command:
            found.append(command)
    return found


@pytest.mark.parametrize("program", BROKERS)
def test_the_demo_shows_what_it_promises(program: list[str], tmp_path: Path) -> None:
    demo = start(program, tmp_path, "--for", "26s")
    out, err = demo.communicate(timeout=90)

    assert (demo.returncode, err) == (0, "")
    for told in (
        "BREACH of control-temperature (lockout, calm-2-thermostat)",
        "BREACH of temperature-warning (band, calm-2-climate): above the highest",
        "BREACH of room-ventilation (flow, calm-3-ventilation): does not follow",
        "calm-4-call: the young person called",
        "BREACH of check-every-quarter",
        "was taken on until",
        "breach of check-every-quarter",
        "BREACH of device-heard-from (heard, bedroom-6-lock)",
        "BREACH of bedroom-not-locked (lock, bedroom-5-lock)",
    ):
        assert told in out
    rows = out[out.rindex("ready?") :]
    assert "calm-1" in rows
    assert "✓ ready" in rows
    assert "✗ not ready" in rows
    assert "? not shown" in rows
    assert list(tmp_path.iterdir()) == []
    assert processes_in(tmp_path) == []


@pytest.mark.parametrize("program", BROKERS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_ends_when_it_is_told(
    number: signal.Signals, program: list[str], tmp_path: Path
) -> None:
    demo = start(program, tmp_path, "--for", "10m")
    assert demo.stdout is not None
    for line in demo.stdout:
        if "stay" in line:
            break

    demo.send_signal(number)
    out, err = demo.communicate(timeout=20)

    assert (demo.returncode, err) == (0, "")
    assert "events in the log" in out
    assert list(tmp_path.iterdir()) == []
    assert processes_in(tmp_path) == []


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    first = start(MODULE, tmp_path, "--for", "10m")
    assert first.stdout is not None
    port = first.stdout.readline().split("port ")[1].split()[0]

    second = start(MODULE, tmp_path, "--port", port)
    _, err = second.communicate(timeout=20)
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=20)

    assert second.returncode == 1
    assert f"Error: port {port}: address already in use; choose another." in err


def test_the_demo_works_from_a_wheel(tmp_path: Path) -> None:
    """The catalogue is in it: nothing of the checkout is needed."""
    pytest.importorskip("hatchling", reason="what builds us is missing: make test")
    wheels, installed = tmp_path / "wheels", tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    root = Path(__file__).parents[2]
    subprocess.run(
        [
            *pip,
            "wheel",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            str(wheels),
            str(root),
        ],
        check=True,
    )
    (wheel,) = wheels.iterdir()
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", str(installed), str(wheel)],
        check=True,
    )
    demo = subprocess.run(
        [sys.executable, "-m", "room_monitor", "demo", "--for", "3s"],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (demo.returncode, demo.stderr) == (0, "")
    assert (installed / "room_monitor/config/site.yaml").exists()
