"""What a command says when it cannot do what was asked, and how it ends then."""

import os
import sys
from collections.abc import Iterable
from enum import IntEnum
from typing import Any

import typer
from typer.core import TyperGroup

from room_monitor.settings import SettingsError
from room_monitor.settings.problems import did_you_mean
from room_monitor.store import StoreError


class Ending(IntEnum):
    """The exit codes of all commands."""

    DONE = 0
    TROUBLE = 1
    """The configuration, the state folder or the machine must be put right first."""
    REFUSED = 2
    """What was given cannot be taken: usage, an act that cannot be true, a payload."""
    NOT_FOUND = 3
    """There is nothing of this name."""
    INTERRUPTED = 130


class Failure(Exception):  # noqa: N818 - it is told, not handled
    """A command cannot go on; the message says what is wrong and what to do next."""

    def __init__(self, message: str, ending: Ending = Ending.TROUBLE) -> None:
        super().__init__(message)
        self.ending = ending


def unknown(what: str, name: str, known: Iterable[str]) -> Failure:
    """There is no such thing; perhaps another was meant."""
    meant = did_you_mean(name, known)
    return Failure(f"there is no {what} '{name}'{meant}", Ending.NOT_FOUND)


class Commands(TyperGroup):
    """The commands. Whatever can be foreseen is told in words, never as a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command, and tell what went wrong."""
        for stream in (sys.stdout, sys.stderr):
            if reconfigure := getattr(stream, "reconfigure", None):
                reconfigure(errors="replace")  # a terminal without '✓' gets a '?'
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read our output has seen enough. Nothing may be written any more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise typer.Exit(Ending.DONE) from None
        except KeyboardInterrupt:
            raise typer.Exit(Ending.INTERRUPTED) from None
        except (Exception, ExceptionGroup) as error:
            told = told_of(error)
            if told is None:
                raise
            say, ending = told
            for line in say:
                typer.echo(line, err=True)
            raise typer.Exit(ending) from None
        return result


def told_of(
    error: BaseException,
) -> tuple[tuple[str, ...], Ending] | None:
    """What to tell of an error, or ``None`` for a mistake in this program."""
    match error:
        case SettingsError():
            problems = tuple(str(problem) for problem in error.problems)
            return (*problems, f"{error}. Nothing was started."), Ending.TROUBLE
        case Failure():
            return (_sentence(str(error)),), error.ending
        case StoreError():
            return (_sentence(str(error)),), Ending.TROUBLE
        case OSError(strerror=str(reason)):
            name = f"{error.filename}: " if error.filename else ""
            return (_sentence(f"{name}{reason.lower()}"),), Ending.TROUBLE
        case BaseExceptionGroup():
            return next(filter(None, map(told_of, error.exceptions)), None)
        case _:
            return None


def _sentence(text: str) -> str:
    return f"Error: {text}" + ("" if text.endswith(("?", ".")) else ".")
