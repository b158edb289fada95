"""From a missed check to the person, by every way there is, and nobody is forgotten.

A real monitor, a real broker, a real mail server and a real receiver. Who was told what
and when is taken from what arrived there, and held against the log. A ladder begins anew
after a minute at the earliest: meanwhile, the other tests of this file run.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from room_monitor import control
from room_monitor.control import Answer, Do, Request
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertRaised,
    AlertReturnedToNormal,
    BreachClosed,
    BreachOpened,
    DrillBegan,
    Message,
    Paged,
    PageFailed,
    PageSent,
    Trouble,
    TroubleFound,
    VerdictChanged,
)
from room_monitor.core.ids import AlertId, PageId
from room_monitor.core.requirements import StayKind
from room_monitor.store import SqliteReader
from tests.slow.house import House, write_site
from tests.slow.posts import Heard, Posts, What, posted
from tests.support import broker as mosquitto
from tests.support.broker import Broker

LIMIT = timedelta(seconds=5)
AT_MOST_LATE = timedelta(seconds=5)
STEPS = (timedelta(0), timedelta(seconds=3), timedelta(seconds=6))
AGAIN_AFTER = timedelta(minutes=1)
ROUND = STEPS[-1] + AGAIN_AFTER
A_MOMENT = timedelta(seconds=1)
SEED = 20261122

NAME, REMARK = "Jo de Vries", "ik ga nu kijken"
KEY = "jeugdige-0815"
SECRET = "a key of the signature, long enough"
PEOPLE = {"staff-1", "staff-2", "staff-3", "scientist"}
NAMELESS = "mail"
"""The channel whose messages do not tell the name of the page."""

REQUIREMENTS = """\
catalogue:
  version: ladder
requirements:
  - id: check
    label: indication
    citation: test
    nl: controle
    en: check
    applies: {rooms: [safe_room], during: [enclosure]}
    valid_from: 2024-01-01
    asks:
      - {key: gap, evidence: registration, kind: checked_every, fact: check,
         at_most: 5 s, insistent: yes, priority: urgent}
"""

CHANNELS = """\
channels:
  - {{id: tablet, kind: webhook, url: "http://127.0.0.1:{web}/tablet", secret_file: key}}
  - {{id: phone, kind: webhook, url: "http://127.0.0.1:{web}/phone", secret_file: key}}
  - {{id: mail, kind: apprise, url_file: mail}}
  - {{id: lamp, kind: mqtt, topic: pages/lamp}}
  - {{id: siren, kind: mqtt, topic: pages/siren}}
  - {{id: last-resort, kind: mqtt, topic: pages/last-resort}}
"""

A_ROTA = """\
people:
  - {id: staff-1, channels: [tablet, lamp]}
  - {id: staff-2, channels: [mail]}
  - {id: scientist, channels: [phone]}
shifts:
  - {id: always, members: [staff-1], from: 00:00, until: 00:00}
ladders:
  - id: all
    steps:
      - {after: 0 s, tell: [on-shift]}
      - {after: 3 s, tell: [staff-2]}
      - {after: 6 s, tell: [scientist, siren]}
    again_after: 1 min
