"""What can go wrong with the store, and whether trying again can help."""

# ruff: noqa: N818 - the names are what the reader should think: "the head moved".

from pathlib import Path


class StoreError(Exception):
    """Anything the store could not do. Nothing was left half done."""


class NoStore(StoreError):
    """There is nothing to read in this folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder}: no monitor has written here; "
            "give the folder of a monitor that has run with --state"
        )
        self.folder = folder


class StoreLocked(StoreError):
    """Another monitor is the writer of this folder."""

    def __init__(self, folder: Path, process: int | None) -> None:
        by = (
            "another monitor" if process is None else f"the monitor, process {process},"
        )
        super().__init__(
            f"{folder}: {by} is writing here; stop it first, or use another folder"
        )
        self.folder = folder
        self.process = process


class StoreUnavailable(StoreError):
    """The medium failed: disk full, locked, not writable, damaged.

    Attributes:
        reason: What is wrong and what to do, for people.
        retry: Whether the same call may succeed later without anybody repairing files.
    """

    def __init__(self, reason: str, *, retry: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry


class NotStorable(StoreError, ValueError):
    """A value that has no canonical form or fits no column; trying again is no use."""


class HeadMoved(StoreError):
    """The log's head is not where the caller believes it to be."""

    def __init__(self, *, expected: int, actual: int) -> None:
        super().__init__(f"the log stands at {actual}, not at {expected}")
        self.expected = expected
        self.actual = actual


class LogBroken(StoreError):
    """The log is not what was written.

    Attributes:
        position: The first entry that cannot be trusted.
        why: What does not fit there.
    """

    def __init__(self, position: int, why: str) -> None:
        super().__init__(f"the log is broken at position {position}: {why}")
        self.position = position
        self.why = why
