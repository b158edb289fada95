"""What the documents say of the configuration is so."""

import re
from pathlib import Path
from string import Template

import pytest

from room_monitor.core.requirements import BUILT_IN
from room_monitor.core.site import Role
from room_monitor.settings import load
from room_monitor.settings.asks import ASKS, AskShape
from room_monitor.settings.channels import CHANNEL_KEYS
from room_monitor.settings.operation import BROKER_KEYS, STORAGE_KEYS, TLS_KEYS
from room_monitor.settings.page import catalogue_page
from room_monitor.settings.requirement_file import CATALOGUE_KEYS
from room_monitor.settings.roles import PEOPLE
from room_monitor.settings.rota_shapes import ROTA_KEYS
from room_monitor.settings.site_file import SITE_KEYS
from room_monitor.settings.vigil import VIGIL_KEYS
from sensors.profiles import PROFILES

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "docs/configuration.md").read_text("utf-8")
WORDS = set(re.findall(r"`([a-z_]+)`", CONFIGURATION))


def test_the_page_of_requirements_is_that_of_the_catalogue() -> None:
    frame = Template((ROOT / "docs/requirements.frame.md").read_text("utf-8"))
    page = (ROOT / "docs/requirements.md").read_text("utf-8")

    assert page == catalogue_page(load(ROOT / "config/site.yaml"), frame), (
        "make it again: "
        "python -m room_monitor.settings.page config/site.yaml docs/requirements.md"
    )


def test_every_row_and_fact_is_on_the_page() -> None:
    settings = load(ROOT / "config/site.yaml")
    page = (ROOT / "docs/requirements.md").read_text("utf-8")

    for row in settings.catalogue.requirements:
        assert f"**`{row.id}`**" in page
    for fact in settings.facts:
        assert f"| `{fact}` |" in page


def test_every_key_is_documented() -> None:
    keys = SITE_KEYS | BROKER_KEYS | TLS_KEYS | STORAGE_KEYS | CATALOGUE_KEYS
    keys |= CHANNEL_KEYS | VIGIL_KEYS | ROTA_KEYS | set(AskShape.model_fields)

    assert sorted(keys - WORDS) == []


@pytest.mark.parametrize("kind", ASKS)
def test_every_kind_of_demand_is_documented_with_its_keys(kind: str) -> None:
    table = CONFIGURATION.partition("| kind | asks | keys |")[2].splitlines()
    (line,) = (line for line in table if line.startswith(f"| `{kind}`"))
    keys = set(ASKS[kind].model_fields) - set(AskShape.model_fields)

    assert set(re.findall(r"`([a-z_]+)`", line.rpartition(" | ")[2])) == keys


def test_every_role_of_devices_and_people_is_documented() -> None:
    assert {str(role) for role in Role} | set(PEOPLE) <= WORDS


def test_every_moment_that_is_built_in_is_documented() -> None:
    page = (ROOT / "docs/requirements.md").read_text("utf-8")

    assert BUILT_IN <= WORDS
    assert [name for name in sorted(BUILT_IN) if f"`{name}`" not in page] == []


def test_the_profiles_of_the_example_are_those_there_are() -> None:
    example = (ROOT / "config/site.yaml").read_text("utf-8")

    assert set(re.findall(r"profile: (\w+)", example)) == set(PROFILES)
