"""Ten thousand enclosures with things going wrong: is any missed check lost or doubled?"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.support.enclosures import Fault, Tally, Trial

ENCLOSURES = 10_000
A_TRIAL = 400
"""So many are played on one store, which is then held against what really happened."""

SEED = 20_260_320


def run(folder: Path) -> Iterator[str]:
    """One line for each thing that goes wrong, and what went wrong how often."""
    began = time.perf_counter()
    with ProcessPoolExecutor() as processes:
        numbers = range(ENCLOSURES // A_TRIAL)
        trials = list(processes.map(partial(_one, folder), numbers))
    columns = ("enclosures", "checks", "missed", "found", "lost", "doubled")
    yield f"  {'':26}" + "".join(f"{column:>12}" for column in columns)
    for fault in trials[0][0]:
        sums = [sum(getattr(t[fault], each) for t, _ in trials) for each in columns]
        yield f"  {fault:26}" + "".join(f"{each:>12,}" for each in sums)
    totals = [
        sum(getattr(tally, each) for t, _ in trials for tally in t.values())
        for each in columns
    ]
    yield f"  {'all':26}" + "".join(f"{each:>12,}" for each in totals)
    faults = sum((f for _, f in trials), start=type(trials[0][1])())
    yield "  " + ", ".join(f"{count:,} {fault}" for fault, count in faults.items())
    yield f"  seed {SEED}; {time.perf_counter() - began:.0f} s"


def _one(folder: Path, number: int) -> tuple[dict[Fault, Tally], Counter[str]]:
    trial = Trial(folder / str(number), seed=SEED + number)
    asyncio.run(trial.play(A_TRIAL))
    return trial.tallies(), trial.faults
