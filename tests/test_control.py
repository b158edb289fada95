"""An act reaches the running monitor over its socket, whatever else knocks there."""

import asyncio
import json
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from room_monitor.clock import ManualClock
from room_monitor.control import (
    MAX_LINE,
    SOCKET,
    Answer,
    Do,
    Request,
    ask,
    perform,
    serve,
)
from room_monitor.control.told import Asked, Who, told
from room_monitor.core.events import (
    AlertAcknowledged,
    CheckRecorded,
    ConfigurationChanged,
    FactRecorded,
    StayBegan,
    StayEnded,
)
from room_monitor.core.obligations import plan
from room_monitor.core.requirements import (
    Ask,
    Catalogue,
    DoneBy,
    EvidenceKind,
    StayKind,
)
from room_monitor.core.site import RoomKind
from room_monitor.core.state import RoomState
from room_monitor.core.stay import Rejected
from room_monitor.settings import load
from room_monitor.store.persons import commitment_of
from tests.support.engines import Running, running
from tests.support.rooms import CALM, CATALOGUE, NOON, minutes, requirement, room

BEGIN = Request(
    do=Do.BEGIN_STAY, target=CALM, role="staff", kind=StayKind.ENCLOSURE, key="k-1"
)
CHECK = Request(
    do=Do.CHECK_IN,
    target=CALM,
    role="staff",
    contact_wished=True,
    contact_given=False,
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@asynccontextmanager
async def listening(folder: Path, clock: ManualClock) -> AsyncIterator[Running]:
    """A monitor that listens on the socket in its folder."""
    async with running(folder, clock) as monitor:
        server = asyncio.create_task(
            serve(monitor.engine, clock.now, folder, lambda: {"broker": "away"})
        )
        while await ask(folder, Request(do=Do.STATUS)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0)
        try:
            yield monitor
        finally:
            server.cancel()
            await asyncio.gather(server, return_exceptions=True)


async def said(folder: Path, content: bytes, *, end: bool = False) -> bytes:
    """What is answered to bytes that nobody should send."""
    reader, writer = await asyncio.open_unix_connection(folder / SOCKET)
    writer.write(content)
    if end:
        writer.write_eof()
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    return answer


# --- What people do ---------------------------------------------------------------------


async def test_what_people_do_is_in_the_log_when_they_are_answered(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with listening(tmp_path, clock) as monitor:
        began = await ask(tmp_path, BEGIN)
        clock.pass_time(minutes(5))
        checked = await ask(tmp_path, CHECK)
        told = Request(
            do=Do.RECORD,
            target=CALM,
            role="staff",
            fact="told_duration",
            outcome=True,
            at=NOON - minutes(1),
        )
        recorded = await ask(tmp_path, told)
        ended = await ask(tmp_path, Request(do=Do.END_STAY, target=CALM, role="staff"))
        events = [entry.event for entry in monitor.store.entries()]

    assert began is not None
    stay = began.stay
    assert stay is not None
    wanted: list[StayBegan | CheckRecorded | FactRecorded | StayEnded] = [
        StayBegan(
            stay=stay,
            kind=StayKind.ENCLOSURE,
            key="k-1",
            happened_at=NOON,
            role="staff",
        ),
        CheckRecorded(
            stay=stay,
            happened_at=NOON + minutes(5),
            role="staff",
            contact_wished=True,
            contact_given=False,
        ),
        FactRecorded(
            stay=stay,
            fact="told_duration",
            outcome=True,
            happened_at=NOON - minutes(1),
            role="staff",
        ),
        StayEnded(stay=stay, happened_at=NOON + minutes(5), role="staff"),
    ]
    for answer, event in zip((began, checked, recorded, ended), wanted, strict=True):
        assert answer is not None
        assert (answer.error, answer.room, answer.stay) == (None, CALM, stay)
        assert as_it_stands(event, answer) in answer.events
        assert as_it_stands(event, answer) in events


def as_it_stands(
    event: StayBegan | StayEnded | CheckRecorded | FactRecorded, answer: Answer
) -> StayBegan | StayEnded | CheckRecorded | FactRecorded:
    """What was told, under the name by which it can be corrected."""
    assert answer.record is not None
    return replace(event, record=answer.record)


async def test_names_and_remarks_are_kept_apart_from_the_log(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with listening(tmp_path, clock) as monitor:
        await ask(tmp_path, BEGIN)
        clock.pass_time(minutes(16))
        await monitor.settle()
        (alert,) = monitor.engine.rooms[CALM].alerts
        answer = await ask(
            tmp_path,
            Request(
                do=Do.ACKNOWLEDGE,
                target=alert,
                role="staff",
                person="A. Name",
                remark="On my way",
            ),
        )
        assert answer is not None
        (event,) = (e for e in answer.events if isinstance(e, AlertAcknowledged))
        assert event.person is not None
        assert event.remark is not None
        name = monitor.store.text(event.person)
        remark = monitor.store.text(event.remark)

    assert name is not None
    assert remark is not None
    assert (name.text, remark.text) == ("A. Name", "On my way")
    assert commitment_of(name) == event.person


async def test_an_end_that_nobody_knows_is_recorded_without_an_instant(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with listening(tmp_path, clock):
        began = await ask(tmp_path, BEGIN)
        end = Request(do=Do.END_STAY, target=CALM, role="staff", at_unknown=True)
        answer = await ask(tmp_path, end)

    assert began is not None
    assert answer is not None
    assert began.stay is not None
    wanted = StayEnded(stay=began.stay, happened_at=None, role="staff", told_at=NOON)
    assert as_it_stands(wanted, answer) in answer.events


async def test_how_the_monitor_fares_is_told_without_an_act(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with listening(tmp_path, clock) as monitor:
        before = monitor.store.head()
        answer = await ask(tmp_path, Request(do=Do.STATUS))

        assert answer == Answer(status={"broker": "away"})
        assert monitor.store.head() == before


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (
            Request(do=Do.CHECK_IN, target="calm-9", role="staff"),
            "there is no room, stay or open alert 'calm-9'; the rooms are: calm-1",
        ),
        (
            Request(do=Do.CHECK_IN, target=CALM, role="staff"),
            "there is no open stay in calm-1; name the stay",
        ),
        (
            Request(do=Do.BEGIN_STAY, target=CALM, role="staff"),
            "a stay needs a kind and the young person's key",
        ),
        (
            Request(do=Do.RECORD, target=CALM, role="staff", fact="review"),
            "a fact needs a name and an answer, yes or no",
        ),
        (
            Request(do=Do.ACKNOWLEDGE, target=CALM, role="staff"),
            "say who takes it on and what they will do: --by NAME --comment TEXT",
        ),
        (
            Request(
                do=Do.ACKNOWLEDGE, target=CALM, role="staff", person="A", remark="on it"
            ),
            "there is no alert calm-1 that needs anybody",
        ),
        (
            replace(BEGIN, role="guard"),
            (
                "there is no role 'guard'; the roles are: administrator, "
                "behavioural_scientist, director, facility_manager, inspector, staff"
            ),
        ),
        (
            replace(CHECK, person="A.\tName"),
            "'person' has control characters; write one plain line",
        ),
        (
            replace(CHECK, remark="\x1b[2Jgone"),
            "'remark' has control characters; write one plain line",
        ),
        (
            replace(BEGIN, key="k-1\n"),
            "'key' has control characters; write one plain line",
        ),
    ],
)
async def test_what_cannot_be_is_rejected_with_its_reason_and_not_recorded(
    tmp_path: Path, clock: ManualClock, request_: Request, error: str
) -> None:
    async with listening(tmp_path, clock) as monitor:
        before = monitor.store.head()

        assert await ask(tmp_path, request_) == Answer(error=error)
        assert monitor.store.head() == before


@pytest.mark.parametrize(
    "key",
    ["Jan Jansen 1-2-2010", "Jan 2010-02-01", "k" * 41, "-k", "sleutel/7", "é-1"],
)
async def test_a_key_that_may_say_who_it_is_is_rejected_with_what_to_give(
    tmp_path: Path, clock: ManualClock, key: str
) -> None:
    """It would stay in the log for good."""
    async with listening(tmp_path, clock) as monitor:
        before = monitor.store.head()
        answer = await ask(tmp_path, replace(BEGIN, key=key))

        assert answer is not None
        assert answer.error is not None
        assert "give the pseudonym of the client file" in answer.error
        assert "at most 40 letters, digits, '.', '_' or '-'" in answer.error
        assert monitor.store.head() == before


async def test_the_longest_key_is_taken(tmp_path: Path, clock: ManualClock) -> None:
    async with listening(tmp_path, clock):
        answer = await ask(tmp_path, replace(BEGIN, key="k" * 40))

    assert answer is not None
    assert answer.error is None


async def test_nobody_stays_in_a_location(tmp_path: Path, clock: ManualClock) -> None:
    location = replace(room(), kind=RoomKind.LOCATION)
    async with running(tmp_path, clock, location) as monitor:
        before = monitor.store.head()
        answer = await perform(monitor.engine, BEGIN, clock.now())

        assert answer == Answer(error="calm-1 is a location; name the room")
        assert monitor.store.head() == before


async def test_what_is_asked_of_the_room_is_filed_under_the_room_during_a_stay(
    tmp_path: Path, clock: ManualClock
) -> None:
    """Nobody need say so; what is asked of the stay as well is filed under the stay."""
    during = frozenset({StayKind.ENCLOSURE})
    catalogue = Catalogue(
        version="facts",
        hash="1" * 64,
        requirements=(
            requirement("room", _established("room_inspected")),
            requirement("both", _established("looked_at")),
            requirement("stay", _established("looked_at"), during=during),
        ),
    )
    change = ConfigurationChanged(
        at=NOON,
        configuration="c2",
        catalogue=catalogue.stamp,
        rooms=(CALM,),
        changes=(),
    )
    async with running(tmp_path, clock) as monitor:
        await monitor.engine.reconfigure({CALM: plan(room(), catalogue)}, change)
        began = await perform(monitor.engine, BEGIN, clock.now())
        filed = {}
        for fact in ("room_inspected", "looked_at", "unheard_of"):
            record = Request(
                do=Do.RECORD, target=CALM, role="staff", fact=fact, outcome=True
            )
            answer = await perform(monitor.engine, record, clock.now())
            (recorded,) = (e for e in answer.events if isinstance(e, FactRecorded))
            assert recorded.stay == answer.stay
            filed[fact] = recorded.stay

    assert began.stay is not None
    assert filed == {
        "room_inspected": None,
        "looked_at": began.stay,
        "unheard_of": began.stay,
    }


def _established(fact: str) -> Ask:
    return Ask(key="it", evidence=EvidenceKind.INSPECTION, demand=DoneBy(fact=fact))


# --- Who knocks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"\n",
        b"hello\n",
        b"[]\n",
        b"{}\n",
        b'{"do":"burn"}\n',
        b'{"do":"status","more":1}\n',
        b"\xff\xfe\n",
        b"[" * 5000 + b"\n",
        b"x" * (MAX_LINE + 10) + b"\n",
        b"x" * (MAX_LINE * 3),
    ],
    ids=[
        *("empty", "word", "list", "nothing", "other", "more", "bytes", "deep"),
        *("long", "endless"),
    ],
)
async def test_what_is_no_request_is_told_so_and_the_next_one_is_served(
    tmp_path: Path, clock: ManualClock, content: bytes
) -> None:
    async with listening(tmp_path, clock) as monitor:
        before = monitor.store.head()
        answer = json.loads(await said(tmp_path, content, end=True))

        assert answer["error"].startswith("this is no request: ")
        assert monitor.store.head() == before
        assert await ask(tmp_path, Request(do=Do.STATUS)) is not None


async def test_whoever_says_nothing_and_goes_away_disturbs_nobody(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with listening(tmp_path, clock):
        _, silent = await asyncio.open_unix_connection(tmp_path / SOCKET)
        _, gone = await asyncio.open_unix_connection(tmp_path / SOCKET)
        gone.close()
        await gone.wait_closed()

        assert await ask(tmp_path, Request(do=Do.STATUS)) is not None
        silent.close()


async def test_what_was_asked_is_recorded_though_the_asker_is_gone(
    tmp_path: Path, clock: ManualClock
) -> None:
    asked = json.dumps(
        {
            "do": "begin_stay",
            "target": CALM,
            "role": "staff",
            "kind": "enclosure",
            "key": "k-1",
        }
    )
    async with listening(tmp_path, clock) as monitor:
        recorded = asyncio.Event()
        monitor.engine.follow(lambda *_: recorded.set())
        _, writer = await asyncio.open_unix_connection(tmp_path / SOCKET)
        writer.write(asked.encode() + b"\n")
        await writer.drain()
        writer.transport.abort()
        async with asyncio.timeout(5):
            await recorded.wait()

        assert monitor.engine.rooms[CALM].stays
        assert await ask(tmp_path, Request(do=Do.STATUS)) is not None


async def test_many_may_ask_at_once(tmp_path: Path, clock: ManualClock) -> None:
    async with listening(tmp_path, clock):
        await ask(tmp_path, BEGIN)
        answers = await asyncio.gather(*(ask(tmp_path, CHECK) for _ in range(20)))

    assert [answer and answer.error for answer in answers] == [None] * 20


# --- The socket -------------------------------------------------------------------------


async def test_nobody_listens_where_there_is_no_socket(tmp_path: Path) -> None:
    assert await ask(tmp_path, Request(do=Do.STATUS)) is None
    assert await ask(tmp_path / "nowhere", Request(do=Do.STATUS)) is None


async def test_nobody_listens_on_what_a_killed_monitor_left_behind(
    tmp_path: Path, clock: ManualClock
) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / SOCKET))
    left.close()

    assert (tmp_path / SOCKET).exists()
    assert await ask(tmp_path, Request(do=Do.STATUS)) is None
    async with listening(tmp_path, clock):
        assert await ask(tmp_path, Request(do=Do.STATUS)) is not None


