"""What the broker does not let us say is not said again for a while."""

from room_monitor.ingest.denials import FORGET_AFTER, Denials

PROBE, STATUS = "room-monitor/probe/me", "room-monitor/monitor"
BOTH = (PROBE, STATUS)


def test_what_was_denied_is_tried_again_after_an_hour() -> None:
    denials = Denials()
    denials.deny(PROBE, "Not authorized", 10.0)

    assert denials.why(PROBE, 10.0) == "Not authorized"
    assert denials.why(STATUS, 10.0) is None
    assert denials.why(PROBE, 10.0 + FORGET_AFTER) is None


def test_connections_that_end_when_we_speak_make_us_silent() -> None:
    denials = Denials()
    denials.ended(BOTH, spoke_at=0.0, now=1.0)
    assert denials.why(PROBE, 1.0) is None

    denials.ended(BOTH, spoke_at=2.0, now=3.0)

    why = "the broker ends the connection when we publish"
    assert [denials.why(topic, 3.0) for topic in BOTH] == [why, why]


def test_what_the_broker_said_itself_stands() -> None:
    denials = Denials()
    denials.deny(PROBE, "Not authorized", 0.0)
    denials.ended(BOTH, spoke_at=0.0, now=1.0)
    denials.ended(BOTH, spoke_at=0.0, now=1.0)

    assert denials.why(PROBE, 1.0) == "Not authorized"


def test_a_connection_that_lasted_ended_for_another_reason() -> None:
    denials = Denials()
    for start in (0.0, 100.0, 200.0):
        denials.ended(BOTH, spoke_at=start, now=start + 60.0)

    assert denials.why(PROBE, 260.0) is None


def test_once_we_were_heard_the_count_begins_anew() -> None:
    denials = Denials()
    denials.ended(BOTH, spoke_at=0.0, now=1.0)
    denials.was_heard()
    denials.ended(BOTH, spoke_at=2.0, now=3.0)

    assert denials.why(PROBE, 3.0) is None
