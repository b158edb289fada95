"""Arguments and options that several commands share, and what the shell completes."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from room_monitor.clock import Clock, SystemClock
from room_monitor.core.events import Condition, Mood, Need
from room_monitor.settings.roles import PEOPLE
from sensors.profiles import PROFILES

STATE = Path("state")


SCIENTIST = "behavioural_scientist"
"""The role in which a review or an extension counts."""


class YesNo(StrEnum):
    """The answers."""

    YES = "yes"
    NO = "no"


class Language(StrEnum):
    """The languages the catalogue speaks."""

    NL = "nl"
    EN = "en"


def clock_of(context: typer.Context) -> Clock:
    """The machine's clock; a test gives another as the context's object."""
    return context.obj or SystemClock()


def beginning(words: Iterable[str]) -> Callable[[str], list[str]]:
    """Completes a word that is one of these."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete


State = Annotated[
    Path,
    typer.Option(
        "--state",
        metavar="DIR",
        envvar="ROOM_MONITOR_STATE",
        help="The state folder of the monitor.",
        file_okay=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for machines.")]
InLanguage = Annotated[Language, typer.Option("--lang", help="Language of the words.")]
SiteFile = Annotated[
    Path, typer.Argument(metavar="SITE", help="The site file, usually site.yaml.")
]
ProfileName = Annotated[
    str,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="The device family: " + ", ".join(PROFILES) + ".",
        autocompletion=beginning(PROFILES),
    ),
]
HappenedAt = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="INSTANT",
        help="When it happened, if not now: '03:15', '10 min ago', '2026-11-22 03:15'.",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Who did it. Kept apart from the log, where it can be erased.",
    ),
]
InRole = Annotated[
    str,
    typer.Option(
        "--role",
        metavar="ROLE",
        help="In which role: " + ", ".join(PEOPLE) + ".",
        autocompletion=beginning(PEOPLE),
    ),
]
Remark = Annotated[
    str | None,
    typer.Option("--remark", metavar="TEXT", help="Free text; kept like the name."),
]
WhoActs = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Who you are. Kept apart from the log, where it can be erased.",
    ),
]
Comment = Annotated[
    str,
    typer.Option(
        "--comment",
        metavar="TEXT",
        help="Why, or what you will do. Kept like the name.",
    ),
]
AlertName = Annotated[
    str, typer.Argument(metavar="ALERT", help="The id of the alert; see 'alarms'.")
]
Value = Annotated[
    str | None,
    typer.Option(
        "--value",
        metavar="CODE|ID|DURATION",
        help="Of a fact: what is recorded besides yes and no; see 'record --list'.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="INSTANT", help="Of a fact that lasts: when it ended."
    ),
]
SignOfLife = Annotated[
    bool | None,
    typer.Option(
        "--sign-of-life/--no-sign-of-life",
        help="Whether a sign of life was seen: movement, breath, an answer.",
    ),
]
OfCondition = Annotated[
    Condition | None,
    typer.Option("--condition", help="How the young person was found."),
]
OfMood = Annotated[
    Mood | None, typer.Option("--mood", help="Their mood, as far as it showed.")
]
Needs = Annotated[
    list[Need] | None,
    typer.Option("--need", help="What they needed and was seen to; may be repeated."),
]
ContactWished = Annotated[
    bool | None,
    typer.Option(
        "--contact-wished/--no-contact-wished",
        help="Whether the young person wished contact.",
    ),
]
ContactGiven = Annotated[
    bool | None,
    typer.Option(
        "--contact-given/--no-contact-given", help="Whether contact was given."
    ),
]
