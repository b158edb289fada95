"""A trouble is told once, when it has lasted, and is over when it stays away."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from room_monitor.core.events import Trouble
from room_monitor.core.requirements import Priority
from room_monitor.vigil.troubles import Complaint, Found, Over, Troubles
from tests.support.rooms import NOON

SETTLED = timedelta(minutes=2)
KEY = (Trouble.BROKER_AWAY, "")


def complaint(after: int = 60, subject: str = "") -> Complaint:
    return Complaint(
        trouble=Trouble.BROKER_AWAY,
        subject=subject,
        detail="it is away",
        priority=Priority.URGENT,
        after=timedelta(seconds=after),
    )


class Play:
    """Looks each second; remembers in which second what was told."""

    def __init__(self) -> None:
        self.troubles = Troubles()
        self.second = 0
        self.told: list[tuple[int, Found | Over]] = []

    def go(self, seconds: int, *complaints: Complaint) -> "Play":
        for _ in range(seconds):
            at = NOON + timedelta(seconds=self.second)
            for change in self.troubles.look(complaints, self.second, at, SETTLED):
                self.told.append((self.second, change))
            self.second += 1
        return self


def test_what_is_wrong_for_long_enough_is_told_once_and_dated_from_its_beginning() -> (
    None
):
    play = Play().go(10).go(300, complaint())

    assert play.told == [(70, Found(complaint(), NOON + timedelta(seconds=10)))]
    assert play.troubles.found == (complaint(),)


def test_what_is_wrong_for_a_moment_is_not_told() -> None:
    assert Play().go(59, complaint()).go(1000).told == []


def test_what_may_not_be_wrong_at_all_is_told_at_once() -> None:
    assert [second for second, _ in Play().go(1, complaint(0)).told] == [0]


def test_it_is_over_when_it_was_right_for_a_while() -> None:
    play = Play().go(100, complaint()).go(119).go(5, complaint()).go(121)

    assert [second for second, _ in play.told] == [60, 100 + 119 + 5 + 120]
    assert play.told[-1][1] == Over(KEY)
    assert play.troubles.found == ()


def test_what_comes_and_goes_is_found_as_well_and_is_one_trouble() -> None:
    play = Play()
    for _ in range(100):
        play.go(10, complaint()).go(10)

    assert [type(change) for _, change in play.told] == [Found]


def test_what_comes_back_must_stay_away_for_longer() -> None:
    play = Play()
    for _ in range(3):
        play.go(61, complaint()).go(8 * 120)
    lasted = [
        over - found
        for (found, _), (over, _) in zip(play.told[::2], play.told[1::2], strict=True)
    ]

    assert lasted == [121, 241, 481]


def test_what_an_earlier_run_found_is_over_once_it_is_right_for_a_while() -> None:
    play = Play()
    play.troubles.remember([complaint()], 0, NOON)
    assert play.go(120).told == []
    assert play.go(2).told == [(120, Over(KEY))]


def test_what_an_earlier_run_found_and_is_still_wrong_is_not_told_again() -> None:
    play = Play()
    play.troubles.remember([complaint()], 0, NOON)
    assert play.go(600, complaint()).told == []
    assert [c.key for c in play.troubles.found] == [KEY]
    assert play.go(121).told == [(720, Over(KEY))]


def test_troubles_of_two_subjects_are_two() -> None:
    play = Play().go(61, complaint(subject="sms"), complaint(subject="mail"))

    assert {each.subject for each in play.troubles.found} == {"sms", "mail"}


@given(st.lists(st.booleans(), max_size=400))
def test_findings_and_endings_alternate(wrong: list[bool]) -> None:
    play = Play()
    for each in wrong:
        play.go(20, *([complaint()] if each else []))
    kinds = [type(change) for _, change in play.told]

    assert kinds[0::2] == [Found] * len(kinds[0::2])
    assert kinds[1::2] == [Over] * len(kinds[1::2])
