"""What the monitor says of itself is short, dated, and says nothing of people."""

import json
from datetime import timedelta

from room_monitor.ingest.presence import GONE, Presence
from tests.support.rooms import NOON


def test_it_says_since_when_it_runs_and_what_is_wrong() -> None:
    presence = Presence(NOON, ("clock_unsure", "transport_stuck: sms"))
    at = NOON + timedelta(minutes=1)

    assert json.loads(presence.running(at)) == {
        "state": "running",
        "since": NOON.isoformat(),
        "at": at.isoformat(),
        "troubles": ["clock_unsure", "transport_stuck: sms"],
    }
    assert json.loads(presence.stopped(at)) == {
        "state": "stopped",
        "since": NOON.isoformat(),
        "at": at.isoformat(),
    }
    assert json.loads(GONE) == {"state": "gone"}
