"""The door of MQTT: what paho-mqtt is used for, and nothing else knows it."""

from room_monitor.ingest.mqtt.client import Message
from room_monitor.ingest.mqtt.connection import (
    ConnectError,
    Connection,
    PublishDeniedError,
    PublishError,
)

__all__ = [
    "ConnectError",
    "Connection",
    "Message",
    "PublishDeniedError",
    "PublishError",
]
