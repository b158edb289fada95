"""Over a fortnight, was there enough daylight for enough of the daylight hours?"""

from datetime import datetime, time, timedelta

from room_monitor.core.evaluation import Evaluation, Known, Reason, Verdict
from room_monitor.core.requirements import DaylightShare
from room_monitor.core.site import Device


def evaluate(
    asks: DaylightShare, known: Known, device: Device, now: datetime
) -> Evaluation:
    """Judge the whole days of the window, as the tallies of this sensor show them.

    Too little observed is unknown; so is a day hardly brighter than the night, for then
    the sensor may be seeing a lamp.
    """
    location = known.room.location
    today = now.astimezone(location.zone).date()
    first = today - asks.window
    tomorrow = today + timedelta(days=1)
    recheck_at = datetime.combine(tomorrow, time(), location.zone).astimezone(
        now.tzinfo
    )
    days = [t for t in known.tallies.get(device.id, ()) if first <= t.day < today]
    sunlit = sum(t.sunlit for t in days)
    possible = sum(
        location.daylight_seconds(first + timedelta(days=n), asks.min_elevation)
        for n in range(asks.window.days)
    )
    since = datetime.combine(today, time(), location.zone).astimezone(now.tzinfo)
    if sunlit == 0 or sunlit < asks.min_coverage * possible:
        return Evaluation(
            Verdict.UNKNOWN, Reason.TOO_LITTLE_OBSERVED, since, recheck_at
        )
    if sum(t.bright for t in days) < asks.share * sunlit:
        return Evaluation(Verdict.VIOLATED, Reason.TOO_DARK, since, recheck_at)
    night = sum(t.night for t in days)
    by_day = sum(t.day_lux_seconds for t in days) / sunlit
    by_night = sum(t.night_lux_seconds for t in days) / night if night else None
    if by_night is None or by_day < asks.day_night_ratio * by_night:
        return Evaluation(Verdict.UNKNOWN, Reason.MAY_BE_LAMP, since, recheck_at)
    return Evaluation(Verdict.MET, Reason.DAYLIGHT_SEEN, since, recheck_at)
