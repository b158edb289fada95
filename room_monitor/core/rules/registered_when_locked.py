"""Was a stay registered whenever the door was closed and locked?"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from room_monitor.core.evaluation import (
    RESOLUTION,
    Evaluation,
    Known,
    Locking,
    Reason,
    Verdict,
    no_reading,
    too_old,
)
from room_monitor.core.requirements import RegisteredWhenLocked
from room_monitor.core.site import Device, Role
from sensors.quantity import Quantity


def evaluate(asks: RegisteredWhenLocked, known: Known, now: datetime) -> Evaluation:
    """Judge every stretch of a locked door that no registered stay covers.

    The oldest one that nobody explained dates the violation. A door that is open again
    explains nothing: an enclosure that nobody registered is what this looks for. Once all
    is explained it is met from ``now`` on, for that is when it was said.
    """
    said = [
        h.at
        for h in known.happened.get(asks.dismissed_by, ())
        if h.outcome and h.at <= now
    ]
    rechecks: list[datetime] = []
    reason = Reason.REGISTERED
    lockings, registered = known.behind_the_door()
    for locked_at, opened_at in _unregistered(lockings, registered, now):
        suspect_from = locked_at
        dismissed_at = max((at for at in said if at >= locked_at), default=None)
        if dismissed_at is not None:
            reason = Reason.DISMISSED
            suspect_from = dismissed_at + asks.dismissed_for
            if opened_at is not None and opened_at <= suspect_from:
                continue
        suspect_at = suspect_from + asks.longer_than
        if (opened_at or now) > suspect_at:
            return Evaluation(Verdict.VIOLATED, Reason.NOT_REGISTERED, suspect_from)
        if opened_at is None:
            rechecks.append(suspect_at + RESOLUTION)
    unheard = _unheard(known, now)
    if unheard is not None:
        # Silence explains nothing: what is suspected is looked at when it is time.
        return unheard._replace(recheck_at=min(rechecks, default=None))
    recheck_at = min([*rechecks, *_silent_at(known, now)], default=None)
    return Evaluation(Verdict.MET, reason, now, recheck_at)


def _locks(known: Known) -> tuple[Device, ...]:
    return known.room.devices_in(Role.DOOR_LOCK)


def _unheard(known: Known, now: datetime) -> Evaluation | None:
    """A room whose locks say nothing may have been locked unseen."""
    if not _locks(known):
        return Evaluation(Verdict.UNKNOWN, Reason.NO_DEVICE, known.watched_since)
    for device in _locks(known):
        heard = known.latest(device.id, Quantity.DOOR_LOCK)
        if heard is None:
            return no_reading(now)
        if stale := too_old(heard.reading, device.silent_after, now):
            return stale
    return None


def _silent_at(known: Known, now: datetime) -> Iterable[datetime]:
    """When each lock has been silent for too long, if it says no more."""
    for device in _locks(known):
        heard = known.latest(device.id, Quantity.DOOR_LOCK)
        if heard is not None and heard.reading.at + device.silent_after > now:
            yield heard.reading.at + device.silent_after


def _unregistered(
    lockings: Sequence[Locking], registered: Sequence[Locking], now: datetime
) -> Iterable[Locking]:
    """What is left of the locked stretches outside every registered stay, oldest first."""
    for locking in lockings:
        yield from _outside(locking, sorted(registered, key=lambda r: r.began_at), now)


def _outside(
    locking: Locking, registered: Sequence[Locking], now: datetime
) -> Iterable[Locking]:
    free_from: datetime | None = locking.began_at
    for began_at, ended_at in registered:
        if free_from is None:
            return
        end = locking.ended_at or now
        if began_at >= end or (ended_at is not None and ended_at <= free_from):
            continue
        if began_at > free_from:
            yield Locking(free_from, began_at)
        free_from = ended_at
    if free_from is not None and (
        locking.ended_at is None or free_from < locking.ended_at
    ):
        yield Locking(free_from, locking.ended_at)
