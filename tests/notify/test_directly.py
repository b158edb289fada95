"""Past the queue: every channel is tried once, and one that takes it is enough."""

import json
from dataclasses import dataclass, field

import pytest

from room_monitor.notify.directly import tell_directly
from room_monitor.notify.transport import TransportError
from room_monitor.notify.wording import worded
from room_monitor.store import Notification
from tests.support.rooms import NOON


@dataclass
class FakeTransport:
    name: str
    works: bool = True
    sent: list[Notification] = field(default_factory=list)

    async def send(self, notification: Notification) -> None:
        if not self.works:
            raise TransportError("no")
        self.sent.append(notification)


def test_one_channel_that_takes_it_is_enough() -> None:
    broken, good = FakeTransport("sms", works=False), FakeTransport("siren")
    tell_directly([broken, good], "Kijk zelf binnen.", NOON)

    (notification,) = good.sent
    assert json.loads(notification.body) == {
        "kind": "trouble",
        "priority": "urgent",
        "what": "Kijk zelf binnen.",
        "since": NOON.isoformat(),
    }
    assert "Kijk zelf binnen." in worded(notification.body).text


@pytest.mark.parametrize("count", [0, 2])
def test_that_none_took_it_is_told(count: int) -> None:
    transports = [FakeTransport(f"{n}", works=False) for n in range(count)]
    with pytest.raises(TransportError, match=f"none of {count} channels"):
        tell_directly(transports, "Kijk zelf binnen.", NOON)
