"""People are told past everything, but not again and again; whatever it costs, not us."""

from threading import Event

import pytest

from room_monitor.core.events import Trouble
from room_monitor.vigil.outcry import NOT_SOONER, Outcry


class Resort:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.go_on = Event()
        self.go_on.set()
        self.fails = False

    def __call__(self, text: str) -> None:
        assert self.go_on.wait(5)
        self.said.append(text)
        if self.fails:
            raise ConnectionError("https://secret.example")


def test_it_says_what_people_must_do_and_what_is_wrong() -> None:
    resort = Resort()
    told = Outcry(resort, lambda: 0.0).cry(Trouble.STORE_AWAY, "the disk is full")
    assert told is not None
    told.result(5)

    assert len(resort.said[0]) < 200
    assert "Kijk zelf binnen" in resort.said[0]
    assert resort.said[0].endswith("(store_away: the disk is full)")


def test_one_trouble_is_cried_at_most_once_a_minute() -> None:
    resort, now = Resort(), [0.0]
    outcry = Outcry(resort, lambda: now[0])
    for now[0] in (0.0, 30.0, NOT_SOONER - 0.1, NOT_SOONER):
        told = outcry.cry(Trouble.STORE_AWAY, f"{now[0]}")
        if told is not None:
            told.result(5)
    other = outcry.cry(Trouble.BROKER_AWAY, "another")
    assert other is not None
    other.result(5)

    assert len(resort.said) == 3


def test_one_that_hangs_is_not_begun_again_and_delays_no_other() -> None:
    resort, now = Resort(), [0.0]
    outcry = Outcry(resort, lambda: now[0])
    resort.go_on.clear()
    first = outcry.cry(Trouble.STORE_AWAY, "")
    now[0] = 10 * NOT_SOONER
    assert outcry.cry(Trouble.STORE_AWAY, "") is None
    other = outcry.cry(Trouble.BROKER_AWAY, "")
    resort.go_on.set()
    assert first is not None
    assert other is not None
    first.result(5)
    other.result(5)


def test_that_nobody_was_reached_is_told_to_who_asked() -> None:
    resort = Resort()
    resort.fails = True
    told = Outcry(resort, lambda: 0.0).cry(Trouble.STORE_AWAY, "")
    assert told is not None
    with pytest.raises(ConnectionError):
        told.result(5)
