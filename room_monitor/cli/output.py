"""How commands write: tables for people, JSON for machines, on standard output."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from room_monitor.cli.instants import iso

WIDTH_OF_A_FILE = 120
"""How wide a table is where there is no terminal to ask."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # told like any other, see ``errors``


def console(*, err: bool = False) -> Console:
    """Where people read. Colours only on a terminal, and not with ``NO_COLOR``."""
    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else WIDTH_OF_A_FILE
    return _Console(
        file=stream, width=width, highlight=False, markup=False, emoji=False
    )


def table(*columns: str, title: str | None = None, shares: Sequence[int] = ()) -> Table:
    """An empty table; the columns in ``shares`` divide what room there is."""
    empty = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        expand=False,
        pad_edge=False,
    )
    for number, column in enumerate(columns):
        flexible = number in shares
        empty.add_column(column, overflow="fold", no_wrap=not flexible)
    return empty


def say_json(value: object, *, one_line: bool = False) -> None:
    """Write a value for machines; documented in docs/cli.md."""
    indent = None if one_line else 2
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=indent))


def plain(value: object) -> object:
    """Instants in UTC, durations in seconds, enums as words."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return iso(value)
        case timedelta():
            return value.total_seconds()
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return value.hex()
        case Mapping():
            return {str(plain(key)): plain(each) for key, each in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return plain(value._asdict())
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in value]
        case _ if is_dataclass(value):
            return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        case _:
            return str(value)
