"""How do the transports fare? Told by the dispatcher, for whoever watches it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one transport fares, since the monitor started.

    Attributes:
        name: Of the transport.
        failing_since: The first failure since it last worked (aware UTC); ``None`` while
            it works, and before anything was sent.
        last_error: What the last failure said; ``None`` while it works.
        last_sent_at: When something was sent last (aware UTC).
        queued: How much is known to wait for it.
    """

    name: str
    failing_since: datetime | None = None
    last_error: str | None = None
    last_sent_at: datetime | None = None
    queued: int = 0


class Healths:
    """The health of every transport. Written by the dispatcher, read by anybody."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._known = {name: Health(name=name) for name in names}
        self._waiting: dict[str, set[str]] = {}

    def all(self) -> tuple[Health, ...]:
        """Of each transport that is there, in the order of their names."""
        return tuple(self.of(name) for name in sorted(self._known))

    def of(self, name: str) -> Health:
        """Of one transport; as good as new if nothing is known of it."""
        known = self._known.get(name, Health(name=name))
        return replace(known, queued=len(self._waiting.get(name, ())))

    # --- What the dispatcher tells -------------------------------------------------------

    def exactly(self, names: Iterable[str]) -> None:
        """These transports are there and no others."""
        self._known = {name: self._known.get(name, Health(name=name)) for name in names}
        self._waiting = {
            name: ids for name, ids in self._waiting.items() if name in self._known
        }

    def waits(self, name: str, notification: str) -> None:
        """This one waits to be sent; known already or not."""
        if name in self._known:
            self._waiting.setdefault(name, set()).add(notification)

    def sent(self, name: str, notification: str, at: datetime) -> None:
        """It was sent: the transport works."""
        self._waiting.get(name, set()).discard(notification)
        if name in self._known:
            self._known[name] = Health(name=name, last_sent_at=at)

    def failed(
        self, name: str, notification: str, at: datetime, error: str, *, for_good: bool
    ) -> None:
        """An attempt failed; ``for_good`` if there will be no other."""
        if for_good:
            self._waiting.get(name, set()).discard(notification)
        if (known := self._known.get(name)) is not None:
            since = known.failing_since or at
            self._known[name] = replace(known, failing_since=since, last_error=error)
