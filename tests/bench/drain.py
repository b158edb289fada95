"""Readings a second: a queue that waits at the broker is drained.

The baseline is the same client on the same queue, doing nothing but JSON.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.bench.running import module, watching
from tests.bench.sites import climates, write_site
from tests.bench.traffic import send
from tests.support.broker import Broker

MESSAGES = 60_000
ROOMS = 50
ROUNDS = 3


def run(folder: Path) -> Iterator[str]:
    """Drain the queue with both, in turn, a few times."""
    yield f"{MESSAGES:,} messages of one reading each wait; {ROOMS} rooms"
    ratios = []
    for number in range(ROUNDS):
        ours, theirs = _round(folder / f"drain-{number}")
        ratios.append(ours / theirs)
        yield (
            f"  judged and stored {ours:,.0f}/s · JSON only {theirs:,.0f}/s"
            f" · ratio {ours / theirs:.2f}"
        )
    yield f"  median ratio {sorted(ratios)[ROUNDS // 2]:.2f}   (to reach: 0.60)"


def _round(folder: Path) -> tuple[float, float]:
    with Broker(folder / "broker", durable=False) as broker:
        site = write_site(
            folder / "site", rooms=ROOMS, port=broker.port, client_id="bench-monitor"
        )
        state = folder / "state"
        with watching(site, state) as first:
            first.wait_until_it_sees()
            first.end()
        module("tests.bench.json_only", broker.port, "bench-json", 0)
        send(broker.port, climates(ROOMS), MESSAGES, None)
        theirs = module("tests.bench.json_only", broker.port, "bench-json", MESSAGES)
        with watching(site, state) as monitor:
            monitor.wait_until_it_sees()
            ours = monitor.end()
    assert ours["count"] == MESSAGES, ours
    return ours["count"] / ours["seconds"], theirs["count"] / theirs["seconds"]
