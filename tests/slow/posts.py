"""Whom a ladder tells, for the time of a test: a mail server, a receiver, a siren.

Each is real, and notes what arrived, by which channel and when. They run beside the test,
in a thread of their own, and can fall silent and come back.
"""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, Final, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session
from paho.mqtt.client import Client, MQTTMessage

from tests.support.broker import Broker
from tests.support.mail import Mailbox
from tests.support.receiver import Answer, Received, Receiver
from tests.support.talker import Talker

TOPICS: Final = "room-monitor/pages/"

T = TypeVar("T")
What = tuple[str, str, int, int]
"""Channel, kind, round and step of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message, as it arrived.

    Attributes:
        at: When, aware UTC.
        channel: By which channel of the site.
        page: The name of the page; ``None`` in a mail, which does not tell it.
        key: What lets a receiver over HTTP recognise what it has seen.
        text: All of it, as it can be read.
    """

    at: datetime
    channel: str
    kind: str
    text: str
    room: str = ""
    step: int = 0
    round: int = 0
    drill: bool = False
    page: str | None = None
    key: str | None = None

    @property
    def what(self) -> What:
        """What can be read in every message, also in a mail."""
        return self.channel, self.kind, self.round, self.step


class Posts:
    """The servers and the siren of one house.

    Attributes:
        heard: What was taken over, in the order of arrival.
        before_answer: Called with what the receiver got, before it answers.
        gone: Channels of the receiver that answer 410: nobody is there any more.
        given_up: Nobody waits for anything any more.
    """

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.before_answer: Callable[[Heard], None] = lambda _: None
        self.gone: set[str] = set()
        self.given_up = False
        self.mail_port = 0
        self.web_port = 0
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._mail: asyncio.Server | None = None
        self._web: asyncio.Server | None = None
        self._mailbox = _Mailbox(self._note)
        self._board = _Board(self)

    # --- What arrived -------------------------------------------------------------------

    def of(self, kind: str = "page", channel: str | None = None) -> list[Heard]:
        """What arrived so far of a kind, and by a channel."""
        with self._news:
            return [
                each
                for each in self.heard
                if each.kind == kind and channel in (None, each.channel)
            ]

    def wait(
        self,
        kind: str,
        channel: str,
        *,
        round_: int | None = None,
        within: float = 20,
    ) -> Heard:
        """The first message of a kind by a channel, once it is there."""

        def found() -> Heard | None:
            fitting = (
                each
                for each in self.heard
                if (each.kind, each.channel) == (kind, channel)
                and round_ in (None, each.round)
            )
            return next(fitting, None)

        with self._news:
            self._news.wait_for(lambda: self.given_up or found() is not None, within)
            rows = "\n".join(f"{each.at} {each.what}" for each in self.heard)
            first = found()
        assert first is not None, f"no {kind} by {channel} in round {round_}:\n{rows}"
        return first

    def give_up(self) -> None:
        """Whoever waits for a message waits in vain."""
        with self._news:
            self.given_up = True
            self._news.notify_all()

    def _note(self, heard: Heard) -> None:
        with self._news:
            self.heard.append(heard)
            self._news.notify_all()

    # --- Falling silent and coming back -------------------------------------------------

    def mail_answers(self) -> None:
        """The mail server works."""
        self._do(self._serve_mail(deaf=False))

    def mail_hangs(self) -> None:
        """It accepts every connection, and never says a word."""
        self._do(self._serve_mail(deaf=True))

    def web_answers(self) -> None:
        """The receiver works."""
        self._do(self._serve_web())

    def web_is_refused(self) -> None:
        """Nobody listens where the receiver was."""
        self._do(self._stop_web())

    # --- Running ------------------------------------------------------------------------

    def start(self) -> None:
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.mail_answers()
        self.web_answers()

    def stop(self) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _serve_mail(self, *, deaf: bool) -> None:
        if self._mail is not None:
            self._mail.close()
        made: Callable[[], asyncio.Protocol] = asyncio.Protocol
        if not deaf:

            def made() -> asyncio.Protocol:
                return SMTP(self._mailbox, hostname="mail.example", loop=self._loop)

        self._mail = await self._loop.create_server(made, "127.0.0.1", self.mail_port)
        self.mail_port = self._mail.sockets[0].getsockname()[1]

    async def _serve_web(self) -> None:
        self._web = await asyncio.start_server(
            self._board.serve, "127.0.0.1", self.web_port
        )
        self.web_port = self._web.sockets[0].getsockname()[1]

    async def _stop_web(self) -> None:
        assert self._web is not None
        self._web.close()

    async def _end(self) -> None:
        for server in (self._mail, self._web):
            if server is not None:
                server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class _Siren(Talker):
    """Hears the pages that are published."""

    def __init__(self, broker: Broker, note: Callable[[Heard], None]) -> None:
        super().__init__(broker, "siren")
        self._note = note

    def _on_message(self, client: Client, user: object, message: MQTTMessage) -> None:
        channel = message.topic.removeprefix(TOPICS)
        self._note(_read(channel, message.payload.decode(), None))
        super()._on_message(client, user, message)


class _Board(Receiver):
    """The receiver over HTTP: each channel has a path."""

    def __init__(self, posts: Posts) -> None:
        super().__init__()
        self._posts = posts

    def answer_to(self, got: Received) -> Answer:
        channel = got.path.removeprefix("/")
        if channel in self._posts.gone:
            return Answer(status=410)
        heard = _read(channel, got.body.decode(), got.headers["idempotency-key"])
        self._posts._note(heard)
        self._posts.before_answer(heard)
        return Answer()


class _Mailbox(Mailbox):
    """The mail server: the channel is whom a letter is to."""

    def __init__(self, note: Callable[[Heard], None]) -> None:
        super().__init__()
        self._note = note

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self._note(_opened(self.letters[-1]))
        return answer


def _read(channel: str, body: str, key: str | None) -> Heard:
    told = json.loads(body)
    return Heard(
        at=datetime.now(UTC),
        channel=channel,
        kind=told["kind"],
        text=body,
        room=told["room_name"] or "",
        step=told["step"],
        round=told["round"],
        drill=told["drill"],
        page=told["page"],
        key=key,
    )


_TITLES: Final = {
    "Dringend": "page",
    "Hoog": "page",
    "Opgepakt door een ander": "taken_on",
    "Voorbij": "over",
    "Bereikbaarheidstest": "reach_test",
    "Storing": "trouble",
}
_CALL: Final = re.compile(r"^Oproep: stap (\d+), ronde (\d+)", re.MULTILINE)


def _opened(letter: EmailMessage) -> Heard:
    plain = letter.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    drill, _, title = letter["Subject"].rpartition("OEFENING / DRILL: ")
    kind, _, room = title.partition(": ")
    call = _CALL.search(text)
    return Heard(
        at=datetime.now(UTC),
        channel=letter["To"].partition("@")[0],
        kind=_TITLES[kind],
        text=f"{letter.as_string()}\n{letter['Subject']}\n{text}",
        room=room,
        step=int(call[1]) if call else 0,
        round=int(call[2]) if call else 0,
        drill=letter["Subject"].startswith("OEFENING / DRILL: ") and not drill,
    )


@contextmanager
def posted(broker: Broker) -> Iterator[Posts]:
    """Servers, and a siren at this broker, for as long as the block."""
    posts = Posts()
    with ExitStack() as running:
        posts.start()
        running.callback(posts.stop)
        siren = _Siren(broker, posts._note).connect()
        running.callback(siren.leave)
        siren.subscribe(f"{TOPICS}#")
        yield posts
