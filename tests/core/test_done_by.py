"""The right person has said yes, in time, and that still holds."""

from room_monitor.core.evaluation import Evaluation, Happening, Reason, Verdict
from room_monitor.core.requirements import DoneBy
from room_monitor.core.rules.done_by import evaluate
from tests.core.play import STEP, enclosure, known, minute, minutes, room

REVIEW = DoneBy(
    fact="review", by=frozenset({"behavioural_scientist"}), due=minutes(180)
)
INSPECTION = DoneBy(fact="walls", valid_for=minutes(600))
TOLD = DoneBy(fact="told", due=minutes(0), before_start=True)


def said(
    at: float, *, outcome: bool | None = True, role: str = "behavioural_scientist"
) -> Happening:
    return Happening(minute(at), outcome, role)


def judge(
    asks: DoneBy, *answers: Happening, at: float, steps_later: int = 0
) -> Evaluation:
    knows = known(room(), stay=enclosure(), happened={asks.fact: answers})
    return evaluate(asks, knows, minute(at) + steps_later * STEP)


def inspect(*answers: Happening, at: float) -> Evaluation:
    return evaluate(INSPECTION, known(room(), happened={"walls": answers}), minute(at))


def test_until_it_is_due_nothing_is_shown() -> None:
    assert judge(REVIEW, at=180) == Evaluation(
        Verdict.UNKNOWN,
        Reason.NOT_YET_RECORDED,
        minute(0),
        minute(180) + STEP,
        due_at=minute(180),
    )


def test_a_microsecond_after_it_was_due_its_absence_is_a_violation() -> None:
    assert judge(REVIEW, at=180, steps_later=1) == Evaluation(
        Verdict.VIOLATED, Reason.NOT_RECORDED, minute(180)
    )


def test_without_a_deadline_absence_is_never_a_violation() -> None:
    asks = DoneBy(fact="copy_given")

    assert judge(asks, at=10_000) == Evaluation(
        Verdict.UNKNOWN, Reason.NOT_YET_RECORDED, minute(0)
    )


def test_an_inspection_nobody_did_is_not_shown_since_we_watch() -> None:
    knows = known(room(), watched_since=minute(3))

    assert evaluate(REVIEW, knows, minute(10_000)) == Evaluation(
        Verdict.UNKNOWN, Reason.NOT_YET_RECORDED, minute(3)
    )


def test_yes_from_the_right_person_is_done_since_they_said_it() -> None:
    assert judge(REVIEW, said(30), at=40) == Evaluation(
        Verdict.MET, Reason.DONE, minute(30)
    )


def test_no_is_a_violation_since_they_said_it() -> None:
    assert judge(REVIEW, said(30, outcome=False), at=40) == Evaluation(
        Verdict.VIOLATED, Reason.ANSWERED_NO, minute(30)
    )


def test_an_answer_without_an_outcome_is_not_a_yes() -> None:
    answered = judge(REVIEW, said(30, outcome=None), at=40)

    assert answered.reason is Reason.ANSWERED_NO


def test_the_last_answer_counts_in_whatever_order_they_were_recorded() -> None:
    yes, no = said(30), said(20, outcome=False)

    assert judge(REVIEW, yes, no, at=40).since == minute(30)
    assert judge(REVIEW, no, yes, at=40).verdict is Verdict.MET


def test_yes_from_somebody_else_is_a_violation() -> None:
    assert judge(REVIEW, said(30, role="care_worker"), at=40) == Evaluation(
        Verdict.VIOLATED, Reason.WRONG_PERSON, minute(30)
    )


def test_somebody_else_cannot_undo_what_the_right_person_said() -> None:
    finding = judge(REVIEW, said(30), said(35, role="care_worker"), at=40)

    assert finding == Evaluation(Verdict.MET, Reason.DONE, minute(30))


def test_anybody_may_do_what_names_nobody() -> None:
    assert inspect(said(3, role="caretaker"), at=4).verdict is Verdict.MET


def test_what_has_not_happened_yet_does_not_count() -> None:
    assert judge(REVIEW, said(41), at=40).reason is Reason.NOT_YET_RECORDED


def test_an_answer_holds_until_it_exactly_expires() -> None:
    assert inspect(said(3), at=602.9) == Evaluation(
        Verdict.MET, Reason.DONE, minute(3), minute(603)
    )
    assert inspect(said(3), at=603) == Evaluation(
        Verdict.UNKNOWN, Reason.EXPIRED, minute(603)
    )


def test_what_must_come_first_may_come_at_the_very_start() -> None:
    assert judge(TOLD, said(0), at=5).verdict is Verdict.MET
    assert judge(TOLD, said(-5), at=5) == Evaluation(
        Verdict.MET, Reason.DONE, minute(-5)
    )
    assert judge(TOLD, said(0), said(60), at=70).verdict is Verdict.MET


def test_what_must_come_first_and_came_later_is_a_violation_from_the_start() -> None:
    assert judge(TOLD, said(0.1), at=5) == Evaluation(
        Verdict.VIOLATED, Reason.TOO_LATE, minute(0)
    )


def test_saying_it_again_later_does_not_undo_that_it_was_said_in_time() -> None:
    assert judge(TOLD, said(-5), said(60), at=70) == Evaluation(
        Verdict.MET, Reason.DONE, minute(-5)
    )


WALLS = DoneBy(fact="walls", by=frozenset({"facility_manager"}), valid_for=minutes(600))


def looked_at(*answers: Happening, at: float) -> Evaluation:
    return evaluate(WALLS, known(room(), happened={"walls": answers}), minute(at))


def test_a_look_by_somebody_else_shows_nothing_of_a_room() -> None:
    assert looked_at(said(3, role="staff"), at=9) == Evaluation(
        Verdict.UNKNOWN, Reason.WRONG_PERSON, minute(3)
    )


def test_damage_counts_whoever_found_it_until_the_right_person_has_looked() -> None:
    whole = said(1, role="facility_manager")
    damaged = said(3, outcome=False, role="staff")
    staff_again = said(5, role="staff")
    repaired = said(7, role="facility_manager")

    assert looked_at(whole, damaged, staff_again, at=6) == Evaluation(
        Verdict.VIOLATED, Reason.ANSWERED_NO, minute(3)
    )
    assert looked_at(whole, damaged, staff_again, repaired, at=9).since == minute(7)


def test_of_two_answers_about_one_instant_the_last_one_recorded_counts() -> None:
    yes, no = said(3), said(3, outcome=False)

    assert inspect(yes, no, at=9).verdict is Verdict.VIOLATED
    assert inspect(no, yes, at=9).verdict is Verdict.MET
