"""A wall clock that can be set, for one process: libfaketime.

Only the wall clock is moved; the clocks that nobody can set tell the truth.
"""

from datetime import timedelta
from pathlib import Path


class NoFaketimeError(Exception):
    """It is not installed."""


def find() -> Path | None:
    """Where the library is, in the place of its package on Debian and Ubuntu."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return found[0] if found else None


class WallClock:
    """The wall clock of the processes that are started in ``environment``."""

    def __init__(self, folder: Path) -> None:
        """Raises ``NoFaketimeError`` where it is not installed."""
        library = find()
        if library is None:
            raise NoFaketimeError(
                "faketime is not installed: sudo apt install faketime"
            )
        self._file = folder / "clock"
        self.ahead = timedelta(0)
        self.step(timedelta(0))
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def step(self, by: timedelta) -> None:
        """Set the clock, in one go."""
        self.ahead += by
        new = self._file.with_suffix(".new")
        new.write_text(f"{self.ahead.total_seconds():+.0f}\n")
        new.replace(self._file)
