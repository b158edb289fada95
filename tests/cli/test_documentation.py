"""``docs/cli.md`` describes every command and every option, and nothing that is not."""

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from room_monitor.cli import app
from room_monitor.cli.errors import Ending
from tests.cli.conftest import STOPPED, type_at

PAGE = (Path(__file__).parents[2] / "docs/cli.md").read_text("utf-8")
OPTION = re.compile(r"`(--?[a-z][a-z-]*)")


@cache
def commands() -> dict[str, Any]:
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@cache
def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def options(command: str) -> set[str]:
    return {
        option
        for parameter in commands()[command].params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("-")
    } - {"--help", "-h"}


def test_every_command_is_described_and_no_other() -> None:
    assert set(sections()) - {"What holds for all of them"} == set(commands())


@pytest.mark.parametrize("command", commands())
def test_every_option_is_described_and_no_other(command: str) -> None:
    rows = [row for row in sections()[command].splitlines() if row.startswith("| `-")]
    first = "\n".join(row.split(" | ")[0] for row in rows)

    assert set(OPTION.findall(first)) == options(command)


def test_the_walk_through_a_night_can_be_typed() -> None:
    walk = (Path(__file__).parents[2] / "docs/night.md").read_text("utf-8")
    typed = re.findall(r"(?:\$ |`)room-monitor ([^`\n]+)", walk)

    assert len(typed) > 40
    for command, *words in map(shlex.split, typed):
        given = {word for word in words if word.startswith("--")}
        assert given <= options(command), command


def test_every_exit_code_is_described() -> None:
    codes = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)

    assert [int(code) for code in codes] == list(Ending)


@pytest.mark.parametrize("command", ["status", "readiness", "stays"])
def test_every_key_is_described(command: str, kept: Path) -> None:
    said = type_at(STOPPED, command, "--json", "--state", kept).json
    words = set(re.findall(r"`(\w+)`", sections()[command] + sections()["status"]))

    assert keys(said) - by_name(said) <= words


def test_every_key_of_one_stay_is_described(kept: Path) -> None:
    (stay,) = type_at(STOPPED, "stays", "--json", "--state", kept).json["stays"]
    said = type_at(STOPPED, "stay", stay["stay"], "--json", "--state", kept).json
    together = type_at(
        STOPPED, "stays", "--interventions", "--json", "--state", kept
    ).json
    words = set(re.findall(r"`(\w+)`", sections()["stay"] + sections()["stays"]))

    assert keys(said) <= words
    assert keys(together) <= words


def keys(value: object) -> set[str]:
    """The keys on all levels."""
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in keys(each)}
    if isinstance(value, list):
        return {key for each in value for key in keys(each)}
    return set()


def by_name(said: dict[str, Any]) -> set[str]:
    """Keys that are names themselves."""
    rooms = said.get("rooms")
    return set(rooms) if isinstance(rooms, dict) else set()


@pytest.mark.parametrize("command", commands())
def test_every_command_explains_itself(command: str) -> None:
    said = type_at(STOPPED, command, "--help")

    assert said.code == 0
    assert all(parameter.help for parameter in commands()[command].params)
