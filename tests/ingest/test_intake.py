"""A message is acknowledged once, on the connection it came on, when it is stored."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from room_monitor.clock import ManualClock
from room_monitor.core.site import Role
from room_monitor.draft import Arrival
from room_monitor.ingest import intake
from room_monitor.ingest.decode import Router
from room_monitor.ingest.intake import Intake
from room_monitor.ingest.mqtt import Connection
from room_monitor.ingest.refusals import Refusals
from room_monitor.ingest.topics import own_topics
from tests.ingest.places import NOW, device, site

OWN = own_topics("room-monitor", "me")
GOOD = b'{"v": 1, "readings": {"co2": 800}}'


@dataclass
class FakeMessage:
    topic: str = "haven/climate"
    payload: bytes | bytearray = GOOD
    mid: int = 7
    qos: int = 1
    retain: bool = False
    dup: bool = False


class NoText(FakeMessage):
    @property
    def topic(self) -> str:
        return b"\xff".decode()

    @topic.setter
    def topic(self, value: str) -> None:
        pass


@dataclass
class FakeConnection:
    acknowledged: list[int] = field(default_factory=list)
    reading: bool = True

    def acknowledge(self, mid: int) -> None:
        self.acknowledged.append(mid)

    def pause(self) -> None:
        self.reading = False

    def resume(self) -> None:
        self.reading = True


class Hearing:
    """An intake, and what it gave to the engine."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.probes: list[bytes] = []
        self.refusals = Refusals()
        self.connection = FakeConnection()
        self.intake = Intake(
            self.refusals,
            ManualClock(NOW),
            offer=self.arrivals.append,
            came_back=lambda _, payload: self.probes.append(payload),
        )
        self.intake.listen(Router(site(device("climate", Role.CLIMATE))), OWN)

    def take(self, message: FakeMessage, connection: object = None) -> None:
        on = cast("Connection", connection or self.connection)
        self.intake.take(on, message)

    def refused(self) -> list[tuple[str, str]]:
        return [(r.name, r.reason) for r in (t.told() for t in self.refusals.take())]


@pytest.fixture
def hearing() -> Hearing:
    return Hearing()


def test_it_is_acknowledged_when_it_is_stored(hearing: Hearing) -> None:
    hearing.take(FakeMessage())
    assert hearing.connection.acknowledged == []

    (arrival,) = hearing.arrivals
    arrival.done()

    assert hearing.connection.acknowledged == [7]
    assert hearing.intake.waiting == 0


def test_it_is_acknowledged_on_the_connection_it_came_on(hearing: Hearing) -> None:
    other = FakeConnection()
    hearing.take(FakeMessage())
    hearing.take(FakeMessage(), other)

    hearing.arrivals[1].done()

    assert (hearing.connection.acknowledged, other.acknowledged) == ([], [7])


def test_what_is_sent_again_can_be_recognised(hearing: Hearing) -> None:
    hearing.take(FakeMessage())
    hearing.take(FakeMessage(dup=True))
    hearing.take(FakeMessage(payload=GOOD.replace(b"800", b"801")))
    first, again, other = hearing.arrivals

    assert first.delivery == again.delivery
    assert first.delivery != other.delivery
    assert (first.redelivered, again.redelivered) == (False, True)


@pytest.mark.parametrize(
    "message",
    [
        FakeMessage(payload=b"garbage"),
        FakeMessage(payload=bytearray(b"\xff")),
        FakeMessage(topic="haven/stranger"),
        FakeMessage(topic=OWN.monitor),
        NoText(),
    ],
    ids=["not JSON", "not text", "nobody there", "our own", "topic is not text"],
)
def test_what_cannot_be_used_is_acknowledged_in_its_turn(
    hearing: Hearing, message: FakeMessage
) -> None:
    hearing.take(message)
    (arrival,) = hearing.arrivals

    assert arrival.readings == ()
    assert arrival.delivery is None
    arrival.done()
    assert hearing.connection.acknowledged == [7]


def test_refusals_name_device_or_topic(hearing: Hearing) -> None:
    hearing.take(FakeMessage(payload=b"garbage"))
    hearing.take(FakeMessage(topic="haven/stranger"))
    hearing.take(FakeMessage(topic=OWN.monitor))
    hearing.take(NoText())

    assert hearing.refused() == [
        ("climate", "not JSON at character 0"),
        ("haven/stranger", "no device lives here"),
        ("(a topic that is not UTF-8)", "no device lives here"),
    ]


def test_a_retained_message_is_marked(hearing: Hearing) -> None:
    hearing.take(FakeMessage(retain=True))

    assert [r.retained for r in hearing.arrivals[0].readings] == [True]


def test_a_probe_is_back_when_all_before_it_is_stored(hearing: Hearing) -> None:
    hearing.take(FakeMessage(topic=OWN.probe, payload=b"nonce"))
    assert hearing.probes == []

    (arrival,) = hearing.arrivals
    assert (arrival.readings, arrival.delivery) == ((), None)
    arrival.done()

    assert hearing.probes == [b"nonce"]
    assert hearing.connection.acknowledged == [7]
    assert hearing.refused() == []


def test_a_message_of_qos_0_has_nothing_to_acknowledge(hearing: Hearing) -> None:
    hearing.take(FakeMessage(qos=0, mid=0))
    (arrival,) = hearing.arrivals

    arrival.done()

    assert arrival.delivery is None
    assert hearing.connection.acknowledged == []


def test_a_flood_of_qos_0_is_dropped_and_counted(
    hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_WAITING", 10)
    for _ in range(25):
        hearing.take(FakeMessage(qos=0, mid=0))

    assert len(hearing.arrivals) == 10
    assert hearing.intake.dropped == 15
    assert hearing.connection.reading
    assert [name for name, _ in hearing.refused()] == ["haven/climate"]


def test_a_broker_that_sends_too_much_of_qos_1_has_to_wait(
    hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_WAITING", 10)
    for mid in range(1, 12):
        hearing.take(FakeMessage(mid=mid))
    was_reading = hearing.connection.reading
    for arrival in hearing.arrivals[:6]:
        arrival.done()

    assert (was_reading, hearing.connection.reading) == (False, True)
    assert len(hearing.arrivals) == 11  # what must be acknowledged is never dropped
