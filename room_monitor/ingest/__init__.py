"""How what devices say gets in: MQTT message → readings → engine → acknowledgement.

ingest = MqttIngest(settings.broker, settings.site, engine, store, clock)
await ingest.run()
"""

from room_monitor.ingest.listener import MqttIngest
from room_monitor.ingest.mqtt import PublishError
from room_monitor.ingest.status import IngestStatus

__all__ = ["IngestStatus", "MqttIngest", "PublishError"]
