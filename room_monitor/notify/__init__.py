"""How an alert leaves the building: what is queued in a turn is sent here.

Each transport works on its own, with its own time-out and bounded retries; one that hangs
or fails delays no other. ``transport`` says what a transport is, ``dispatch`` sends,
``channels`` makes a transport of each channel in the settings, ``health`` tells how they
fare, and ``wording`` what people read.
"""

from room_monitor.notify.by_mqtt import MqttTransport
from room_monitor.notify.channels import build
from room_monitor.notify.dispatch import dispatch
from room_monitor.notify.health import Health, Healths
from room_monitor.notify.message import Announcer, announce
from room_monitor.notify.transport import Transport, TransportError

__all__ = [
    "Announcer",
    "Health",
    "Healths",
    "MqttTransport",
    "Transport",
    "TransportError",
    "announce",
    "build",
    "dispatch",
]
