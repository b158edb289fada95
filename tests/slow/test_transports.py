"""Pages arrive at real servers, or it is told why not; and no secret is ever told.

A mail server and a receiver of HTTP on this machine, reached as they are in a facility:
mail through Apprise, a program by a signed request.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import socket
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from room_monitor.clock import ManualClock
from room_monitor.notify import Healths, Transport, TransportError, build, dispatch
from room_monitor.notify.by_apprise import AppriseTransport
from room_monitor.notify.by_webhook import WebhookTransport
from room_monitor.settings import AppriseChannel, WebhookChannel
from room_monitor.store import Notification, NotificationState, Turn
from room_monitor.store.sqlite_store import SqliteStore
from tests.support.authority import Authority
from tests.support.engines import running
from tests.support.mail import Mailbox, mail_server
from tests.support.notes import TOLD, note
from tests.support.receiver import Answer, Receiver, receiving
from tests.support.rooms import NOON

SECRET = "hunter2-geheim"
KEY = "a key of the signature, long enough"
SOON = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def nothing_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the network of this machine asks for: these servers are on it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


class _Log(logging.Handler):
    """Keeps what the process would write, with every exception."""

    def __init__(self) -> None:
        super().__init__(1)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # The servers of these tests tell everything, and are none of the monitor's.
        if record.name != "mail.log":
            self.lines.append(f"{self.format(record)} {record.args}")


@pytest.fixture(autouse=True)
def told_to_nobody(
    capfd: pytest.CaptureFixture[str],
) -> Iterator[None]:
    """No test may leave a secret in the log of the process, at any level, or print it."""
    root, log = logging.getLogger(), _Log()
    before, others = root.level, root.handlers[:]
    root.handlers[:] = [log]  # others' handlers may write to what was closed since
    root.setLevel(1)
    yield
    root.setLevel(before)
    root.handlers[:] = others
    out, err = capfd.readouterr()
    for text in (*log.lines, out, err):
        assert SECRET not in text
        assert KEY not in text


class Secrets:
    """The files of secrets of one test."""

    def __init__(self, folder: Path) -> None:
        self.url_file = folder / "url"
        self.key_file = folder / "key"
        self.key_file.write_text(f"{KEY}\n", "utf-8")

    def apprise(self, url: str, patience: timedelta | None = None) -> AppriseTransport:
        self.url_file.write_text(f"{url}\nwhat follows is not read\n", "utf-8")
        channel = AppriseChannel(id="phone", url_file=self.url_file)
        if patience is None:
            return AppriseTransport(channel)
        return AppriseTransport(channel, patience=patience)

    def webhook(
        self,
        url: str,
        ca: Path | None = None,
        patience: timedelta = timedelta(seconds=10),
    ) -> WebhookTransport:
        self.url_file.write_text(f"{url}\n", "utf-8")
        return WebhookTransport(
            WebhookChannel(
                id="board", url_file=self.url_file, secret_file=self.key_file, ca=ca
            ),
            clock=ManualClock(NOON),
            patience=patience,
        )


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return Secrets(tmp_path)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def failure_of(attempt: Awaitable[None]) -> TransportError:
    with pytest.raises(TransportError) as raised:
        await attempt
    error = raised.value
    assert SECRET not in str(error) + repr(error)
    assert KEY not in str(error) + repr(error)
    assert len(str(error)) < 300
    return error


def server_side(authority: Authority) -> ssl.SSLContext:
    signed = authority.sign_server()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(signed.certificate, signed.key)
    return context


# --- Mail ------------------------------------------------------------------------------


def mailto(port: int, more: str = "", scheme: str = "mailto") -> str:
    return (
        f"{scheme}://127.0.0.1:{port}"
        f"?from=monitor@haven.example&to={SECRET}@haven.example{more}"
    )


async def test_a_mail_arrives_with_every_letter(secrets: Secrets) -> None:
    async with mail_server(Mailbox()) as mailbox:
        await secrets.apprise(mailto(mailbox.port)).send(note())

    (letter,) = mailbox.letters
    text = letter.get_body(("plain",))
    assert text is not None
    assert letter["Subject"] == "Dringend: Rustruimte 1 – «Zee»"
    assert "één minuut te laat" in text.get_content()
    assert "Sinds: 22 nov 13:15" in text.get_content()
    assert str(TOLD["link"]) in text.get_content()


async def test_of_a_drill_both_subject_and_text_say_so_first(secrets: Secrets) -> None:
    async with mail_server(Mailbox()) as mailbox:
        html = secrets.apprise(mailto(mailbox.port, "&format=html"))
        await html.send(note(drill=True))

    (letter,) = mailbox.letters
    text = letter.get_body(("plain",))
    assert text is not None
    assert letter["Subject"].startswith("OEFENING / DRILL: ")
    assert text.get_content().startswith("OEFENING / DRILL: ")


async def test_a_mail_server_that_comes_back_is_told_then(secrets: Secrets) -> None:
    port = free_port()
    transport = secrets.apprise(mailto(port))
    down = await failure_of(transport.send(note()))
    async with mail_server(Mailbox(), port=port) as mailbox:
        await transport.send(note())

    assert (str(down), down.permanent) == ("Connection refused", False)
    assert len(mailbox.letters) == 1


async def test_a_letter_that_is_refused_is_told_by_its_code(secrets: Secrets) -> None:
    async with mail_server(Mailbox()) as mailbox:
        mailbox.refusal = f"550 5.1.1 {SECRET}@haven.example is no longer with us"
        failed = await failure_of(secrets.apprise(mailto(mailbox.port)).send(note()))

    assert str(failed) == "the mail server answered 550"
    assert not failed.permanent


async def test_a_wrong_password_is_told_and_mended_without_a_restart(
    secrets: Secrets,
) -> None:
    async with mail_server(Mailbox(), password="right") as mailbox:
        address = f"127.0.0.1:{mailbox.port}?from=m@haven.example&to=a@haven.example"
        transport = secrets.apprise(f"mailto://monitor:{SECRET}@{address}")
        wrong = await failure_of(transport.send(note()))
        secrets.url_file.write_text(f"mailto://monitor:right@{address}", "utf-8")
        await transport.send(note())

    assert str(wrong) == "the mail server refuses user name or password (535)"
    assert len(mailbox.letters) == 1


async def test_mail_over_tls_is_sent_to_a_server_that_is_trusted(
    secrets: Secrets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path / "authority")
    async with mail_server(Mailbox(), tls=server_side(authority)) as mailbox:
        transport = secrets.apprise(mailto(mailbox.port, "&mode=ssl", "mailtos"))
        stranger = await failure_of(transport.send(note()))
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
        await transport.send(note())

    assert str(stranger) == (
        "the certificate of the other side is not trusted: "
        "unable to get local issuer certificate"
    )
    assert len(mailbox.letters) == 1


async def test_a_mail_server_without_tls_gets_nothing_that_was_to_be_secret(
    secrets: Secrets,
) -> None:
    async with mail_server(Mailbox()) as mailbox:
        for mode in ("ssl", "starttls"):
            url = mailto(mailbox.port, f"&mode={mode}", "mailtos")
            failed = await failure_of(
                secrets.apprise(url, patience=2 * SOON).send(note())
            )
            assert str(failed)

    assert mailbox.letters == []


# --- Other services through Apprise -------------------------------------------------------


async def test_a_service_is_sent_title_and_text_and_nothing_else_of_the_page(
    secrets: Secrets,
) -> None:
    async with receiving() as service:
        transport = secrets.apprise(f"json://127.0.0.1:{service.port}/{SECRET}")
        await transport.send(note(stay="stay-7", person="A. Name"))

    (got,) = service.received
    told = json.loads(got.body)
    assert told["title"] == "Dringend: Rustruimte 1 – «Zee»"
    assert told["message"].startswith("Er is langer dan een kwartier niet gekeken")
    assert "stay-7" not in got.body.decode()
    assert "A. Name" not in got.body.decode()


@pytest.mark.parametrize("status", [400, 401, 404, 429, 503])
async def test_a_service_that_refuses_is_told_by_its_status(
    secrets: Secrets, status: int
) -> None:
    """Never for good: Apprise does not say whether another attempt could help."""
    huge = Answer(status=status, body=SECRET.encode() * 100_000)
    async with receiving(huge) as service:
        transport = secrets.apprise(f"json://u:{SECRET}@127.0.0.1:{service.port}/")
        failed = await failure_of(transport.send(note()))
        await transport.send(note())

    assert str(failed).startswith(f"the service answered {status} ")
    assert not failed.permanent
    assert len(service.received) == 2


async def test_a_service_that_hangs_is_left_within_our_patience(
    secrets: Secrets,
) -> None:
    """Whatever time-outs and retries stand in the URL."""
    async with receiving() as service:
        service.hangs = True
        url = f"json://127.0.0.1:{service.port}/{SECRET}?rto=60&cto=60&retry=9&wait=9"
        transport = secrets.apprise(url, patience=3 * SOON)
        async with asyncio.timeout(3 * SOON.total_seconds()):
            failed = await failure_of(transport.send(note()))

    assert str(failed) == "no answer in time"
    assert len(service.received) == 1


async def test_a_service_that_is_optional_in_its_url_is_not_optional(
    secrets: Secrets,
) -> None:
    async with receiving(Answer(status=500)) as service:
        url = f"json://127.0.0.1:{service.port}/?optional=yes"
        await failure_of(secrets.apprise(url).send(note()))


async def test_a_redirect_loses_no_page_in_silence(secrets: Secrets) -> None:
    async with receiving() as other:
        there = {"Location": f"http://127.0.0.1:{other.port}/"}
        async with receiving(Answer(status=302, headers=there)) as service:
            transport = secrets.apprise(f"json://127.0.0.1:{service.port}/{SECRET}")
            failed = await failure_of(transport.send(note()))

    assert str(failed) == "the service answered 302 Found"
    assert other.received == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\n", "is missing: the first line is empty"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (SECRET.encode(), "Apprise cannot use the URL"),
        (f"nonsense://{SECRET}".encode(), "Apprise cannot use the URL"),
        (f"json://:{SECRET}".encode(), "Apprise cannot use the URL"),
        (f"slack://{SECRET}".encode(), "Apprise cannot use the URL"),
    ],
)
async def test_a_url_that_cannot_be_used_can_be_mended(
    secrets: Secrets, content: bytes, told: str
) -> None:
    async with receiving() as service:
        transport = secrets.apprise("")
        secrets.url_file.write_bytes(content)
        failed = await failure_of(transport.send(note()))
        secrets.url_file.write_text(f"json://127.0.0.1:{service.port}/", "utf-8")
        await transport.send(note())

    assert told in str(failed)
    assert not failed.permanent
    assert len(service.received) == 1


async def test_a_file_that_cannot_be_read_is_named(secrets: Secrets) -> None:
    transport = secrets.apprise("")
    secrets.url_file.unlink()
    gone = await failure_of(transport.send(note()))
    secrets.url_file.mkdir()
    folder = await failure_of(transport.send(note()))

    where = f"the URL in '{secrets.url_file}' cannot be read"
    assert str(gone) == f"{where}: No such file or directory"
    assert str(folder) == f"{where}: Is a directory"


async def test_what_one_channel_says_is_never_told_of_another(tmp_path: Path) -> None:
    """They log at the same time, into the same log of Apprise."""
    async with receiving() as works, receiving() as fails:
        fails.answers = [Answer(status=503)] * 20
        transports: list[Transport] = []
        for name, server in (("a", works), ("b", fails)) * 10:
            file = tmp_path / f"{name}-{len(transports)}"
            file.write_text(f"json://127.0.0.1:{server.port}/", "utf-8")
            channel = AppriseChannel(id=file.name, url_file=file)
            transports.append(AppriseTransport(channel))
        outcomes = await asyncio.gather(
            *(each.send(note(each.name)) for each in transports),
            return_exceptions=True,
        )

    assert outcomes[::2] == [None] * 10
    assert {str(each) for each in outcomes[1::2]} == {
        "the service answered 503 Service Unavailable"
    }


async def test_an_attempt_that_was_left_behind_is_not_made_twice(
    secrets: Secrets,
) -> None:
    """We gave up, it arrived all the same: the next attempt finds that out."""
    async with receiving() as service:
        transport = secrets.apprise(f"json://127.0.0.1:{service.port}/")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await transport.send(note())
        await transport.send(note())

    assert len(service.received) == 1


# --- The webhook -------------------------------------------------------------------------


def verified(receiver: Receiver, key: str = KEY) -> bytes:
    """The body of the last request, if the signature is that of the key."""
    got = receiver.received[-1]
    at, _, code = got.headers["room-monitor-signature"].partition(",")
    signed = at.removeprefix("t=").encode() + b"." + got.body
    expected = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
    assert code == f"v1={expected}"
    assert at == f"t={int(NOON.timestamp())}"
    return got.body


async def test_a_receiver_can_verify_what_it_gets(secrets: Secrets) -> None:
    sent = note("board")
    async with receiving() as board:
        await secrets.webhook(f"http://127.0.0.1:{board.port}/{SECRET}").send(sent)

        assert verified(board) == sent.body.encode()
    (got,) = board.received
    assert (got.method, got.path) == ("POST", f"/{SECRET}")
    assert got.headers["idempotency-key"] == sent.id
    assert got.headers["content-type"] == "application/json"


async def test_a_key_that_is_replaced_holds_for_the_next_page(secrets: Secrets) -> None:
    async with receiving() as board:
        transport = secrets.webhook(f"http://127.0.0.1:{board.port}/")
        await transport.send(note())
        verified(board)
        secrets.key_file.write_text("another key of the signature", "utf-8")
        await transport.send(note())

        verified(board, "another key of the signature")


@pytest.mark.parametrize(
    ("status", "retry_after"),
    [
        (401, None),
        (408, None),
        (425, None),
        (429, timedelta(seconds=7)),
        (500, None),
        (503, timedelta(minutes=2)),
    ],
)
async def test_a_receiver_that_cannot_now_is_asked_again(
    secrets: Secrets, status: int, retry_after: timedelta | None
) -> None:
    asked = {} if retry_after is None else {"Retry-After": f"{retry_after.seconds}"}
    async with receiving(Answer(status=status, headers=asked)) as board:
        transport = secrets.webhook(f"http://127.0.0.1:{board.port}/{SECRET}")
        failed = await failure_of(transport.send(note()))
        await transport.send(note())

    assert str(failed).startswith(f"the receiver answered {status} ")
    assert (failed.permanent, failed.retry_after) == (False, retry_after)
    first, second = board.received
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


@pytest.mark.parametrize("status", [400, 404, 410, 413, 422])
async def test_a_receiver_that_does_not_want_it_is_not_asked_again(
    secrets: Secrets, status: int
) -> None:
    body = Answer(status=status, body=SECRET.encode())
    async with receiving(body) as board:
        transport = secrets.webhook(f"http://127.0.0.1:{board.port}/{SECRET}")

        assert (await failure_of(transport.send(note()))).permanent


async def test_a_redirect_is_not_followed(secrets: Secrets) -> None:
    async with receiving() as other:
        there = {"Location": f"http://127.0.0.1:{other.port}/{SECRET}"}
        async with receiving(Answer(status=307, headers=there)) as board:
            transport = secrets.webhook(f"http://127.0.0.1:{board.port}/")
            failed = await failure_of(transport.send(note()))

    assert failed.permanent
    assert "307 Temporary Redirect, which is not followed" in str(failed)
    assert other.received == []


async def test_of_an_answer_without_end_nothing_is_read(secrets: Secrets) -> None:
    huge = Answer(status=502, body=SECRET.encode() * 4_000_000)
    async with receiving(huge) as board:
        transport = secrets.webhook(
            f"http://127.0.0.1:{board.port}/", patience=2 * SOON
        )
        failed = await failure_of(transport.send(note()))

    assert str(failed) == "the receiver answered 502 Bad Gateway"


async def test_a_receiver_that_hangs_is_left_in_time(secrets: Secrets) -> None:
    async with receiving() as board:
        board.hangs = True
        url = f"http://127.0.0.1:{board.port}/{SECRET}"
        failed = await failure_of(secrets.webhook(url, patience=SOON / 4).send(note()))

    assert str(failed) == "no answer in time"


async def test_nobody_listens(secrets: Secrets) -> None:
    url = f"http://127.0.0.1:{free_port()}/{SECRET}"
    failed = await failure_of(secrets.webhook(url).send(note()))

    assert (str(failed), failed.permanent) == ("Connection refused", False)


async def test_a_name_that_nobody_has(secrets: Secrets) -> None:
    transport = secrets.webhook(f"https://{SECRET}.invalid/")
    failed = await failure_of(transport.send(note()))

    assert str(failed) == "the name of the other side is not known"


async def test_a_receiver_over_tls_must_be_trusted(
    secrets: Secrets, tmp_path: Path
) -> None:
    authority, other = Authority(tmp_path / "ours"), Authority(tmp_path / "other")
    async with receiving(tls=server_side(authority)) as board:
        url = f"https://127.0.0.1:{board.port}/{SECRET}"
        await secrets.webhook(url, ca=authority.certificate).send(note())
        stranger = await failure_of(
            secrets.webhook(url, ca=other.certificate).send(note())
        )

    assert str(stranger).startswith("the certificate of the other side is not trusted")
    assert len(board.received) == 1


async def test_an_authority_that_is_replaced_holds_for_the_next_page(
    secrets: Secrets, tmp_path: Path
) -> None:
    ours, other = Authority(tmp_path / "ours"), Authority(tmp_path / "other")
    ca = tmp_path / "ca.pem"
    ca.write_bytes(other.certificate.read_bytes())
    async with receiving(tls=server_side(ours)) as board:
        transport = secrets.webhook(f"https://127.0.0.1:{board.port}/", ca=ca)
        await failure_of(transport.send(note()))
        ca.write_bytes(ours.certificate.read_bytes())
        await transport.send(note())
        ca.write_bytes(other.certificate.read_bytes())
        await failure_of(transport.send(note()))

    assert len(board.received) == 1


def test_authorities_are_not_read_anew_for_each_page(secrets: Secrets) -> None:
    """That takes tens of milliseconds, in which nothing else is done."""
    transport = secrets.webhook("https://127.0.0.1/")

    assert transport._trusts() is transport._trusts()


async def test_a_receiver_without_tls_where_there_should_be(secrets: Secrets) -> None:
    async with receiving() as board:
        transport = secrets.webhook(f"https://127.0.0.1:{board.port}/{SECRET}")
        failed = await failure_of(transport.send(note()))

    assert str(failed).startswith("TLS failed")
    assert board.received == []


async def test_an_address_that_pages_may_not_go_to_is_not_tried(
    secrets: Secrets,
) -> None:
    failed = await failure_of(secrets.webhook(f"http://{SECRET}.example/").send(note()))

    assert f"the URL in '{secrets.url_file}': 'http://' is only for" in str(failed)
    assert not failed.permanent


async def test_a_key_that_is_too_short_signs_nothing(secrets: Secrets) -> None:
    async with receiving() as board:
        transport = secrets.webhook(f"http://127.0.0.1:{board.port}/")
        secrets.key_file.write_text("short", "utf-8")
        failed = await failure_of(transport.send(note()))

    assert "is too short" in str(failed)
    assert board.received == []


async def test_an_authority_that_is_none_is_told(
    secrets: Secrets, tmp_path: Path
) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text(SECRET, "utf-8")
    failed = await failure_of(secrets.webhook("https://127.0.0.1/", ca=ca).send(note()))

    assert f"the authority in '{ca}' cannot be read" in str(failed)


# --- All of them in one dispatcher --------------------------------------------------------


def queue(store: SqliteStore, *notes: Notification) -> Callable[[], None]:
    def commit() -> None:
        head = store.head()
        store.commit(Turn(after=head.position, recorded_at=NOON, notifications=notes))

    return commit


def outcomes(store: SqliteStore) -> dict[str, Notification]:
    return {each.transport: each for each in store.notifications_of(note().alert)}


async def test_dead_channels_delay_no_other(tmp_path: Path) -> None:
    """A mail server that is down, a receiver that hangs: the third is told at once."""
    async with receiving() as hangs, receiving() as works:
        hangs.hangs = True
        (tmp_path / "mail").write_text(mailto(free_port()), "utf-8")
        (tmp_path / "key").write_text(KEY, "utf-8")
        transports = build(
            [
                AppriseChannel(id="mail", url_file=tmp_path / "mail"),
                *(
                    WebhookChannel(
                        id=name,
                        url=f"http://127.0.0.1:{server.port}/",
                        secret_file=tmp_path / "key",
                    )
                    for name, server in (("hangs", hangs), ("works", works))
                ),
            ],
            no_broker,
        )
        health = Healths()
        clock = ManualClock(NOON)
        names = [each.name for each in transports]
        async with running(tmp_path / "state", clock) as (engine, store):
            await engine.chore(queue(store, *(note(name) for name in names)))
            sending = asyncio.create_task(
                dispatch(engine, store, clock, transports, health)
            )
            async with asyncio.timeout(15):
                while not all(  # noqa: ASYNC110 - the store tells nobody
                    outcomes(store)[name].attempts for name in ("works", "mail")
                ):
                    await asyncio.sleep(0.01)
            sending.cancel()
            await asyncio.wait({sending})
            told = outcomes(store)

    assert told["works"].state is NotificationState.SENT
    assert told["mail"].state is NotificationState.QUEUED
    assert told["hangs"].attempts == 0
    assert health.of("mail").last_error == "Connection refused"
    assert health.of("hangs").queued == 1


async def no_broker(topic: str, payload: bytes) -> None:
    raise TransportError("the broker is away")


# --- What is not needed is not there ---------------------------------------------------


def test_neither_library_is_there_before_it_is_needed() -> None:
    """Commands start fast, and a monitor without such channels stays as small as it was."""
    program = (
        "import sys, room_monitor.app, room_monitor.cli\n"
        "print([n for n in ('apprise', 'httpx', 'requests') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_a_process_ends_while_a_service_hangs(tmp_path: Path) -> None:
    """Nobody waits for a thread that cannot be stopped."""
    program = """
import asyncio, socket, sys
from datetime import timedelta
from pathlib import Path
from room_monitor.notify.by_apprise import AppriseTransport
from room_monitor.settings import AppriseChannel
from tests.support.notes import note

async def main():
    deaf = socket.create_server(("127.0.0.1", 0))
    file = Path(sys.argv[1])
    file.write_text(f"json://127.0.0.1:{deaf.getsockname()[1]}/?rto=600")
    channel = AppriseChannel(id="phone", url_file=file)
    transport = AppriseTransport(channel, patience=timedelta(hours=1))
    try:
        async with asyncio.timeout(1.5):
            await transport.send(note())
    except TimeoutError:
        print("left")

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "url")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )

    assert (done.stdout.strip(), done.stderr) == ("left", "")
