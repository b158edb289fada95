"""Episodes and interventions are computed from stays; nobody enters them."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.events import Entry
from room_monitor.core.ids import RoomId
from room_monitor.core.requirements import StayKind
from room_monitor.core.views.interventions import (
    MEASURES,
    Episode,
    Intervention,
    episodes,
    interventions,
)
from room_monitor.core.views.stays import stay_summaries
from tests.core.entries import Log, numbered
from tests.core.play import minute, minutes

DAY = 24 * 60
ENCLOSURE = StayKind.ENCLOSURE


def stay(
    log: Log,
    name: str,
    began: float,
    ended: float | None,
    *,
    kind: StayKind = ENCLOSURE,
    key: str = "k-17",
    room: str = "calm-1",
    unknown: bool = False,
) -> None:
    log.room = RoomId(room)
    log.begins(began, stay=name, kind=kind, key=key)
    if ended is not None or unknown:
        log.ends(ended, stay=name, recorded=began + 600)


def groups(log: Log) -> list[list[tuple[str, ...]]]:
    """The stays of each episode of each intervention."""
    return [
        [episode.stays for episode in intervention.episodes]
        for intervention in interventions(stay_summaries(log.entries))
    ]


def test_a_change_of_room_does_not_end_an_episode() -> None:
    log = Log()
    stay(log, "a", 0, 30)
    stay(log, "b", 30, 50, room="calm-2")
    stay(log, "c", 51, 60)

    one, other = episodes(stay_summaries(log.entries))
    assert one == Episode(
        key="k-17",
        kind=ENCLOSURE,
        stays=("a", "b"),  # type: ignore[arg-type]
        began_at=minute(0),
        ended_at=minute(50),
        duration=minutes(50),
        end_unknown=False,
        is_open=False,
        lies_from=minute(0),
        lies_until=minute(50),
    )
    assert interventions(stay_summaries(log.entries)) == [
        Intervention(
            key="k-17",
            kind=ENCLOSURE,
            episodes=(one, other),
            began_at=minute(0),
            ended_at=minute(60),
            duration=minutes(59),
            end_unknown=False,
            is_open=False,
        )
    ]


def test_a_pause_of_exactly_a_day_is_within_an_intervention() -> None:
    log = Log()
    stay(log, "a", 0, 10)
    stay(log, "b", 10 + DAY, 20 + DAY)
    assert groups(log) == [[("a",), ("b",)]]
    stay(log, "c", 20.01 + 2 * DAY, 30 + 2 * DAY)

    assert groups(log) == [[("a",), ("b",)], [("c",)]]


def test_another_measure_or_young_person_is_another_intervention() -> None:
    log = Log()
    stay(log, "a", 0, 10)
    stay(log, "b", 10, 20, kind=StayKind.REQUIRED_UNLOCKED)
    stay(log, "c", 20, 30, key="k-18")
    stay(log, "d", 30, 40)

    assert groups(log) == [[("a",), ("d",)], [("b",)], [("c",)]]


def test_a_stay_at_own_request_is_no_measure() -> None:
    log = Log()
    stay(log, "a", 0, 10, kind=StayKind.OWN_REQUEST)

    assert groups(log) == []


def test_a_stay_that_never_was_is_in_none() -> None:
    log = Log()
    log.begins(0, record="r1")
    log.corrects("r1", None, 5)

    assert groups(log) == []


def test_an_end_that_nobody_knows_closes_the_intervention() -> None:
    log = Log()
    stay(log, "a", 0, 10)
    stay(log, "b", 60, None, unknown=True)
    stay(log, "c", 120, 130)
    first, second = interventions(stay_summaries(log.entries))

    assert groups(log) == [[("a",), ("b",)], [("c",)]]
    assert (first.end_unknown, first.duration, first.ended_at) == (True, None, None)
    assert (second.end_unknown, second.duration) == (False, minutes(10))


def test_what_goes_on_has_lasted_so_far() -> None:
    log = Log()
    stay(log, "a", 0, 10)
    stay(log, "b", 60, None)
    stays = stay_summaries(log.entries, minute(90))
    (now,) = interventions(stays, minute(90))
    (unsaid,) = interventions(stays)

    assert (now.is_open, now.ended_at, now.duration) == (True, None, minutes(40))
    assert unsaid.duration is None


def test_a_pause_is_the_time_that_passed_though_the_clock_was_set() -> None:
    log = Log()
    stay(log, "a", 0, 10)
    log.is_set(timedelta(hours=2), 130)
    stay(log, "b", 10 + DAY + 60, 20 + DAY + 60)
    assert groups(log) == [[("a",), ("b",)]]
    log.is_set(timedelta(hours=-2), 0)
    stay(log, "c", 20 + 2 * DAY, 30 + 2 * DAY)

    assert groups(log) == [[("a",), ("b",)], [("c",)]]


# --- Always -------------------------------------------------------------------------------

any_stay = st.tuples(
    st.integers(0, 4 * DAY),
    st.integers(1, 600),
    st.sampled_from(StayKind),
    st.sampled_from(["k-1", "k-2"]),
    st.sampled_from(["known", "known", "unknown", "open"]),
)


def logged(told: Sequence[tuple[int, int, StayKind, str, str]]) -> list[Entry]:
    log = Log()
    for number, (began, lasted, kind, key, end) in enumerate(told):
        known = began + lasted if end == "known" else None
        stay(
            log,
            f"s{number}",
            began,
            known,
            kind=kind,
            key=key,
            unknown=end == "unknown",
        )
    return log.entries


@given(st.lists(any_stay, max_size=12))
def test_every_measure_is_in_one_episode_and_every_episode_in_one_intervention(
    told: list[tuple[int, int, StayKind, str, str]],
) -> None:
    stays = stay_summaries(logged(told))
    found = episodes(stays)

    measures = Counter(s.stay for s in stays if s.kind in MEASURES)
    assert Counter(chain.from_iterable(e.stays for e in found)) == measures
    whole = [e for i in interventions(stays) for e in i.episodes]
    assert Counter(whole) == Counter(found)


@given(st.lists(any_stay, max_size=8), st.randoms())
def test_the_order_in_which_it_was_recorded_changes_nothing(
    told: list[tuple[int, int, StayKind, str, str]], random: object
) -> None:
    entries = logged(told)
    mixed = list(entries)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    now = minute(9 * DAY)
    assert interventions(stay_summaries(numbered(mixed), now), now) == interventions(
        stay_summaries(entries, now), now
    )


@given(st.lists(st.tuples(st.integers(0, 2 * DAY), st.integers(1, 600)), max_size=12))
def test_episodes_last_as_long_as_their_stays_together(
    told: list[tuple[int, int]],
) -> None:
    log, at = Log(), 0
    for number, (pause, lasted) in enumerate(told):
        stay(log, f"s{number}", at + pause, at + pause + lasted)
        at += pause + lasted
    stays = stay_summaries(log.entries)
    found = interventions(stays)

    registered = sum((s.registered or minutes(0) for s in stays), minutes(0))
    lasted_ = sum((e.duration or minutes(0) for e in episodes(stays)), minutes(0))
    assert registered == lasted_
    assert registered == sum((i.duration or minutes(0) for i in found), minutes(0))
