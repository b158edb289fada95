"""A topic finds exactly the filters that MQTT says match it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import topic_matches_sub

from room_monitor.ingest.topics import (
    TopicTree,
    first_levels,
    own_topics,
    without_covered,
)

names = st.sampled_from(["a", "b", "c", ""])
topics = st.lists(names, min_size=1, max_size=4).map("/".join)
filters = st.builds(
    lambda levels, rest: "/".join([*levels, *rest]),
    st.lists(st.sampled_from(["a", "b", "", "+"]), max_size=4),
    st.sampled_from([["#"], ["a"], ["+"]]),
)


@given(st.lists(filters, max_size=8), topics)
def test_what_is_found_is_what_matches(each: list[str], topic: str) -> None:
    tree: TopicTree[str] = TopicTree()
    for one in each:
        tree.add(one, one)

    assert sorted(tree.find(topic)) == sorted(
        one for one in each if topic_matches_sub(one, topic)
    )


@given(st.lists(filters, max_size=8), topics)
def test_what_is_left_of_filters_hears_the_same(each: list[str], topic: str) -> None:
    left = without_covered(each)

    assert any(topic_matches_sub(one, topic) for one in each) == any(
        topic_matches_sub(one, topic) for one in left
    )


@pytest.mark.parametrize(
    ("given_filters", "left"),
    [
        (["a/b", "a/b"], ["a/b"]),
        (["a/b", "a/+"], ["a/+"]),
        (["a/+", "a/#", "b"], ["a/#", "b"]),
        (["a/b/c", "a/b"], ["a/b", "a/b/c"]),
    ],
)
def test_what_another_filter_covers_is_left_out(
    given_filters: list[str], left: list[str]
) -> None:
    assert without_covered(given_filters) == left


def test_the_trees_of_the_devices_are_their_first_levels() -> None:
    found = first_levels(["zigbee2mqtt/a", "zigbee2mqtt/b/availability", "tele/x/LWT"])

    assert found == ["tele/#", "zigbee2mqtt/#"]


def test_a_client_id_cannot_break_out_of_its_topic() -> None:
    assert own_topics("room-monitor", "a/+/#b").probe == "room-monitor/probe/a----b"
