"""The backends that must keep the contract."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from room_monitor.store import Reader, SqliteReader, SqliteStore, Store


class Backend(Protocol):
    """A place where one store lives, to be opened again and again."""

    def open(self) -> Store: ...

    def read(self) -> Reader: ...


class Sqlite:
    """One folder."""

    def __init__(self, folder: Path, cleanup: ExitStack) -> None:
        self._folder = folder
        self._cleanup = cleanup

    def open(self) -> Store:
        return self._cleanup.enter_context(SqliteStore.open(self._folder))

    def read(self) -> Reader:
        return self._cleanup.enter_context(SqliteReader.open(self._folder))


@pytest.fixture(params=["sqlite"])
def backend(tmp_path: Path) -> Iterator[Backend]:
    """Each backend in turn, empty."""
    with ExitStack() as cleanup:
        yield Sqlite(tmp_path, cleanup)


@pytest.fixture
def store(backend: Backend) -> Store:
    """An empty store, open for writing."""
    return backend.open()
