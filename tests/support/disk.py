"""A disk that is full, or that nobody may write, needs a disk of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_CAP_SYS_ADMIN: Final = 21
"""The bit that lets a process mount; see capabilities(7)."""


def may_mount() -> bool:
    """Whether this process may mount. Root in a container often may not."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) & 1 << _CAP_SYS_ADMIN)
    return False


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small disk in memory, gone at the end of the block."""
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "room-monitor-test", folder], check=True
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def not_writable(folder: Path) -> Iterator[Path]:
    """A folder in which nothing can be made, also not by root."""
    if may_mount():
        with mounted(folder, "ro,size=1m"):
            yield folder
    elif os.geteuid() == 0:
        yield Path("/proc")  # modes do not stop root, but nobody makes files here
    else:
        folder.mkdir(mode=0o555)
        yield folder
