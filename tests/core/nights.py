"""Nights as chance has them: staff, doors, sensors, restarts and clocks, in any order.

After each step the promises are held against ``truth``: what must be in the log, worked
out from what people told alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from room_monitor.core import desk as desks
from room_monitor.core import judging, monitor
from room_monitor.core.alert import Alert, AlertState
from room_monitor.core.events import (
    AlertAcknowledged,
    AlertRaised,
    AlertShelved,
    AlertUnshelved,
    BreachClosed,
    CheckIntervalAgreed,
    CheckRecorded,
    ContactRecorded,
    CorrectionConfirmed,
    DrillBegan,
    Entry,
    Event,
    FactRecorded,
    Paged,
    PageFailed,
    PageSent,
    Prompted,
    RecordCorrected,
    StayBegan,
    StayEnded,
    StayEvent,
    VerdictChanged,
)
from room_monitor.core.ids import AlertId, DeviceId, RecordId, RoomId, StayId
from room_monitor.core.judging import Turn
from room_monitor.core.monitor import Told as Telling
from room_monitor.core.readings import Reading
from room_monitor.core.requirements import Priority, StayKind
from room_monitor.core.state import RoomState
from room_monitor.core.stay import CLOCKS_DIFFER, Correction, Rejected
from sensors.quantity import Quantity
from tests.core import truth
from tests.core.house import BEDROOM, CALM, DUSK, House, asked, settings
from tests.core.play import remembered

SECRET = "c0ffee"
"""Stands for what is sealed: who it was, and a remark."""

ROOMS = st.sampled_from([CALM, CALM, BEDROOM])
KINDS = st.sampled_from(["enclosure"] * 3 + [kind.value for kind in StayKind])
LATER = st.sampled_from([0, 0, 1, 4, 14, 15, 16, 31])
"""Minutes that pass before something happens."""
AGO = st.sampled_from([0, 0, 0, 0, 1, 7, 15, 16, 40, 200, -0.5])
"""How many minutes ago something happened when it is told; a clock may be ahead of ours."""
WHICH = st.integers(0, 3)
"""Which one: 0 is the last."""
ALERTS = st.sampled_from([0, 0, 0, 1, 2, 5])
"""Which one of those that need somebody; the first are those that cannot wait."""
ROLES = st.sampled_from(["staff", "staff", "behavioural_scientist", "facility_manager"])
FACTS = st.sampled_from(
    [
        "review",
        "extension",
        "told_duration",
        "aged_12_or_older",
        "emergency",
        "contact_answered",
        "scientist_informed",
        "end_reason",
        "decision_in_writing",
    ]
)
SAYS = {
    "door opens": ("door", Quantity.DOOR_CONTACT, 0.0),
    "door closes": ("door", Quantity.DOOR_CONTACT, 1.0),
    "is locked": ("lock", Quantity.DOOR_LOCK, 1.0),
    "is unlocked": ("lock", Quantity.DOOR_LOCK, 0.0),
    "button is pressed": ("call", Quantity.CALL_BUTTON, 1.0),
    "button is released": ("call", Quantity.CALL_BUTTON, 0.0),
    "tag is shown": ("tap", Quantity.PRESENCE_TAP, 1.0),
    "air is fresh": ("climate", Quantity.CO2, 600.0),
    "air is stale": ("climate", Quantity.CO2, 1900.0),
}


class Line:
    """An entry, as a failing story tells it; written out only then."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def __repr__(self) -> str:
        at, event = truth.clock(self._entry.recorded_at), self._entry.event
        about = (
            getattr(event, name, None)
            for name in ("breach", "obligation", "alert", "record", "closing")
        )
        said = " ".join(str(each) for each in about if each)
        where = self._entry.room or "monitor"
        return f"      {at}  {where:10} {type(event).__name__} {said}"


