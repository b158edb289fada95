"""A tag has one name in the log, however a reader writes it, and never its own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.tags import pseudonym, pseudonyms

tags = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


@pytest.mark.parametrize(
    "written", ["04:A2:B9:1C", "04a2b91c", "04 A2 B9 1C", "04-a2b91C"]
)
def test_the_same_tag_has_the_same_name(written: str) -> None:
    assert pseudonym(written) == pseudonym("04A2B91C")


def test_the_name_never_changes() -> None:
    """It stands in logs that are kept for decades."""
    assert pseudonym("04A2B91C") == "a0438b22"


@given(tags)
def test_a_name_is_eight_digits(tag: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{8}", pseudonym(tag))


def test_what_is_all_separators_is_still_told_apart() -> None:
    assert pseudonym("--") != pseudonym("::")


@pytest.mark.parametrize("written", ["04:A2:B9:1C", pseudonym("04A2B91C")])
def test_a_person_is_known_by_the_name_or_the_identity(written: str) -> None:
    assert pseudonym("04A2B91C") in pseudonyms([written])


def test_eight_digits_are_read_both_ways() -> None:
    assert pseudonyms(["04A2B91C"]) == {"04a2b91c", pseudonym("04A2B91C")}
