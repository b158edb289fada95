"""There is a word in both languages for everything a person may see."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given

from room_monitor.cli import alarm_wording, wording
from room_monitor.cli.telling import tell
from room_monitor.core.alert import AlertState
from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.events import (
    AlertUnshelved,
    BreachClosed,
    BreachRevised,
    Closing,
    Condition,
    Event,
    FactRecorded,
    Holding,
    Mood,
    Need,
    RecordCorrected,
    StayEnded,
    TagPresented,
    Trouble,
)
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    DeviceId,
    ObligationId,
    RecordId,
    StayId,
)
from room_monitor.core.requirements import EvidenceKind, Label, Priority, StayKind
from room_monitor.core.views import Readiness
from room_monitor.recall import WHY_BLIND
from room_monitor.settings import ValueKind
from tests.store.samples import anything_of


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (wording.REASONS, Reason),
        (wording.VERDICTS, Verdict),
        (wording.READINESS, Readiness),
        (wording.LABELS, Label),
        (wording.EVIDENCE, EvidenceKind),
        (wording.STAY_KINDS, StayKind),
        (wording.PRIORITIES, Priority),
        (wording.ALERT_STATES, AlertState),
        (wording.FACT_VALUES, ValueKind),
        (alarm_wording.TROUBLES, Trouble),
        (alarm_wording.HOLDINGS, Holding),
        (wording.CLOSINGS, Closing),
        (wording.CONDITIONS, Condition),
        (wording.MOODS, Mood),
        (wording.NEEDS, Need),
    ],
)
def test_nothing_is_without_words(
    words: Mapping[Any, wording.Words], kind: type[StrEnum]
) -> None:
    assert set(words) == set(kind)
    for name, each in words.items():
        assert bool(each.nl) is bool(each.en) is (name is not ValueKind.NONE)


def test_verdicts_differ_by_more_than_their_colour() -> None:
    for words in (wording.VERDICTS.values(), wording.READINESS.values()):
        assert len({each.en[0] for each in words}) == 3
        assert len({each.nl[0] for each in words}) == 3


def test_an_indication_is_never_called_a_legal_demand() -> None:
    law, indication = (wording.LABELS[label] for label in Label)

    assert "geen wettelijke eis" in indication.nl
    assert "not a legal demand" in indication.en
    assert law.en.split()[0] != indication.en.split()[0]


def test_why_the_monitor_was_blind_is_told_in_dutch_too() -> None:
    assert set(WHY_BLIND.values()) <= set(wording.BLIND)


@given(anything_of(Event))
def test_every_event_is_told_in_a_sentence(event: Event) -> None:
    assert tell(event, UTC)


AT = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
KEY = ObligationId("calm-1/check-every-quarter/gap@s1")


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            StayEnded(stay=StayId("s1"), happened_at=None, role="staff"),
            "stay s1 is over, nobody knows when: end unknown, by staff",
        ),
        (
            BreachClosed(
                breach=BreachId("b"),
                obligation=KEY,
                closing=Closing.LAPSED,
                began_at=AT,
                ended_at=None,
            ),
            (
                "breach of check-every-quarter (gap, stay s1) is over, end unknown: "
                "it is no longer asked"
            ),
        ),
        (
            BreachRevised(
                breach=BreachId("b"),
                obligation=KEY,
                closing=None,
                began_at=AT,
                ended_at=None,
            ),
            (
                "breach of check-every-quarter (gap, stay s1) is open again, since "
                "03:15:00 +00:00: what was recorded later shows it"
            ),
        ),
        (
            FactRecorded(
                fact="belongings_withheld",
                outcome=True,
                happened_at=AT,
                role="staff",
                stay=StayId("s1"),
                value="cord",
                until=AT + timedelta(hours=1),
                record=RecordId("r1"),
            ),
            (
                "belongings_withheld of stay s1: yes, cord, 03:15:00 +00:00, until "
                "04:15:00 +00:00, by staff [r1]"
            ),
        ),
        (
            RecordCorrected(
                record=RecordId("r3"),
                corrects=RecordId("r1"),
                instead=None,
                at=AT,
                role="staff",
            ),
            "CORRECTED r1: it never was, by staff [r3]",
        ),
        (
            AlertUnshelved(alert=AlertId("a1"), at=AT),
            "alert a1 is no longer put aside: its time was over",
        ),
        (
            TagPresented(device=DeviceId("calm-1-tap"), at=AT, tag="9f"),
            "calm-1-tap: a tag was presented (9f); this is no check",
        ),
    ],
)
def test_events_in_their_sentences(event: Event, told: str) -> None:
    assert tell(event, UTC, now=AT) == told
