"""The catalogue says everything the law asks here, and says where it stands."""

from dataclasses import replace
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
    facts_of,
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
    # Whether what is registered is what happened.
    "stay-registered": MEASURES,
    "enclosure-registered": set(),
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
    # Of a stay.
    "check-agreed-interval",
    "stay-described",
    "aftercare",
    "registration-contradicted",
}
RECORDED_ONLY = {
    "control_disabled": "The lock-out itself is judged, by the device and by trying the "
    "control from inside; this says which, why and how long, for the report.",
    "stay_complaint": "Nobody has to complain. Its terms are those of the location.",
}
"""Facts that no row asks for, each with the reason why not."""


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
    assert ROWS["room-daylight"].valid_from == date(2024, 1, 1)


def test_what_the_law_does_not_name_is_not_asked_in_its_name() -> None:
    """By law begin, end and decision are registered (Jeugdwet art. 6.7.3 lid 1)."""
    asked = {id_: {ask.key for ask in ROWS[id_].asks} for id_ in ROWS}

    assert asked["stay-registered"] == {"end", "decided-by"}
    assert asked["stay-described"] == {"planned", "group", "injury", "why-ended"}
    assert ROWS["stay-described"].supports == "stay-registered"


def test_a_shorter_interval_is_agreed_on_and_never_counted_as_the_law() -> None:
    """The quarter of an hour stays asked for by itself."""
    (law,) = ROWS["check-every-quarter"].asks
    (agreed,) = ROWS["check-agreed-interval"].asks

    assert isinstance(law.demand, CheckedEvery)
    assert not law.demand.agreed
    assert agreed.demand == replace(law.demand, agreed=True)
    assert ROWS["check-agreed-interval"].supports == "check-every-quarter"


def test_who_looks_in_is_no_manager_and_no_inspector() -> None:
    (gap,) = ROWS["check-every-quarter"].asks

    assert isinstance(gap.demand, CheckedEvery)
    assert gap.demand.by == {"staff", "behavioural_scientist"}


def test_that_nobody_was_asked_for_consent_is_not_taken_for_consent() -> None:
    demands = [ask.demand for ask in ROWS["informed-parents"].asks]

    assert DoneBy(fact="consent_respected", due=timedelta(hours=24)) in demands
    assert {"under_16", "given", "refused"} == set(
        SETTINGS.facts["consent_respected"].codes
    )


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
        # Somebody may be locked in of whom nobody knows.
        "enclosure-registered",
        # No law, and there was a reason to agree on it.
        "check-agreed-interval",
    }


def test_a_missed_check_a_call_and_a_suspected_enclosure_cannot_be_put_aside() -> None:
    insistent = {
        f"{id_}/{ask.key}"
        for id_, row in ROWS.items()
        for ask in row.asks
        if ask.insistent
    }

    assert insistent == {
        "check-every-quarter/gap",
        "check-agreed-interval/gap",
        "stay-contact/answer",
        "contact-warning/answer",
        "enclosure-registered/door",
    }


def test_only_what_follows_from_something_else_is_held_back_under_it() -> None:
    held = {
        f"{id_}/{ask.key}": set(ask.inhibited_by)
        for id_, row in ROWS.items()
        for ask in row.asks
        if ask.inhibited_by
    }

    assert held == {"air-co2/co2": {"room-ventilation"}}


def test_air_is_held_back_when_no_air_flows_and_not_when_a_fan_is_silent() -> None:
    """Only an alert that is as urgent holds another back; of a silent fan nobody knows."""
    (air,) = ROWS["air-co2"].asks
    fan = {ask.key: ask.priority for ask in ROWS["room-ventilation"].asks}

    assert air.priority is Priority.HIGH
    assert fan["flow"] is Priority.HIGH
    assert fan["fan"] is Priority.LOW


def test_reminders_come_before_what_people_can_still_do_in_time() -> None:
    reminders = {
        f"{id_}/{ask.key}": (ask.warn_before, ask.warn_before + ask.warn_spread)
        for id_, row in ROWS.items()
        for ask in row.asks
        if ask.warn_before or ask.warn_spread
    }
    never, minute, hour = timedelta(0), timedelta(minutes=1), timedelta(hours=1)

    assert reminders == {
        "check-every-quarter/gap": (never, 4 * minute),
        "check-agreed-interval/gap": (minute / 2, minute / 2),
        "told-duration/told": (10 * minute, 10 * minute),
        "review-within-3h/review": (30 * minute, 30 * minute),
        "max-one-day/duration": (2 * hour, 2 * hour),
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


def test_every_fact_is_asked_for_or_it_says_why_not() -> None:
    """Nobody is asked to record what nothing is judged by."""
    asked = {
        fact
        for row in ROWS.values()
        for ask in row.asks
        for fact in facts_of(ask.demand)
    }

    assert set(SETTINGS.facts) - asked == set(RECORDED_ONLY)
    assert asked - set(SETTINGS.facts) == set()


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