fallback: [last-resort]
"""

TOLD_BY = {1: ("tablet", "lamp"), 2: ("mail",), 3: ("phone", "siren")}
"""Which channels each step tells, in that rota."""

A_ROUND = [(step, channel) for step, by in TOLD_BY.items() for channel in by]


# --- A house with people -----------------------------------------------------------------


class Home(House):
    """A house, and whom its ladders tell.

    Attributes:
        posts: Where messages arrive.
        kills: When it was killed.
    """

    def __init__(
        self,
        folder: Path,
        broker: Broker,
        posts: Posts,
        rota: str = A_ROTA,
    ) -> None:
        surroundings = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        super().__init__(folder, broker, environment=surroundings)
        self.posts = posts
        self.kills: list[datetime] = []
        write_site(self.site.parent, broker, requirements=REQUIREMENTS)
        channels = CHANNELS.format(web=posts.web_port)
        self.site.write_text(f"{self.site.read_text()}{channels}{rota}")
        (self.site.parent / "key").write_text(SECRET)
        (self.site.parent / "mail").write_text(
            f"mailto://127.0.0.1:{posts.mail_port}"
            "?from=monitor@haven.example&to=mail@haven.example&cto=2"
        )

    def act(self, request: Request) -> Answer:
        """What came of what a person did; it waits until somebody can be told."""
        answer = self.until(lambda: asyncio.run(control.ask(self.state, request)))
        assert answer is not None
        assert answer.error is None, answer.error
        return answer

    def begin_stay(self, room: str = "room-0", due_in: float = 2) -> datetime:
        """Begin one whose first check is due soon; return when."""
        due_at = datetime.now(UTC) + timedelta(seconds=due_in)
        self.act(
            Request(
                do=Do.BEGIN_STAY,
                target=room,
                role="staff",
                kind=StayKind.ENCLOSURE,
                key=KEY,
                person=NAME,
                at=due_at - LIMIT,
            )
        )
        return due_at

    def check_in(self, room: str = "room-0") -> None:
        self.act(Request(do=Do.CHECK_IN, target=room, role="staff", person=NAME))

    def end_stay(self, room: str = "room-0") -> None:
        self.act(Request(do=Do.END_STAY, target=room, role="staff", person=NAME))

    def acknowledge(self, alert: AlertId) -> None:
        self.act(
            Request(
                do=Do.ACKNOWLEDGE,
                target=alert,
                role="staff",
                person=NAME,
                remark=REMARK,
            )
        )

    def kill(self) -> None:
        super().kill()
        self.kills.append(datetime.now(UTC))

    def has_started(self) -> bool:
        """Whether it watches since it was killed last."""
        since = self.kills[-1] if self.kills else None
        with SqliteReader.open(self.state) as store:
            return any(store.entries(since=since, types=frozenset({"MonitorStarted"})))

    # --- What its log says --------------------------------------------------------------

    def paged(self, *, round_: int | None = None) -> list[Paged]:
        """The pages of alerts, in the order of the log."""
        return [
            page
            for page in self.events(Paged)
            if page.message is Message.ALERT and round_ in (None, page.round)
        ]

    def settled(self) -> bool:
        """Whether it stands in the log of every page what became of it."""
        ended = {e.page for e in self.events(PageSent)}
        ended |= {e.page for e in self.events(PageFailed)}
        return ended == {page.page for page in self.events(Paged)}

    def troubles(self, trouble: Trouble) -> dict[str, TroubleFound]:
        """What was found of a kind, by its subject."""
        return {e.subject: e for e in self.events(TroubleFound) if e.trouble is trouble}

    def is_over(self, alert: AlertId) -> bool:
        return any(e.alert == alert for e in self.events(AlertReturnedToNormal))

    def leave(self) -> None:
        """End it; what is in the log must be what arrived, and nothing personal."""
        self.until(self.settled)
        assert self.end() == 0
        assert "Traceback" not in self.said
        self.verify()
        agrees(self)
        tells_nothing_personal(self)


def agrees(home: Home) -> None:
    """What the log says was told, and what arrived, are the same.

    Whatever was recorded as sent arrived, and not later; never was it sent again after
    that. Before it was recorded, a page may have arrived once more for each kill, under
    the same name.
    """
    pages = {page.page: page for page in home.events(Paged)}
    sent = {e.page: e.at for e in home.events(PageSent)}
    failed = {e.page for e in home.events(PageFailed)}
    assert len(sent) == len(home.events(PageSent)), "something was recorded twice"
    assert sent.keys() | failed == pages.keys()
    assert not sent.keys() & failed
    assert all(page.person in {None, *PEOPLE} for page in pages.values())
    again = {
        name: sum(pages[name].at <= at <= sent_at for at in home.kills)
        for name, sent_at in sent.items()
    }
    troubles = {e.alert for e in home.events(TroubleFound)}
    _agree_by_name(home, pages, sent, again, troubles)

    recorded: Counter[What] = Counter()
    at_most: Counter[What] = Counter()
    for name in sent:
        if pages[name].channel == NAMELESS:
            recorded[_what(pages[name], troubles)] += 1
            at_most[_what(pages[name], troubles)] += 1 + again[name]
    arrived = Counter(h.what for h in home.posts.heard if h.page is None)
    assert recorded <= arrived <= at_most


def _agree_by_name(
    home: Home,
    pages: Mapping[PageId, Paged],
    sent: Mapping[PageId, datetime],
    again: Mapping[PageId, int],
    troubles: set[AlertId],
) -> None:
    """Of messages that tell the name of their page."""
    arrived: dict[PageId, list[datetime]] = {name: [] for name in pages}
    for heard in home.posts.heard:
        if heard.page is not None:
            page = pages[PageId(heard.page)]
            assert heard.what == _what(page, troubles)
            assert heard.drill is page.drill
            assert heard.key in (None, page.page)
            arrived[page.page].append(heard.at)
    for name, instants in arrived.items():
        page = pages[name]
        if page.channel == NAMELESS or name not in sent:
            assert not instants
            continue
        assert 1 <= len(instants) <= 1 + again[name]
        # The broker answers the monitor, and passes on to the siren, at the same time.
        of_broker = page.channel in {"lamp", "siren", "last-resort"}
        latest = sent[name] + (A_MOMENT if of_broker else timedelta(0))
        assert all(page.at <= at <= latest for at in instants)


def _what(page: Paged, troubles: set[AlertId]) -> What:
    kind = "page" if page.message is Message.ALERT else page.message.value
    if kind == "page" and page.alert in troubles:
        kind = "trouble"
    tells_no_round = page.channel == NAMELESS and not page.step
    return page.channel, kind, 0 if tells_no_round else page.round, page.step


def tells_nothing_personal(home: Home) -> None:
    """No message tells of whom it is or who acted; in the log are no names."""
    stays = {e.stay for e in home.events(AlertRaised)} - {None}
    secrets = {NAME, "Vries", REMARK, KEY, SECRET, *map(str, stays)}
    for heard in home.posts.heard:
        assert not [each for each in secrets if each in heard.text], heard
    for entry in home.entries():
        told = repr(entry.event)
        assert not [each for each in (NAME, REMARK, SECRET) if each in told], told


class Homes:
    """Starts homes, each with a broker and people of its own, and ends them all."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._numbers = count(1)

    def __call__(self, rota: str = A_ROTA) -> Home:
        folder = self._folder / f"home-{next(self._numbers)}"
        broker = self._stack.enter_context(Broker(folder / "broker"))
        posts = self._stack.enter_context(posted(broker))
        home = Home(folder, broker, posts, rota)
        self._stack.callback(home.clear_up)
        home.start()
        home.until_it_sees()
        return home


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Homes]:
    with ExitStack() as stack:
        yield Homes(tmp_path, stack)


