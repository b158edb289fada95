"""Each channel of the settings has one transport, under its id; MQTT says it as it is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from room_monitor.notify import MqttTransport, TransportError, build
from room_monitor.notify.by_apprise import AppriseTransport
from room_monitor.notify.by_mqtt import TopicTransport
from room_monitor.notify.by_webhook import WebhookTransport, _wait, signature
from room_monitor.notify.secret_files import read_secret
from room_monitor.notify.transport import ATTEMPTS, PAGE_ATTEMPTS, attempts_of
from room_monitor.settings import AppriseChannel, MqttChannel, WebhookChannel
from room_monitor.settings.channels import OWN_TOPICS, TAKEN
from tests.support.notes import note
from tests.support.rooms import NOON

NOWHERE = Path("/nowhere/at/all")


class Broker:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.published: list[tuple[str, bytes]] = []

    async def __call__(self, topic: str, payload: bytes) -> None:
        self.published.append((topic, payload))


def test_each_kind_has_its_transport_though_no_secret_can_be_read() -> None:
    transports = build(
        [
            AppriseChannel(id="phone", url_file=NOWHERE),
            MqttChannel(id="siren", topic="siren/night"),
            WebhookChannel(id="board", url_file=NOWHERE, secret_file=NOWHERE),
        ],
        Broker(),
    )

    assert [(each.name, type(each)) for each in transports] == [
        ("phone", AppriseTransport),
        ("siren", TopicTransport),
        ("board", WebhookTransport),
    ]
    # A page that is not through within minutes counts as not heard: others are told.
    assert {attempts_of(each) for each in transports} == {PAGE_ATTEMPTS}
    assert PAGE_ATTEMPTS < ATTEMPTS


@pytest.mark.parametrize("index", [0, 1])
async def test_a_channel_without_its_secret_fails_each_time_and_not_for_good(
    index: int,
) -> None:
    transport = build(
        [
            AppriseChannel(id="phone", url_file=NOWHERE),
            WebhookChannel(id="board", url_file=NOWHERE, secret_file=NOWHERE),
        ],
        Broker(),
    )[index]
    for _ in range(2):
        with pytest.raises(TransportError, match="cannot be read: No such") as raised:
            await transport.send(note())
        assert not raised.value.permanent


async def test_a_page_is_published_as_it_is_under_the_topic_of_its_channel() -> None:
    broker = Broker()
    siren = TopicTransport(MqttChannel(id="siren", topic="siren/night"), broker)
    await siren.send(note("siren"))

    assert broker.published == [("siren/night", note("siren").body.encode())]


def test_no_channel_can_take_the_place_of_what_is_always_there() -> None:
    """Settings and notify do not import each other's words; this holds them together."""
    assert {MqttTransport.name} == TAKEN
    assert OWN_TOPICS == "alerts"


# --- Secrets ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"secret", "secret"),
        (b"secret\n", "secret"),
        (b"  secret \r\nsecond line", "secret"),
        (b"\n\nsecret", "secret"),
        ("\ufeffgeheim é\n".encode(), "geheim é"),
    ],
)
def test_a_secret_is_the_first_line(
    tmp_path: Path, content: bytes, secret: str
) -> None:
    (tmp_path / "file").write_bytes(content)

    assert read_secret(tmp_path / "file", "the key") == secret


@pytest.mark.parametrize("content", [b"", b" \n ", b"\xff", b"a\x00b", b"a\x07"])
def test_what_is_no_secret_is_not_repeated(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(TransportError) as raised:
        read_secret(tmp_path / "file", "the key")

    assert str(raised.value).startswith(f"the key in '{tmp_path}/file' is ")


# --- The webhook ------------------------------------------------------------------------


def test_the_signature_is_that_of_the_documentation() -> None:
    """Computed by hand: openssl dgst -sha256 -hmac, over '1795348800.{}'."""
    assert int(NOON.timestamp()) == 1795348800
    assert signature("0123456789abcdef", NOON, b"{}") == (
        "t=1795348800,v1="
        "9cb1e6c18e1e9e02000e073d7669b4946b5ce3794396505ccfe62d0c7dd6cdd5"
    )


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("0", timedelta(0)),
        (" 7 ", timedelta(seconds=7)),
        ("9" * 40, timedelta(days=1)),
        ("Sun, 22 Nov 2026 12:01:00 GMT", timedelta(minutes=1)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("Sun, 22 Nov 2999 11:00:00 GMT", timedelta(days=1)),
        ("²", None),
    ],
)
def test_how_long_to_wait_is_read_in_both_forms(
    asked: str | None, wait: timedelta | None
) -> None:
    assert _wait(asked, NOON) == wait


def test_the_program_in_the_documentation_verifies_the_signature() -> None:
    page = (Path(__file__).parents[2] / "docs/notifications.md").read_text("utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    defined: dict[str, Any] = {}
    exec(program, defined)  # noqa: S102 - it is ours
    key, body = "0123456789abcdef", '{"what": "één"}'.encode()
    now = datetime.now(UTC)
    is_ours = defined["is_ours"]

    assert is_ours(signature(key, now, body), body, key)
    assert not is_ours(signature(key, now, body), body + b" ", key)
    assert not is_ours(signature("another key of it", now, body), body, key)
    assert not is_ours(signature(key, now - timedelta(minutes=6), body), body, key)
    assert not is_ours("", body, key)
