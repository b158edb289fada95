"""There is a word in both languages for everything a person may see."""

from collections.abc import Mapping
from datetime import UTC
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given

from room_monitor.cli import alarm_wording, wording
from room_monitor.cli.telling import tell
from room_monitor.core.alert import AlertState
from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.events import (
    Closing,
    Condition,
    Event,
    Holding,
    Message,
    Mood,
    Need,
    Trouble,
)
from room_monitor.core.requirements import EvidenceKind, Label, Priority, StayKind
from room_monitor.core.views import Readiness
from room_monitor.recall import WHY_BLIND
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
        (alarm_wording.TROUBLES, Trouble),
        (alarm_wording.HOLDINGS, Holding),
        (alarm_wording.MESSAGES, Message),
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
    for each in words.values():
        assert each.nl
        assert each.en


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
