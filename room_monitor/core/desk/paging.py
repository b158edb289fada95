"""Who must be told by now?

Whatever is due is said until there is nothing left to say, so that asking again at the
same instant says nothing.
"""

from collections.abc import Iterator
from datetime import datetime

from room_monitor.core import alert as alerts
from room_monitor.core.alert import Alert
from room_monitor.core.desk.climbing import climb, deadlines, reaches_nobody
from room_monitor.core.desk.fold import Draft
from room_monitor.core.desk.holding import Holders, may_be_held, order
from room_monitor.core.desk.reaching import (
    begin_tests,
    next_report,
    next_test,
    report_tests,
)
from room_monitor.core.desk.record import LONG_AGO, NEVER, Claim, Desk, Prompt
from room_monitor.core.desk.roster import Roster, Said, bare, page_id, pages_of
from room_monitor.core.desk.troubles import trouble_found
from room_monitor.core.events import (
    AlertReturnedToNormal,
    Event,
    Message,
    Paged,
    Trouble,
)
from room_monitor.core.ids import AlertId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Rota

_GENTLE_FIRST = (Priority.LOW, Priority.HIGH, Priority.URGENT)


def advance(desk: Desk, rota: Rota, now: datetime) -> tuple[Desk, Said]:
    """Say who must be told by ``now`` (aware UTC), and that it was said.

    Advancing twice at the same instant says nothing the second time. While nothing is
    due it costs nothing, however many alerts there are.
    """
    if now < desk.wake_at:
        return desk, []
    draft, roster = Draft(desk), Roster(rota, now)
    said: Said = []
    if now >= draft.roster_at:
        said += _enter(draft, _shift_changes(draft, roster), now)
    said += _enter(draft, report_tests(draft, now), now)
    said += _enter(draft, _prompts(draft, roster), now)
    stirred = True
    while claims := _due(draft, now, stirred=stirred):
        holders, before = Holders(draft.claims), len(said)
        for key in claims:
            claim = draft.claims.get(key)
            if claim is None:
                continue
            pages = _next(claim, draft, holders, roster)
            if pages:
                said += _enter(draft, pages, now)
            else:
                draft.due[key] = _due_at(claim, roster)
        stirred = len(said) > before
    return draft.desk(_wake_at(draft)), said


def next_deadline(
    desk: Desk,
    rota: Rota,  # noqa: ARG001 - it was asked when the desk was advanced
    now: datetime,
) -> datetime | None:
    """When time alone may next make somebody be told (aware UTC); ``None`` for never.

    ``now`` if something has happened since the desk was last advanced.
    """
    if desk.wake_at == LONG_AGO:
        return now
    return None if desk.wake_at == NEVER else desk.wake_at


def _enter(draft: Draft, said: Said, now: datetime) -> Said:
    for room, event in said:
        draft.enter(room, event, now)
    return said


def _due(draft: Draft, now: datetime, *, stirred: bool) -> list[AlertId]:
    """The claims to look at, in the order in which they are decided.

    If anything was said (``stirred``), another alert may now tell of the same as one of
    which nobody was told yet.
    """
    due = [
        claim
        for key, claim in draft.claims.items()
        if draft.due.get(key, LONG_AGO) <= now or (stirred and may_be_held(claim))
    ]
    return [claim.alert.id for claim in sorted(due, key=order)]


def _next(claim: Claim, draft: Draft, holders: Holders, roster: Roster) -> Said:
    """What must be said of an alert now; nothing if all is said."""
    now, alert = roster.now, claim.alert
    if claim.owed is not None:
        return pages_of(
            claim,
            claim.ever,
            now,
            message=claim.owed,
            ladder=claim.ladder,
            round_=claim.told_round,
        )
    if alert.trouble is not None:
        if claim.open and (claim.answered or _is_gone(alert, roster)):
            return [(None, AlertReturnedToNormal(alert=alert.id, at=now))]
        if (timed_out := alerts.time_out(alert, now)) is not None:
            return [(None, timed_out)]
    if not claim.open or not (roster.rota.ladders or claim.held):
        return []
    if (decided := holders.decide(claim, now)) is not None:
        return [(claim.room, decided)]
    return _tell(claim, draft, roster) if claim.paging else []


