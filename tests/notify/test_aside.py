"""Work that hangs is left behind; what it still achieves is not done twice."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from room_monitor.notify.aside import MOST_AT_ONCE, Aside
from room_monitor.notify.transport import TransportError


class Work:
    """Something that blocks until it is let go."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun = 0
        self.go_on = threading.Event()
        self.error = error

    def __call__(self) -> None:
        self.begun += 1
        self.go_on.wait(5)
        if self.error is not None:
            raise self.error


async def left_behind(aside: Aside, key: str, work: Callable[[], None]) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await aside.do(key, work)


async def test_what_was_left_behind_and_succeeds_is_not_done_again() -> None:
    aside, work = Aside("a"), Work()
    await left_behind(aside, "1", work)
    work.go_on.set()
    await aside.do("1", work)
    assert work.begun == 1

    await aside.do("1", work)
    assert work.begun == 2


async def test_what_was_left_behind_and_fails_is_done_again() -> None:
    aside, work = Aside("a"), Work(TransportError("no"))
    await left_behind(aside, "1", work)
    work.go_on.set()
    await asyncio.sleep(0.02)
    work.error = None
    await aside.do("1", work)

    assert work.begun == 2


async def test_what_hangs_holds_up_no_other_work_until_there_is_too_much_of_it() -> (
    None
):
    aside, work = Aside("a"), Work()
    for number in range(MOST_AT_ONCE):
        await left_behind(aside, str(number), work)
    with pytest.raises(TransportError, match="4 earlier attempts") as raised:
        await aside.do("another", work)
    work.go_on.set()
    await asyncio.sleep(0.02)
    await aside.do("another", work)

    assert not raised.value.permanent
    assert work.begun == MOST_AT_ONCE + 1


async def test_of_a_flaw_only_the_class_is_told() -> None:
    work = Work(KeyError("hunter2"))
    work.go_on.set()
    with pytest.raises(TransportError, match=r"^it failed with KeyError$"):
        await Aside("a").do("1", work)


async def test_what_nobody_comes_back_for_is_forgotten() -> None:
    aside = Aside("a")
    for number in range(300):
        work = Work()
        await left_behind_at_once(aside, str(number), work)
    await aside.do("last", lambda: None)

    assert len(aside._outcomes) <= 102


async def left_behind_at_once(aside: Aside, key: str, work: Work) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await aside.do(key, work)
    work.go_on.set()
    await asyncio.gather(*aside._outcomes.values())