# --- Long walks beside the other tests -----------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A ladder that was walked.

    Attributes:
        due_at: When the check was due.
        acknowledged_at: When somebody took it on.
        checked_at: When somebody looked in at last.
    """

    home: Home
    due_at: datetime
    acknowledged_at: datetime | None = None
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Walks:
    """What comes of them.

    Attributes:
        alone: Of one monitor that nobody disturbs.
        killed: Of one that is killed again and again.
        handover: Of one where the shift changes.
        handover_at: When it does; a shift begins at a whole minute.
    """

    alone: Future[Walked]
    killed: Future[Walked]
    handover: Future[Walked]
    handover_at: datetime


@pytest.fixture(scope="module", autouse=True)
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walks]:
    if mosquitto.find() is None:
        pytest.skip("Mosquitto is not installed: sudo apt install mosquitto")
    with ExitStack() as stack:
        homes = Homes(tmp_path_factory.mktemp("walks"), stack)
        alone, killed = homes(), homes()
        handover_at = _next_minute(BEFORE)
        handed_over = homes(rota_until(handover_at))
        walking = stack.enter_context(ThreadPoolExecutor(3))
        # Whoever still waits when the tests have ended waits in vain.
        for home in (alone, killed, handed_over):
            stack.callback(home.posts.give_up)
        yield Walks(
            alone=walking.submit(walk_alone, alone),
            killed=walking.submit(walk_killed, killed),
            handover=walking.submit(walk_handover, handed_over, handover_at),
            handover_at=handover_at,
        )


def walk_alone(home: Home) -> Walked:
    """Nobody answers for a round; then somebody takes it on, forgets it, and looks in."""
    posts, due_at = home.posts, home.begin_stay()
    posts.wait("page", "siren", round_=1)
    within = ROUND.total_seconds() + 5
    posts.wait("page", "siren", round_=2, within=within)
    (alert,) = {page.alert for page in home.paged()}
    assert alert is not None
    acknowledged_at = datetime.now(UTC)
    home.acknowledge(alert)
    posts.wait("page", "lamp", round_=3)
    checked_at = datetime.now(UTC)
    home.check_in()
    posts.wait("over", "lamp")
    home.end_stay()
    home.leave()
    return Walked(
        home=home,
        due_at=due_at,
        acknowledged_at=acknowledged_at,
        checked_at=checked_at,
    )


def walk_killed(home: Home) -> Walked:
    """Killed every few seconds until two rounds are over.

    First when the first page has arrived and is not answered yet, then by chance.
    """
    chance = random.Random(SEED)  # noqa: S311 - a test must repeat
    struck = Event()

    def strike(heard: Heard) -> None:
        if heard.kind == "page" and not struck.is_set():
            home.kill()
            struck.set()

    home.posts.before_answer = strike
    due_at = home.begin_stay()
    assert struck.wait(20)
    home.start()
    give_up_at = time.monotonic() + 2 * ROUND.total_seconds()
    while not _told_of_all(home, 2):
        assert time.monotonic() < give_up_at, home.said
        assert not home.posts.given_up
        if len(home.kills) % 4:
            # Most kills hit a monitor at work, the others one that starts.
            home.until(home.has_started)
        time.sleep(chance.uniform(0.1, 3))
        home.kill()
        home.start()
    checked_at = datetime.now(UTC)
    home.check_in()
    home.posts.wait("over", "phone")
    home.end_stay()
    home.leave()
    return Walked(home=home, due_at=due_at, checked_at=checked_at)


def _told_of_all(home: Home, round_: int) -> bool:
    sent = {e.page for e in home.events(PageSent)}
    told = {p.channel for p in home.paged(round_=round_) if p.page in sent}
    return told == {channel for _, channel in A_ROUND}


# --- A dead way delays no other ----------------------------------------------------------

AT_ONCE = """\
vigil: {transport_stuck: 1 s, settled: 1 s}
people:
  - {id: staff-1, channels: [tablet, lamp]}
  - {id: staff-2, channels: [mail]}
