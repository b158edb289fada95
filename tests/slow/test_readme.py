"""What README shows on a terminal happens so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")

SHOWN = re.compile(
    r"^ *\$ (?P<line>(?:.*\\\n)*.*)\n(?P<said>(?: +[^$\s`].*\n)*)", re.MULTILINE
)
TERMINAL = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMANDS = [
    (re.sub(r"\\\n\s*", "", found["line"]), found["said"])
    for block in TERMINAL.findall(README)
    for found in SHOWN.finditer(block)
]
RUNS_ON = ("run", "simulate", "status", "readiness")
"""These need a monitor or a broker; tests/slow runs them."""


def ours() -> list[tuple[str, str]]:
    return [(line, said) for line, said in COMMANDS if "room-monitor" in line]


def test_the_readme_shows_commands() -> None:
    assert len(ours()) >= 5


@pytest.mark.parametrize(("line", "said"), ours())
def test_a_command_of_the_readme_does_what_is_shown(line: str, said: str) -> None:
    command = line.partition("room-monitor ")[2].split()[0]
    helped = _run(f"{sys.executable} -m room_monitor {command} --help")
    assert helped.returncode == 0, helped.stderr
    if command in RUNS_ON:
        return

    done = _run(
        line.replace(".venv/bin/room-monitor", f"{sys.executable} -m room_monitor")
    )

    assert done.returncode == 0, done.stderr
    for shown, printed in zip(
        said.splitlines(), done.stdout.splitlines(), strict=False
    ):
        assert printed.startswith(shown.strip().rstrip("…}").rstrip(" ,"))


def _run(line: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S602 - a line of README, with its pipe
        line, shell=True, cwd=ROOT, capture_output=True, text=True, check=False
    )
