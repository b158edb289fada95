"""Promises of the core, held against many more examples than there is time for at once."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core import (
    test_corroboration,
    test_desk_properties,
    test_hindsight,
    test_patterns,
)

Promise = Callable[..., None]

OF_WEEKS: dict[Promise, int] = {
    test_patterns.test_honest_people_are_asked_nothing: 60,
    test_patterns.test_copied_rounds_are_asked_about: 30,
    test_patterns.test_every_question_names_what_it_rests_on: 30,
    test_corroboration.test_whoever_looked_in_as_they_say_is_never_contradicted: 100,
}


def in_depth(promise: Promise, examples: int, *drawn: st.SearchStrategy[Any]) -> None:
    """Hold a property that the fast tests hold, with other and more examples."""
    told = promise.hypothesis.inner_test  # type: ignore[attr-defined]
    settings(max_examples=examples, deadline=None)(given(*drawn)(told))()


@pytest.mark.parametrize("promise", OF_WEEKS, ids=lambda promise: promise.__name__)
def test_weeks_of_people(promise: Promise) -> None:
    in_depth(promise, OF_WEEKS[promise], st.integers(0, 2**32))


def test_what_is_told_late_and_in_any_order() -> None:
    in_depth(
        test_hindsight.test_when_and_in_which_order_it_is_told_changes_nothing_in_the_end,
        120,
        test_hindsight.RECORDS,
        test_hindsight.ENDS,
        test_hindsight.DELAYS,
        test_hindsight.DELAYS,
        st.lists(st.integers(0, 700), max_size=5),
    )


def test_what_is_told_wrongly_and_put_right() -> None:
    in_depth(
        test_hindsight.test_what_was_told_wrongly_leaves_no_trace_once_it_is_put_right,
        120,
        test_hindsight.RECORDS,
        st.integers(1, 320),
        test_hindsight.DELAYS,
        st.booleans(),
    )


def test_looking_every_second() -> None:
    acts = st.tuples(
        st.sampled_from(test_desk_properties.ACTS),
        st.integers(0, 7),
        st.integers(0, 6),
    )
    in_depth(
        test_desk_properties.test_looking_every_second_says_what_looking_at_deadlines_says,
        25,
        st.sampled_from(("covered", "holed")),
        st.lists(acts, max_size=8),
    )
