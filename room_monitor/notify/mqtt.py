"""Alerts over MQTT, for sirens, lamps and wall tablets: ``alerts/<room>``."""

from collections.abc import Awaitable, Callable
from typing import Final

from room_monitor.store import Notification

Publish = Callable[[str, bytes], Awaitable[None]]
"""Publishes below the monitor's own topics; raises ``TransportError`` if it cannot."""


class MqttTransport:
    """Publishes each change of an alert at QoS 1; done when the broker has it."""

    name: Final = "mqtt"

    def __init__(self, publish: Publish) -> None:
        self._publish = publish

    async def send(self, notification: Notification) -> None:
        """Publish one notification.

        Raises:
            TransportError: The broker is away, or did not take it.
        """
        topic = f"alerts/{notification.room or 'monitor'}"
        await self._publish(topic, notification.body.encode())
