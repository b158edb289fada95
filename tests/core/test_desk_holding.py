"""One trouble pages once; what is insistent, or more urgent, is never held back."""

from collections.abc import Sequence

import pytest

from room_monitor.core.events import Event, Message
from room_monitor.core.ids import AlertId, RoomId
from room_monitor.core.requirements import Priority
from room_monitor.core.rota import Rota, Step
from tests.core.at_desk import (
    ANNA,
    AtDesk,
    acknowledged,
    expired,
    ladder,
    over,
    raised,
    rota,
    shelved,
    unshelved,
)
from tests.core.play import ROOM, minutes

OTHER = RoomId("calm-2")
Happens = tuple[float, Event] | tuple[float, Event, RoomId]
PATIENT = rota(ladders=(ladder(Step(after=minutes(2), persons=(ANNA,))),))
"""Nobody is told before two minutes have passed."""


def played(*story: Happens, until: float, on: Rota | None = None) -> AtDesk:
    """What happens at the same minute happens in the same breath."""
    desk = AtDesk(on)
    for before, (at, event, *room) in zip([None, *story], story, strict=False):
        if before is not None and before[0] != at:
            desk.waits(at)
        desk.hears(event, at, room[0] if room else ROOM)
    desk.looks(story[-1][0])
    desk.waits(until)
    return desk


