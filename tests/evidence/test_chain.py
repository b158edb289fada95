"""Whatever is changed in a chain is found where it was changed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.evidence.chain import GENESIS, ChainBroken, follow, link

Links = list[tuple[int, bytes, bytes]]
contents = st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=8)


def chain(entries: list[bytes]) -> Links:
    links, head = [], GENESIS
    for position, entry in enumerate(entries, 1):
        head = link(head, entry)
        links.append((position, entry, head))
    return links


def test_a_link_is_the_hash_of_the_hash_before_and_the_entry() -> None:
    first = hashlib.sha256(bytes(32) + b"one").digest()

    assert link(GENESIS, b"one") == first
    assert link(first, b"two") == hashlib.sha256(first + b"two").digest()


def test_an_empty_chain_ends_at_genesis() -> None:
    assert follow([]) == (0, GENESIS)


@given(contents)
def test_an_untouched_chain_is_whole(entries: list[bytes]) -> None:
    links = chain(entries)

    assert follow(links) == (len(entries), links[-1][2])


@given(contents, st.data())
def test_a_chain_can_be_followed_from_any_place(
    entries: list[bytes], data: st.DataObject
) -> None:
    links = chain(entries)
    place = data.draw(st.integers(1, len(links)))

    end = follow(links[place:], after=place, start=links[place - 1][2])

    assert end == follow(links)


@given(contents, st.data())
def test_changing_any_bit_is_found_at_its_position(
    entries: list[bytes], data: st.DataObject
) -> None:
    links = chain(entries)
    place = data.draw(st.integers(0, len(links) - 1))
    position, *parts = links[place]
    part = data.draw(st.integers(0, 1))
    bit = data.draw(st.integers(0, len(parts[part]) * 8 - 1))
    changed = bytearray(parts[part])
    changed[bit // 8] ^= 1 << bit % 8
    parts[part] = bytes(changed)
    links[place] = (position, parts[0], parts[1])

    with pytest.raises(ChainBroken) as found:
        follow(links)

    assert found.value.position == position


@given(contents, st.data())
def test_a_missing_entry_is_found(entries: list[bytes], data: st.DataObject) -> None:
    links = chain([*entries, b"last"])
    place = data.draw(st.integers(0, len(links) - 2))
    del links[place]

    with pytest.raises(ChainBroken, match="missing") as found:
        follow(links)

    assert found.value.position == place + 1
