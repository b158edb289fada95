"""Channels are read whole; their secrets stay in files, and out of what is kept."""

from pathlib import Path

import pytest

from room_monitor.settings import (
    AppriseChannel,
    Channel,
    MqttChannel,
    WebhookChannel,
    load,
    load_sources,
)
from room_monitor.settings.changes import changes
from room_monitor.settings.channels import web_address
from tests.settings.test_load import GOOD_SITE, texts, written
from tests.support.rooms import NOON

CHANNELS = """
channels:
  - {id: duty-phone, kind: apprise, url_file: secrets/phone}
  - {id: siren, kind: mqtt, topic: siren/night}
  - {id: board, kind: webhook, url: https://board.example/pages, secret_file: secrets/board}
  - {id: far, kind: webhook, url_file: secrets/far, secret_file: secrets/board, ca: ca.pem}
"""
NAMED = ("secrets/phone", "secrets/board", "secrets/far", "ca.pem")


def with_files(folder: Path) -> Path:
    site = written(folder, site=GOOD_SITE + CHANNELS)
    (folder / "secrets").mkdir()
    for name in NAMED:
        (folder / name).write_text("json://user:hunter2@nowhere.example\n", "utf-8")
    return site


def test_each_kind_is_read_whole(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    expected: list[Channel] = [
        AppriseChannel(id="duty-phone", url_file=secrets / "phone"),
        MqttChannel(id="siren", topic="siren/night"),
        WebhookChannel(
            id="board",
            url="https://board.example/pages",
            secret_file=secrets / "board",
        ),
        WebhookChannel(
            id="far",
            url_file=secrets / "far",
            secret_file=secrets / "board",
            ca=tmp_path / "ca.pem",
        ),
    ]

    assert list(load(with_files(tmp_path)).channels.values()) == expected


def test_a_site_without_channels_has_none() -> None:
    assert load_sources(texts()).channels == {}


def test_what_is_kept_and_shown_has_no_secret_in_it(tmp_path: Path) -> None:
    settings = load(with_files(tmp_path))

    assert "hunter2" not in repr(settings) + str(dict(settings.sources))


def test_a_secret_that_may_not_be_read_stops_nothing(tmp_path: Path) -> None:
    site = with_files(tmp_path)
    (tmp_path / "secrets/phone").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "secrets/phone").chmod(0)

    assert "duty-phone" in load(site).channels


def test_other_channels_are_a_change_that_names_nobody(tmp_path: Path) -> None:
    before = load_sources(texts())
    after = load(with_files(tmp_path))

    assert changes(before, after, NOON).changes == ("channels: changed",)
    assert changes(load_sources(after.sources), after, NOON).changes == ()


@pytest.mark.parametrize(
    "text",
    [
        "https://board.example/pages?of=haven",
        "https://[2001:db8::1]:8443/",
        "http://localhost:8080",
        "http://127.0.0.1/",
        "http://[::1]:80/",
        "http://10.0.0.5/",
        "http://192.168.1.9:8000/pages",
    ],
)
def test_an_address_that_pages_may_go_to(text: str) -> None:
    assert web_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "http://hunter2.example",
        "http://hunter2.local",
        "http://0.0.0.0/hunter2",
        "http://8.8.8.8/hunter2",
        "https:///hunter2",
        "https://host:hunter2/",
        "https://[hunter2/",
        "https://host/hunter2 more",
        "https://host/hunter2\x7f",
        "https://host/" + "hunter2" * 400,
        "file:///etc/hunter2",
        "mailto://hunter2@host",
    ],
)
def test_an_address_that_they_may_not_go_to_is_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        web_address(text)

    assert "hunter2" not in str(raised.value)