async def test_a_path_may_be_longer_than_a_socket_allows(
    tmp_path: Path, clock: ManualClock
) -> None:
    folder = tmp_path / ("d" * 120)
    folder.mkdir()
    assert await ask(folder, Request(do=Do.STATUS)) is None
    async with listening(folder, clock):
        assert await ask(folder, Request(do=Do.STATUS)) is not None


async def test_only_owner_and_group_may_act(tmp_path: Path, clock: ManualClock) -> None:
    async with listening(tmp_path, clock):
        mode = stat.S_IMODE((tmp_path / SOCKET).stat().st_mode)

    assert mode == 0o660


async def test_the_socket_is_gone_when_the_monitor_is(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with listening(tmp_path, clock):
        pass

    assert not (tmp_path / SOCKET).exists()


@pytest.mark.parametrize("listens_first", [True, False])
@pytest.mark.parametrize("begun", [b"", b'{"error":'])
async def test_a_monitor_that_goes_away_before_it_answers_is_told_so(
    tmp_path: Path, begun: bytes, listens_first: bool
) -> None:
    async def hang_up(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if listens_first:
            await reader.readline()
        writer.write(begun)
        writer.close()

    async with await asyncio.start_unix_server(hang_up, path=tmp_path / SOCKET):
        answer = await ask(tmp_path, Request(do=Do.STATUS))

    assert answer is not None
    assert answer.error is not None
    assert "went away" in answer.error


@pytest.mark.parametrize(
    ("key", "is_one"),
    [("k-17", True), ("123456782", False), ("111222333", False), ("123456789", True)],
)
def test_a_number_that_could_be_a_bsn_is_no_pseudonym(
    key: str, *, is_one: bool
) -> None:
    """111222333 and 123456782 pass the eleven test, 123456789 does not."""
    begin = Asked(replace(BEGIN, key=key), WHO, NOON, None)
    state = RoomState(plan=plan(room(), CATALOGUE))

    assert isinstance(told(begin, state, None), StayBegan) is is_one


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"value": "cleaning"}, "--by"),
        ({"person": "Kim"}, "--value"),
        ({"person": "Kim", "value": "other"}, "--remark"),
        ({"person": "Kim", "value": "other", "remark": "a film was shot"}, None),
        ({"person": "Kim", "value": "cleaning"}, None),
    ],
)
def test_who_says_that_nobody_was_locked_in_gives_a_name_and_a_reason(
    said: dict[str, str], missing: str | None
) -> None:
    settings = load(Path("config/site.yaml"))
    calm = settings.site.by_id[CALM]
    record = Request(
        do=Do.RECORD, target=CALM, role="staff", fact="no_enclosure", outcome=True
    )
    asked = Asked(replace(record, **said), WHO, NOON, settings)  # type: ignore[arg-type]
    found = told(asked, RoomState(plan=plan(calm, settings.catalogue)), None)

    if missing is None:
        assert isinstance(found, FactRecorded)
    else:
        assert isinstance(found, Rejected)
        assert missing in found.reason


WHO = Who(role="staff", person=None, remark=None)
