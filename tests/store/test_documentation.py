"""docs/store.md knows every table and shows an entry as it is really written."""

from pathlib import Path

from room_monitor.evidence.entries import encode
from room_monitor.store.tables import metadata
from tests.store.samples import START, door

PAGE = (Path(__file__).parents[2] / "docs" / "store.md").read_text(encoding="utf-8")


def test_every_table_is_documented() -> None:
    assert [name for name in metadata.tables if f"`{name}`" not in PAGE] == []


def test_the_entry_that_is_shown_is_written_so() -> None:
    room, event = door(1)
    shown = encode(7, START, room, event).decode()

    assert shown.replace("12:00:01", "12:00:00") in PAGE
