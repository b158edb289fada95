"""Settings come from files or from the texts that were kept of them, and are the same."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.ids import RoomId
from room_monitor.core.requirements import (
    EvidenceKind,
    Moment,
    StaysInState,
    WithinLimit,
    WithinRange,
)
from room_monitor.core.site import Accuracy, DatedBy, Role, RoomKind
from room_monitor.ingest.meanings import MEANINGS
from room_monitor.settings import (
    Problem,
    Protocol,
    Settings,
    SettingsError,
    Tls,
    load,
)
from room_monitor.settings import load_sources as load_texts
from room_monitor.settings.roles import told_by
from sensors.profiles import PROFILES
from sensors.quantity import Quantity

ROOT = Path(__file__).parents[2]
SITE = ROOT / "config/site.yaml"
GOOD = Path(__file__).parent / "broken/good"
GOOD_SITE = (GOOD / "site.yaml").read_text("utf-8")
GOOD_ROWS = (GOOD / "requirements/rows.yaml").read_text("utf-8")


def texts(site: str = GOOD_SITE, rows: str = GOOD_ROWS) -> dict[str, str]:
    return {"site.yaml": site, "requirements/rows.yaml": rows}


def written(folder: Path, site: str = GOOD_SITE, rows: str = GOOD_ROWS) -> Path:
    for name, text in texts(site, rows).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / "site.yaml"


def problems_in(sources: dict[str, str]) -> tuple[Problem, ...] | None:
    try:
        load_texts(sources)
    except SettingsError as error:
        return error.problems
    return None


def only_problem(site: Path) -> str:
    with pytest.raises(SettingsError) as raised:
        load(site)
    (problem,) = raised.value.problems
    return str(problem)


# --- The example -----------------------------------------------------------------------


def test_the_example_can_be_used_and_shows_every_profile() -> None:
    site = load(SITE).site

    assert [room.kind for room in site.rooms].count(RoomKind.SAFE_ROOM) == 2
    assert [room.kind for room in site.rooms].count(RoomKind.BEDROOM) == 1
    assert {d.profile for room in site.rooms for d in room.devices} == set(PROFILES)


def test_a_location_carries_its_own_duties() -> None:
    (duties,) = (r for r in load(SITE).site.rooms if r.kind is RoomKind.LOCATION)

    assert (duties.id, duties.devices) == ("haven", ())
    assert duties.location.zone.key == "Europe/Amsterdam"


def test_the_outdoor_sensor_may_serve_several_rooms() -> None:
    outdoor = {
        (room.id, device.topic)
        for room in load(SITE).site.rooms
        for device in room.devices_in(Role.OUTDOOR_DAYLIGHT)
    }

    assert outdoor == {("calm-1", "haven/outdoor"), ("calm-2", "haven/outdoor")}


def test_a_device_is_read_whole() -> None:
    device = load_texts(texts()).site.by_id[RoomId("calm-1")].devices[0]
    climate = load(SITE).site.by_id[RoomId("calm-1")].devices[0]

    assert (device.channel, device.calibrated_on, device.accuracy) == (None, None, {})
    assert device.dated_by is DatedBy.ARRIVAL
    assert climate.accuracy[Quantity.CO2] == Accuracy(30, 0.03)
    assert str(climate.calibrated_on) == "2026-01-12"
    assert climate.silent_after.total_seconds() == 120
    assert climate.lacks == frozenset()


def test_nothing_is_asked_of_what_a_device_lacks() -> None:
    (lamp,) = load(SITE).site.by_id[RoomId("calm-2")].devices_in(Role.LAMP)

    assert lamp.lacks == {Quantity.CONTROL_LOCKOUT}


def test_a_role_tells_here_what_ingest_makes_of_its_readings() -> None:
    """Ingest and settings do not know each other; this holds their tables together."""
    meant = {role: set(means.values()) for role, means in MEANINGS.items()}

    assert {role: set(told_by(role)) for role in Role} == meant


# --- From files and from texts ---------------------------------------------------------


def test_what_was_kept_gives_the_same_settings() -> None:
    first = load(SITE)
    again = load_texts(first.sources)

    assert again == replace(first, broker=again.broker)
    assert again.broker.host == first.broker.host


def test_the_site_file_may_have_any_name(tmp_path: Path) -> None:
    site = written(tmp_path).rename(tmp_path / "utrecht.yml")

    assert sorted(load(site).sources) == ["requirements/rows.yaml", "site.yaml"]
    site.write_text(GOOD_SITE.replace("name: Test\n", ""), "utf-8")
    assert only_problem(site) == f"{site}:1: name: missing"


def test_requirements_can_be_kept_elsewhere(tmp_path: Path) -> None:
    written(tmp_path)
    site = tmp_path / "here/site.yaml"
    site.parent.mkdir()
    site.write_text("requirements: ../requirements\n" + GOOD_SITE, "utf-8")

    assert "../requirements/rows.yaml" in load(site).sources


def test_the_hash_is_that_of_the_texts() -> None:
    first = load_texts(texts())

    assert load_texts(dict(reversed(texts().items()))).hash == first.hash
    assert load_texts(texts(site=GOOD_SITE + "# a remark\n")).hash != first.hash


def test_texts_without_requirements_are_refused() -> None:
    with pytest.raises(SettingsError, match=r"1 problem\(s\) in the configuration"):
        load_texts({"site.yaml": GOOD_SITE})


def test_texts_without_a_site_are_refused() -> None:
    with pytest.raises(SettingsError) as raised:
        load_texts({"requirements/rows.yaml": GOOD_ROWS})

    assert [str(p) for p in raised.value.problems] == [
        "site.yaml: there is no such file"
    ]


def test_profiles_can_be_named_by_the_caller() -> None:
    with pytest.raises(SettingsError):
        load_texts(texts(), profiles=("zigbee2mqtt",))


# --- Files that are no configuration ---------------------------------------------------


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"

    assert only_problem(site) == f"{site}: there is no such file"


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert "a folder; name the file in it" in only_problem(tmp_path)


def test_a_picture_in_place_of_the_file(tmp_path: Path) -> None:
    site = written(tmp_path)
    site.write_bytes(b"name: x\n\x89PNG\r\n\x1a\n\x00\x00\xff")

    assert only_problem(site) == f"{site}: not a text file in UTF-8 (byte 8, line 2)"


def test_a_file_that_is_far_too_large(tmp_path: Path) -> None:
    site = written(tmp_path)
    with site.open("ab") as file:
        file.truncate(9 * 1024 * 1024)

    assert only_problem(site) == f"{site}: larger than 8 MiB"


def test_a_requirements_file_that_is_no_text_hides_no_other_problem(
    tmp_path: Path,
) -> None:
    site = written(tmp_path, site=GOOD_SITE.replace("1 min", "1"))
    (tmp_path / "requirements/other.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError) as raised:
        load(site)

    assert len(raised.value.problems) == 2


def test_a_folder_without_requirements(tmp_path: Path) -> None:
    site = written(tmp_path)
    (tmp_path / "requirements/rows.yaml").unlink()

    assert "there is no .yaml file in the folder" in only_problem(site)


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    site = written(tmp_path)
    site.write_text("\ufeff" + GOOD_SITE, "utf-8")

    assert load(site).site.name == "Test"


# --- Broker and storage ----------------------------------------------------------------


def with_broker(tmp_path: Path, *lines: str) -> Settings:
    broker = "".join(f"  {line}\n" for line in lines)
    site = GOOD_SITE.replace("  host: localhost\n", broker)
    return load(written(tmp_path, site=site))


def test_a_broker_in_production(tmp_path: Path) -> None:
    for name in ("ca.pem", "password"):
        (tmp_path / name).write_text("x", "utf-8")
    broker = with_broker(
        tmp_path,
        "host: broker.example",
        "tls: {ca: ca.pem}",
        "username: room-monitor",
        "password_file: password",
        "protocol: 3.1.1",
        "receive_maximum: 5000",
        "topic_prefix: haven/monitor",
    ).broker

    assert broker.tls == Tls(ca=tmp_path / "ca.pem")
    assert broker.port == 8883
    assert broker.password_file == tmp_path / "password"
    assert broker.protocol is Protocol.V311
    assert broker.receive_maximum == 5000
    assert broker.topic_prefix == "haven/monitor"


def test_a_broker_for_trying_out(tmp_path: Path) -> None:
    broker = with_broker(tmp_path, "host: localhost", "tls: none").broker

    assert (broker.port, broker.tls, broker.protocol) == (1883, None, Protocol.V5)


def test_a_broker_whose_authority_the_system_knows(tmp_path: Path) -> None:
    broker = with_broker(tmp_path, "host: broker.example", "tls: system").broker

    assert (broker.port, broker.tls) == (8883, Tls())


def test_telemetry_is_kept_thirteen_months_by_default() -> None:
    storage = load_texts(texts()).storage

    assert (storage.keep_readings.days, storage.keep_rollups.days) == (30, 396)


# --- Rows ------------------------------------------------------------------------------


def test_a_requirement_of_an_existing_kind_needs_no_code(tmp_path: Path) -> None:
    row = """
  - id: hatch-closed
    label: law
    citation: House rules, 3
    link: https://example.org/rules#3
    nl: Het luik is dicht.
    en: The hatch is closed.
    applies: {rooms: [safe_room], during: [own_request]}
    valid_from: 2026-01-01
    asks:
      - {key: hatch, evidence: live, kind: stays_in_state, role: hatch,
         quantity: door_contact, state: closed, dwell: 30 s, priority: low}
      - {key: seen, evidence: registration, kind: within_limit, since: stay_began,
         until: [seen:yes, stay_ended], at_most: 2 h}
