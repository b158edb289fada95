"""Which patterns in the records are worth a question?

A question, never a finding: each has innocent answers, and only whoever was there knows
them. So a question names what it rests on, record by record, and how often it was so; it
is asked only where something comes back often enough not to be chance; and a check that
the account's own tag bears out raises none. No figure is made of anybody of whom nothing
is asked: there is no list of people here, and no rank (docs/corroboration.md).
"""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from room_monitor.core.events import Entry
from room_monitor.core.ids import PersonId, RoomId, StayId
from room_monitor.core.views.corroboration import (
    Grade,
    GradedCheck,
    Ground,
    graded,
    owners,
)
from room_monitor.core.views.questions import (
    Asking,
    Exhibit,
    Figure,
    OpenQuestion,
    Pattern,
    question,
)
from room_monitor.core.views.traces import ALWAYS, Tap, Traces, traces

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was looked at, and what is asked.

    Attributes:
        checks: All of the period, with their grades.
        taps: How often a tag was presented in the period, by room.
        questions: By the instant at which they begin.
    """

    checks: tuple[GradedCheck, ...]
    taps: Mapping[RoomId, int]
    questions: tuple[OpenQuestion, ...]


def ask(
    entries: Iterable[Entry],
    tags_of: Mapping[PersonId, frozenset[str]],
    asking: Asking,
    *,
    since: datetime = ALWAYS,
    blind_since: datetime | None = None,
) -> Asked:
    """Look at the records of a period.

    Args:
        entries: As for ``grade_checks``.
        tags_of: As for ``grade_checks``.
        asking: From when on something is worth a question.
        since: What happened before is not looked at; aware UTC.
        blind_since: Since when the monitor cannot see now, if that is known from
            elsewhere: of its own end a monitor that was killed wrote nothing.
    """
    seen = traces(entries, asking.corroborating.rooms, blind_since=blind_since)
    checks = [
        check
        for check in graded(seen, tags_of, asking.corroborating)
        if check.happened_at >= since
    ]
    person_of = owners(tags_of)
    found = [
        *_in_two_places(seen, person_of, asking, since),
        *_rounds(checks, asking),
        *_metronomes(checks, asking),
        *_late(checks, seen, asking),
        *_batches(checks, seen, asking),
        *_unseen(checks, seen, tags_of, asking),
    ]
    return Asked(
        checks=tuple(checks),
        taps={
            room: len(taps) - bisect_left(taps, since, key=lambda tap: tap.at)
            for room, taps in seen.taps_in.items()
        },
        questions=tuple(
            sorted(found, key=lambda each: (each.began_at, each.pattern, each.rooms))
        ),
    )


def questions(
    entries: Iterable[Entry],
    tags_of: Mapping[PersonId, frozenset[str]],
    asking: Asking,
    *,
    since: datetime = ALWAYS,
) -> list[OpenQuestion]:
    """Only the questions; see ``ask``."""
    return list(ask(entries, tags_of, asking, since=since).questions)


# --- Tags -------------------------------------------------------------------------------


def _in_two_places(
    seen: Traces,
    person_of: Mapping[str, PersonId],
    asking: Asking,
    since: datetime,
) -> Iterator[OpenQuestion]:
    """One tag in two rooms. Was it copied, or are the rooms nearer than was thought?

    Only tags that one person carries: a button that calls itself a tag is in many rooms.
    Only taps that were surely made when they are dated.
    """
    walking = asking.corroborating.walking
    for tag, person in person_of.items():
        taps = [
            tap
            for tap in seen.taps_of.get(tag, ())
            if tap.at >= since and tap.dated_surely
        ]
        pairs = [
            (one, other)
            for one, other in pairwise(taps)
            if other.at - one.at < walking.time(one.room, other.room)
        ]
        if len(pairs) >= asking.times:
            shortest = min(other.at - one.at for one, other in pairs)
            rooms = {tap.room for pair in pairs for tap in pair}
            yield question(
                Pattern.TAG_IN_TWO_PLACES,
                [_exhibit_of_tap(tap) for pair in pairs for tap in pair],
                len(pairs),
                figures={
                    Figure.SHORTEST: shortest,
                    Figure.WALKING: walking.shortest(rooms),
                },
                account=person,
                tag=tag,
            )


# --- Rounds -----------------------------------------------------------------------------


def _rounds(checks: Sequence[GradedCheck], asking: Asking) -> Iterator[OpenQuestion]:
    """Rounds that cannot have been walked. Were they recorded where they were made?

    A round that the account's own tag was presented on has been walked, whatever instants
    were written down. Instants in whole minutes may each be a minute off.
    """
    walking = asking.corroborating.walking
    untraced = [c for c in checks if Ground.OWN_TAG not in c.grounds]
    for account, of_account in _by(untraced, lambda check: check.account).items():
        if account is None:
            continue
        rounds = [
            each
            for each in _rounds_of(of_account, walking.least)
            if _is_too_fast(each, asking)
        ]
        if len(rounds) >= asking.times:
            rooms = {check.room for each in rounds for check in each}
            yield question(
                Pattern.ROUND_TOO_FAST,
                [_exhibit_of_check(check) for each in rounds for check in each],
                len(rounds),
                figures={
                    Figure.SHORTEST: min(map(_length, rounds)),
                    Figure.WALKING: walking.shortest(rooms),
                },
                account=account,
            )


def _rounds_of(
    checks: Sequence[GradedCheck], pause: timedelta
) -> Iterator[Sequence[GradedCheck]]:
    """Cut checks in order wherever somebody paused or came to a room again."""
    start = 0
    rooms: set[RoomId] = set()
    for index, check in enumerate(checks):
        paused = index and check.happened_at - checks[index - 1].happened_at >= pause
        if paused or check.room in rooms:
            yield checks[start:index]
            start, rooms = index, set()
        rooms.add(check.room)
    if checks:
        yield checks[start:]


def _is_too_fast(checks: Sequence[GradedCheck], asking: Asking) -> bool:
    """Whether these cannot have been walked, by the shortest of all ways."""
    rooms = {check.room for check in checks}
    if len(rooms) < asking.round_of:
        return False
    written = any(_is_whole_minute(check.happened_at) for check in checks)
    slack = asking.minute if written else timedelta(0)
    way = (len(rooms) - 1) * asking.corroborating.walking.shortest(rooms)
    return _length(checks) + slack < way


def _length(checks: Sequence[GradedCheck]) -> timedelta:
    return checks[-1].happened_at - checks[0].happened_at


def _is_whole_minute(at: datetime) -> bool:
    return not at.second and not at.microsecond


# --- Regularity -------------------------------------------------------------------------


def _metronomes(
    checks: Sequence[GradedCheck], asking: Asking
) -> Iterator[OpenQuestion]:
    """Intervals that are all the same. Are these the instants, or the plan?

    Not asked where the account's own tag was presented at every one of them.
    """
    for stay, of_stay in _by(checks, lambda check: check.stay).items():
        for run in _steady(of_stay, asking):
            if all(Ground.OWN_TAG in check.grounds for check in run):
                continue
            intervals = _intervals(run)
            yield question(
                Pattern.METRONOME,
                [_exhibit_of_check(check) for check in run],
                len(intervals),
                figures={
                    Figure.INTERVAL: sum(intervals, timedelta(0)) / len(intervals),
                    Figure.SPREAD: max(intervals) - min(intervals),
                },
                stay=stay,
            )


def _steady(
    checks: Sequence[GradedCheck], asking: Asking
) -> Iterator[Sequence[GradedCheck]]:
    """The longest runs of checks whose intervals lie close together; none overlap.

    The deques hold where the longest and the shortest interval of the run may be, so each
    interval is looked at once.
    """
    intervals = _intervals(checks)
    longest: deque[int] = deque()
    shortest: deque[int] = deque()
    start = 0
    for end, interval in enumerate(intervals):
        while longest and intervals[longest[-1]] <= interval:
            longest.pop()
        while shortest and intervals[shortest[-1]] >= interval:
            shortest.pop()
        longest.append(end)
        shortest.append(end)
        first = start
        while intervals[longest[0]] - intervals[shortest[0]] >= asking.metronome_spread:
            for ends in (longest, shortest):
                if ends[0] == first:
                    ends.popleft()
            first += 1
        if first > start:
            if end - start >= asking.metronome_of:
                yield checks[start : end + 1]
                first = end
                longest, shortest = deque([end]), deque([end])
            start = first
    if len(intervals) - start >= asking.metronome_of:
        yield checks[start:]


def _intervals(checks: Sequence[GradedCheck]) -> list[timedelta]:
    return [other.happened_at - one.happened_at for one, other in pairwise(checks)]


# --- When it was recorded ---------------------------------------------------------------


def _late(
    checks: Sequence[GradedCheck], seen: Traces, asking: Asking
) -> Iterator[OpenQuestion]:
    """Many late entries. Is there no time to record, or no place?

    By account, or by stay where no account is named. What happened while the monitor was
    away could not be recorded at once.
    """
    for (account, stay), of_one in _by(
        _recordable(checks, seen), _account_or_stay
    ).items():
        late = [c for c in of_one if c.recorded_at - c.happened_at > asking.late_after]
        if _is_large(late, of_one, asking.late_share, asking.late_of):
            yield question(
                Pattern.LATE_ENTRIES,
                [_exhibit_of_check(check) for check in late],
                len(late),
                out_of=len(of_one),
                figures={Figure.LIMIT: asking.late_after},
                account=account,
                stay=stay,
            )


def _batches(
    checks: Sequence[GradedCheck], seen: Traces, asking: Asking
) -> Iterator[OpenQuestion]:
    """Checks of one stay recorded together. Were they kept on paper first?"""
    batches: dict[tuple[PersonId | None, StayId | None], list[Sequence[GradedCheck]]]
    batches = defaultdict(list)
    for of_stay in _by(_recordable(checks, seen), lambda check: check.stay).values():
        in_order = sorted(of_stay, key=lambda c: (c.recorded_at, c.happened_at))
        for batch in _batches_of(in_order, asking):
            batches[_account_or_stay(batch[0])].append(batch)
    for (account, stay), of_one in batches.items():
        if len(of_one) >= asking.times:
            yield question(
                Pattern.BATCH,
                [_exhibit_of_check(check) for batch in of_one for check in batch],
                len(of_one),
                figures={Figure.LIMIT: asking.batch_within},
                account=account,
                stay=stay,
            )


def _batches_of(
    checks: Sequence[GradedCheck], asking: Asking
) -> Iterator[Sequence[GradedCheck]]:
    start = 0
    while start < len(checks):
        until = checks[start].recorded_at + asking.batch_within
        end = start
        while end < len(checks) and checks[end].recorded_at <= until:
            end += 1
        if end - start >= asking.batch_of:
            yield checks[start:end]
            start = end
        else:
            start += 1


def _recordable(checks: Sequence[GradedCheck], seen: Traces) -> list[GradedCheck]:
    """Those that could be recorded when they happened."""
    return [
        check
        for check in checks
        if not seen.unsure.touch(check.happened_at, check.happened_at)
    ]


# --- No trace ---------------------------------------------------------------------------


def _unseen(
    checks: Sequence[GradedCheck],
    seen: Traces,
    tags_of: Mapping[PersonId, frozenset[str]],
    asking: Asking,
) -> Iterator[OpenQuestion]:
    """Checks without a trace. Does the reader hang where people pass?

    Only of accounts that have a tag to present, and only where a reader was shown to work:
    somebody presented a tag there not long before or after.
    """
    seeable = [
        check
        for check in checks
        if (check.grade is Grade.CORROBORATED or Ground.NOTHING_SEEN in check.grounds)
        and _is_shown_to_work(check, seen, asking.shown_within)
    ]
    for account, of_account in _by(seeable, lambda check: check.account).items():
        if account is None or not tags_of.get(account):
            continue
        unseen = [c for c in of_account if c.grade is Grade.UNCORROBORATED]
        if _is_large(unseen, of_account, asking.unseen_share, asking.unseen_of):
            yield question(
                Pattern.UNCORROBORATED,
                [_exhibit_of_check(check) for check in unseen],
                len(unseen),
                out_of=len(of_account),
                account=account,
            )


def _is_shown_to_work(check: GradedCheck, seen: Traces, near: timedelta) -> bool:
    taps = seen.taps_in.get(check.room, ())
    index = bisect_left(taps, check.happened_at - near, key=lambda tap: tap.at)
    return index < len(taps) and taps[index].at <= check.happened_at + near


# --- Counting and telling ---------------------------------------------------------------


def _by(
    checks: Iterable[GradedCheck], key: Callable[[GradedCheck], K]
) -> dict[K, list[GradedCheck]]:
    found: dict[K, list[GradedCheck]] = defaultdict(list)
    for check in checks:
        found[key(check)].append(check)
    return found


def _account_or_stay(check: GradedCheck) -> tuple[PersonId | None, StayId | None]:
    return (check.account, None) if check.account else (None, check.stay)


def _is_large(
    part: Sequence[GradedCheck], whole: Sequence[GradedCheck], share: float, least: int
) -> bool:
    return len(whole) >= least and len(part) >= share * len(whole)


def _exhibit_of_check(check: GradedCheck) -> Exhibit:
    return Exhibit(
        check.position, check.room, check.happened_at, check.record, check.recorded_at
    )


def _exhibit_of_tap(tap: Tap) -> Exhibit:
    return Exhibit(tap.position, tap.room, tap.at)
