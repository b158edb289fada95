"""``room-monitor simulate SITE``."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from room_monitor import app
from room_monitor.cli.errors import Ending, Failure, unknown
from room_monitor.cli.options import (
    STATE,
    InLanguage,
    Language,
    State,
    beginning,
)
from room_monitor.cli.output import console, table
from room_monitor.clock import SystemClock
from room_monitor.control import Do, Request
from room_monitor.core.requirements import StayKind
from room_monitor.core.site import Site
from room_monitor.settings import Broker, Protocol, Settings, load
from sensors.simulator import (
    SCENARIOS,
    Act,
    Deed,
    Scenario,
    SimulatedDevice,
    SimulationError,
    play,
)
from sensors.simulator.broker import BrokerAddress, BrokerError
from sensors.simulator.publisher import publish, real_dates

_DO = {
    Deed.BEGIN_STAY: Do.BEGIN_STAY,
    Deed.CHECK: Do.CHECK_IN,
    Deed.END_STAY: Do.END_STAY,
    Deed.RECORD_FACT: Do.RECORD,
}


def simulate(
    site: Annotated[
        Path | None,
        typer.Argument(metavar="SITE", help="The site file, usually site.yaml."),
    ] = None,
    *,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="What to play; see --list.",
            autocompletion=beginning(SCENARIOS),
        ),
    ] = None,
    speed: Annotated[
        float,
        typer.Option(
            "--speed", metavar="N", min=0, help="60 plays an hour in a minute."
        ),
    ] = 1.0,
    room: Annotated[
        str | None,
        typer.Option(
            "--room",
            metavar="ROOM",
            help="Where; the first room that fits if left out.",
        ),
    ] = None,
    list_scenarios: Annotated[
        bool, typer.Option("--list", help="Show what can be played, and stop.")
    ] = False,
    language: InLanguage = Language.EN,
    state: State = STATE,
) -> None:
    """Play the devices of a site to its broker, for trying out.

    What people do in the scenario is recorded on the state folder, as if they had typed
    it. The law's limits stay as long as they are, whatever the speed. Never do this to
    the broker of a site in use: what is simulated looks like what is real.
    """
    if list_scenarios:
        _say(language)
        return
    if site is None or scenario is None:
        message = "give SITE and --scenario NAME; 'simulate --list' shows the scenarios"
        raise Failure(message, Ending.REFUSED)
    story = SCENARIOS.get(scenario)
    if story is None:
        raise unknown("scenario", scenario, SCENARIOS)
    settings = load(site)
    _play(story, settings, room=room, speed=speed, state=state)


def _play(
    story: Scenario, settings: Settings, *, room: str | None, speed: float, state: Path
) -> None:
    out = console(err=True)
    broker = address_of(settings.broker)
    try:
        steps = play(story, cast_of(settings.site), room=room, dated=real_dates(speed))
    except SimulationError as error:
        raise Failure(str(error), Ending.REFUSED) from None

    clock = SystemClock()

    def on_act(act: Act) -> None:
        answer = asyncio.run(app.act(state, request_of(act, clock.now())))
        said = answer.error or "recorded"
        out.print(f"{act.room}: {act.deed.replace('_', ' ')}: {said}", soft_wrap=True)

    out.print(f"Playing '{story.name}' to {broker}: {story.title.en}", soft_wrap=True)
    for line in story.shows:
        out.print(f"- {line.en}", soft_wrap=True)
    with _until_told() as stop:
        try:
            played = publish(steps, broker, speed=speed, on_act=on_act, stop=stop)
        except BrokerError as error:
            message = f"{broker}: {error}; is this the broker of the site file?"
            raise Failure(message) from None
    for topic, why in played.refused.items():
        out.print(f"The broker did not take {topic}: {why}", soft_wrap=True)
    word = "Stopped" if played.stopped else "Played"
    out.print(f"{word} after {played.progress.acknowledged} messages.")


def cast_of(site: Site) -> list[SimulatedDevice]:
    """The devices of a site, to be played."""
    return [
        SimulatedDevice(
            id=device.id,
            role=device.role,
            profile=device.profile,
            topic=device.topic,
            channel=device.channel,
            interval=device.interval,
            room=room.id,
            room_kind=room.kind,
            lacks=device.lacks,
        )
        for room in site.rooms
        for device in room.devices
    ]


def request_of(act: Act, now: datetime) -> Request:
    """What a person does in a scenario, as they would ask for it at ``now``."""
    fields = act.fields
    kind, outcome = fields.get("kind"), fields.get("outcome")

    def text(name: str) -> str | None:
        value = fields.get(name)
        return value if isinstance(value, str) else None

    def answer(name: str) -> bool | None:
        value = fields.get(name)
        return value if isinstance(value, bool) else None

    return Request(
        do=_DO[act.deed],
        target=act.room,
        role=text("role") or "staff",
        at=now - act.ago if act.ago else None,
        kind=StayKind(str(kind)) if kind is not None else None,
        key=text("key"),
        fact=text("fact"),
        outcome=outcome if isinstance(outcome, bool) else None,
        contact_wished=answer("contact_wished"),
        contact_given=answer("contact_given"),
    )


def address_of(broker: Broker) -> BrokerAddress:
    """The broker of the site file, for the simulated devices."""
    password: str | None = None
    if broker.password_file is not None:
        password = broker.password_file.read_text("utf-8").strip("\r\n")
    elif broker.password_env is not None:
        password = os.environ.get(broker.password_env)
    ca = broker.tls.ca if broker.tls is not None else None
    return BrokerAddress(
        host=broker.host,
        port=broker.port,
        mqtt5=broker.protocol is Protocol.V5,
        tls=broker.tls is not None,
        ca_file=str(ca) if ca is not None else None,
        username=broker.username,
        password=password,
    )


@contextmanager
def _until_told() -> Iterator[threading.Event]:
    """Set by Ctrl-C and SIGTERM: the play ends in order."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _say(language: Language) -> None:
    rows = table("scenario", "what it shows", shares=(1,))
    for story in SCENARIOS.values():
        nl = language is Language.NL
        told = [story.title, *story.shows]
        rows.add_row(story.name, "\n- ".join(t.nl if nl else t.en for t in told))
        rows.add_section()
    console().print(rows)
