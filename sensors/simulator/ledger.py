"""What was sent, what the broker has answered, and how long it has been away.

Two threads share it: the one that plays, which may have to wait, and the one that hears
the broker, which never does.
"""

from collections.abc import Callable
from threading import Condition

from sensors.simulator.broker import BrokerError

LOOKS_EVERY = 0.2
"""In seconds: how often whoever waits looks whether it still should."""


class Ledger:
    """The books of one play.

    Attributes:
        sent: Messages given to the connection.
        acknowledged: Of these the ones the broker has answered, refusals included.
        connections: How often the broker let us in.
        answer: What it said last when it was asked to; ``None`` for yes, and so far.
        refused: Per topic why it did not take a message on it.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        is_stopped: Callable[[], bool],
        *,
        patience: float,
        window: int,
    ) -> None:
        """Begin with nothing sent and no connection.

        Args:
            monotonic: Seconds since some instant.
            is_stopped: Whether the play shall end.
            patience: How long the broker may be away, in seconds.
            window: How many messages may wait for their acknowledgement.
        """
        self.sent = self.acknowledged = self.connections = 0
        self.answer: str | None = None
        self.refused: dict[str, str] = {}
        self._monotonic = monotonic
        self._is_stopped = is_stopped
        self._patience = patience
        self._window = self._room = window
        self._news = Condition()
        self._away_since: float | None = monotonic()
        self._topics: dict[int, str] = {}
        self._refusals: list[tuple[int, str]] = []

    # --- Told by the thread that hears the broker ---------------------------------------

    def connected(self, room: int | None) -> None:
        """There is a connection; the broker takes so many messages at a time."""
        with self._news:
            self.connections += 1
            self._away_since = None
            self._room = min(self._window, room or self._window)
            self._news.notify_all()

    def not_let_in(self, why: str) -> None:
        """There is a broker, but it refuses."""
        with self._news:
            self.answer = why
            self._news.notify_all()

    def disconnected(self) -> None:
        """There is no connection any more."""
        with self._news:
            if self._away_since is None:
                self._away_since = self._monotonic()

    def answered(self, number: int, refusal: str | None) -> None:
        """The broker has answered a message."""
        with self._news:
            self.acknowledged += 1
            if refusal is not None:
                self._refusals.append((number, refusal))
            self._news.notify_all()

    # --- Asked by the thread that plays --------------------------------------------------

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection."""
        return self._away_since is None

    @property
    def is_settled(self) -> bool:
        """Whether everything that was sent is answered."""
        return self.acknowledged >= self.sent

    def wait_for_answer(self, seconds: float) -> bool:
        """Wait until the broker lets us in; false if it refuses or says nothing."""
        with self._news:
            self._news.wait_for(lambda: self.connections or self.answer, seconds)
            return self.connections > 0

    def make_room(self) -> bool:
        """Wait until one more may be sent, and count it; false if the play shall end.

        Raises:
            BrokerError: The broker was away for longer than anybody waits.
        """
        with self._news:
            ready = self._wait_until(
                lambda: self.is_connected and self.sent - self.acknowledged < self._room
            )
            self.sent += ready
        return ready

    def name(self, number: int, topic: str) -> None:
        """The last message that was sent has this number."""
        self._topics[number] = topic
        self._sort_out_refusals()

    def settle(self, parting: float) -> None:
        """Wait until everything is answered; ``parting`` seconds if the play shall end.

        Raises:
            BrokerError: The broker was away for longer than anybody waits.
        """
        with self._news:
            if not self._wait_until(lambda: self.is_settled):
                self._news.wait_for(lambda: self.is_settled, parting)
        self._sort_out_refusals()

    def _wait_until(self, ready: Callable[[], bool]) -> bool:
        while not ready():
            if self._is_stopped():
                return False
            away = self._away_since
            if away is not None and self._monotonic() - away > self._patience:
                why = f": {self.answer}" if self.answer else ""
                message = f"the broker was away for {self._patience:g} s{why}"
                raise BrokerError(message, may_pass=True)
            self._news.wait(LOOKS_EVERY)
        return True

    def _sort_out_refusals(self) -> None:
        # Numbers are used again, so each refusal is looked up before the next message.
        while self._refusals:
            number, why = self._refusals.pop()
            self.refused[self._topics[number]] = why
