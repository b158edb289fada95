"""Our short way of reading a PUBLISH comes to the same as that of paho."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.exception import MalformedPacket

from room_monitor.ingest.mqtt.client import LeanClient, Message

VERSIONS = [MQTTProtocolVersion.MQTTv311, MQTTProtocolVersion.MQTTv5]
CONTENT_TYPE = b"\x05\x03\x00\x02ab"

Heard = list[tuple[str, bytes, int, int, bool, bool]]


def packet(topic: bytes, mid: int, properties: bytes | None, payload: bytes) -> bytes:
    return b"".join(
        (
            struct.pack("!H", len(topic)) + topic,
            struct.pack("!H", mid) if mid else b"",
            properties if properties is not None else b"",
            payload,
        )
    )


def what(message: Message | MQTTMessage) -> tuple[str, bytes, int, int, bool, bool]:
    return (
        message.topic,
        bytes(message.payload),
        message.mid,
        message.qos,
        bool(message.retain),
        bool(message.dup),
    )


def by_paho(version: MQTTProtocolVersion, flags: int, body: bytes) -> Heard:
    heard: Heard = []
    client = Client(CallbackAPIVersion.VERSION2, "x", protocol=version, manual_ack=True)
    client.on_message = lambda _client, _user, message: heard.append(what(message))
    return _fed(client, flags, body, heard)


def by_us(version: MQTTProtocolVersion, flags: int, body: bytes) -> Heard:
    heard: Heard = []
    client = LeanClient(client_id="x", protocol=version, manual_ack=True)
    client.hear = lambda message: heard.append(what(message))
    return _fed(client, flags, body, heard)


def _fed(client: Client, flags: int, body: bytes, heard: Heard) -> Heard:
    client._in_packet["command"] = 0x30 | flags
    client._in_packet["remaining_length"] = len(body)
    client._in_packet["packet"] = bytearray(body)
    assert client._handle_publish() == MQTTErrorCode.MQTT_ERR_SUCCESS
    return heard


@pytest.mark.parametrize("version", VERSIONS)
@given(
    topic=st.text(min_size=1, max_size=40).map(lambda text: text.encode("utf-8")),
    payload=st.binary(max_size=300),
    mid=st.integers(0, 65_535),
    retain=st.booleans(),
    dup=st.booleans(),
    typed=st.booleans(),
)
def test_every_message_is_read_as_paho_reads_it(
    version: MQTTProtocolVersion,
    *,
    topic: bytes,
    payload: bytes,
    mid: int,
    retain: bool,
    dup: bool,
    typed: bool,
) -> None:
    flags = (8 if dup else 0) | (2 if mid else 0) | (1 if retain else 0)
    properties = None
    if version is MQTTProtocolVersion.MQTTv5:
        properties = CONTENT_TYPE if typed else b"\x00"
    body = packet(topic, mid, properties, payload)

    assert by_us(version, flags, body) == by_paho(version, flags, body)


@pytest.mark.parametrize("version", VERSIONS)
@given(body=st.binary(max_size=8), flags=st.sampled_from([0, 1, 2, 3, 8, 10]))
def test_what_is_no_publish_is_refused_as_paho_refuses_it(
    version: MQTTProtocolVersion, body: bytes, flags: int
) -> None:
    def answer(read: object) -> object:
        try:
            return read(version, flags, body)  # type: ignore[operator]
        except (MalformedPacket, UnicodeDecodeError) as error:
            return type(error)

    assert answer(by_us) == answer(by_paho)