shifts:
  - {id: always, members: [staff-1, staff-2], from: 00:00, until: 00:00}
ladders:
  - id: all
    steps:
      - {after: 0 s, tell: [on-shift]}
    again_after: 1 min
fallback: [last-resort]
"""


@pytest.mark.parametrize("dead", ["mail", "tablet"])
def test_a_dead_channel_delays_no_other_and_people_learn_of_it(
    homes: Homes, dead: str
) -> None:
    """A mail server that accepts and never answers; a receiver that refuses."""
    home = homes(AT_ONCE)
    posts = home.posts
    alive = {"mail", "tablet", "lamp"} - {dead}
    first = _latencies(home, "room-0", alive | {dead})

    if dead == "mail":
        posts.mail_hangs()
    else:
        posts.web_is_refused()
    second = _latencies(home, "room-1", alive)
    for channel in alive:
        assert second[channel] < first[channel] + A_MOMENT
        assert second[channel] < AT_MOST_LATE

    # Whoever can be reached by another channel is told of it, and that it is over.
    posts.wait("trouble", "lamp")
    found = home.troubles(Trouble.TRANSPORT_STUCK)
    assert found.keys() == {dead}
    assert not posts.of("trouble", dead)
    if dead == "mail":
        posts.mail_answers()
    else:
        posts.web_answers()
    home.until(lambda: home.is_over(found[dead].alert), within=30)
    posts.wait("over", "lamp")
    # What waited has arrived: late, and no page is lost.
    home.until(home.settled)
    assert {each.room for each in posts.of("page", dead)} == {"Room 0", "Room 1"}
    assert not home.events(PageFailed)
    home.leave()


def _latencies(home: Home, room: str, channels: set[str]) -> dict[str, timedelta]:
    """From the limit of a stay in a room to its first page, by each channel."""
    name = room.replace("room-", "Room ")
    due_at = home.begin_stay(room, due_in=1)

    def told() -> dict[str, timedelta] | None:
        pages = [h for h in home.posts.of("page") if h.room == name]
        first = {h.channel: h.at - due_at for h in reversed(pages)}
        return first if first.keys() >= channels else None

    found = home.until(told)
    assert found is not None
    return found


# --- Nobody can be reached ---------------------------------------------------------------

NOBODY = """\
people:
  - {id: staff-1, channels: [tablet]}
  - {id: scientist, channels: [phone]}
