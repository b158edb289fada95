"""How an act of a person reaches the engine: in this process, or over a socket.

A running monitor listens on ``control.sock`` in its state folder; only accounts that may
write there can act. One request and one answer a connection, each a line of JSON.
"""

import asyncio
import contextlib
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TypedDict

from room_monitor.core.events import (
    AlertAcknowledged,
    CheckRecorded,
    Event,
    FactRecorded,
    StayBegan,
    StayEnded,
)
from room_monitor.core.ids import AlertId, RoomId, StayId
from room_monitor.core.monitor import Told
from room_monitor.core.requirements import StayKind, facts_of
from room_monitor.core.state import RoomState
from room_monitor.core.stay import Rejected
from room_monitor.engine import Engine
from room_monitor.settings.roles import PEOPLE
from room_monitor.store import Sealed
from room_monitor.store.codec import dumps, loads
from room_monitor.store.persons import seal

SOCKET = "control.sock"
MAX_LINE = 64 * 1024

UNSEEN = {"Cc", "Cf", "Zl", "Zp"}
"""Categories of letters that change what is seen without being seen."""

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
"""What a pseudonymous key looks like: one word, so that nobody types a sentence in it."""


class Do(StrEnum):
    """What can be asked."""

    BEGIN_STAY = "begin_stay"
    END_STAY = "end_stay"
    CHECK_IN = "check_in"
    RECORD = "record"
    ACKNOWLEDGE = "acknowledge"
    STATUS = "status"
    """Nothing is done; ``Answer.status`` says how the running monitor fares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An act of a person.

    Attributes:
        do: What was done.
        target: Where: the id of a room, a stay or an alert; of a room its open stay is
            meant where a stay is needed.
        role: In which role: ``staff``, ``behavioural_scientist``, ``facility_manager``, …
        at: When it happened, aware UTC; ``None`` for now.
        at_unknown: It happened, nobody knows when (the end of a stay).
        person: Who, by name; kept apart from the log, where it can be erased.
        remark: Free text; kept like ``person``.
        kind: Of a stay that begins.
        key: The pseudonymous key of the young person, of a stay that begins.
        fact: The name of what is recorded.
        outcome: The answer that is recorded.
        of_room: The fact is about the room, though there is a stay in it.
        contact_wished: At a check: whether the young person wished contact.
        contact_given: At a check: whether contact was given.
    """

    do: Do
    target: str = ""
    role: str = ""
    at: datetime | None = None
    at_unknown: bool = False
    person: str | None = None
    remark: str | None = None
    kind: StayKind | None = None
    key: str | None = None
    fact: str | None = None
    outcome: bool | None = None
    of_room: bool = False
    contact_wished: bool | None = None
    contact_given: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request.

    Attributes:
        error: Why nothing was recorded; ``None`` if it was.
        room: Where it was recorded.
        stay: The stay it was about.
        events: What stands in the log because of it.
        status: How the running monitor fares, in names and words; only if asked for.
    """

    error: str | None = None
    room: RoomId | None = None
    stay: StayId | None = None
    events: tuple[Event, ...] = ()
    status: Mapping[str, str] = field(default_factory=dict)


class _Who(TypedDict):
    """Who acts, as commands take it."""

    role: str
    person: str | None
    remark: str | None


@dataclass(slots=True)
class _Texts:
    """Texts that are sealed on their way to the log."""

    sealed: dict[str, Sealed] = field(default_factory=dict)

    def seal(self, text: str | None) -> str | None:
        """The commitment that stands in the log for a text."""
        if not text:
            return None
        commitment, sealed = seal(text)
        self.sealed[commitment] = sealed
        return commitment


async def perform(engine: Engine, request: Request, now: datetime) -> Answer:
    """Do what is asked, and answer once it is durable or why it cannot be."""
    if (flaw := _flaw(request)) is not None:
        return Answer(error=flaw)
    texts = _Texts()
    found = _find(engine.rooms, request)
    if isinstance(found, Rejected):
        return Answer(error=found.reason)
    state, stay = found
    command = _command(request, state, stay, texts, now)
    if isinstance(command, Rejected):
        return Answer(error=command.reason)
    room = state.plan.room.id
    events = await engine.act(room, command, texts.sealed)
    if isinstance(events, Rejected):
        return Answer(error=events.reason)
    about = None if isinstance(command, AlertAcknowledged) else command.stay
    return Answer(room=room, stay=about, events=tuple(events))


async def serve(
    engine: Engine,
    now: Callable[[], datetime],
    folder: Path,
    status: Callable[[], Mapping[str, str]],
) -> None:
    """Answer requests on the socket in ``folder`` until cancelled.

    Raises:
        OSError: No socket can be made there.
    """

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            try:
                line = await asyncio.wait_for(reader.readline(), timeout=10)
                request: Request = loads(line, Request)
            except (ValueError, RecursionError) as error:
                reply = Answer(error=f"this is no request: {error}")
            else:
                if request.do is Do.STATUS:
                    reply = Answer(status=status())
                else:
                    reply = await perform(engine, request, now())
            writer.write(dumps(reply, Answer) + b"\n")
            await writer.drain()
        except (TimeoutError, ConnectionError):
            # Whoever asked has gone. What was recorded stands, and asking again shows it.
            return
        finally:
            writer.close()

    with _socket_in(folder) as path:
        path.unlink(missing_ok=True)
        mask = os.umask(0o117)
        try:
            server = await asyncio.start_unix_server(answer, path=path, limit=MAX_LINE)
        finally:
            os.umask(mask)
        try:
            async with server:
                await server.serve_forever()
        finally:
            path.unlink(missing_ok=True)


async def ask(folder: Path, request: Request) -> Answer | None:
    """Ask the monitor that runs on a state folder; ``None`` if none is running."""
    if (flaw := _flaw(request)) is not None:
        return Answer(error=flaw)
    try:
        with _socket_in(folder) as path:
            reader, writer = await asyncio.open_unix_connection(path, limit=2**24)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    line = b""
    with contextlib.suppress(ConnectionError):
        writer.write(dumps(request, Request) + b"\n")
        line = await reader.readline()
    writer.close()
    if not line.endswith(b"\n"):
        return Answer(error="the monitor went away before it answered; look at status")
    answer: Answer = loads(line, Answer)
    return answer


@contextlib.contextmanager
def _socket_in(folder: Path) -> Iterator[Path]:
    """A short path of the socket: the whole one may be longer than unix(7) allows."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{opened}") / SOCKET
    finally:
        os.close(opened)


