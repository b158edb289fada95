"""A breach is dated from the first bad finding and opens after its dwell; MET ends it."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.breach import Standing, decide, evolve, lapse, shift
from room_monitor.core.evaluation import Evaluation, Reason, Verdict
from room_monitor.core.events import (
    BreachClosed,
    BreachEvent,
    BreachOpened,
    Closing,
    EvaluationFailed,
    ObligationLapsed,
    VerdictChanged,
)
from room_monitor.core.ids import BreachId
from room_monitor.core.obligations import Question, plan
from room_monitor.core.requirements import Priority, WithinRange
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.play import STEP, catalogue, device, minute, minutes, requirement, room

DWELL = minutes(7)
PLAN = plan(
    room(device(Role.CLIMATE)),
    catalogue(
        requirement(
            WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200),
            dwell=DWELL,
        ),
        requirement(
            WithinRange(role=Role.CLIMATE, quantity=Quantity.CO2, high=1200),
            name="at-once",
        ),
    ),
)
CO2, AT_ONCE = PLAN.always
BREACH = BreachId("calm-1/asked/it/climate#20260302T090000.000000Z")
REASONS = {
    Verdict.MET: Reason.WITHIN_LIMITS,
    Verdict.VIOLATED: Reason.ABOVE_HIGH,
    Verdict.UNKNOWN: Reason.READING_TOO_OLD,
}
MET, VIOLATED, UNKNOWN = Verdict.MET, Verdict.VIOLATED, Verdict.UNKNOWN


def found(
    verdict: Verdict, since: datetime, reason: Reason | None = None
) -> Evaluation:
    return Evaluation(verdict, reason or REASONS[verdict], since)


def play(
    *findings: tuple[float, Verdict], question: Question = CO2
) -> tuple[list[BreachEvent], Standing | None]:
    """Judge at these minutes; each finding is dated from the minute it was made."""
    events: list[BreachEvent] = []
    standing: Standing | None = None
    for at, verdict in findings:
        more = decide(standing, question, found(verdict, minute(at)), minute(at))
        for event in more:
            standing = evolve(standing, event)
        events += more
    return events, standing


def changed(at: float, verdict: Verdict, question: Question = CO2) -> VerdictChanged:
    return VerdictChanged(
        obligation=question.key,
        source=question.obligation.source,
        verdict=verdict,
        reason=REASONS[verdict],
        since=minute(at),
    )


def opened(reason: Reason = Reason.ABOVE_HIGH, *, began_at: float = 0) -> BreachOpened:
    return BreachOpened(
        breach=BreachId(f"{CO2.key}#{minute(began_at):%Y%m%dT%H%M%S.%fZ}"),
        obligation=CO2.key,
        source=CO2.obligation.source,
        priority=Priority.HIGH,
        reason=reason,
        began_at=minute(began_at),
    )


def closed(closing: Closing, ended_at: float) -> BreachClosed:
    return BreachClosed(
        breach=BREACH,
        obligation=CO2.key,
        closing=closing,
        began_at=minute(0),
        ended_at=minute(ended_at),
    )


def test_a_breach_is_dated_from_the_first_bad_reading() -> None:
    events, standing = play((0, VIOLATED), (4, VIOLATED), (7, VIOLATED))

    assert events == [changed(0, VIOLATED), opened()]
    assert opened().breach == BREACH
    assert standing == Standing(
        VIOLATED,
        Reason.ABOVE_HIGH,
        minute(0),
        suspected_since=minute(0),
        suspected_for=Reason.ABOVE_HIGH,
        breach=BREACH,
        breach_began_at=minute(0),
    )


def test_just_before_the_dwell_time_is_over_there_is_only_a_suspicion() -> None:
    _, standing = play((0, VIOLATED))
    just_before = minute(7) - STEP

    assert standing is not None
    assert standing.dwell_ends_at(DWELL) == minute(7)
    assert decide(standing, CO2, found(VIOLATED, minute(0)), just_before) == ()


def test_an_open_breach_waits_for_no_dwell_time() -> None:
    _, standing = play((0, VIOLATED), (7, VIOLATED))

    assert standing is not None
    assert standing.dwell_ends_at(DWELL) is None


def test_without_a_dwell_time_a_violation_is_a_breach_at_once() -> None:
    events, _ = play((0, VIOLATED), question=AT_ONCE)

    assert [type(e) for e in events] == [VerdictChanged, BreachOpened]


def test_met_before_the_dwell_time_is_over_clears_the_suspicion() -> None:
    events, standing = play((0, VIOLATED), (6.9, MET), (8, VIOLATED), (14.9, VIOLATED))

    assert events == [changed(0, VIOLATED), changed(6.9, MET), changed(8, VIOLATED)]
    assert standing is not None
    assert standing.suspected_since == minute(8)


def test_met_closes_a_breach_at_the_instant_it_was_met() -> None:
    events, standing = play((0, VIOLATED), (7, VIOLATED), (12, MET))

    assert events[2:] == [changed(12, MET), closed(Closing.MET, 12)]
    assert standing == Standing(MET, Reason.WITHIN_LIMITS, minute(12), last=BREACH)


def test_silence_in_the_middle_of_a_violation_does_not_acquit() -> None:
    events, standing = play((0, VIOLATED), (5, UNKNOWN), (7, UNKNOWN), (99, UNKNOWN))

    assert events == [
        changed(0, VIOLATED),
        changed(5, UNKNOWN),
        opened(Reason.ABOVE_HIGH),
    ]
    assert standing is not None
    assert standing.breach == BREACH


def test_silence_alone_accuses_nobody() -> None:
    events, standing = play((0, UNKNOWN), (99, UNKNOWN))

    assert events == [changed(0, UNKNOWN)]
    assert standing == Standing(UNKNOWN, Reason.READING_TOO_OLD, minute(0))


def test_silence_after_met_accuses_nobody() -> None:
    events, _ = play((0, MET), (5, UNKNOWN), (99, UNKNOWN))

    assert events == [changed(0, MET), changed(5, UNKNOWN)]


def test_what_is_not_judged_now_drops_a_suspicion() -> None:
    _, standing = play((0, VIOLATED))
    dusk = found(UNKNOWN, minute(5), Reason.NOT_JUDGED_NOW)
    events = decide(standing, CO2, dusk, minute(5))

    assert [type(e) for e in events] == [VerdictChanged]
    standing = evolve(standing, events[0])
    assert standing == Standing(UNKNOWN, Reason.NOT_JUDGED_NOW, minute(5))
    assert decide(standing, CO2, dusk, minute(99)) == ()


def test_what_is_not_judged_now_leaves_a_breach_standing() -> None:
    _, standing = play((0, VIOLATED), (7, VIOLATED))
    dusk = found(UNKNOWN, minute(9), Reason.NOT_JUDGED_NOW)
    (event,) = decide(standing, CO2, dusk, minute(9))
    standing = evolve(standing, event)

    assert standing is not None
    assert (standing.breach, standing.breach_began_at) == (BREACH, minute(0))


def test_what_is_not_judged_does_not_drop_a_suspicion_that_was_over_its_time() -> None:
    _, standing = play((0, VIOLATED))
    dusk = found(UNKNOWN, minute(7), Reason.NOT_JUDGED_NOW)

    assert opened() in decide(standing, CO2, dusk, minute(7))


def test_a_breach_nobody_looked_at_is_opened_and_closed_when_it_is_met() -> None:
    events, standing = play((0, VIOLATED), (30, MET))

    assert events[1:] == [opened(), changed(30, MET), closed(Closing.MET, 30)]
    assert standing == Standing(MET, Reason.WITHIN_LIMITS, minute(30), last=BREACH)


def test_met_exactly_when_the_dwell_time_is_over_is_after_the_breach() -> None:
    events, _ = play((0, VIOLATED), (7, MET))

    assert events[1:] == [opened(), changed(7, MET), closed(Closing.MET, 7)]


def test_a_breach_that_was_met_before_it_began_is_withdrawn() -> None:
    _, standing = play((0, VIOLATED), (7, VIOLATED))
    events = decide(standing, CO2, found(MET, minute(-1)), minute(9))

    assert events[-1] == closed(Closing.WITHDRAWN, 0)


def test_a_breach_that_was_met_within_its_dwell_time_is_withdrawn() -> None:
    _, standing = play((0, VIOLATED), (7, VIOLATED))

    early = decide(standing, CO2, found(MET, minute(7) - STEP), minute(9))
    late = decide(standing, CO2, found(MET, minute(7)), minute(9))

    assert [e.closing for e in early if isinstance(e, BreachClosed)] == ["withdrawn"]
    assert late[-1] == closed(Closing.MET, 7)


def test_another_reason_is_another_verdict_but_the_same_suspicion() -> None:
    _, standing = play((0, VIOLATED))
    low = found(VIOLATED, minute(3), Reason.BELOW_LOW)
    (event,) = decide(standing, CO2, low, minute(3))
    standing = evolve(standing, event)

    assert standing == Standing(
        VIOLATED,
        Reason.BELOW_LOW,
        minute(3),
        suspected_since=minute(0),
        suspected_for=Reason.BELOW_LOW,
    )


def test_a_second_breach_is_another_breach() -> None:
    events, _ = play((0, VIOLATED), (7, MET), (20, VIOLATED), (27, VIOLATED))

    assert events[-1] == opened(began_at=20)


@pytest.mark.parametrize(
    ("at", "closing", "ended_at"),
    [(9, Closing.LAPSED, 9), (0, Closing.WITHDRAWN, 0), (-3, Closing.WITHDRAWN, 0)],
)
def test_what_is_no_longer_asked_closes_its_breach(
    at: float, closing: Closing, ended_at: float
) -> None:
    _, standing = play((0, VIOLATED), (7, VIOLATED))
    assert standing is not None

    assert lapse(standing, CO2.key, minute(at)) == (
        closed(closing, ended_at),
        ObligationLapsed(obligation=CO2.key, at=minute(at)),
    )


def test_what_is_no_longer_asked_and_was_no_breach_only_lapses() -> None:
    _, standing = play((0, VIOLATED))
    assert standing is not None
    lapsed = ObligationLapsed(obligation=CO2.key, at=minute(3))

    assert lapse(standing, CO2.key, minute(3)) == (lapsed,)
    assert evolve(standing, lapsed) is None


def test_a_rule_that_failed_leaves_the_standing_as_it_was() -> None:
    _, standing = play((0, VIOLATED))

    failed = EvaluationFailed(obligation=CO2.key, error="ValueError: no")
    assert evolve(standing, failed) == standing


def test_a_step_of_the_clock_moves_what_is_running() -> None:
    _, standing = play((0, VIOLATED), (7, VIOLATED))
    assert standing is not None

    assert shift(standing, minutes(-60)) == Standing(
        VIOLATED,
        Reason.ABOVE_HIGH,
        minute(0),
        suspected_since=minute(-60),
        suspected_for=Reason.ABOVE_HIGH,
        breach=BREACH,
        breach_began_at=minute(-60),
    )


VERDICTS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from(Verdict)), max_size=40)


def timeline(steps: list[tuple[int, Verdict]]) -> list[tuple[float, Verdict]]:
    at = 0
    return [(at := at + pause, verdict) for pause, verdict in steps]


@given(VERDICTS)
def test_openings_and_closings_alternate(steps: list[tuple[int, Verdict]]) -> None:
    events, _ = play(*timeline(steps))
    marks = [type(e) for e in events if isinstance(e, BreachOpened | BreachClosed)]

    assert marks[0::2] == [BreachOpened] * len(marks[0::2])
    assert marks[1::2] == [BreachClosed] * len(marks[1::2])


@given(VERDICTS)
def test_unknown_never_closes(steps: list[tuple[int, Verdict]]) -> None:
    findings = timeline(steps)
    met_at = {minute(at) for at, verdict in findings if verdict is MET}
    events, _ = play(*findings)

    assert {e.ended_at for e in events if isinstance(e, BreachClosed)} <= met_at


@given(VERDICTS)
def test_a_breach_spans_the_time_between_first_violated_and_met(
    steps: list[tuple[int, Verdict]],
) -> None:
    findings = timeline(steps)
    expected = []
    since: float | None = None
    for at, verdict in findings:
        if verdict is VIOLATED and since is None:
            since = at
        elif verdict is MET and since is not None:
            if minutes(at - since) >= DWELL:
                expected.append((minute(since), minute(at)))
            since = None
    events, _ = play(*findings)

    assert expected == [
        (e.began_at, e.ended_at) for e in events if isinstance(e, BreachClosed)
    ]


@given(VERDICTS)
def test_deciding_twice_changes_nothing(steps: list[tuple[int, Verdict]]) -> None:
    findings = timeline(steps)
    _, standing = play(*findings)
    for at, verdict in findings[-1:]:
        assert decide(standing, CO2, found(verdict, minute(at)), minute(at)) == ()
