"""After one thing another happens in time; the first one still unanswered counts."""

from room_monitor.core.evaluation import Evaluation, Happening, Known, Reason, Verdict
from room_monitor.core.requirements import Moment, WithinLimit
from room_monitor.core.rules.within_limit import evaluate
from tests.core.play import STEP, enclosure, known, minute, minutes, room

CONTACT = WithinLimit(
    since=Moment("contact_request"),
    until=(Moment("contact_given"), Moment("stay_ended")),
    at_most=minutes(5),
)
ONE_DAY = WithinLimit(
    since=Moment("stay_began"),
    until=(Moment("stay_ended"),),
    at_most=minutes(60),
    extended_by=Moment("extension", outcome=True),
    extension=minutes(30),
)
AT_ONCE = WithinLimit(
    since=Moment("review", outcome=False),
    until=(Moment("stay_ended"),),
    at_most=minutes(5),
)


def known_of(**happened: list[Happening]) -> Known:
    return known(
        room(),
        stay=enclosure(),
        happened={name: tuple(each) for name, each in happened.items()},
    )


def at(number: float, *, outcome: bool | None = None) -> Happening:
    return Happening(minute(number), outcome)


def test_what_was_not_asked_is_met_since_the_stay_began() -> None:
    assert evaluate(CONTACT, known_of(), minute(9)) == Evaluation(
        Verdict.MET, Reason.NOT_ASKED, minute(0)
    )


def test_an_answer_to_nothing_is_still_not_asked() -> None:
    knows = known_of(contact_given=[at(3)])

    assert evaluate(CONTACT, knows, minute(9)).reason is Reason.NOT_ASKED


def test_outside_a_stay_it_is_met_since_we_watch() -> None:
    knows = known(room(), watched_since=minute(4))

    assert evaluate(CONTACT, knows, minute(9)).since == minute(4)


def test_exactly_at_the_limit_is_in_time_and_a_microsecond_more_is_not() -> None:
    knows = known_of(contact_request=[at(2)])

    assert evaluate(CONTACT, knows, minute(7)) == Evaluation(
        Verdict.MET, Reason.IN_TIME, minute(2), minute(7) + STEP, due_at=minute(7)
    )
    assert evaluate(CONTACT, knows, minute(7) + STEP) == Evaluation(
        Verdict.VIOLATED, Reason.OVER_LIMIT, minute(7)
    )


def test_asking_again_does_not_give_more_time() -> None:
    knows = known_of(contact_request=[at(2), at(6)])

    assert evaluate(CONTACT, knows, minute(8)).since == minute(7)


def test_an_answer_answers_all_that_was_asked_before_it() -> None:
    knows = known_of(contact_request=[at(2), at(6)], contact_given=[at(6)])

    assert evaluate(CONTACT, knows, minute(60)) == Evaluation(
        Verdict.MET, Reason.IN_TIME, minute(6)
    )


def test_any_of_the_answers_will_do_and_the_last_one_counts() -> None:
    knows = known_of(
        contact_request=[at(2), at(6)], contact_given=[at(3)], stay_ended=[at(7)]
    )

    assert evaluate(CONTACT, knows, minute(60)).since == minute(7)


def test_what_is_asked_after_the_answer_is_open_again() -> None:
    knows = known_of(contact_request=[at(2), at(6)], contact_given=[at(3)])

    assert evaluate(CONTACT, knows, minute(12)).since == minute(11)


def test_an_extension_before_the_limit_lengthens_it_once() -> None:
    knows = known_of(
        stay_began=[at(0)], extension=[at(20, outcome=True), at(70, outcome=True)]
    )

    assert evaluate(ONE_DAY, knows, minute(90)).verdict is Verdict.MET
    assert evaluate(ONE_DAY, knows, minute(90) + STEP).since == minute(90)


def test_an_extension_exactly_at_the_limit_is_in_time_and_later_is_not() -> None:
    in_time = known_of(stay_began=[at(0)], extension=[at(60, outcome=True)])
    too_late = known_of(stay_began=[at(0)], extension=[at(60.1, outcome=True)])

    assert evaluate(ONE_DAY, in_time, minute(80)).verdict is Verdict.MET
    assert evaluate(ONE_DAY, too_late, minute(80)).since == minute(60)


def test_a_refused_extension_lengthens_nothing() -> None:
    knows = known_of(stay_began=[at(0)], extension=[at(20, outcome=False)])

    assert evaluate(ONE_DAY, knows, minute(61)).since == minute(60)


def test_an_extension_from_before_it_was_asked_lengthens_nothing() -> None:
    knows = known_of(stay_began=[at(0)], extension=[at(-1, outcome=True)])

    assert evaluate(ONE_DAY, knows, minute(61)).since == minute(60)


def test_only_the_outcome_that_is_asked_about_starts_the_clock() -> None:
    positive = known_of(review=[at(2, outcome=True)])
    negative = known_of(review=[at(2, outcome=True), at(4, outcome=False)])

    assert evaluate(AT_ONCE, positive, minute(60)).reason is Reason.NOT_ASKED
    assert evaluate(AT_ONCE, negative, minute(60)).since == minute(9)


def test_by_a_clock_ahead_of_ours_it_counts_when_our_clock_gets_there() -> None:
    knows = known_of(contact_request=[at(2)], contact_given=[at(8.5)])

    assert evaluate(CONTACT, knows, minute(8)).verdict is Verdict.VIOLATED
    assert evaluate(CONTACT, knows, minute(8.5)).since == minute(8.5)
    assert evaluate(CONTACT, known_of(contact_request=[at(9)]), minute(8.5)).due_at is (
        None
    )