class Night(RuleBasedStateMachine):
    """Two rooms, one desk, and whatever happens."""

    deep = False
    """Whether each stay is also judged again from its begin after each step."""

    def __init__(self) -> None:
        super().__init__()
        ladder = settings().rota.ladders[0]
        self.truth = truth.Truth(ladder.round)
        self.names = 0
        self.checks_told = 0
        self.reconfigured = False
        self.records: list[tuple[RoomId, StayEvent]] = []
        self.corrections: list[tuple[RoomId, RecordCorrected]] = []
        self.told_up_to = DUSK
        self.house = House(self._entered, self._before_a_turn)

    @property
    def now(self) -> datetime:
        return self.house.now

    # --- Staff --------------------------------------------------------------------------

    @initialize(kind=st.one_of(KINDS, KINDS, st.none()), after=LATER)
    def the_night_begins_with(self, kind: str | None, after: float) -> None:
        self._devices_speak()
        self._passes(after)
        if kind is not None:
            self._begins(CALM, StayKind(kind), "k-1", 0)

    @rule(room=ROOMS, kind=KINDS, key=st.sampled_from(["k-1", "k-2"]), ago=AGO)
    def a_stay_begins(self, room: RoomId, kind: str, key: str, ago: float) -> None:
        self._begins(room, StayKind(kind), key, ago)

    @rule(
        after=LATER,
        stay=WHICH,
        ago=AGO,
        role=ROLES,
        contact=st.booleans(),
        times=st.sampled_from([1, 1, 1, 2]),
    )
    def somebody_looks_in(
        self,
        *,
        after: float,
        stay: int,
        ago: float,
        role: str,
        contact: bool,
        times: int,
    ) -> None:
        self._passes(after)
        if (found := self._stay(stay)) is None:
            return
        name, told = found
        for _ in range(times):
            look = CheckRecorded(
                stay=name,
                happened_at=self._ago(ago),
                role=role,
                person=SECRET,
                contact_given=contact,
                record=self._name(),
            )
            answer = self._tells(told.room, look)
            if isinstance(answer, Rejected):
                true = ago == 0 and not told.void and told.end is None
                assert not true or told.began > self.truth.at(self.now), (
                    f"a look in {name} that is true is refused: {answer.reason}"
                )

    @rule(after=LATER, stay=WHICH, given=st.booleans(), ago=AGO, role=ROLES)
    def contact_is_asked_or_given(
        self, after: float, stay: int, given: bool, ago: float, role: str
    ) -> None:
        self._passes(after)
        if (found := self._stay(stay)) is not None:
            contact = ContactRecorded(
                given=given,
                happened_at=self._ago(ago),
                role=role,
                stay=found[0],
                record=self._name(),
            )
            self._tells(found[1].room, contact)

    @rule(stay=WHICH, fact=FACTS, outcome=st.booleans(), ago=AGO, role=ROLES)
    def a_fact_is_recorded(
        self, stay: int, fact: str, outcome: bool, ago: float, role: str
    ) -> None:
        if (found := self._stay(stay)) is not None:
            told = FactRecorded(
                fact=fact,
                outcome=outcome,
                happened_at=self._ago(ago),
                role=role,
                stay=found[0],
                remark=SECRET,
                record=self._name(),
            )
            self._tells(found[1].room, told)

    @rule(room=ROOMS, ago=AGO)
    def it_is_said_that_nobody_was_locked_in(self, room: RoomId, ago: float) -> None:
        said = FactRecorded(
            fact="no_enclosure",
            outcome=True,
            happened_at=self._ago(ago),
            role="staff",
            value="cleaning",
            record=self._name(),
        )
        self._tells(room, said)

    @rule(stay=WHICH, every=st.sampled_from([5, 10, 15, 20]), ago=AGO)
    def checks_are_agreed_upon(self, stay: int, every: int, ago: float) -> None:
        if (found := self._stay(stay)) is not None:
            agreed = CheckIntervalAgreed(
                stay=found[0],
                at_most=timedelta(minutes=every),
                happened_at=self._ago(ago),
                role="behavioural_scientist",
                record=self._name(),
            )
            self._tells(found[1].room, agreed)

    @rule(after=LATER, stay=WHICH, ago=st.one_of(AGO, st.none()))
    def a_stay_ends(self, after: float, stay: int, ago: float | None) -> None:
        self._passes(after)
        if (found := self._stay(stay)) is not None:
            end = StayEnded(
                stay=found[0],
                happened_at=None if ago is None else self._ago(ago),
                role="staff",
                record=self._name(),
            )
            self._tells(found[1].room, end)

    @precondition(lambda self: self.records)
    @rule(
        after=LATER,
        record=st.integers(0, 6),
        moved=st.sampled_from([None, -40, -16, -5, 5, 16, 40]),
        kind=KINDS,
        role=ROLES,
    )
    def a_record_is_corrected(
        self, after: float, record: int, moved: float | None, kind: str, role: str
    ) -> None:
        self._passes(after)
        room, wrong = self.records[-1 - record % len(self.records)]
        instead = None if moved is None else self._instead(wrong, moved, kind, role)
        assert not isinstance(wrong, RecordCorrected | CorrectionConfirmed)
        assert wrong.record is not None
        corrected = RecordCorrected(
            record=self._name(),
            corrects=wrong.record,
            instead=getattr(instead, "record", None),
            at=self.now,
            role="staff",
            stay=wrong.stay,
            person=SECRET,
            reason=SECRET,
        )
        answer = self._tells(room, Correction(instead, corrected))
        if not isinstance(answer, Rejected):
            self.corrections.append((room, corrected))

    @precondition(lambda self: self.corrections)
    @rule(which=WHICH)
    def a_correction_is_confirmed(self, which: int) -> None:
        room, corrected = self.corrections[-1 - which % len(self.corrections)]
        confirmed = CorrectionConfirmed(
            confirms=corrected.record,
            at=self.now,
            role="staff",
            stay=corrected.stay,
            person=SECRET,
        )
        self._tells(room, confirmed)

    # --- Alerts -------------------------------------------------------------------------

    @rule(after=LATER, alert=ALERTS)
    def an_alert_is_acknowledged(self, after: float, alert: int) -> None:
        self._passes(after)
        if (found := self._alert(alert)) is None:
            return
        room, claim = found
        told = AlertAcknowledged(alert=claim.id, role="staff", person=SECRET)
        if room is None:
            self.house.tell_of_trouble(told)
            return
        answer = self._tells(room, told)
        closed = not isinstance(answer, Rejected) and any(
            isinstance(event, BreachClosed) for event in answer
        )
        assert not closed, f"acknowledging {claim.id} closed a breach"

    @rule(alert=ALERTS, minutes=st.sampled_from([10, 240, 9999]))
    def an_alert_is_put_aside(self, alert: int, minutes: int) -> None:
        if (found := self._alert(alert)) is None:
            return
        room, claim = found
        until = self.now + timedelta(minutes=minutes)
        told = AlertShelved(alert=claim.id, at=self.now, until=until, role="staff")
        if room is None:
            self.house.tell_of_trouble(told)
            return
        refused = isinstance(self._tells(room, told), Rejected)
        assert refused or not claim.insistent, f"{claim.id} was put aside"

    @rule(alert=ALERTS)
    def an_alert_is_taken_back(self, alert: int) -> None:
        found = self._alert(alert)
        if found is not None and found[0] is not None:
            told = AlertUnshelved(alert=found[1].id, at=self.now, role="staff")
            self._tells(found[0], told)

    @rule(room=ROOMS)
    def there_is_a_drill(self, room: RoomId) -> None:
        drill = DrillBegan(
            alert=AlertId(f"drill-{self._name()}"),
            priority=Priority.URGENT,
            began_at=self.now,
            ends_at=self.now + timedelta(minutes=30),
            role="staff",
        )
        self._tells(room, drill)

    @precondition(lambda self: self.house.desk.pages)
    @rule(sent=st.booleans())
    def what_was_paged_gets_through_or_not(self, sent: bool) -> None:
        for page, paged in list(self.house.desk.pages.items()):
            if sent:
                became: Event = PageSent(page=page, channel=paged.channel, at=self.now)
            else:
                became = PageFailed(
                    page=page,
                    channel=paged.channel,
                    at=self.now,
                    attempts=3,
                    error="no answer",
                )
            self.house.say(None, became)

    # --- Sensors ------------------------------------------------------------------------

    @rule(after=LATER, room=ROOMS, says=st.sampled_from(sorted(SAYS)))
    def a_device_says(self, after: float, room: RoomId, says: str) -> None:
        self._passes(after)
        self._says(room, says, self.now)

    @rule(room=ROOMS, after=st.sampled_from([1, 2.5, 4]))
    def the_door_is_closed_and_locked(self, room: RoomId, after: float) -> None:
        self._says(room, "door closes", self.now)
        self._says(room, "is locked", self.now)
        self._passes(after)

    @rule(after=LATER, room=ROOMS)
    def the_button_is_pressed(self, after: float, room: RoomId) -> None:
        self._passes(after)
        self._says(room, "button is pressed", self.now)

    @rule(waits=st.sampled_from([1, 4, 7]), kind=KINDS)
    def who_calls_is_registered_late(self, waits: float, kind: str) -> None:
        self._says(CALM, "button is pressed", self.now)
        self._passes(waits)
        self._begins(CALM, StayKind(kind), "k-3", 15)

    @rule()
    def all_devices_speak(self) -> None:
        self._devices_speak()

    @rule(says=st.sampled_from(["air is fresh", "air is stale"]), ago=LATER)
    def a_device_says_late(self, says: str, ago: float) -> None:
        self._says(CALM, says, self._ago(ago))

    @rule()
    def the_broker_is_lost(self) -> None:
        self.house.blinded()

    @rule()
    def the_broker_is_back(self) -> None:
        self.house.sees()

    # --- Time, and the machine itself ---------------------------------------------------

    @rule(minutes=st.sampled_from([1, 5, 15, 16, 45, 130]))
    def time_passes(self, minutes: float) -> None:
        self._passes(minutes)

    @rule(past=st.sampled_from([0, 1, 1000]))
    def it_is_the_next_deadline(self, past: int) -> None:
        due_at = self.house.wakes_at()
        if due_at is not None and due_at - self.now < timedelta(hours=3):
            self.house.wait(due_at - self.now + timedelta(milliseconds=past))

    @rule(minutes=st.sampled_from([0.5, 4, 16, 60]))
    def the_machine_stands_still(self, minutes: float) -> None:
        self.house.oversleep(timedelta(minutes=minutes))

    @rule(minutes=st.sampled_from([-70.1, -16.3, -16, -1.7, 1.9, 15.7, 60.3]))
    def the_clock_is_set(self, minutes: float) -> None:
        self.house.set_clock(timedelta(minutes=minutes))

    @rule(
        away=st.sampled_from([0, 0, 3, 20, 100]),
        since=st.sampled_from(["the log", "a snapshot", "an older snapshot"]),
    )
    def the_monitor_is_killed_and_started(self, away: float, since: str) -> None:
        # What is told by a clock ahead of ours is stepped through only while we run;
        # after a start it is put right when something more is told of the stay.
        ahead = self.told_up_to - self.truth.at(self.now)
        if ahead > timedelta(0):
            self.house.wait(ahead)
        self.house.is_killed(away=timedelta(minutes=away), since=since)

    @rule(
        without=st.sampled_from(["", "", "contact-warning", "room-ventilation"]),
        missing=st.sampled_from([None, None, "calm-1-tap", "calm-1-call"]),
    )
    def other_settings_come_into_force(self, without: str, missing: str | None) -> None:
        self.reconfigured = True
        self.house.reconfigure(asked(without, *([missing] if missing else [])))

    # What happens most in a night is drawn most.
    another_looks_in = a_third_looks_in = somebody_looks_in
    more_time_passes = a_while_passes = time_passes
    another_record_is_corrected = a_record_is_corrected
    contact_again = contact_is_asked_or_given
    the_button_again = the_button_is_pressed
    another_lock = the_door_is_closed_and_locked
    another_stay_begins = a_stay_begins

    # --- What holds after every step ----------------------------------------------------

    @invariant()
    def all_promises_hold(self) -> None:
        self.every_missed_check_is_in_the_ledger_once()
        self.who_asks_for_contact_and_waits_is_not_forgotten()
        self.a_locked_door_is_explained_or_suspected()
        self.what_cannot_wait_is_on_its_way_to_somebody()
        self.an_open_breach_has_an_alert_that_is_awake_or_wakes()
        self.what_the_log_says_is_what_is_true()
        self.deciding_twice_changes_nothing()
        self.a_check_is_what_a_person_told()
        self.house.settle()

    def every_missed_check_is_in_the_ledger_once(self) -> None:
        now = self.truth.at(self.now)
        for name, told in self.truth.stays.items():
            obligation = f"{told.room}/{truth.MISSED}@{name}"
            wanted, has = told.gaps(now), self.truth.in_ledger(obligation)
            assert has == wanted, (
                f"missed in {name}: {wanted}, and the log says {has}; "
                f"it is {truth.clock(now)} on the clock nobody sets"
            )

    def who_asks_for_contact_and_waits_is_not_forgotten(self) -> None:
        now = self.truth.at(self.now)
        waited_for = {line.obligation for _, line in self.truth.open}
        for name, told in self.truth.stays.items():
            calls = self.truth.calls.get(told.room, [])
            since = told.waiting_since(calls, now)
            waits = since is not None and now > since + truth.ANSWERED_WITHIN
            if any(at < told.began <= at + CLOCKS_DIFFER for at in calls):
                continue  # it may belong to the stay: the clock that told may be ahead
            key = f"{told.room}/{truth.UNANSWERED}@{name}"
            assert waits is (key in waited_for), (
                f"contact in {name}, asked for at {truth.clock(since)}, is "
                f"{'not ' if waits else ''}a breach; it is {truth.clock(now)}"
            )

    def a_locked_door_is_explained_or_suspected(self) -> None:
        if not self.house.seeing:
            return
        now = self.truth.at(self.now)
        suspected = {line.obligation for _, line in self.truth.open}
        for room in self.house.rooms:
            since = self.truth.locked_unexplained(room, now)
            assert since is None or f"{room}/{truth.SUSPECTED}" in suspected, (
                f"{room} was locked from {truth.clock(since)} without a stay, and "
                f"nothing is suspected; it is {truth.clock(now)}"
            )

    def what_cannot_wait_is_on_its_way_to_somebody(self) -> None:
        self.truth.nobody_waits(self.now, awake=True)
        claimed = {self.truth.alerts[alert] for alert in self.truth.due}
        for name, line in self.truth.open:
            if line.obligation.split("@")[0].endswith(truth.CANNOT_WAIT):
                assert name in claimed, f"nobody is told of {name}"

    def an_open_breach_has_an_alert_that_is_awake_or_wakes(self) -> None:
        for name, line in self.truth.open:
            room = self.house.rooms[RoomId(line.obligation.split("/")[0])]
            alerts = [a for a in room.alerts.values() if a.breach == name]
            if line.priority is Priority.NONE:
                continue
            assert alerts, f"{name} is open, and has no alert"
            for alert in alerts:
                claim = self.house.desk.claims.get(alert.id)
                assert claim is not None, f"the desk does not know {alert.id}"
                assert claim.alert.state is alert.state, (
                    f"{claim} is {alert} in its room"
                )
                assert self._awake_or_wakes(alert), f"{alert} sleeps for good"

    def what_the_log_says_is_what_is_true(self) -> None:
        for name, state in self.house.rooms.items():
            assert remembered(self.house.twin[name]) == remembered(state), (
                f"folded again from the log, {name} is not as it is"
            )
        assert self.house.twin_desk == self.house.desk, "folded again, the desk differs"

    def deciding_twice_changes_nothing(self) -> None:
        house = self.house
        for state in house.rooms.values():
            if house.seeing:
                assert state.wake_at > self.now, "a deadline outlived its instant"
                again = monitor.advance(state, self.now)
                assert again == Turn(state, []), f"asked again: {_brief(again.events)}"
            # What devices owe is asked again when it is due, also after a gap.
            everything = monitor.judge_all(state, self.now, seeing=False)
            assert everything.events == [], f"asked again: {_brief(everything.events)}"
            assert remembered(everything.state) == remembered(state), "asked again"
            if self.deep and not self.reconfigured:
                self._judged_again(state)
        said = desks.advance(house.desk.afresh, house.rota, self.now)[1]
        assert said == [], f"asked again, the desk says {said}"

    def a_check_is_what_a_person_told(self) -> None:
        assert self.truth.checks == self.checks_told, "a check that nobody told"

    # --- How it is played ---------------------------------------------------------------

    def _entered(self, entry: Entry) -> None:
        event = entry.event
        waited_for = getattr(event, "alert", None) in self.truth.due
        if waited_for or not isinstance(event, VerdictChanged | Paged | AlertRaised):
            note(Line(entry))
        assert type(event).__name__ != "EvaluationFailed", event
        if isinstance(event, BreachClosed) and event.obligation.endswith(
            truth.SUSPECTED
        ):
            assert entry.room is not None
            self._suspicion_may_end(entry.room)
        self.truth.read(entry)
        if isinstance(event, Prompted):
            self._prompted_in_time(event)

    def _suspicion_may_end(self, room: RoomId) -> None:
        since = self.truth.locked_unexplained(room, self.truth.at(self.now))
        assert since is None, f"a suspicion of {truth.clock(since)} ends without a word"

    def _prompted_in_time(self, event: Prompted) -> None:
        key = event.obligation.split("@")[0]
        asks = next(
            o.ask
            for plan in self.house.plans.values()
            for o in (
                *(q.obligation for q in plan.always),
                *(o for of_kind in plan.during.values() for o in of_kind),
            )
            if o.id == key
        )
        assert event.lead == event.due_at - event.at
        assert timedelta(0) <= event.lead <= asks.warn_before + asks.warn_spread, event

    def _before_a_turn(self, now: datetime, awake: bool) -> None:
        self.truth.nobody_waits(now, awake=awake)

    def _awake_or_wakes(self, alert: Alert) -> bool:
        match alert.state:
            case AlertState.RAISED:
                return True
            case AlertState.ACKNOWLEDGED:
                return alert.until is not None and alert.until > self.now
            case AlertState.SHELVED:
                wakes = alert.until is not None and alert.until > self.now
                return wakes and not alert.insistent
            case _:
                return False

    def _judged_again(self, state: RoomState) -> None:
        for stay in state.stays.values():
            again = judging.put_right(state, stay, self.now)
            assert again == [], f"judged again, {stay.id}: {again}"

    def _name(self) -> RecordId:
        self.names += 1
        return RecordId(f"r{self.names}")

    def _ago(self, minutes: float) -> datetime:
        at = self.now - timedelta(minutes=minutes)
        self.told_up_to = max(self.told_up_to, self.truth.at(at))
        return at

    def _passes(self, minutes: float) -> None:
        if minutes:
            self.house.wait(timedelta(minutes=minutes))

    def _begins(self, room: RoomId, kind: StayKind, key: str, ago: float) -> None:
        record = self._name()
        begin = StayBegan(
            stay=StayId(f"s{record[1:]}"),
            kind=kind,
            key=key,
            happened_at=self._ago(ago),
            role="staff",
            record=record,
        )
        answer = self._tells(room, begin)
        if isinstance(answer, Rejected):
            assert "which goes on" in answer.reason, answer.reason

    def _tells(self, room: RoomId, told: Telling) -> Sequence[Event] | Rejected:
        answer = self.house.tell(room, told)
        if isinstance(answer, Rejected):
            note(f"      refused: {answer.reason}")
            return answer
        record = told.instead if isinstance(told, Correction) else told
        if isinstance(record, CheckRecorded):
            self.checks_told += 1
        if getattr(record, "record", None) is not None:
            self.records.append((room, record))  # type: ignore[arg-type]
        return answer

    def _instead(
        self, wrong: StayEvent, moved: float, kind: str, role: str
    ) -> StayEvent | None:
        assert not isinstance(wrong, RecordCorrected | CorrectionConfirmed)
        at = wrong.happened_at or self.now
        happened_at = at + timedelta(minutes=moved)
        new = {"record": self._name(), "happened_at": happened_at, "role": role}
        if isinstance(wrong, StayBegan):
            new["kind"] = StayKind(kind)
        return replace(wrong, **new)  # type: ignore[arg-type]

    def _stay(self, which: int) -> tuple[StayId, truth.Told] | None:
        stays = list(self.truth.stays.items())
        return stays[-1 - which % len(stays)] if stays else None

    def _alert(self, which: int) -> tuple[RoomId | None, Alert] | None:
        """The urgent ones first: 0 is the first of them."""
        found: list[tuple[RoomId | None, Alert]] = [
            (name, alert)
            for name, room in self.house.rooms.items()
            for alert in room.alerts.values()
        ]
        found += [(None, alert) for alert in self.house.desk.troubles.values()]
        found.sort(key=lambda each: not each[1].insistent)
        return found[which % len(found)] if found else None

    def _devices_speak(self) -> None:
        """What they said last, or that all is well; buttons are released."""
        self.house.hear(
            _reading(room, name, quantity, value, self.now)
            for room, plan in self.house.plans.items()
            for name in plan.devices
            for quantity, value in self._last_words(room, name)
        )

    def _last_words(self, room: RoomId, name: DeviceId) -> list[tuple[Quantity, float]]:
        said = self.house.rooms[room].heard.get(name)
        if said:
            words = [(each, heard.reading.value) for each, heard in said.items()]
        else:
            words = [
                (quantity, 600.0 if quantity is Quantity.CO2 else 0.0)
                for device, quantity, _ in SAYS.values()
                if name == f"{room}-{device}"
            ]
        still = (Quantity.CALL_BUTTON, Quantity.PRESENCE_TAP)
        return [(q, 0.0 if q in still else v) for q, v in dict(words).items()]

    def _says(self, room: RoomId, says: str, at: datetime) -> None:
        device, quantity, value = SAYS[says]
        name = DeviceId(f"{room}-{device}")
        if name in self.house.plans[room].devices:
            self.house.hear(
                [_reading(room, name, quantity, value, at, received_at=self.now)]
            )


def _reading(
    room: RoomId,
    device: DeviceId,
    quantity: Quantity,
    value: float,
    at: datetime,
    *,
    received_at: datetime | None = None,
) -> Reading:
    return Reading(
        room=room,
        device=device,
        quantity=quantity,
        value=value,
        at=at,
        received_at=received_at or at,
    )


def _brief(events: Sequence[Event]) -> str:
    kinds = (
        f"{type(e).__name__} {getattr(e, 'obligation', '')} {getattr(e, 'reason', '')}"
        for e in events
    )
    return ", ".join(kinds)
