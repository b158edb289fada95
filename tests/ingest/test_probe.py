"""The probe says when all has been heard, and when a connection is not to be believed."""

from room_monitor.ingest.probe import LONGEST_BACKLOG, LONGEST_UNPROVABLE, Advice, Probe

EVERY = 10.0


def begun(now: float = 0.0) -> Probe:
    probe = Probe(EVERY)
    probe.begin(now)
    return probe


def test_the_first_is_sent_at_once() -> None:
    assert begun().look(0.0) is Advice.SEND


def test_when_it_is_back_all_has_been_heard() -> None:
    probe = begun()
    nonce = probe.send(0.0)

    assert probe.came_back(nonce, 0.25)
    assert (probe.hearing, probe.proven, probe.round_trip) == (True, True, 0.25)


def test_one_of_an_earlier_connection_proves_nothing() -> None:
    probe = begun()
    old = probe.send(0.0)
    probe.end()
    probe.begin(5.0)
    probe.send(5.0)

    assert not probe.came_back(old, 6.0)
    assert not probe.hearing


def test_the_next_is_sent_after_the_interval() -> None:
    probe = begun()
    probe.came_back(probe.send(0.0), 0.1)

    assert probe.look(9.9) is Advice.WAIT
    assert probe.look(10.0) is Advice.SEND


def test_three_intervals_without_a_word_end_the_connection() -> None:
    probe = begun()
    probe.came_back(probe.send(0.0), 0.1)
    probe.send(10.0)

    assert probe.look(39.9) is Advice.WAIT
    assert probe.look(40.0) is Advice.RECONNECT


def test_as_long_as_something_comes_in_it_may_take_its_time() -> None:
    probe = begun()
    probe.came_back(probe.send(0.0), 0.1)
    probe.send(10.0)
    for second in range(11, 200):
        probe.heard(float(second))
        assert probe.look(float(second)) is Advice.WAIT


def test_the_first_is_given_up_after_ten_seconds_of_silence() -> None:
    probe = begun()
    probe.send(0.0)
    probe.heard(5.0)

    assert probe.look(14.9) is Advice.WAIT
    assert probe.look(15.0) is Advice.GO_ON
    assert probe.hearing
    assert not probe.proven


def test_where_it_is_refused_ten_seconds_of_silence_must_do() -> None:
    probe = Probe(EVERY)
    probe.begin(0.0, denied="Not authorized")

    assert probe.look(9.9) is Advice.WAIT
    assert probe.look(10.0) is Advice.GO_ON
    assert probe.look(100.0) is Advice.WAIT
    assert not probe.proven


def test_where_it_is_refused_steady_traffic_is_heard_for_a_minute() -> None:
    probe = Probe(EVERY)
    probe.begin(0.0, denied="Not authorized")
    probe.heard(LONGEST_UNPROVABLE)

    assert probe.look(LONGEST_UNPROVABLE - 1) is Advice.WAIT
    assert probe.look(LONGEST_UNPROVABLE) is Advice.GO_ON


def test_unproven_it_goes_on_asking_and_never_reconnects() -> None:
    probe = begun()
    nonce = probe.send(0.0)
    assert probe.look(10.0) is Advice.GO_ON
    for second in range(11, 200):
        match probe.look(float(second)):
            case Advice.SEND:
                nonce = probe.send(float(second))
            case advice:
                assert advice is Advice.WAIT

    assert probe.came_back(nonce, 200.0)
    assert probe.proven


def test_steady_traffic_does_not_hide_for_ever_that_no_probe_comes_back() -> None:
    probe = begun()
    probe.send(0.0)
    probe.heard(LONGEST_BACKLOG - 1)
    assert probe.look(LONGEST_BACKLOG - 1) is Advice.WAIT
    probe.heard(LONGEST_BACKLOG)

    assert probe.look(LONGEST_BACKLOG) is Advice.GO_ON


def test_where_probes_have_come_back_before_a_backlog_may_take_longer() -> None:
    probe = begun()
    probe.came_back(probe.send(0.0), 0.1)
    probe.end()
    probe.begin(100.0)
    probe.send(100.0)
    late = 100.0 + 2 * LONGEST_BACKLOG
    probe.heard(late)

    assert probe.look(late) is Advice.WAIT