@pytest.mark.parametrize(
    ("story", "decided", "pages"),
    [
        # only the first of a group pages, in whatever room
        (
            [(0, raised("a", group="g")), (0, raised("b", group="g"), OTHER)],
            ["0 b grouped a"],
            ["0 a 1.1 anna"],
        ),
        (
            [(0, raised("a", group="g")), (1, raised("b", group="g"), OTHER)],
            ["1 b grouped a"],
            ["0 a 1.1 anna"],
        ),
        # another group, or none, is something else
        (
            [
                (0, raised("a", group="g")),
                (0, raised("b", group="h")),
                (0, raised("c")),
            ],
            [],
            ["0 a 1.1 anna", "0 b 1.1 anna", "0 c 1.1 anna"],
        ),
        # the first may be taken on or put aside
        (
            [
                (0, raised("a", group="g")),
                (1, acknowledged("a")),
                (2, raised("b", group="g")),
            ],
            ["2 b grouped a"],
            ["0 a 1.1 anna"],
        ),
        (
            [
                (0, raised("a", group="g")),
                (1, shelved("a", 1)),
                (2, raised("b", group="g")),
            ],
            ["2 b grouped a"],
            ["0 a 1.1 anna"],
        ),
        # but not over
        (
            [
                (0, raised("a", group="g")),
                (1, over("a", 1)),
                (2, raised("b", group="g")),
            ],
            [],
            ["0 a 1.1 anna", "2 b 1.1 anna"],
        ),
        # nor may it be one of which nobody was ever told
        (
            [
                (0, raised("a", group="g")),
                (0, acknowledged("a")),
                (0, raised("b", group="g")),
            ],
            [],
            ["0 b 1.1 anna"],
        ),
        # what follows from another alert in the room pages nobody, in whatever order
        (
            [
                (0, raised("a", requirement="power")),
                (0, raised("b", inhibited_by=("power",))),
            ],
            ["0 b inhibited a"],
            ["0 a 1.1 anna"],
        ),
        (
            [
                (0, raised("b", inhibited_by=("power",))),
                (0, raised("a", requirement="power")),
            ],
            ["0 b inhibited a"],
            ["0 a 1.1 anna"],
        ),
        # not in another room, nor from another requirement
        (
            [
                (0, raised("a", requirement="power"), OTHER),
                (0, raised("c", requirement="heat")),
                (0, raised("b", inhibited_by=("power",))),
            ],
            [],
            ["0 a 1.1 anna", "0 c 1.1 anna", "0 b 1.1 anna"],
        ),
        # nor once people know of it
        (
            [
                (0, raised("b", inhibited_by=("power",))),
                (1, raised("a", requirement="power")),
            ],
            [],
            ["0 b 1.1 anna", "1 a 1.1 anna"],
        ),
        # insistent alerts are never held, but hold others
        (
            [
                (0, raised("a", group="g", requirement="power")),
                (0, raised("b", group="g", insistent=True)),
                (0, raised("c", inhibited_by=("power",), insistent=True)),
            ],
            [],
            ["0 a 1.1 anna", "0 b 1.1 anna", "0 c 1.1 anna"],
        ),
        (
            [(0, raised("a", group="g", insistent=True)), (0, raised("b", group="g"))],
            ["0 b grouped a"],
            ["0 a 1.1 anna"],
        ),
        # nor is what is more urgent
        (
            [
                (0, raised("a", group="g", priority=Priority.LOW)),
                (1, raised("b", group="g", priority=Priority.HIGH)),
            ],
            [],
            ["0 a 1.1 anna", "1 b 1.1 anna"],
        ),
        (
            [
                (0, raised("a", group="g", priority=Priority.LOW)),
                (0, raised("b", group="g", priority=Priority.HIGH)),
            ],
            ["0 a grouped b"],
            ["0 b 1.1 anna"],
        ),
        (
            [
                (0, raised("a", requirement="power", priority=Priority.LOW)),
                (0, raised("b", inhibited_by=("power",), priority=Priority.HIGH)),
            ],
            [],
            ["0 a 1.1 anna", "0 b 1.1 anna"],
        ),
        # no circles: one of two that inhibit each other pages
        (
            [
                (0, raised("a", requirement="x", inhibited_by=("y",))),
                (0, raised("b", requirement="y", inhibited_by=("x",))),
            ],
            ["0 a inhibited b"],
            ["0 b 1.1 anna"],
        ),
        # no chains: what holds another is not held
        (
            [
                (0, raised("a", requirement="x", inhibited_by=("y",))),
                (0, raised("b", requirement="y", inhibited_by=("z",))),
                (0, raised("c", requirement="z")),
            ],
            ["0 a inhibited b"],
            ["0 c 1.1 anna", "0 b 1.1 anna"],
        ),
        # and what is held holds nothing
        (
            [
                (0, raised("c", requirement="z")),
                (0, raised("b", requirement="y", inhibited_by=("z",))),
                (1, raised("a", requirement="x", inhibited_by=("y",))),
            ],
            ["0 b inhibited c"],
            ["0 c 1.1 anna", "1 a 1.1 anna"],
        ),
    ],
)
def test_what_is_held(
    story: Sequence[Happens], decided: list[str], pages: list[str]
) -> None:
    desk = played(*story, until=2.9)

    assert desk.decided() == decided
    assert desk.rows() == pages


@pytest.mark.parametrize(
    ("story", "decided", "pages"),
    [
        # it pages as soon as the other is over, from its first step
        (
            [
                (0, raised("a", group="g")),
                (0, raised("b", group="g")),
                (5, over("a", 5)),
            ],
            ["0 b grouped a", "5 b released"],
            ["0 a 1.1 anna", "3 a 1.2 mia", "5 b 1.1 anna", "8 b 1.2 mia"],
        ),
        # one of those that are left pages for the others
        (
            [
                (0, raised("a", group="g")),
                (0, raised("b", group="g")),
                (0, raised("c", group="g")),
                (5, over("a", 5)),
            ],
            ["0 b grouped a", "0 c grouped a", "5 b released", "5 c grouped b"],
            ["0 a 1.1 anna", "3 a 1.2 mia", "5 b 1.1 anna", "8 b 1.2 mia"],
        ),
        # over as well: nobody is told
        (
            [
                (0, raised("a", group="g")),
                (0, raised("b", group="g")),
                (5, over("b", 5)),
                (6, over("a", 6)),
            ],
            ["0 b grouped a"],
            ["0 a 1.1 anna", "3 a 1.2 mia"],
        ),
        # the other is only taken on
        (
            [
                (0, raised("a", group="g")),
                (0, raised("b", group="g")),
                (5, acknowledged("a")),
            ],
            ["0 b grouped a"],
            ["0 a 1.1 anna", "3 a 1.2 mia"],
        ),
        # taken on itself while it was held: released, and quiet until that expires
        (
            [
                (0, raised("a", group="g")),
                (0, raised("b", group="g")),
                (1, acknowledged("b", 1)),
                (2, over("a", 2)),
                (6, expired("b", 6)),
            ],
            ["0 b grouped a", "2 b released"],
            ["0 a 1.1 anna", "6 b 2.1 anna"],
        ),
        # back from being put aside, it is still held
        (
            [
                (0, raised("a", group="g")),
                (0, raised("b", group="g")),
                (0, shelved("b", 0)),
                (1, unshelved("b", 1)),
            ],
            ["1 b grouped a"],
            ["0 a 1.1 anna", "3 a 1.2 mia", "8 a 2.1 anna"],
        ),
    ],
)
def test_what_is_released(
    story: Sequence[Happens], decided: list[str], pages: list[str]
) -> None:
    desk = played(*story, until=8)

    assert [row for row in desk.decided() if not row.endswith("over")] == decided
    assert desk.rows() == pages


