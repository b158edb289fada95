"""The books of a play: nothing too many in flight, nothing forgotten, no endless wait."""

import pytest

from sensors.simulator.broker import BrokerError
from sensors.simulator.ledger import Ledger


class Watch:
    def __init__(self) -> None:
        self.at = 0.0
        self.stopped = False

    def monotonic(self) -> float:
        self.at += 1.0  # each look takes a second
        return self.at

    def is_stopped(self) -> bool:
        return self.stopped


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def ledger(watch: Watch) -> Ledger:
    return Ledger(watch.monotonic, watch.is_stopped, patience=1.0, window=2)


def test_there_is_room_up_to_the_window(ledger: Ledger, watch: Watch) -> None:
    ledger.connected(None)

    assert [ledger.make_room(), ledger.make_room()] == [True, True]
    watch.stopped = True
    assert not ledger.make_room()
    assert ledger.sent == 2


def test_the_broker_may_want_fewer(ledger: Ledger, watch: Watch) -> None:
    ledger.connected(1)

    assert ledger.make_room()
    watch.stopped = True
    assert not ledger.make_room()


def test_an_answer_makes_room(ledger: Ledger) -> None:
    ledger.connected(1)
    ledger.make_room()
    ledger.answered(1, None)

    assert ledger.is_settled
    assert ledger.make_room()


def test_nothing_is_sent_while_the_broker_is_away_and_patience_ends(
    ledger: Ledger,
) -> None:
    ledger.connected(None)
    ledger.disconnected()

    with pytest.raises(BrokerError, match="was away for 1 s"):
        ledger.make_room()


def test_why_the_broker_refuses_is_in_the_error(ledger: Ledger) -> None:
    ledger.connected(None)
    ledger.disconnected()
    ledger.not_let_in("Not authorized")

    with pytest.raises(BrokerError, match="away for 1 s: Not authorized"):
        ledger.make_room()


def test_a_refusal_is_kept_with_its_topic_also_when_it_comes_early(
    ledger: Ledger,
) -> None:
    ledger.connected(None)
    ledger.make_room()
    ledger.answered(7, "Not authorized")
    ledger.name(7, "haven/calm-1/climate")
    ledger.settle(parting=0)

    assert ledger.refused == {"haven/calm-1/climate": "Not authorized"}


def test_after_a_stop_nobody_waits_for_long(ledger: Ledger, watch: Watch) -> None:
    ledger.connected(None)
    ledger.make_room()
    watch.stopped = True

    ledger.settle(parting=0.0)
    assert not ledger.is_settled


def test_who_is_not_let_in_need_not_wait(ledger: Ledger) -> None:
    ledger.not_let_in("Not authorized")

    assert not ledger.wait_for_answer(1000)
