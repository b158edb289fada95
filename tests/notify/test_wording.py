"""A page says where, what, since when and until when, in Dutch first, and names nobody."""

import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.notify.wording import DRILL, Tone, worded
from tests.support.notes import TOLD


def body(**told: object) -> str:
    return json.dumps({**TOLD, **told})


def test_a_page_is_worded_whole() -> None:
    page = worded(body(due_at="2026-11-22T12:30:00+00:00", step=2, round=3))

    assert page.title == "Dringend: Rustruimte 1 – «Zee»"
    assert page.tone is Tone.ALARM
    assert page.text.splitlines() == [
        "Er is langer dan een kwartier niet gekeken: één minuut te laat.",
        "Prioriteit: dringend",
        "Sinds: 22 nov 13:15",
        "Uiterlijk: 22 nov 13:30",
        "Oproep: stap 2, ronde 3",
        "https://monitor.example/rooms/calm-1",
        (
            "EN: alarm, urgent, Rustruimte 1 – «Zee», check-every-quarter, "
            "since 22 Nov 13:15, due by 22 Nov 13:30."
        ),
    ]


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ({"kind": "page", "priority": "high"}, "Hoog: Zee"),
        ({"kind": "page", "priority": "low"}, "Laag: Zee"),
        ({"kind": "page", "priority": None}, "Alarm: Zee"),
        ({"kind": "prompt"}, "Let op: Zee"),
        ({"kind": "taken_on"}, "Opgepakt door een ander: Zee"),
        ({"kind": "over"}, "Voorbij: Zee"),
        ({"kind": "reach_test", "room_name": None}, "Bereikbaarheidstest: calm-1"),
        (
            {"kind": "reach_test", "room_name": None, "room": None},
            "Bereikbaarheidstest: Room Monitor",
        ),
        ({"kind": "trouble", "room_name": None, "room": None}, "Storing: Room Monitor"),
        ({"kind": "of tomorrow"}, "Melding: Zee"),
    ],
)
def test_every_kind_has_its_title(told: dict[str, object], title: str) -> None:
    assert worded(body(**{"room_name": "Zee", **told})).title == title


def test_a_drill_is_marked_first_wherever_one_begins_to_read() -> None:
    page = worded(body(drill=True))

    assert page.title.startswith(f"{DRILL}: ")
    assert page.text.startswith(f"{DRILL}: ")


@pytest.mark.parametrize("drill", [False, None, "true", "false", 1, [True]])
def test_nothing_but_the_word_itself_makes_a_page_a_drill(drill: object) -> None:
    page = worded(body(drill=drill))

    assert "OEFENING" not in page.title + page.text
    assert "DRILL" not in page.title + page.text


def test_a_test_of_reachability_alarms_nobody() -> None:
    page = worded(body(kind="reach_test", what=None, since=None, priority=None))

    assert page.tone is Tone.NOTE
    assert page.text.startswith("Dit is een test of u bereikbaar bent.")
    assert "EN: This tests whether you can be reached." in page.text


def test_instants_are_those_of_the_place() -> None:
    summer = body(since="2026-07-01T12:00:00+00:00")

    assert "Sinds: 1 jul 14:00" in worded(summer).text
    assert "Sinds: 1 jul 08:00" in worded(summer, ZoneInfo("America/New_York")).text
    assert "Sinds: 22 nov 13:15" in worded(body(since="2026-11-22T12:15:00")).text


def test_whatever_else_is_in_it_is_not_told() -> None:
    """The key of the young person, the key of a stay, a name: none of them is read."""
    page = worded(body(key="J-1234", stay="stay-7", person="A. Name", by="A. Name"))

    assert page == worded(body())


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '"page"', "{}", '{"since": "yesterday", "link": 7}'],
)
def test_what_cannot_be_read_is_still_a_page(text: str) -> None:
    page = worded(text)

    assert page.title == "Melding: Room Monitor"
    assert page.text.startswith("Kijk in Room Monitor.")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "https://a.example/ b",
        "https://a.example/\nSubject: x",
        "https://a.example/" + "x" * 600,
        None,
        ["https://a.example/"],
    ],
)
def test_what_is_no_link_is_left_out(link: object) -> None:
    assert "a.example" not in worded(body(link=link)).text


def test_a_title_is_one_line_and_not_too_long() -> None:
    page = worded(body(room_name="Zee\r\nBcc: all@haven.example " + "x" * 600))

    assert page.title.startswith("Dringend: Zee Bcc: all@haven.example x")
    assert page.title.isprintable()
    assert len(page.title) < 250


@given(
    st.dictionaries(
        st.sampled_from(sorted(TOLD)),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
    )
)
def test_every_page_has_a_title_of_one_line_and_a_text(told: dict[str, object]) -> None:
    page = worded(json.dumps(told))

    assert page.title.isprintable()
    assert page.text.strip()
    assert len(page.text) < 2000
