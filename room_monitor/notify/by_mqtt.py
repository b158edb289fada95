"""Over MQTT, for sirens, lamps and wall tablets: what is queued is published as it is."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from room_monitor.notify.transport import PAGE_ATTEMPTS, PATIENCE
from room_monitor.settings import MqttChannel
from room_monitor.store import Notification

Publish = Callable[[str, bytes], Awaitable[None]]
"""Publishes below the monitor's own topics; raises ``TransportError`` if it cannot."""


class MqttTransport:
    """Publishes each change of an alert at QoS 1; done when the broker has it."""

    name: Final = "mqtt"
    patience: Final = PATIENCE

    def __init__(self, publish: Publish) -> None:
        self._publish = publish

    async def send(self, notification: Notification) -> None:
        """Publish one notification under ``alerts/<room>``.

        Raises:
            TransportError: The broker is away, or did not take it.
        """
        topic = f"alerts/{notification.room or 'monitor'}"
        await self._publish(topic, notification.body.encode())


class TopicTransport:
    """Publishes the pages of one channel under its topic."""

    def __init__(
        self, channel: MqttChannel, publish: Publish, *, patience: timedelta = PATIENCE
    ) -> None:
        self.name = channel.id
        self.patience = patience
        self.attempts = PAGE_ATTEMPTS
        self._topic = channel.topic
        self._publish = publish

    async def send(self, notification: Notification) -> None:
        """Publish one notification.

        Raises:
            TransportError: The broker is away, or did not take it.
        """
        await self._publish(self._topic, notification.body.encode())
