"""All figures, or those that are named: ``make bench ARGS="drain rooms"``."""

import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench import drain, enclosures, latency, pages, restart, rooms

ALL = {
    "rooms": rooms,
    "drain": drain,
    "latency": latency,
    "restart": restart,
    "enclosures": enclosures,
    "pages": pages,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"no figure {', '.join(unknown)}; there are: {', '.join(ALL)}")
        return 1
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors. Other work on"
        " this machine changes the rates; the ratios are of the same run."
    )
    folder = Path(tempfile.mkdtemp(prefix="room-monitor-bench-"))
    try:
        for name in names or ALL:
            print(f"\n{name}: {(ALL[name].__doc__ or '').splitlines()[0]}", flush=True)
            for line in ALL[name].run(folder / name):
                print(line, flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