shifts:
  - {id: always, members: [staff-1], from: 00:00, until: 00:00}
ladders:
  - id: all
    steps:
      - {after: 0 s, tell: [on-shift]}
      - {after: 3 s, tell: [scientist]}
    again_after: 1 min
fallback: [last-resort]
"""


def test_when_nobody_can_be_reached_the_fallback_sounds(homes: Homes) -> None:
    home = homes(NOBODY)
    posts = home.posts
    posts.gone |= {"tablet", "phone"}
    due_at = home.begin_stay()

    sounded = posts.wait("page", "last-resort")
    assert due_at < sounded.at < due_at + AT_MOST_LATE
    assert sounded.step == 0
    posts.wait("trouble", "last-resort")
    found = home.troubles(Trouble.NOBODY_REACHABLE)
    assert found.keys() == {"all"}
    assert not home.is_over(found["all"].alert)

    posts.gone.clear()  # before the next step
    assert posts.wait("page", "phone").step == 2
    home.until(lambda: home.is_over(found["all"].alert))
    posts.wait("over", "last-resort")
    home.check_in()
    posts.wait("over", "phone")
    home.end_stay()
    home.leave()
    (failed,) = home.events(PageFailed)
    assert (failed.channel, failed.attempts) == ("tablet", 1)
    assert "410" in failed.error


# --- A drill -----------------------------------------------------------------------------


def test_a_drill_walks_the_same_way_and_says_so(homes: Homes) -> None:
    home = homes()
    before = len(home.events(VerdictChanged))
    answer = home.act(
        Request(do=Do.DRILL, target="room-0", role="facility_manager", person=NAME)
    )
    (began,) = answer.events
    assert isinstance(began, DrillBegan)
    home.posts.wait("page", "siren")
    home.acknowledge(began.alert)
    for _, channel in A_ROUND:
        home.posts.wait("over", channel)
    home.leave()

    told = [(page.step, page.channel) for page in home.paged()]
    assert told == A_ROUND
    for page in home.paged():
        assert page.at >= began.began_at + STEPS[page.step - 1]
    assert all(each.drill for each in home.posts.heard if each.kind != "reach_test")
    assert not home.events(BreachOpened)
    assert not home.events(AlertRaised)
    assert len(home.events(VerdictChanged)) == before


# --- Another shift -----------------------------------------------------------------------

HANDOVER = """\
people:
  - {{id: staff-1, channels: [tablet]}}
  - {{id: staff-3, channels: [phone, mail]}}
shifts:
  - {{id: early, members: [staff-1], from: "{far:%H:%M}", until: "{at:%H:%M}"}}
  - {{id: late, members: [staff-3], from: "{at:%H:%M}", until: "{far:%H:%M}"}}
ladders:
  - id: all
    steps:
      - {{after: 0 s, tell: [on-shift]}}
    again_after: 10 min
