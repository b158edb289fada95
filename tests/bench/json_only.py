"""The baseline: the same client, doing nothing but JSON, acknowledging at once.

``python -m tests.bench.json_only PORT CLIENT_ID COUNT`` prints the seconds it took.
"""

import asyncio
import json
import resource
import sys
import time

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


if __name__ == "__main__":
    asyncio.run(drain(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
