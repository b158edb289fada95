"""How an alert leaves the building: what is queued in a turn is sent here.

Each transport works on its own, with its own time-out and bounded retries; one that hangs
or fails delays no other. ``transport`` says what a transport is, ``dispatch`` sends.
"""

from room_monitor.notify.dispatch import dispatch
from room_monitor.notify.message import announce
from room_monitor.notify.mqtt import MqttTransport
from room_monitor.notify.transport import Transport, TransportError

__all__ = ["MqttTransport", "Transport", "TransportError", "announce", "dispatch"]
