"""What the log says, folded into what the desk knows."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

from room_monitor.core import alert as alerts
from room_monitor.core.desk.change import Changed, changed, shifted, told
from room_monitor.core.desk.record import (
    LONG_AGO,
    Claim,
    Desk,
    Prompt,
    ReachTest,
)
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertHeld,
    AlertRaised,
    AlertReleased,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    ClockStepped,
    ConfigurationChanged,
    DrillBegan,
    Event,
    Message,
    MonitorStarted,
    ObligationLapsed,
    Paged,
    PageFailed,
    PageSent,
    Prompted,
    ReachTested,
    Trouble,
    TroubleFound,
)
from room_monitor.core.ids import AlertId, ObligationId, PageId, RoomId

TESTS_KEPT = timedelta(days=2)
"""How long it is known of a shift that it was tested, counted from its beginning."""

_Begun = AlertRaised | DrillBegan | TroubleFound
_MATTERS = frozenset(
    get_args(
        _Begun
        | Changed
        | AlertHeld
        | AlertReleased
        | Paged
        | PageSent
        | PageFailed
        | ReachTested
        | Prompted
        | ObligationLapsed
        | ClockStepped
        | ConfigurationChanged
        | MonitorStarted
    )
)

MATTERS = frozenset(kind.__name__ for kind in _MATTERS)
"""The names of the events of which a desk is made."""


def evolve(desk: Desk, room: RoomId | None, event: Event, at: datetime) -> Desk:
    """Say what the desk knows after an event.

    Args:
        desk: What it knew.
        room: Where it happened, or ``None`` for the monitor itself.
        event: Any event of the log; one that does not matter changes nothing.
        at: Aware UTC; when it was recorded.
    """
    if type(event) not in _MATTERS:
        return desk
    if isinstance(event, ObligationLapsed) and event.obligation not in desk.prompts:
        return desk
    draft = Draft(desk)
    draft.enter(room, event, at)
    return draft.desk()


class Draft:
    """A desk in the making: many events are folded for the price of one copy.

    Its attributes are those of ``Desk``, but they can be changed.
    """

    def __init__(self, desk: Desk) -> None:
        self.claims: dict[AlertId, Claim] = dict(desk.claims)
        self.pages: dict[PageId, Paged] = dict(desk.pages)
        self.prompts: dict[ObligationId, Prompt] = dict(desk.prompts)
        self.tests: dict[PageId, ReachTest] = dict(desk.tests)
        self.numbered = desk.numbered
        self.due: dict[AlertId, datetime] = dict(desk.due)
        self.roster_at = desk.roster_at

    def desk(self, wake_at: datetime = LONG_AGO) -> Desk:
        """What is known now; it must be looked at again unless said otherwise."""
        return Desk(
            claims=self.claims,
            pages=self.pages,
            prompts=self.prompts,
            tests=self.tests,
            numbered=self.numbered,
            due=self.due,
            roster_at=self.roster_at,
            wake_at=wake_at,
        )

    def enter(self, room: RoomId | None, event: Event, at: datetime) -> None:
        """Fold one event that was recorded ``at`` (aware UTC)."""
        match event:
            case AlertRaised() | DrillBegan() | TroubleFound():
                self._begin(room, event, at)
            case (
                AlertAcknowledged()
                | AcknowledgementExpired()
                | AlertShelved()
                | AlertUnshelved()
                | AlertReturnedToNormal()
            ):
                self._change(event, at)
            case AlertHeld() | AlertReleased():
                self._hold(event, at)
            case Paged():
                self._page(event, at)
            case PageSent() | PageFailed():
                self._deliver(event)
            case ReachTested():
                self._report(event)
            case Prompted():
                self._prompt(room, event)
            case ObligationLapsed(obligation=lapsed):
                self.prompts.pop(lapsed, None)
            case ClockStepped(by=by):
                self._shift(by)
            case ConfigurationChanged() | MonitorStarted():
                self._look_again()
            case _:
                pass

    # --- Alerts --------------------------------------------------------------------

    def _begin(self, room: RoomId | None, event: _Begun, at: datetime) -> None:
        alert = alerts.evolve(None, event)
        assert alert is not None
        self.numbered += 1
        self.claims.pop(alert.id, None)
        self._put(Claim(alert=alert, room=room, number=self.numbered, since=at))

    def _change(self, event: Changed, at: datetime) -> None:
        claim = self.claims.get(event.alert)
        if claim is None:
            return
        after = changed(claim, event, at)
        if after is None:
            self._drop(claim)
        else:
            self._put(after)
        if after is None or not after.open:
            self._look_at_held(event.alert)

    def _hold(self, event: AlertHeld | AlertReleased, at: datetime) -> None:
        claim = self.claims.get(event.alert)
        if claim is None:
            return
        if isinstance(event, AlertHeld):
            self._put(replace(claim, held=event.under))
        else:
            self._put(replace(claim, held=None, since=at))

    # --- Pages ---------------------------------------------------------------------

    def _page(self, page: Paged, at: datetime) -> None:
        self.pages[page.page] = page
        if page.message is Message.REACH_TEST:
            self._test(page, at)
        elif page.message is Message.PROMPT and page.obligation is not None:
            self.prompts.pop(page.obligation, None)
        claim = self.claims.get(page.alert) if page.alert is not None else None
        if claim is None:
            return
        if page.message is Message.ALERT:
            self._put(told(claim, page, at))
        elif claim.closed:
            self._drop(claim)
        else:
            self._put(replace(claim, owed=None))

    def _deliver(self, event: PageSent | PageFailed) -> None:
        page = self.pages.pop(event.page, None)
        if page is None:
            return
        sent = isinstance(event, PageSent)
        claim = self.claims.get(page.alert) if page.alert is not None else None
        if claim is not None and page.page in claim.told:
            became = claim.told[page.page]._replace(sent=sent)
            claim = replace(claim, told={**claim.told, page.page: became})
            self._put(claim)
        if claim is not None and sent and page.ladder is not None:
            claim = replace(claim, unheard_since=None)
            self._put(claim)
        test = self.tests.get(page.page)
        if test is not None:
            error = event.error if isinstance(event, PageFailed) else ""
            self.tests[page.page] = replace(test, sent=sent, error=error)
        if sent and (page.person is not None or _has_nobody(claim)):
            self._answer(page)

    def _answer(self, page: Paged) -> None:
        """A page to a person was sent: nobody is unreachable any more of whom it was."""
        subjects = {
            test.shift for test in self.tests.values() if test.person == page.person
        }
        for claim in list(self.claims.values()):
            if claim.alert.trouble is Trouble.NOBODY_REACHABLE and (
                claim.alert.subject in subjects or claim.alert.subject == page.ladder
            ):
                self._put(replace(claim, answered=True))

    def _test(self, page: Paged, at: datetime) -> None:
        if page.shift is None or page.due_at is None or page.person is None:
            return
        self.tests = {
            key: test
            for key, test in self.tests.items()
            if at - test.begins_at < TESTS_KEPT
        }
        self.tests[page.page] = ReachTest(
            shift=page.shift,
            begins_at=page.due_at,
            person=page.person,
            channel=page.channel,
            at=at,
        )

    def _report(self, event: ReachTested) -> None:
        for key, test in self.tests.items():
            if not test.reported and (test.shift, test.person, test.channel) == (
                event.shift,
                event.person,
                event.channel,
            ):
                self.tests[key] = replace(test, reported=True, sent=event.reached)
                return

    def _prompt(self, room: RoomId | None, event: Prompted) -> None:
        self.numbered += 1
        self.prompts[event.obligation] = Prompt(
            room=room,
            obligation=event.obligation,
            number=self.numbered,
            due_at=event.due_at,
        )

    # --- Looking again -------------------------------------------------------------

    def _put(self, claim: Claim) -> None:
        self.claims[claim.alert.id] = claim
        self.due.pop(claim.alert.id, None)

    def _drop(self, claim: Claim) -> None:
        self.claims.pop(claim.alert.id, None)
        self.due.pop(claim.alert.id, None)

    def _look_at_held(self, under: AlertId) -> None:
        for claim in self.claims.values():
            if claim.held == under:
                self.due.pop(claim.alert.id, None)

    def _look_again(self) -> None:
        self.due.clear()
        self.roster_at = LONG_AGO

    def _shift(self, by: timedelta) -> None:
        self._look_again()
        self.claims = {key: shifted(claim, by) for key, claim in self.claims.items()}
        self.prompts = {
            key: replace(prompt, due_at=prompt.due_at + by)
            for key, prompt in self.prompts.items()
        }
        self.tests = {
            key: replace(test, at=test.at + by) for key, test in self.tests.items()
        }


def _has_nobody(claim: Claim | None) -> bool:
    """Whether it was told to channels only: then a channel answers for its ladder."""
    return claim is not None and not any(
        told.step == 0 or told.target.person is not None for told in claim.told.values()
    )