def _is_gone(alert: Alert, roster: Roster) -> bool:
    """Whether it is about a ladder or a shift that is no more: nobody can answer by it."""
    return (
        alert.trouble is Trouble.NOBODY_REACHABLE
        and not any(ladder.id == alert.subject for ladder in roster.rota.ladders)
        and not any(shift.id == alert.subject for shift in roster.rota.shifts)
    )


def _tell(claim: Claim, draft: Draft, roster: Roster) -> Said:
    """Page the next people, and the fallback if there are none."""
    ladder = roster.ladder_of(claim)
    if ladder is not None and (said := climb(claim, ladder, roster)):
        return said
    if not _nobody(claim, roster) or _sounds_at(claim, roster) > roster.now:
        return []
    found: list[Event] = []
    if ladder is not None:
        found = trouble_found(
            draft.desk(),
            Trouble.NOBODY_REACHABLE,
            ladder.id,
            f"nobody was reached by ladder {ladder.id}",
            Priority.URGENT,
            roster.now,
        )
    fallback = pages_of(claim, bare(roster.rota.fallback), roster.now)
    return [*((None, event) for event in found), *fallback]


def _nobody(claim: Claim, roster: Roster) -> bool:
    """Whether only the fallback is left."""
    ladder = roster.ladder_of(claim)
    return ladder is None or reaches_nobody(claim, ladder, roster)


def _sounds_at(claim: Claim, roster: Roster) -> datetime:
    """When the fallback may sound for an alert."""
    if claim.fallback_at is None:
        return LONG_AGO
    return claim.fallback_at + roster.again_after(claim)


def _due_at(claim: Claim, roster: Roster) -> datetime:
    """When an alert of which all is said must be looked at again."""
    instants: list[datetime] = []
    if claim.alert.trouble is not None and claim.alert.until is not None:
        instants.append(claim.alert.until)
    if claim.paging and roster.rota.ladders:
        ladder = roster.ladder_of(claim)
        if ladder is not None:
            instants += deadlines(claim, ladder, roster.rota.heard_within)
        if _nobody(claim, roster):
            instants.append(_sounds_at(claim, roster))
    return min((at for at in instants if at > roster.now), default=NEVER)


def _shift_changes(draft: Draft, roster: Roster) -> Said:
    """Other people may be on shift, or will be soon."""
    if not roster.rota.ladders:
        draft.roster_at = NEVER
        return []
    for key, claim in draft.claims.items():
        if claim.paging:
            draft.due.pop(key, None)
    draft.roster_at = min(roster.next_change(), next_test(roster.rota, roster.now))
    return begin_tests(draft, roster.rota, roster.now)


def _prompts(draft: Draft, roster: Roster) -> Said:
    """Remind whoever is first on the ladder, unless the limit has passed."""
    return [
        (prompt.room, paged)
        for prompt in draft.prompts.values()
        if prompt.due_at > roster.now
        for paged in _reminders(prompt, roster)
    ]


def _reminders(prompt: Prompt, roster: Roster) -> Iterator[Paged]:
    fitting = (roster.ladder(prompt.room, p) for p in _GENTLE_FIRST)
    ladder = next((each for each in fitting if each is not None), None)
    if ladder is None:
        return
    for target in roster.targets(ladder, 1):
        yield Paged(
            page=page_id(
                Message.PROMPT,
                prompt.obligation,
                prompt.number,
                target.person,
                target.channel,
            ),
            message=Message.PROMPT,
            channel=target.channel,
            at=roster.now,
            obligation=prompt.obligation,
            due_at=prompt.due_at,
            ladder=ladder.id,
            round=1,
            step=1,
            person=target.person,
        )


def _wake_at(draft: Draft) -> datetime:
    due = min(draft.due.values(), default=NEVER)
    return min(due, draft.roster_at, next_report(draft))
