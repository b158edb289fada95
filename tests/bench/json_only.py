"""The baselines: a client that does nothing but JSON, and acknowledges at once.

``python -m tests.bench.json_only PORT CLIENT_ID COUNT`` prints the seconds it took with the
client of the monitor; ``… stock`` behind it, with paho-mqtt as its documentation shows it.
"""

import asyncio
import json
import resource
import sys
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from room_monitor.ingest.mqtt import Connection, Message
from room_monitor.settings import Broker

seen = 0
first = last = 0.0


async def drain(port: int, client_id: str, count: int) -> None:
    done = asyncio.Event()

    def take(connection: Connection, message: Message) -> None:
        global seen, first, last  # noqa: PLW0603 - the cheapest way to count
        if not seen:
            first = time.perf_counter()
        json.loads(message.payload)
        if message.qos:
            connection.acknowledge(message.mid)
        seen += 1
        if seen >= count:
            last = time.perf_counter()
            done.set()

    broker = Broker(
        host="127.0.0.1", port=port, client_id=client_id, receive_maximum=5000
    )
    connection = Connection(broker, take, will=("bench/gone", b""))
    await connection.open()
    await connection.subscribe(["bench/#"])
    if count:
        await done.wait()
        print(
            json.dumps(
                {
                    "count": seen,
                    "seconds": last - first,
                    "cpu": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
                }
            ),
            flush=True,
        )
    connection.close()


def drain_stock(port: int, client_id: str, count: int) -> None:
    """The same with paho-mqtt and nothing else: its own network thread."""
    done = threading.Event()
    instants: list[float] = []

    def take(client: mqtt.Client, _user: object, message: mqtt.MQTTMessage) -> None:
        json.loads(message.payload)
        client.ack(message.mid, message.qos)
        if len(instants) in (0, count - 1):
            instants.append(time.perf_counter())
        else:
            instants.append(0.0)
        if len(instants) == count:
            done.set()

    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        protocol=mqtt.MQTTv5,
        manual_ack=True,
    )
    ready = threading.Event()
    client.on_message = take
    client.on_subscribe = lambda *_: ready.set()
    session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    session.SessionExpiryInterval = 3600
    session.ReceiveMaximum = 5000
    client.connect("127.0.0.1", port, clean_start=False, properties=session)
    client.subscribe("bench/#", qos=1)
    client.loop_start()
    ready.wait(10)
    if count:
        done.wait(120)
        seconds = instants[-1] - instants[0]
        print(json.dumps({"count": count, "seconds": seconds}), flush=True)
    client.disconnect()
    client.loop_stop()


if __name__ == "__main__":
    port, name, wanted = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if sys.argv[4:] == ["stock"]:
        drain_stock(port, name, wanted)
    else:
        asyncio.run(drain(port, name, wanted))
