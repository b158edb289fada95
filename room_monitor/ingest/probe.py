"""Do we hear what is said? A message to ourselves goes all the way and shows it.

    begin ──sent──> waiting ──came back──> proven ──sent──> …
                       │                     │
                  nothing for 10 s      nothing for three intervals
                       v                     v
                    unproven             connect anew

The broker hands out in order, so when the first probe is back everything that was said
while we were away has been heard before it. As long as anything comes in, or waits to be
stored, a probe has reason to take its time. Pure: time is given.
"""

import secrets
from enum import Enum, auto
from math import inf
from typing import Final

PATIENCE: Final = 10.0
"""After so many seconds in which nothing came in the first probe is given up."""

LONGEST_BACKLOG: Final = 600.0
"""After so many seconds even if something always comes in, if no probe ever came back."""

LONGEST_UNPROVABLE: Final = 60.0
"""The same where the broker does not take probes: nothing can prove anything there."""

MISSED: Final = 3
"""After so many intervals without a word the connection is no longer believed."""


class Advice(Enum):
    """What to do about the probe now."""

    WAIT = auto()
    SEND = auto()
    GO_ON = auto()
    """It does not come back: listen without it."""
    RECONNECT = auto()


class Probe:
    """The probes of one monitor. All instants are seconds on a clock nobody can set.

    Attributes:
        round_trip: How many seconds the last one that came back was on its way.
        hearing: Everything that was said before has been heard, as far as can be known.
        proven: A probe came back on this connection.
        denied: Why the broker does not take probes, if it said so.
    """

    def __init__(self, every: float) -> None:
        self.round_trip: float | None = None
        self.hearing = False
        self.proven = False
        self.denied: str | None = None
        self._every = every
        self._ever = False
        self._out: bytes | None = None
        self._began = self._sent = self._heard = 0.0

    def begin(self, now: float, denied: str | None = None) -> None:
        """There is a new connection; ``denied`` if the broker takes no probes."""
        self.hearing = self.proven = False
        self.denied = denied
        self._out = None
        self._began = self._heard = self._sent = now

    def end(self) -> None:
        """The connection is gone."""
        self.hearing = self.proven = False

    def send(self, now: float) -> bytes:
        """What to publish."""
        self._out = secrets.token_hex(8).encode()
        self._sent = now
        return self._out

    def heard(self, now: float) -> None:
        """Something came in, or what came in was not stored yet."""
        self._heard = now

    def came_back(self, payload: bytes, now: float) -> bool:
        """A probe came in; whether it is the one that we wait for."""
        if payload != self._out:
            return False
        self._out = None
        self.round_trip = now - self._sent
        self.hearing = self.proven = self._ever = True
        self.denied = None
        return True

    def look(self, now: float) -> Advice:
        """What to do now."""
        silent = now - max(self._began, self._sent, self._heard)
        if not self.hearing:
            if silent >= PATIENCE or now - self._began >= self._longest():
                self.hearing = True
                return Advice.GO_ON
            begins = self._out is None and not self.denied
            return Advice.SEND if begins else Advice.WAIT
        if self.denied:
            return Advice.WAIT
        if self.proven and self._out is not None:
            lost = silent >= MISSED * self._every
            return Advice.RECONNECT if lost else Advice.WAIT
        return Advice.SEND if now - self._sent >= self._every else Advice.WAIT

    def _longest(self) -> float:
        if self.denied:
            return LONGEST_UNPROVABLE
        return inf if self._ever else LONGEST_BACKLOG
