"""The catalogue says everything the law asks here, and says where it stands."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from room_monitor.core.requirements import (
    BUILT_IN,
    AtMostTimes,
    CheckedEvery,
    Demand,
    DoneBy,
    EvidenceKind,
    HeardFrom,
    Label,
    Moment,
    Priority,
    Proof,
    Requirement,
    StayKind,
    WithinLimit,
    WithinRange,
)
from room_monitor.core.site import RoomKind
from room_monitor.settings import load, load_sources
from room_monitor.settings.units import read_duration

ROOT = Path(__file__).parents[2]
SETTINGS = load(ROOT / "config/site.yaml")
ROWS = {str(row.id): row for row in SETTINGS.catalogue.requirements}

LIVE, INSPECTION = EvidenceKind.LIVE, EvidenceKind.INSPECTION
REGISTRATION = EvidenceKind.REGISTRATION

# What the room must have, with every kind of evidence that can show it.
ROOM = {
    "room-daylight": {LIVE, INSPECTION},
    "room-lighting": {LIVE, INSPECTION},
    "room-temperature-controller": {LIVE, INSPECTION},
    "room-ventilation": {LIVE, INSPECTION},
    "room-clock": {LIVE, INSPECTION},
    "control-daylight": {LIVE, INSPECTION},
    "control-light": {LIVE, INSPECTION},
    "control-temperature": {LIVE, INSPECTION},
    "control-ventilation": {LIVE, INSPECTION},
    "room-media": {LIVE, INSPECTION},
    "room-injury-preventing": {INSPECTION},
    "stay-belongings": {REGISTRATION},
    "stay-contact": {LIVE, REGISTRATION},
    "room-sanitary": {LIVE, INSPECTION},
    "no-camera": {REGISTRATION},
    "room-exists": {INSPECTION},
    "safety-plan": {INSPECTION},
    "fire-key": {REGISTRATION, INSPECTION},
}

LOCKED_IN = {StayKind.ENCLOSURE, StayKind.ENCLOSURE_ELSEWHERE}
MEASURES = LOCKED_IN | {StayKind.REQUIRED_UNLOCKED}

# What a stay asks, and during which kinds of stay.
STAY = {
    "enclosure-age": LOCKED_IN,
    "enclosure-emergency": LOCKED_IN,
    "told-duration": MEASURES,
    "no-unless": MEASURES,
    "purpose": MEASURES,
    "in-plan-or-emergency": MEASURES,
    "check-every-quarter": LOCKED_IN,
    "review-within-3h": LOCKED_IN,
    "end-on-negative-review": LOCKED_IN,
    "max-one-day": LOCKED_IN,
    "kept-informed": LOCKED_IN,
    "decision-in-writing": MEASURES,
    "copy-and-complaint-info": MEASURES,
    "in-file": MEASURES,
    "informed-parents": LOCKED_IN,
    "phase-out": MEASURES,
    # What follows from the kinds of stay themselves.
    "unlocked-stay-door": {StayKind.OWN_REQUEST, StayKind.REQUIRED_UNLOCKED},
    "enclosure-only-in-safe-room": {StayKind.ENCLOSURE_ELSEWHERE},
    "enclosure-in-no-other-room": {StayKind.ENCLOSURE},
    "bedroom-not-locked": set(),
}
LIMITS = {
    "camera-images-erased",
    "overview-half-yearly",
    "analysis-yearly",
    "report-half-yearly",
    "complaint-decision",
    "complaint-appeal",
    "file-retention",
}
INDICATIONS = {
    "contact-warning",
    "overview-delivery",
    "daylight-share",
    "daylight-area",
    "light-level",
    "temperature-comfort",
    "temperature-warning",
    "air-co2-good",
    "air-co2",
    "fresh-air",
    "installation-sound",
    "device-heard-from",
    "door-heartbeat",
    "server-clock",
    "sensor-calibration",
    "sensor-accuracy",
}


def limit(row: str, key: str) -> timedelta:
    (demand,) = (a.demand for a in ROWS[row].asks if a.key == key)
    assert isinstance(demand, WithinLimit | CheckedEvery)
    return demand.at_most


def test_nothing_is_missing_and_nothing_is_unexplained() -> None:
    assert set(ROWS) == set(ROOM) | set(STAY) | LIMITS | INDICATIONS


def test_law_and_indication_are_not_mixed_up() -> None:
    law = {id_ for id_, row in ROWS.items() if row.label is Label.LAW}

    assert law == set(ROOM) | set(STAY) | LIMITS


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_row_says_where_it_comes_from_and_what_it_asks(row: Requirement) -> None:
    assert row.citation
    assert row.nl
    assert row.en
    assert row.asks
    assert row.nl != row.en


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_law_links_to_its_text_as_it_was_read(row: Requirement) -> None:
    if row.label is Label.LAW:
        assert row.link.startswith("https://wetten.overheid.nl/BWBR00")
        assert "/2026-01-01#Artikel" in row.link
        assert row.link.rpartition("Artikel")[2] in row.citation


def test_an_indication_never_calls_itself_law() -> None:
    for id_ in INDICATIONS:
        assert "wettelijk" not in ROWS[id_].nl.lower()
        assert "legal" not in ROWS[id_].en.lower()


@pytest.mark.parametrize("row", ROOM)
def test_a_row_asks_for_every_kind_of_evidence_there_is(row: str) -> None:
    assert {ask.evidence for ask in ROWS[row].asks} == ROOM[row]


@pytest.mark.parametrize("row", STAY)
def test_a_row_applies_during_the_stays_it_is_about(row: str) -> None:
    assert set(ROWS[row].applies.during) == STAY[row]


def test_duties_of_the_organisation_are_those_of_the_location() -> None:
    for id_ in LIMITS | {"room-exists", "safety-plan", "fire-key"}:
        assert ROWS[id_].applies.rooms == {RoomKind.LOCATION}


def test_the_terms_of_the_law() -> None:
    assert limit("check-every-quarter", "gap") == timedelta(minutes=15)
    assert limit("review-within-3h", "review") == timedelta(hours=3)
    assert limit("max-one-day", "duration") == timedelta(hours=24)
    assert limit("complaint-decision", "decided") == timedelta(weeks=4)
    assert limit("complaint-appeal", "decided") == timedelta(weeks=6)
    assert limit("camera-images-erased", "erased") == timedelta(weeks=4)


def test_the_terms_that_are_ours() -> None:
    assert limit("stay-contact", "answer") == timedelta(minutes=5)
    assert limit("contact-warning", "answer") == timedelta(seconds=60)
    assert limit("end-on-negative-review", "ended") == timedelta(minutes=5)
    assert limit("overview-delivery", "delivered") == timedelta(days=42)


def test_one_extension_by_one_day() -> None:
    duration, once, by_scientist = (a.demand for a in ROWS["max-one-day"].asks)

    extension = Moment("extension", outcome=True)
    scientist = frozenset({"behavioural_scientist"})
    assert isinstance(duration, WithinLimit)
    assert duration.extended_by == extension
    assert duration.extension == timedelta(hours=24)
    assert duration.by == scientist
    assert once == AtMostTimes(moment=extension, times=1, by=scientist)
    assert by_scientist == AtMostTimes(moment=extension, times=0, except_by=scientist)


def test_a_no_is_never_taken_for_something_that_happened() -> None:
    """Only a review is a review with either answer."""
    either = {
        moment.name
        for row in ROWS.values()
        for ask in row.asks
        for moment in moments(ask.demand)
        if moment.outcome is None and moment.name not in BUILT_IN
    }

    assert either == {"review"}


def moments(demand: Demand) -> list[Moment]:
    match demand:
        case AtMostTimes(moment=moment):
            return [moment]
        case WithinLimit(since=since, until=until, extended_by=extended_by):
            return [since, *until, *([extended_by] if extended_by else [])]
        case _:
            return []


def test_the_review_is_the_behavioural_scientists() -> None:
    (review,) = ROWS["review-within-3h"].asks

    assert isinstance(review.demand, WithinLimit)
    assert review.demand.by == {"behavioural_scientist"}


def test_a_clock_is_shown_to_be_right_by_itself_or_by_a_person() -> None:
    row = ROWS["room-clock"]
    offset = row.asks[0].demand

    assert row.proof is Proof.ANY
    assert isinstance(offset, WithinRange)
    assert (offset.low, offset.high) == (-60, 60)


def test_the_duty_to_have_the_room_began_half_a_year_later() -> None:
    assert ROWS["room-exists"].valid_from == date(2024, 7, 1)
    assert not ROWS["room-exists"].valid_on(date(2024, 6, 30))
    assert ROWS["room-daylight"].valid_from == date(2024, 1, 1)


def test_what_cannot_wait_pages_urgently() -> None:
    urgent = {
        id_
        for id_, row in ROWS.items()
        if any(ask.priority is Priority.URGENT for ask in row.asks)
    }

    assert urgent == {
        "check-every-quarter",
        "stay-contact",
        "review-within-3h",
        "end-on-negative-review",
        "max-one-day",
        "bedroom-not-locked",
        "unlocked-stay-door",
        "enclosure-only-in-safe-room",
        "enclosure-in-no-other-room",
    }


def test_a_missing_inspection_wakes_nobody() -> None:
    for row in ROWS.values():
        for ask in row.asks:
            if ask.evidence is EvidenceKind.INSPECTION:
                assert ask.priority is Priority.NONE


def test_how_long_an_answer_about_a_room_or_a_location_holds() -> None:
    held = {
        ask.demand.fact: ask.demand.valid_for
        for row in ROWS.values()
        if not row.applies.during
        for ask in row.asks
        if isinstance(ask.demand, DoneBy)
    }
    half_a_year = {"inspected_clock", "overview_delivered", "half_yearly_reports_sent"}

    assert held.pop("key_holder_on_shift") == timedelta(hours=24)
    assert held.pop("measured_daylight_area") == read_duration("10 years")
    assert {held.pop(fact) for fact in half_a_year} == {read_duration("6 months")}
    assert set(held.values()) == {read_duration("12 months")}


def test_not_just_anybody_inspects() -> None:
    for row in ROWS.values():
        for ask in row.asks:
            if ask.evidence is INSPECTION:
                assert isinstance(ask.demand, DoneBy)
                assert ask.demand.by


def test_silence_of_every_device_is_asked_about() -> None:
    (heard,) = ROWS["device-heard-from"].asks

    assert heard.demand == HeardFrom(role=None, max_age=None)
    assert heard.priority is Priority.LOW
    assert heard.dwell == timedelta(0)


def test_every_fact_is_asked_for() -> None:
    """Nobody is asked to record what nothing is judged by."""
    text = "".join(
        text for name, text in SETTINGS.sources.items() if "facts.yaml" not in name
    )

    assert [name for name in SETTINGS.facts if name not in text] == []


# --- The hash that verdicts carry ------------------------------------------------------


def changed(old: str, new: str) -> str:
    name = "requirements/indications.yaml"
    assert old in SETTINGS.sources[name]
    text = SETTINGS.sources[name].replace(old, new)
    return load_sources({**SETTINGS.sources, name: text}).catalogue.hash


def test_comments_and_spelling_do_not_change_the_hash() -> None:
    same = SETTINGS.catalogue.hash

    assert changed("# --- Daylight", "# Something else") == same
    assert changed("dwell: 30 min", "dwell: 1800 s") == same
    assert changed("window: 14 d", "window: 2 weeks") == same


def test_any_change_of_content_changes_the_hash() -> None:
    different = {
        changed("high: 1200 ppm", "high: 1201 ppm"),
        changed("dwell: 30 min", "dwell: 31 min"),
        changed("Elk apparaat", "Ieder apparaat"),
        changed("valid_from: 2024-01-01", "valid_from: 2024-01-02"),
        changed("id: air-co2-good", "id: air-co2-fine"),
        changed("priority: high", "priority: low"),
        SETTINGS.catalogue.hash,
    }

    assert len(different) == 7
