"""``docs/events.md`` is what the code says of every event, and of every field of it."""

import json
import re
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from string import Template

import pytest

from room_monitor.core.events import Evidence, Source
from room_monitor.evidence.entries import EVENT_TYPES, decode
from room_monitor.evidence.events_page import (
    EVERYWHERE,
    described,
    events_page,
    meaning,
)

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "events.md").read_text("utf-8")
KINDS = {**EVENT_TYPES, "Source": Source, "Evidence": Evidence}


def test_the_page_is_that_of_the_events() -> None:
    frame = Template((DOCS / "events.frame.md").read_text("utf-8"))

    assert events_page(frame) == PAGE, (
        "make it again: python -m room_monitor.evidence.events_page docs/events.md"
    )


def test_every_event_is_on_the_page_once() -> None:
    headings = re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE)

    assert len(headings) == len(set(headings))
    assert set(KINDS) <= set(headings)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_an_event_and_each_of_its_fields_has_a_meaning(kind: type) -> None:
    told, of_fields = meaning(kind)

    assert told.endswith(".")
    assert of_fields.keys() <= {field.name for field in fields(kind)}
    for field in fields(kind):
        assert described(kind, field).endswith("."), field.name


def test_no_field_is_described_that_no_event_has() -> None:
    used = {field.name for kind in KINDS.values() for field in fields(kind)}

    assert EVERYWHERE.keys() - used == set()


def test_links_within_the_page_lead_somewhere() -> None:
    headings = {
        heading.strip("`").lower()
        for heading in re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
    }

    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= headings


def test_anybody_can_compute_the_hash_that_is_shown() -> None:
    (entry,) = re.findall(r"^```json\n(.+)\n```$", PAGE, re.MULTILINE)
    shown = sha256(bytes(32) + entry.encode()).digest()

    assert shown.hex() in PAGE
    assert decode(entry.encode(), shown).position == json.loads(entry)["position"] == 1