fallback: [last-resort]
"""
BEFORE = timedelta(seconds=20)


def walk_handover(home: Home, handover: datetime) -> Walked:
    """A check is missed shortly before others come on shift."""
    posts, due_at = home.posts, home.begin_stay()
    posts.wait("page", "tablet")
    within = (handover - datetime.now(UTC)).total_seconds() + 10
    for channel in ("phone", "mail"):
        posts.wait("page", channel, within=within)
    checked_at = datetime.now(UTC)
    home.check_in()
    for channel in ("tablet", "phone", "mail"):
        posts.wait("over", channel)
    home.end_stay()
    home.leave()
    return Walked(home=home, due_at=due_at, checked_at=checked_at)


def rota_until(handover: datetime) -> str:
    """At this minute other people come on shift, for half a day."""
    local = handover.astimezone(ZoneInfo("Europe/Amsterdam"))
    return HANDOVER.format(at=local, far=local - timedelta(hours=12))


def _next_minute(after: timedelta) -> datetime:
    soonest = datetime.now(UTC) + after
    return soonest.replace(second=0, microsecond=0) + timedelta(minutes=1)


def test_who_comes_on_shift_is_told_what_those_who_leave_know(walks: Walks) -> None:
    walked, handover = walks.handover.result(), walks.handover_at
    home, posts = walked.home, walked.home.posts
    (raised,) = home.events(AlertRaised)
    told = [page for page in home.paged() if page.alert == raised.alert]
    assert [page.person for page in told] == ["staff-1", "staff-3", "staff-3"]
    assert posts.of("page", "tablet")[0].at < handover, "the machine is too slow"
    for channel in ("phone", "mail"):
        (late,) = posts.of("page", channel)
        assert handover <= late.at < handover + AT_MOST_LATE
        assert (late.round, late.step) == (1, 1)
    # Before they came, it was tried whether they can be reached.
    tested = [h for h in posts.of("reach_test") if h.at < handover]
    assert {"phone", "mail"} <= {h.channel for h in tested}


# --- What came of the walks --------------------------------------------------------------


def test_people_are_paged_step_by_step_until_somebody_looks_in(walks: Walks) -> None:
    walked = walks.alone.result()
    home, posts = walked.home, walked.home.posts
    assert walked.acknowledged_at is not None
    (raised,) = home.events(AlertRaised)
    assert abs(raised.began_at - walked.due_at) < timedelta(milliseconds=1)

    # Each step is with its person at most five seconds late, in each round.
    for round_ in (1, 2):
        assert [(p.step, p.channel) for p in home.paged(round_=round_)] == A_ROUND
        for step, channel in A_ROUND:
            due_at = walked.due_at + (round_ - 1) * ROUND + STEPS[step - 1]
            (told,) = [h for h in posts.of("page", channel) if h.round == round_]
            assert due_at < told.at < due_at + AT_MOST_LATE

    # Whoever was told hears that somebody took it on; nobody is paged for as long.
    (taken,) = home.events(AlertAcknowledged)
    (expired,) = home.events(AcknowledgementExpired)
    assert taken.at is not None
    assert expired.at - taken.at == LIMIT
    assert {h.channel for h in posts.of("taken_on")} == {c for _, c in A_ROUND}
    assert not [h for h in posts.of() if taken.at + A_MOMENT < h.at < expired.at]

    # Taking it on ended nothing: they are paged again, until somebody looked in.
    third = [h for h in posts.of() if h.round == 3]
    assert {h.channel for h in third} == set(TOLD_BY[1])
    assert all(expired.at < h.at < expired.at + AT_MOST_LATE for h in third)
    (closed,) = home.events(BreachClosed)
    assert closed.ended_at is not None
    assert abs(closed.ended_at - walked.checked_at) < A_MOMENT
    assert {h.channel for h in posts.of("over")} >= set(TOLD_BY[1])
    for over in posts.of("over"):
        assert all(h.at < over.at for h in posts.of("page", over.channel))


def test_killed_again_and_again_it_skips_no_step(walks: Walks) -> None:
    walked = walks.killed.result()
    home, posts = walked.home, walked.home.posts
    assert len(home.kills) >= 10
    (raised,) = home.events(AlertRaised)
    assert abs(raised.began_at - walked.due_at) < timedelta(milliseconds=1)
    for round_ in (1, 2):
        assert [(p.step, p.channel) for p in home.paged(round_=round_)] == A_ROUND
        for page in home.paged(round_=round_):
            assert page.at >= walked.due_at + STEPS[page.step - 1]
    # On each channel what comes first came first, however often it came.
    for _, channel in A_ROUND:
        rounds = [h.round for h in posts.of("page", channel)]
        assert list(dict.fromkeys(rounds)) == [1, 2]
        assert rounds == sorted(rounds)
    # What waited at a start did not fail because the broker was not reached yet.
    assert all(e.attempts == 1 for e in home.events(PageSent))
    # What was not answered yet came again, and could be recognised.
    first = [h for h in posts.of("page", "tablet") if h.round == 1]
    assert len(first) >= 2
    assert len({h.key for h in first}) == 1
    again = len(posts.of()) - 2 * len(A_ROUND)
    assert 1 <= again <= len(home.kills)