def test_nobody_is_told_that_a_held_alert_is_over() -> None:
    desk = played(
        (0, raised("a", group="g")),
        (0, raised("b", group="g")),
        (1, over("b", 1)),
        until=2,
    )

    assert desk.table(Message.OVER) == []
    assert AlertId("b") not in desk.desk.claims


def test_one_that_waits_for_its_first_step_pages_already() -> None:
    desk = played(
        (0, raised("a", group="g")), (1, raised("b", group="g")), until=6, on=PATIENT
    )

    assert desk.decided() == ["1 b grouped a"]
    assert desk.rows() == ["2 a 1.1 anna"]


def test_what_nobody_was_told_of_is_held_under_what_is_more_urgent() -> None:
    desk = played(
        (0, raised("a", group="g")),
        (1, raised("b", group="g", priority=Priority.URGENT)),
        until=6,
        on=PATIENT,
    )

    assert desk.decided() == ["1 a grouped b"]
    assert desk.rows() == ["3 b 1.1 anna"]


def test_an_older_one_is_released_as_well() -> None:
    desk = played(
        (0, raised("b", group="g")),
        (0, shelved("b", 0)),
        (0, raised("a", group="g")),
        (1, unshelved("b", 1)),
        (2, over("a", 2)),
        until=2,
    )

    assert desk.decided() == ["1 b grouped a", "2 b released"]
    assert desk.rows() == ["0 a 1.1 anna", "2 b 2.1 anna"]


def test_nothing_is_held_under_what_is_over_in_the_same_breath() -> None:
    desk = played((0, raised("a", group="g", inhibited_by=("x",))), until=0)
    desk.hears(over("a", 1), 1)
    desk.hears(raised("b", group="g"), 1)
    desk.looks(1)

    assert desk.decided() == []
    assert desk.rows() == ["0 a 1.1 anna", "1 b 1.1 anna"]


def test_a_holder_does_not_become_held() -> None:
    desk = played(
        (0, raised("a", group="g")),
        (0, raised("b", group="g", priority=Priority.LOW)),
        (1, raised("c", group="g", priority=Priority.URGENT)),
        until=3,
        on=PATIENT,
    )

    assert desk.decided() == ["0 b grouped a"]
    assert desk.rows() == ["2 a 1.1 anna", "3 c 1.1 anna"]


def test_a_held_alert_is_released_when_the_ladders_are_gone() -> None:
    desk = played((0, raised("a", group="g")), (0, raised("b", group="g")), until=1)
    desk.rota = Rota()
    desk.happens(over("a", 2), 2)
    desk.waits(9)

    assert desk.decided() == ["0 b grouped a", "2 b released"]
    assert desk.rows() == ["0 a 1.1 anna"]
