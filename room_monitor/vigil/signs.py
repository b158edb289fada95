"""How do the disk, the memory and the clock of this machine fare? In words, if badly."""

import os
import shutil
from pathlib import Path
from typing import Final

TIMESYNC: Final = Path("/run/systemd/timesync")
"""Where systemd-timesyncd says that the clock is right; see systemd-timesyncd(8)."""

_STATM: Final = Path("/proc/self/statm")
_MIB: Final = 1 << 20


def disk(folder: Path, least: int, share: float) -> str | None:
    """Why the disk of a folder is nearly full; ``None`` if it is not.

    Args:
        folder: Where the monitor writes.
        least: So many bytes must be free.
        share: And this part of it, 0 to 1.
    """
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None  # the store tells what is wrong with it
    if usage.free >= max(least, share * usage.total):
        return None
    return (
        f"{usage.free // _MIB} MiB of {usage.total // _MIB} MiB are free where the "
        "state folder is; make room"
    )


def memory(most: int, statm: Path = _STATM) -> str | None:
    """Why this process uses too much memory; ``None`` if it does not, or nobody knows.

    Args:
        most: In bytes.
        statm: Where the system tells; see proc(5).
    """
    try:
        pages = int(statm.read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    used = pages * os.sysconf("SC_PAGE_SIZE")
    if used <= most:
        return None
    return (
        f"the monitor uses {used // _MIB} MiB of memory, more than {most // _MIB} MiB"
    )


def clock(timesync: Path = TIMESYNC) -> str | None:
    """Why the clock may be wrong; ``None`` if it is right, or nobody here can tell."""
    try:
        if not timesync.is_dir() or (timesync / "synchronized").exists():
            return None
    except OSError:
        return None
    return (
        "systemd-timesyncd has not set the clock since the machine started; "
        "check the network and the time servers"
    )
