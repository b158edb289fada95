"""Which step of its ladder is an alert at?

A round begins with the alert, when it comes back to people, or ``again_after`` the last
step of the round before. Each step comes ``after`` that; one that tells nobody now is
skipped. Whoever is told by several steps at once is told once, as of the last of them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from room_monitor.core.desk.record import Claim
from room_monitor.core.desk.roster import Roster, Said, pages_of
from room_monitor.core.rota import Ladder, Target


def due_at(claim: Claim, ladder: Ladder, step: int) -> datetime:
    """When a step of the present round comes."""
    first = ladder.steps[0].after if claim.repeated else timedelta(0)
    return claim.since + ladder.steps[step - 1].after - first


def again_at(claim: Claim, ladder: Ladder) -> datetime:
    """When the next round's first step comes."""
    last = due_at(claim, ladder, len(ladder.steps))
    if claim.step_at is not None:
        last = max(last, claim.step_at)
    return last + ladder.again_after + ladder.steps[0].after


def climb(claim: Claim, ladder: Ladder, roster: Roster) -> Said:
    """Tell those of every step that has come in this round, or begin the next one."""
    said = _pages(claim, ladder, roster)
    if said or claim.step == 0 or roster.now < again_at(claim, ladder):
        return said or _newcomers(claim, ladder, roster)
    again = replace(
        claim, since=roster.now, round=claim.round + 1, repeated=True, step=0
    )
    return _pages(again, ladder, roster) or _newcomers(claim, ladder, roster)


def deadlines(
    claim: Claim, ladder: Ladder, heard_within: timedelta
) -> Iterator[datetime]:
    """When steps of this round come that were not told, and the next round.

    And when nobody is reached, if no page gets through until then.
    """
    for step in range(claim.step + 1, len(ladder.steps) + 1):
        yield due_at(claim, ladder, step)
    if claim.step:
        yield again_at(claim, ladder)
    if claim.unheard_since is not None:
        yield claim.unheard_since + heard_within


def reaches_nobody(claim: Claim, ladder: Ladder, roster: Roster) -> bool:
    """Whether no step has anybody to tell, or nothing that was told got through."""
    steps = range(1, len(ladder.steps) + 1)
    if due_at(claim, ladder, 1) <= roster.now and not any(
        roster.targets(ladder, step) for step in steps
    ):
        return True
    unheard = claim.unheard_since
    if unheard is not None and roster.now - unheard >= roster.rota.heard_within:
        return True
    climbed = [told for told in claim.told_now.values() if told.step]
    return bool(climbed) and all(told.sent is False for told in climbed)


def _pages(claim: Claim, ladder: Ladder, roster: Roster) -> Said:
    """Tell those of the steps that have come and were not told."""
    told: dict[Target, int] = {}
    skipped = False
    for step in range(claim.step + 1, len(ladder.steps) + 1):
        if not skipped and due_at(claim, ladder, step) > roster.now:
            break
        found = roster.targets(ladder, step)
        told |= dict.fromkeys(found, step)
        skipped = not found
    return _as_of(claim, ladder, told, roster)


def _newcomers(claim: Claim, ladder: Ladder, roster: Roster) -> Said:
    """Tell a shift that has come, if nobody on shift was told in this round."""
    known = {told.target.person for told in claim.told_now.values()}
    if known & roster.team:
        return []
    for step in range(1, min(claim.step, len(ladder.steps)) + 1):
        if ladder.steps[step - 1].on_shift:
            found = dict.fromkeys(roster.targets(ladder, step), step)
            return _as_of(claim, ladder, found, roster)
    return []


def _as_of(
    claim: Claim, ladder: Ladder, told: dict[Target, int], roster: Roster
) -> Said:
    """Pages in the order of the steps; nobody is told the same step twice a round."""
    said: Said = []
    known = {(each.target, each.step) for each in claim.told_now.values()}
    for step in sorted(set(told.values())):
        those = (
            target
            for target in roster.targets(ladder, step)
            if told[target] == step and (target, step) not in known
        )
        said += pages_of(claim, those, roster.now, ladder=ladder.id, step=step)
    return said