def _flaw(request: Request) -> str | None:
    """Why a request cannot be written down: a terminal passes on any bytes."""
    for each in fields(request):
        value = getattr(request, each.name)
        if isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError:
                return f"'{each.name}' is no text: it has bytes that are not UTF-8"
            if any(unicodedata.category(letter) in UNSEEN for letter in value):
                return f"'{each.name}' has control characters; write one plain line"
    if request.role and request.role not in PEOPLE:
        return f"there is no role '{request.role}'; the roles are: {', '.join(PEOPLE)}"
    return None


def _of_the_room(fact: str, state: RoomState) -> bool:
    """Whether a fact is asked of the room itself and never of a stay in it."""
    of_stays = {
        name
        for obligations in state.plan.during.values()
        for obligation in obligations
        for name in facts_of(obligation.ask.demand)
    }
    of_room = {
        name
        for asked in state.plan.always
        for name in facts_of(asked.obligation.ask.demand)
    }
    return fact in of_room - of_stays


def _find(
    rooms: Mapping[RoomId, RoomState], request: Request
) -> tuple[RoomState, StayId | None] | Rejected:
    """The room an act is about, and its stay if it is about one."""
    target = request.target
    for room in rooms.values():
        if target == room.plan.room.id:
            open_stays = [s.id for s in room.stays.values() if not s.ended]
            return room, open_stays[-1] if open_stays else None
        if target in room.stays:
            return room, StayId(target)
        if target in room.alerts:
            return room, None
    known = ", ".join(sorted(rooms))
    return Rejected(
        f"there is no room, stay or open alert '{target}'; the rooms are: {known}"
    )


def _command(
    request: Request,
    state: RoomState,
    stay: StayId | None,
    texts: _Texts,
    now: datetime,
) -> Told | Rejected:
    who = _Who(
        role=request.role,
        person=texts.seal(request.person),
        remark=texts.seal(request.remark),
    )
    at = request.at or now
    match request:
        case Request(do=Do.ACKNOWLEDGE):
            if request.target not in state.alerts:
                return Rejected(f"'{request.target}' is no open alert")
            return AlertAcknowledged(alert=AlertId(request.target), **who)
        case Request(do=Do.BEGIN_STAY, kind=kind, key=key):
            if kind is None or not key:
                return Rejected("a stay needs a kind and the young person's key")
            if not KEY.fullmatch(key):
                return Rejected(
                    "the key stays in the log for good: give the pseudonym of the client "
                    "file, at most 40 letters, digits, '.', '_' or '-'; never a name"
                )
            new = StayId("s" + secrets.token_hex(4))
            return StayBegan(stay=new, kind=kind, key=key, happened_at=at, **who)
        case Request(do=Do.RECORD, fact=fact, outcome=outcome):
            if not fact or outcome is None:
                return Rejected("a fact needs a name and an answer, yes or no")
            return FactRecorded(
                fact=fact,
                outcome=outcome,
                happened_at=at,
                stay=None if request.of_room or _of_the_room(fact, state) else stay,
                **who,
            )
    if stay is None:
        return Rejected(f"there is no open stay in {state.plan.room.id}; name the stay")
    if request.do is Do.END_STAY:
        ended_at = None if request.at_unknown else at
        return StayEnded(stay=stay, happened_at=ended_at, **who)
    return CheckRecorded(
        stay=stay,
        happened_at=at,
        contact_wished=request.contact_wished,
        contact_given=request.contact_given,
        **who,
    )
