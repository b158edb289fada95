"""From the channels of the settings to the transports that serve them."""

from collections.abc import Iterable
from typing import assert_never

from room_monitor.clock import Clock
from room_monitor.notify.by_apprise import AppriseTransport
from room_monitor.notify.by_mqtt import Publish, TopicTransport
from room_monitor.notify.by_webhook import WebhookTransport
from room_monitor.notify.transport import Transport
from room_monitor.settings import (
    AppriseChannel,
    Channel,
    MqttChannel,
    WebhookChannel,
)


def build(
    channels: Iterable[Channel], publish: Publish, *, clock: Clock | None = None
) -> list[Transport]:
    """One transport for each channel, named by its id. Reads no secret yet.

    Args:
        channels: ``settings.channels.values()``.
        publish: Publishes below the monitor's own topics.
        clock: Dates signatures; the machine's clocks by default.
    """
    return [_transport(channel, publish, clock) for channel in channels]


def _transport(channel: Channel, publish: Publish, clock: Clock | None) -> Transport:
    match channel:
        case AppriseChannel():
            return AppriseTransport(channel)
        case MqttChannel():
            return TopicTransport(channel, publish)
        case WebhookChannel():
            return WebhookTransport(channel, clock=clock)
        case _:
            assert_never(channel)
