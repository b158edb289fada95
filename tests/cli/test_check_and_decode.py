"""``check`` and ``decode`` need neither broker nor state."""

from pathlib import Path

import pytest

from room_monitor.clock import SystemClock
from sensors.profiles import PROFILES
from tests.cli.conftest import SITE, Said, type_at

PAYLOADS = Path(__file__).parents[1] / "sensors/payloads"


def typed(*arguments: object, given: bytes | None = None) -> Said:
    return type_at(SystemClock().now(), *arguments, given=given)


def test_a_site_that_can_be_used() -> None:
    said = typed("check", SITE)

    assert said.code == 0
    assert "De Haven, 3 room(s), 28 device(s)" in said.out


def test_every_problem_is_told_and_nothing_is_started(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("nam: x\n")

    said = typed("check", site)

    assert said.code == 1
    assert said.out == ""
    assert f"{site}:1: nam: unknown key; did you mean 'name'?" in said.err
    assert said.err.endswith("problem(s) in the configuration. Nothing was started.\n")


def test_a_site_file_that_is_not_there() -> None:
    said = typed("check", "nowhere.yaml")

    assert said.code == 1
    assert "nowhere.yaml: there is no such file" in said.err


def test_what_is_measured_is_a_line_of_json_each(tmp_path: Path) -> None:
    file = tmp_path / "payload"
    file.write_bytes(b'{"temperature": 21.5, "contact": true}')

    said = typed("decode", "--profile", "zigbee2mqtt", "--topic", "z/x", file)

    assert said.code == 0
    assert [(m["quantity"], m["value"], m["unit"], m["state"]) for m in said.lines] == [
        ("air_temperature", 21.5, "°C", None),
        ("door_contact", 0.0, "", "closed"),
    ]


def test_standard_input_is_a_file_too() -> None:
    said = typed(
        "decode", "--profile", "tasmota", "--topic", "tele/x/LWT", "-", given=b"Online"
    )

    assert [m["state"] for m in said.lines] == ["online"]


def test_a_refusal_is_json_with_its_reason_and_ends_with_2() -> None:
    said = typed(
        *("decode", "--profile", "zigbee2mqtt", "--topic", "z/x", "-"),
        given=b'{"temperature": "warm"}',
    )

    assert said.code == 2
    assert said.json == {"refused": "temperature is 'warm', not a number"}


def test_a_payload_that_is_far_too_long_is_refused() -> None:
    said = typed(
        *("decode", "--profile", "native", "--topic", "x", "-"), given=b" " * 1_000_000
    )

    assert said.code == 2
    assert "refused" in said.json


def test_nothing_to_measure_is_no_refusal() -> None:
    said = typed(
        *("decode", "--profile", "shelly_gen2", "--topic", "s/status/cloud", "-"),
        given=b'{"connected": true}',
    )

    assert (said.code, said.out) == (0, "")
    assert "nothing to measure" in said.err


@pytest.mark.parametrize("profile", ["nativ", "zigbee2mqt"])
def test_an_unknown_profile_was_perhaps_another(profile: str) -> None:
    said = typed("decode", "--profile", profile, "--topic", "x", "-", given=b"")

    assert said.code == 3
    assert "did you mean" in said.err


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    said = typed("decode", "--profile", "native", "--topic", "x", tmp_path / "none")

    assert said.code == 1
    assert "no such file or directory" in said.err


def test_every_profile_can_be_asked() -> None:
    for profile in PROFILES:
        said = typed("decode", "--profile", profile, "--topic", "x", "-", given=b"\xff")
        assert said.code in (0, 2), profile
