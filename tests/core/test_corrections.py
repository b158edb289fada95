"""What was recorded wrongly is replaced or voided; both stay in the log, one counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from room_monitor.core.alert import AlertState, alert_id
from room_monitor.core.evaluation import Happening, Reason
from room_monitor.core.events import (
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachOpened,
    BreachRevised,
    CheckIntervalAgreed,
    ClockStepped,
    Closing,
    CorrectionConfirmed,
    Event,
    RecordCorrected,
    StayBegan,
    StayEnded,
    StayEvent,
    VerdictChanged,
)
from room_monitor.core.ids import BreachId, ObligationId, RecordId, StayId
from room_monitor.core.requirements import (
    DoneBy,
    Moment,
    Priority,
    StayKind,
    StaysInState,
    WithinLimit,
)
from room_monitor.core.site import Role
from sensors.quantity import Quantity
from tests.core.late import AGREED, CONTACT, COPY, HOUR, OLD_ENOUGH
from tests.core.play import (
    CHECKS,
    STAY,
    Story,
    begin,
    check,
    correction,
    device,
    end,
    fact,
    minute,
    minutes,
    reading,
    requirement,
    room,
)

KEY = ObligationId("calm-1/checks/it@s1")
LOCK = device(Role.DOOR_LOCK)
UNLOCKED = requirement(
    StaysInState(role=Role.DOOR_LOCK, quantity=Quantity.DOOR_LOCK, state=0),
    name="unlocked",
    during=[StayKind.OWN_REQUEST],
)
END_KNOWN = requirement(
    WithinLimit(
        since=Moment("stay_over"), until=(Moment("stay_ended"),), at_most=minutes(60)
    ),
    name="end-known",
    during=[StayKind.ENCLOSURE],
)


def missed(at: float) -> BreachId:
    return BreachId(f"{KEY}#{minute(at):%Y%m%dT%H%M%S.%fZ}")


def enclosed(*, checks: tuple[float, ...] = ()) -> Story:
    story = Story(room(), CHECKS)
    story.does(begin(0, record="b"), minute(0))
    for at in checks:
        story.does(check(at, record=f"c{at:g}"), minute(at))
    return story


def revised(
    at: float, closing: Closing | None, ended_at: float | None
) -> BreachRevised:
    return BreachRevised(
        breach=missed(at),
        obligation=KEY,
        closing=closing,
        began_at=minute(at),
        ended_at=None if ended_at is None else minute(ended_at),
    )


def without_verdicts(events: object) -> list[Event]:
    assert isinstance(events, list)
    return [event for event in events if not isinstance(event, VerdictChanged)]


# --- A check --------------------------------------------------------------------------


def test_a_check_that_was_none_is_taken_back_and_its_quarter_was_missed() -> None:
    story = enclosed(checks=(10, 20))
    events = story.does(correction("c10", at=21), minute(21))

    source = story.state.plan.during[StayKind.ENCLOSURE][0].source
    raised = AlertRaised(
        alert=alert_id(missed(15)),
        breach=missed(15),
        obligation=KEY,
        requirement=source.requirement,
        priority=Priority.URGENT,
        reason=Reason.CHECK_MISSED,
        began_at=minute(15),
        stay=STAY,
    )
    assert events == [
        correction("c10", at=21).corrected,
        BreachOpened(
            breach=missed(15),
            obligation=KEY,
            source=source,
            priority=Priority.URGENT,
            reason=Reason.CHECK_MISSED,
            began_at=minute(15),
            stay=STAY,
        ),
        raised,
        BreachClosed(
            breach=missed(15),
            obligation=KEY,
            closing=Closing.MET,
            began_at=minute(15),
            ended_at=minute(20),
        ),
        AlertReturnedToNormal(alert=raised.alert, at=minute(20)),
    ]
    assert story.state.alerts[raised.alert].state is AlertState.RETURNED
    assert story.state.stays[STAY].happened["check"] == (
        Happening(minute(20), role="care_worker", record=RecordId("c20")),
    )


def test_a_check_that_was_at_another_time_moves_the_end_of_a_breach() -> None:
    story = enclosed(checks=(20,))
    events = story.does(correction("c20", check(18, record="c18"), at=22), minute(22))

    assert without_verdicts(events) == [
        check(18, record="c18"),
        correction("c20", check(18, record="c18"), at=22).corrected,
        revised(15, Closing.MET, 18),
    ]
    assert story.spans() == [(KEY, minute(15), minute(18))]


def test_a_check_that_was_in_time_after_all_withdraws_the_breach() -> None:
    story = enclosed(checks=(20,))
    story.does(correction("c20", check(15, record="c15"), at=22), minute(22))

    assert story.of(BreachRevised) == [revised(15, Closing.WITHDRAWN, 15)]
    assert story.ledger.intervals() == []


def test_a_breach_that_was_withdrawn_and_was_one_after_all_is_opened_again() -> None:
    story = enclosed()
    story.waits(minute(18))
    story.does(check(14, record="c14"), minute(19))
    events = story.does(correction("c14", at=20), minute(20))

    assert without_verdicts(events)[1] == revised(15, None, None)
    raised = without_verdicts(events)[2]
    assert isinstance(raised, AlertRaised)
    assert (raised.alert, raised.reason) == (alert_id(missed(15)), Reason.CHECK_MISSED)
    assert len(story.of(BreachOpened)) == 1
    assert story.state.standings[KEY].breach == missed(15)

    story.does(check(25), minute(25))
    assert story.spans() == [(KEY, minute(15), minute(25))]


def test_a_check_moves_to_another_stay() -> None:
    story = enclosed()
    story.does(end(10), minute(10))
    other = StayId("s2")
    story.does(begin(20, stay=other), minute(20))
    story.does(check(35, stay=other, record="wrong"), minute(35))
    story.does(end(40, other), minute(40))

    events = story.does(
        correction("wrong", check(5, record="right"), at=50, stay=other), minute(50)
    )

    assert [type(e).__name__ for e in events] == [
        "CheckRecorded",
        "RecordCorrected",
        "BreachOpened",
        "AlertRaised",
        "BreachClosed",
        "AlertReturnedToNormal",
    ]
    assert story.spans() == [("calm-1/checks/it@s2", minute(35), minute(40))]
    assert len(story.state.stays[STAY].happened["check"]) == 1


# --- A begin --------------------------------------------------------------------------


def test_a_stay_that_never_was_leaves_no_breach_of_people_or_devices() -> None:
    story = Story(room(LOCK), CHECKS, replace(UNLOCKED))
    kind = StayKind.OWN_REQUEST
    story.does(begin(0, kind, record="b"), minute(0))
    story.hears(reading(LOCK, Quantity.DOOR_LOCK, 1, minute(2)))
    story.hears(reading(LOCK, Quantity.DOOR_LOCK, 0, minute(5)))
    story.hears(reading(LOCK, Quantity.DOOR_LOCK, 1, minute(8)))
    key = ObligationId("calm-1/unlocked/it/door_lock@s1")
    assert story.ledger.intervals() == [
        (key, minute(2), minute(5)),
        (key, minute(8), None),
    ]

    story.does(correction("b", at=20), minute(20))

    assert story.ledger.intervals() == []
    assert story.state.standings == {}
    assert story.state.stays[STAY].void
    assert story.waits(minute(500)) == []


def test_nothing_is_recorded_of_a_stay_that_never_was() -> None:
    story = enclosed(checks=(10,))
    story.does(correction("b", at=20), minute(20))
    void = "stay s1 never was: its begin was corrected away"

    for told in (check(15), end(20), fact("review", 20)):
        assert story.is_refused(told, minute(21)) == void
    for wrong in ("b", "c10"):
        assert story.is_refused(
            correction(wrong, begin(5, record="b2"), at=22), minute(22)
        ) == (f"record {wrong} does not count any more; correct what does")


@pytest.mark.parametrize(
    ("began", "spans"),
    [(-5, [(10, 20)]), (4, [(19, 20)]), (5, []), (6, [])],
)
def test_another_begin_moves_the_first_quarter(
    began: float, spans: list[tuple[float, float]]
) -> None:
    story = enclosed(checks=(20,))
    instead = begin(began, record="b2")
    story.does(correction("b", instead, at=30), minute(30))

    assert story.spans() == [(KEY, minute(a), minute(b)) for a, b in spans]
    assert story.state.stays[STAY].began_at == minute(began)


def test_a_stay_turns_out_to_be_of_another_kind() -> None:
    """What is asked of an enclosure was never asked, and what is asked instead was."""
    story = Story(room(LOCK), CHECKS, UNLOCKED)
    story.does(begin(0, record="b"), minute(0))
    story.hears(reading(LOCK, Quantity.DOOR_LOCK, 1, minute(2)))
    story.waits(minute(16))
    instead = begin(0, StayKind.OWN_REQUEST, record="b2")

    story.does(correction("b", instead, at=17), minute(17))

    door = "calm-1/unlocked/it/door_lock@s1"
    assert story.ledger.intervals() == [(door, minute(2), None)]
    assert [line.closing for _, line in story.ledger.of(STAY)[KEY]] == [
        Closing.WITHDRAWN
    ]


@pytest.mark.parametrize(
    ("began", "why"),
    [
        (41, "stay s1 had ended before this begin"),
        (11, "an earlier check is recorded; correct that record first"),
    ],
)
def test_a_begin_lies_before_what_happened_in_the_stay(began: float, why: str) -> None:
    story = enclosed(checks=(10,))
    story.does(end(40), minute(40))
    instead = begin(began, record="b2")

    assert story.is_refused(correction("b", instead, at=60), minute(60)) == why
    assert story.state.stays[STAY].began_at == minute(0)


def test_a_begin_lies_no_more_in_the_future_than_any_record() -> None:
    story = enclosed()

    assert "future" in story.is_refused(
        correction("b", begin(7, record="b2"), at=5), minute(5)
    )


# --- An end ---------------------------------------------------------------------------


def test_an_end_that_was_none_asks_for_everything_again() -> None:
    story = enclosed(checks=(10,))
    story.does(end(20, record="e"), minute(20))
    story.does(correction("e", at=30), minute(30))

    assert not story.state.stays[STAY].ended
    assert story.ledger.intervals() == [(KEY, minute(25), None)]
    assert story.state.alerts[alert_id(missed(25))].state is AlertState.RAISED


def test_an_end_that_was_none_opens_again_what_it_had_closed() -> None:
    story = enclosed()
    story.does(end(20, record="e"), minute(20))
    events = story.does(correction("e", at=30), minute(30))

    assert without_verdicts(events)[1] == revised(15, None, None)
    assert len(story.of(BreachOpened)) == 1
    assert story.ledger.intervals() == [(KEY, minute(15), None)]


@pytest.mark.parametrize(
    ("ended", "spans"),
    [
        (15, []),
        (16, [(15, 16)]),
        (60, [(15, 60)]),
    ],
)
def test_another_end_moves_what_it_had_ended(
    ended: float, spans: list[tuple[float, float]]
) -> None:
    story = enclosed()
    story.does(end(40, record="e"), minute(40))
    story.does(correction("e", end(ended, record="e2"), at=70), minute(70))

    assert story.spans() == [(KEY, minute(a), minute(b)) for a, b in spans]


def test_what_devices_showed_after_the_end_was_not_in_the_stay() -> None:
    story = Story(room(LOCK), UNLOCKED)
    story.does(begin(0, StayKind.OWN_REQUEST), minute(0))
    for at, value in ((2, 1), (5, 0), (18, 1), (22, 0), (25, 1), (30, 0)):
        story.hears(reading(LOCK, Quantity.DOOR_LOCK, value, minute(at)))
    story.does(end(20), minute(40))

    key = "calm-1/unlocked/it/door_lock@s1"
    assert story.spans() == [
        (key, minute(2), minute(5)),
        (key, minute(18), minute(20)),
    ]


def test_an_end_by_a_clock_ahead_of_ours_ends_its_breaches_at_once() -> None:
    story = enclosed()
    story.waits(minute(30))
    story.does(end(31, record="e"), minute(30))
    assert story.spans() == [(KEY, minute(15), minute(31))]

    story.does(correction("e", end(30.5, record="e2"), at=30), minute(30))
    assert story.spans() == [(KEY, minute(15), minute(30.5))]


def test_an_unknown_end_ends_its_breaches_nobody_knows_when() -> None:
    story = enclosed()
    story.waits(minute(30))
    story.does(end(None, record="u"), minute(40))

    closed = BreachClosed(
        breach=missed(15),
        obligation=KEY,
        closing=Closing.LAPSED,
        began_at=minute(15),
        ended_at=None,
    )
    assert story.of(BreachClosed) == [closed]

    story.does(end(20, record="e"), minute(50))
    assert story.of(BreachRevised) == [revised(15, Closing.LAPSED, 20)]

    story.does(correction("e", at=60), minute(60))
    assert story.of(BreachRevised)[1:] == [revised(15, Closing.LAPSED, None)]
    assert story.state.stays[STAY].ended
    assert story.state.stays[STAY].ended_at is None

    story.does(correction("u", at=70), minute(70))
    assert story.of(BreachRevised)[2:] == [revised(15, None, None)]
    assert not story.state.stays[STAY].ended


def test_an_unknown_end_must_become_known_in_time() -> None:
    story = Story(room(), END_KNOWN)
    story.does(begin(0), minute(0))
    story.does(end(None, record="u"), minute(40))
    assert story.waits(minute(100)) == []
    story.does(end(20, record="e"), minute(150))
    key = "calm-1/end-known/it@s1"
    assert story.spans() == [(key, minute(100), minute(150))]

    story.does(correction("e", end(25, record="e2"), at=160), minute(160))
    assert story.spans() == [(key, minute(100), minute(150))]

    story.does(correction("e2", at=170), minute(170))
    assert story.ledger.intervals() == [(key, minute(100), None)]


def test_an_end_that_was_known_all_along_is_owed_by_nobody() -> None:
    story = Story(room(), END_KNOWN)
    story.does(begin(0), minute(0))
    story.does(end(None, record="u"), minute(40))
    story.waits(minute(110))
    story.does(correction("u", end(20, record="e"), at=120), minute(120))

    assert story.ledger.intervals() == []
    assert story.state.standings == {}


# --- Facts ----------------------------------------------------------------------------


def test_a_no_that_was_a_yes_withdraws_the_breach() -> None:
    age = requirement(DoneBy(fact="age"), name="age", during=[StayKind.ENCLOSURE])
    story = Story(room(), age)
    story.does(begin(0), minute(0))
    story.does(fact("age", 5, outcome=False, record="no"), minute(5))
    story.does(correction("no", fact("age", 5, record="yes"), at=9), minute(9))

    assert story.ledger.intervals() == []
    assert (
        story.state.alerts[next(iter(story.state.alerts))].state is AlertState.RETURNED
    )


def test_a_fact_of_the_room_is_corrected_too() -> None:
    story = Story(room(), requirement(DoneBy(fact="walls"), name="walls"))
    story.does(fact("walls", 3, stay=None, record="w"), minute(5))
    story.does(correction("w", at=8, stay=None), minute(8))

    assert story.state.happened == {"walls": ()}
    key = ObligationId("calm-1/walls/it")
    assert story.state.standings[key].reason is Reason.NOT_YET_RECORDED


def test_a_copy_that_was_not_given_after_all_is_owed_again() -> None:
    story = Story(room(), COPY)
    story.does(begin(0), minute(0))
    story.does(fact("copy", 10, record="yes"), minute(10))
    story.does(end(30), minute(30))
    story.does(correction("yes", at=200), minute(200))

    key = ObligationId("calm-1/copy/it@s1")
    assert story.ledger.intervals() == [(key, minute(2 * HOUR), None)]


def test_what_is_owed_after_the_end_ends_when_somebody_says_that_it_was_not_done() -> (
    None
):
    story = Story(room(), COPY)
    story.does(begin(0), minute(0))
    story.does(end(30), minute(30))
    story.waits(minute(150))
    story.does(fact("copy", 160, outcome=False), minute(160))

    key = ObligationId("calm-1/copy/it@s1")
    assert story.spans() == [(key, minute(120), minute(160))]
    assert story.of(BreachRevised) == []


def test_what_ended_in_the_future_is_refused() -> None:
    story = enclosed()
    disabled = replace(fact("light_disabled", 5), until=minute(12))

    assert story.is_refused(disabled, minute(10)) == (
        "its end lies in the future; record it once it is over"
    )
    assert story.is_refused(replace(disabled, until=minute(4)), minute(10)) == (
        "it ended before it began; look at --at and --until"
    )
    story.does(disabled, minute(12))


# --- What can be corrected ------------------------------------------------------------


@pytest.mark.parametrize("instead", [None, check(9, record="again")])
def test_what_was_corrected_does_not_count_and_is_not_corrected_again(
    instead: StayEvent | None,
) -> None:
    story = enclosed(checks=(10,))
    story.does(correction("c10", check(8, record="c8"), at=11), minute(11))

    assert story.is_refused(correction("c10", instead, at=12), minute(12)) == (
        "record c10 does not count any more; correct what does"
    )
    story.does(correction("c8", instead, at=13), minute(13))


def test_what_takes_the_place_of_a_record_can_itself_be_true() -> None:
    story = enclosed(checks=(10,))
    story.does(end(20, record="e"), minute(20))

    assert story.is_refused(
        correction("c10", check(21, record="x"), at=30), minute(30)
    ) == ("stay s1 had ended before this check")
    assert "later check" in story.is_refused(
        correction("e", end(9, record="x"), at=30), minute(30)
    )
    assert "no longer kept" in story.is_refused(
        correction("e", at=30, stay=StayId("s9")), minute(30)
    )
    assert len(story.of(RecordCorrected)) == 0


def test_a_laxer_agreement_is_no_correction_either() -> None:
    story = Story(room(), CHECKS, AGREED)
    story.does(begin(0), minute(0))
    agreed = CheckIntervalAgreed(
        stay=STAY,
        at_most=minutes(10),
        happened_at=minute(1),
        role="lead",
        record=RecordId("a"),
    )
    story.does(agreed, minute(1))
    for at_most in (minutes(20), timedelta(0)):
        lax = replace(agreed, at_most=at_most, record=RecordId("b"))
        assert story.is_refused(correction("a", lax, at=2), minute(2)) == (
            "checks may be agreed to come more often, not less: 15 min or less"
        )
    shorter = replace(agreed, at_most=minutes(5), record=RecordId("b"))
    story.does(correction("a", shorter, at=2), minute(2))
    story.waits(minute(7))

    assert story.ledger.intervals() == [("calm-1/agreed/it@s1", minute(6), None)]


def test_that_a_second_person_agrees_changes_nothing_but_the_log() -> None:
    story = enclosed(checks=(10,))
    story.does(correction("c10", at=11), minute(11))
    agrees = CorrectionConfirmed(
        confirms=RecordId("not-c10"), at=minute(12), role="lead", stay=STAY
    )
    before = story.state.stays

    assert story.does(agrees, minute(12)) == [agrees]
    assert story.state.stays == before


def test_a_clock_that_is_set_back_gives_no_two_breaches_one_name() -> None:
    """Twice a check is missed at a quarter past, by a clock that shows it twice."""
    story = enclosed()
    story.does(check(20, record="c"), minute(20))
    story.happens(ClockStepped(by=minutes(-20)), minute(0))
    story.does(check(18, record="d"), minute(18))
    assert story.spans() == [
        (KEY, minute(-5), minute(0)),
        (KEY, minute(15), minute(18)),
    ]

    story.does(correction("d", at=19), minute(19))
    assert story.ledger.intervals() == [
        (KEY, minute(-5), minute(0)),
        (KEY, minute(15), None),
    ]


# --- What sensors heard meanwhile -----------------------------------------------------

BUTTON = device(Role.CALL_BUTTON, interval=minutes(6000))
WAITS = "calm-1/contact/it@s1"


def called(at: float, *told: StayEvent) -> Story:
    """Something is told at once, and then the button is pressed at a minute."""
    story = Story(room(BUTTON), CONTACT)
    for record in told:
        assert isinstance(record, StayBegan | StayEnded)
        assert record.happened_at is not None
        story.does(record, record.happened_at)
    story.hears(reading(BUTTON, Quantity.CALL_BUTTON, 1, minute(at)))
    return story


def test_a_call_after_an_end_that_was_none_is_answered_or_missed() -> None:
    story = called(4, begin(0, record="b"), end(2, record="e"))
    story.does(correction("e", at=12), minute(12))

    assert story.ledger.intervals() == [(WAITS, minute(9), None)]


def test_a_call_before_the_begin_that_was_told_first_is_answered_or_missed() -> None:
    story = called(4)
    story.does(begin(6, record="b"), minute(10))
    story.does(correction("b", begin(1, record="b2"), at=12), minute(12))

    assert story.ledger.intervals() == [(WAITS, minute(9), None)]


def test_a_call_before_the_begin_as_it_is_known_now_is_none_of_the_stay() -> None:
    story = called(4, begin(0, record="b"))
    story.waits(minute(10))
    story.does(correction("b", begin(6, record="b2"), at=12), minute(12))

    assert story.ledger.intervals() == []


def test_an_end_told_twice_can_be_taken_back_twice() -> None:
    story = enclosed()
    story.does(end(None, record="u"), minute(10))
    story.does(end(5, record="k"), minute(12))
    story.does(correction("u", at=13), minute(13))
    story.does(correction("k", at=14), minute(14))

    assert not story.state.stays[STAY].ended


def test_what_begins_by_a_clock_ahead_of_ours_is_violated_when_ours_gets_there() -> (
    None
):
    """``Story`` sees to it that asking twice says nothing more."""
    story = Story(room(), OLD_ENOUGH)
    story.does(begin(0.5), minute(0))
    story.does(fact("age", 0, outcome=False), minute(0))
    assert story.ledger.intervals() == []

    story.waits(minute(1))
    assert story.ledger.intervals() == [("calm-1/age/it@s1", minute(0.5), None)]
