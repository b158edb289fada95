"""What does the broker not let us say?

Mosquitto 2.0.11, that of Debian 12, ends the connection of a client that publishes what it
may not. So what was denied is not said again for an hour: hearing matters more. MQTT 5
brokers say that they deny; with MQTT 3.1.1 it shows only in connections that end as soon
as we speak.
"""

from typing import Final

FORGET_AFTER: Final = 3600.0
"""After so many seconds it is tried again: the rules may have been corrected."""

SOON: Final = 5.0
"""A connection that ends within so many seconds after our first word was cut short."""

_CUT_SHORT_OFTEN: Final = 2
_CUT_SHORT: Final = "the broker ends the connection when we publish"


class Denials:
    """Topics on which we keep silent. Instants are seconds on a clock nobody can set."""

    def __init__(self) -> None:
        self._why: dict[str, tuple[str, float]] = {}
        self._cut_short = 0

    def deny(self, topic: str, why: str, now: float) -> None:
        """The broker said that it does not take this."""
        self._why[topic] = (why, now + FORGET_AFTER)

    def why(self, topic: str, now: float) -> str | None:
        """Why not to publish there; ``None`` if nothing is known against it."""
        why, until = self._why.get(topic, (None, 0.0))
        return why if now < until else None

    def was_heard(self) -> None:
        """What we said came back: connections do not end because we speak."""
        self._cut_short = 0

    def ended(self, topics: tuple[str, ...], spoke_at: float, now: float) -> None:
        """A connection on which we spoke on these topics, and nothing came back, ended."""
        if now - spoke_at > SOON:
            return
        self._cut_short += 1
        if self._cut_short >= _CUT_SHORT_OFTEN:
            self._cut_short = 0
            for topic in topics:
                if self.why(topic, now) is None:
                    self.deny(topic, _CUT_SHORT, now)
