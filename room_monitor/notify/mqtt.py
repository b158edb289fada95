"""Alerts over MQTT, for sirens, lamps and wall tablets: ``<prefix>/alerts/<room>``."""

from collections.abc import Awaitable, Callable

from room_monitor.notify.transport import TransportError
from room_monitor.store import Notification

Publish = Callable[[str, bytes], Awaitable[None]]


class MqttTransport:
    """Publishes each change of an alert at QoS 1; done when the broker has it."""

    name = "mqtt"

    def __init__(self, publish: Publish, prefix: str) -> None:
        self._publish = publish
        self._prefix = prefix

    async def send(self, notification: Notification) -> None:
        """Publish one notification.

        Raises:
            TransportError: The broker is away, or did not take it.
        """
        topic = f"{self._prefix}/alerts/{notification.room or 'monitor'}"
        try:
            await self._publish(topic, notification.body.encode())
        except OSError as error:
            raise TransportError(str(error)) from error
