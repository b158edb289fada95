"""How does listening go? For ``status`` and for whoever has to repair it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestStatus:
    """How it goes, at one instant.

    Attributes:
        connected: The broker has accepted us.
        since: Since when it is so, or is not so; aware UTC.
        protocol: The version of MQTT.
        session_present: The broker had kept our session, and so what was said meanwhile.
        proven: A probe came back: the whole path from publisher to here works.
        probe_ms: How many milliseconds the last probe took to come back.
        received: How many messages came in since the start.
        refused: How many of them, or of what was said in them, could not be used.
        dropped: How many were dropped because too many waited (QoS 0 only).
        waiting: How many have come in and are not stored yet.
        trouble: What a technician should look at; ``None`` if all is well.
    """

    connected: bool
    since: datetime | None
    protocol: str
    session_present: bool
    proven: bool
    probe_ms: float | None
    received: int
    refused: int
    dropped: int
    waiting: int
    trouble: str | None


class Troubles:
    """What is wrong, by what it is about; each stands until it is taken back."""

    def __init__(self) -> None:
        self._notes: dict[str, str] = {}

    def note(self, about: str, text: str) -> None:
        """This is wrong now."""
        self._notes[about] = text

    def clear(self, *about: str) -> None:
        """Nothing is wrong any more with these."""
        for each in about:
            self._notes.pop(each, None)

    @property
    def text(self) -> str | None:
        """Everything that is wrong, on one line."""
        return "; ".join(self._notes.values()) or None
