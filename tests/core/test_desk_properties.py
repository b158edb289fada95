"""What holds of the desk whatever happens, in whatever order.

``AtDesk`` looks after each step whether replay gives the same desk, whether asking twice
says anything, and whether a name of a page comes twice.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from room_monitor.core.alert import AlertState
from room_monitor.core.desk import trouble_found, trouble_over
from room_monitor.core.events import (
    ClockStepped,
    Event,
    Message,
    Paged,
    PageFailed,
    PageSent,
    Trouble,
)
from room_monitor.core.ids import AlertId, ChannelId, RoomId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Ladder, Rota, Step
from tests.core.at_desk import (
    ANNA,
    BEN,
    CHRIS,
    MIA,
    AtDesk,
    acknowledged,
    drill,
    expired,
    ladder,
    over,
    prompted,
    raised,
    rota,
    shelved,
    shift,
    unshelved,
)
from tests.core.play import ROOM, minutes

EXAMPLES = settings(max_examples=100, derandomize=True, deadline=None)

ROOMS = (ROOM, RoomId("calm-2"))
NAMES = ("a", "b", "c", "d")
INSISTENT = {"a"}
LADDERS: tuple[Ladder, ...] = (
    ladder(
        Step(after=minutes(0), on_shift=True),
        Step(after=minutes(2), persons=(MIA,), channels=(ChannelId("tablet"),)),
        Step(after=minutes(5), on_shift=True),
        name="urgent",
        priorities=frozenset({Priority.URGENT}),
        again_after=3,
    ),
    ladder(
        Step(after=minutes(1), on_shift=True),
        Step(after=minutes(3), persons=(MIA,)),
        name="rest",
        again_after=4,
    ),
)
COVERED = rota(
    shift("early", "05:00-09:07", ANNA, BEN),
    shift("late", "09:07-09:31", CHRIS),
    shift("night", "09:31-05:00", BEN),
    ladders=LADDERS,
)
HOLED = rota(
    shift("early", "05:00-09:07", ANNA),
    shift("late", "09:20-09:31", CHRIS),
    ladders=(
        ladder(
            Step(after=minutes(0), on_shift=True), Step(after=minutes(2), on_shift=True)
        ),
    ),
)
ROTAS: Mapping[str, Rota] = {"covered": COVERED, "holed": HOLED, "empty": Rota()}

ACTS = (
    "raise",
    "raise",
    "raise",
    "drill",
    "acknowledge",
    "expire",
    "shelve",
    "unshelve",
    "over",
    "over",
    "prompt",
    "trouble",
    "mended",
    "sent",
    "failed",
    "failed",
    "set",
    "wait",
    "wait",
)
Act = tuple[str, int, int]
"""What, to which alert or page, after how many minutes."""

acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.integers(0, 6)), max_size=25
)


def alert_of(number: int) -> Event:
    """One of four alerts; of each name always the same."""
    name = NAMES[number % len(NAMES)]
    return raised(
        name,
        priority=(Priority.URGENT, Priority.HIGH, Priority.HIGH, Priority.LOW)[
            number % len(NAMES)
        ],
        requirement=f"r-{name}",
        group="" if name == "d" else "g",
        insistent=name in INSISTENT,
        inhibited_by=("r-c",) if name == "d" else ("r-d",) if name == "c" else (),
    )


class Chance:
    """Acts that are possible, as events."""

    def __init__(self, on: Rota, *, every_second: bool = False) -> None:
        self.desk = AtDesk(on)
        self.every_second = every_second
        self.at = 0.0
        self.desk.looks(0)

    def play(self, acts: list[Act]) -> Iterator[None]:
        for what, which, after in acts:
            self.wait(after)
            for event in self.events(what, which):
                self.desk.happens(event, self.at, self.room(event))
            yield
        self.wait(20)
        yield

    def wait(self, after: float) -> None:
        if self.every_second:
            for second in range(1, int(after * 60) + 1):
                self.desk.looks(self.at + second / 60)
        self.at += after
        self.desk.waits(self.at)

    def room(self, event: Event) -> RoomId | None:
        if isinstance(event, Paged | PageSent | PageFailed | ClockStepped):
            return None
        return ROOMS[len(getattr(event, "alert", "")) % 2]

    def events(self, what: str, which: int) -> list[Event]:
        name = NAMES[which % len(NAMES)]
        claim = self.desk.desk.claims.get(AlertId(name))
        state = claim.alert.state if claim is not None else None
        known = claim is not None and claim.open
        waiting = list(self.desk.desk.pages.values())
        match what:
            case "raise" if not known:
                return [alert_of(which)]
            case "drill":
                return [drill("drill", self.at, self.at + 30)]
            case "acknowledge" if known and state is not AlertState.SHELVED:
                return [acknowledged(name, self.at)]
            case "expire" if state is AlertState.ACKNOWLEDGED:
                return [expired(name, self.at)]
            case "shelve" if known and name not in INSISTENT:
                return [shelved(name, self.at)]
            case "unshelve" if state is AlertState.SHELVED:
                return [unshelved(name, self.at)]
            case "over" if known:
                return [over(name, self.at)]
            case "prompt":
                return [prompted(self.at + which, self.at)]
            case "trouble":
                now = self.desk.last
                return trouble_found(
                    self.desk.desk, Trouble.BROKER_AWAY, "", "", Priority.HIGH, now
                )
            case "mended":
                now = self.desk.last
                return trouble_over(self.desk.desk, Trouble.BROKER_AWAY, "", now)
            case "sent" if waiting:
                page = waiting[which % len(waiting)]
                return [PageSent(page=page.page, channel=page.channel, at=page.at)]
            case "failed" if waiting:
                page = waiting[which % len(waiting)]
                return [
                    PageFailed(
                        page=page.page,
                        channel=page.channel,
                        at=page.at,
                        attempts=1,
                        error="",
                    )
                ]
            case "set":
                by = minutes(10 * which - 35)
                self.at += by / timedelta(minutes=1)
                return [ClockStepped(by=by)]
            case _:
                return []


@EXAMPLES
@given(st.sampled_from(sorted(ROTAS)), acts)
def test_replay_twice_and_names(on: str, acts: list[Act]) -> None:
    for _ in Chance(ROTAS[on]).play(acts):
        pass


@EXAMPLES
@given(acts)
def test_an_insistent_alert_is_told_at_once_or_when_its_step_comes(
    acts: list[Act],
) -> None:
    """Of the covered rota, whose first step for what is urgent comes at once."""
    chance = Chance(COVERED)
    for _ in chance.play(acts):
        for claim in chance.desk.desk.claims.values():
            if claim.alert.insistent:
                assert claim.held is None
                if claim.alert.state is AlertState.RAISED:
                    assert claim.told_now


@EXAMPLES
@given(st.sampled_from(("covered", "holed")), acts)
def test_nobody_is_paged_of_what_somebody_took_on(on: str, acts: list[Act]) -> None:
    chance = Chance(ROTAS[on])
    told: dict[AlertId, int] = {}
    quiet: set[AlertId] = set()
    for _ in chance.play(acts):
        pages: dict[AlertId, int] = {}
        for page in chance.desk.paged(Message.ALERT):
            assert page.alert is not None
            pages[page.alert] = pages.get(page.alert, 0) + 1
        claims = chance.desk.desk.claims
        still = {
            key
            for key in quiet
            if key in claims and claims[key].alert.state is not AlertState.RAISED
        }
        assert all(pages.get(key, 0) == told.get(key, 0) for key in still)
        told = pages
        quiet = {
            key
            for key, claim in claims.items()
            if claim.alert.state is not AlertState.RAISED
        }


@EXAMPLES
@given(st.sampled_from(("covered", "holed")), acts)
def test_what_is_held_is_held_under_what_is_open_and_not_held(
    on: str, acts: list[Act]
) -> None:
    chance = Chance(ROTAS[on])
    for _ in chance.play(acts):
        claims = chance.desk.desk.claims
        for claim in claims.values():
            if claim.held is not None:
                assert claim.open
                assert claims[claim.held].open
                assert claims[claim.held].held is None
                assert not claim.told


@settings(EXAMPLES, max_examples=6)
@given(
    st.sampled_from(("covered", "holed")),
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.integers(0, 6)),
        max_size=8,
    ),
)
def test_looking_every_second_says_what_looking_at_deadlines_says(
    on: str, acts: list[Act]
) -> None:
    at_deadlines, each_second = (
        Chance(ROTAS[on]),
        Chance(ROTAS[on], every_second=True),
    )
    for _ in zip(at_deadlines.play(acts), each_second.play(acts), strict=True):
        assert at_deadlines.desk.said == each_second.desk.said
