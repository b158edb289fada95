"""Readings a second: a queue that waits at the broker is drained.

The baselines drain the same queue and do nothing but JSON.
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
    """Drain the queue with all three, in turn, a few times."""
    yield f"  {MESSAGES:,} messages of one reading each wait; {ROOMS} rooms"
    to_stock, to_own = [], []
    for number in range(ROUNDS):
        ours, own, stock = _round(folder / f"drain-{number}")
        to_stock.append(ours / stock)
        to_own.append(ours / own)
        yield (
            f"  judged and stored {ours:,.0f}/s · JSON only: our client {own:,.0f}/s,"
            f" paho as it comes {stock:,.0f}/s"
        )
    middle = ROUNDS // 2
    yield (
        f"  median ratio to our client {sorted(to_own)[middle]:.2f}, to paho as it comes"
        f" {sorted(to_stock)[middle]:.2f}   (to reach: 0.60)"
    )


def _round(folder: Path) -> tuple[float, float, float]:
    with Broker(folder / "broker", durable=False) as broker:
        site = write_site(
            folder / "site", rooms=ROOMS, port=broker.port, client_id="bench-monitor"
        )
        state = folder / "state"
        with watching(site, state) as first:
            first.wait_until_it_sees()
            first.end()
        baseline = "tests.bench.json_only"
        module(baseline, broker.port, "bench-own", 0)
        module(baseline, broker.port, "bench-stock", 0, "stock")
        send(broker.port, climates(ROOMS), MESSAGES, None)
        own = module(baseline, broker.port, "bench-own", MESSAGES)
        stock = module(baseline, broker.port, "bench-stock", MESSAGES, "stock")
        with watching(site, state) as monitor:
            monitor.wait_until_it_sees()
            ours = monitor.end()
    assert ours["count"] == MESSAGES, ours
    return (
        MESSAGES / ours["seconds"],
        MESSAGES / own["seconds"],
        MESSAGES / stock["seconds"],
    )