"""
    settings = load(written(tmp_path, rows=GOOD_ROWS + row))
    hatch, seen = settings.catalogue.requirements[-1].asks

    assert hatch.demand == StaysInState(
        role=Role.HATCH, quantity=Quantity.DOOR_CONTACT, state=0.0
    )
    assert (hatch.evidence, hatch.dwell.seconds) == (EvidenceKind.LIVE, 30)
    assert isinstance(seen.demand, WithinLimit)
    assert seen.demand.until == (Moment("seen", outcome=True), Moment("stay_ended"))


def test_limits_are_converted_to_the_unit_of_their_quantity() -> None:
    rows = GOOD_ROWS.replace("quantity: co2", "quantity: air_temperature")
    settings = load_texts(texts(rows=rows.replace("1200 ppm", "77 °F")))
    (ask,) = settings.catalogue.requirements[0].asks

    assert isinstance(ask.demand, WithinRange)
    assert (ask.demand.low, ask.demand.high) == (None, 25.0)


# --- Whatever is written ---------------------------------------------------------------


@given(st.integers(), st.sampled_from(("site", "rows")))
def test_a_garbled_file_is_used_or_refused_and_never_fails(
    seed: int, which: str
) -> None:
    chance = random.Random(seed)  # noqa: S311 - it makes typing errors, no secrets
    lines = (GOOD_SITE if which == "site" else GOOD_ROWS).splitlines()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        line = lines[at]
        cut = chance.randrange(len(line) + 1)
        lines[at] = chance.choice(
            (
                line[:cut],
                line[cut:],
                f"{line[:cut]}{chance.choice('[]{}:-&*#!,|°0 ')}{line[cut:]}",
                f"  {line}",
                line.partition(":")[0] + ": [x]",
                line.partition(":")[0] + ": {x: y}",
                line.partition(":")[0] + ": 0",
                "",
            )
        )
    text = "\n".join(lines)
    problems = problems_in(texts(site=text) if which == "site" else texts(rows=text))

    assert problems is None or (problems and all(p.message for p in problems))
