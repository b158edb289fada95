"""Text becomes words in their places, each with its line; nothing surprises."""

from hypothesis import given
from hypothesis import strategies as st

from room_monitor.settings.yaml_source import parse


def test_scalars_stay_what_was_written() -> None:
    source = parse("f", "a: no\nb: 10:30\nc: 012\nd: 2026.10\ne: ~\nf: 2026-01-01\n")

    assert source.tree == {
        "a": "no",
        "b": "10:30",
        "c": "012",
        "d": "2026.10",
        "e": "~",
        "f": "2026-01-01",
    }


def test_every_place_knows_its_line() -> None:
    source = parse("f", "rooms:\n  - id: calm-1\n    doors: [a,\n      b]\n")

    assert source.line(("rooms",)) == 1
    assert source.line(("rooms", 0, "id")) == 2
    assert source.line(("rooms", 0, "doors", 1)) == 4
    # What is not there is looked for where it should have been.
    assert source.line(("rooms", 0, "kind")) == 2


def test_things_in_lists_are_called_by_their_names() -> None:
    source = parse("f", "rooms:\n  - id: calm-1\n    doors: [a, b]\n  - name: x\n")

    assert source.key(("rooms", 0, "doors", 1)) == "rooms.calm-1.doors.1"
    assert source.key(("rooms", 2, "id")) == "rooms.2.id"


def test_an_empty_text_in_quotes_is_a_text() -> None:
    assert parse("f", "a: ''\n").problems == ()


@given(st.text())
def test_whatever_is_in_a_file_there_is_an_answer(text: str) -> None:
    source = parse("f", text)

    assert source.problems or source.tree or source.tree in ("", [], {})


@given(
    st.recursive(
        st.text(alphabet="ab:-[]{}&*!#'\"\n\t ?|>%@`", max_size=6),
        lambda inner: st.lists(inner, max_size=4).map("\n  ".join),
        max_leaves=12,
    )
)
def test_whatever_looks_like_yaml_has_an_answer(text: str) -> None:
    source = parse("f", text)

    for problem in source.problems:
        assert problem.message
