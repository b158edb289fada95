"""What is told names the room and what is due; it has words for all, and names nobody."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from room_monitor.cli.wording import REASONS
from room_monitor.core.alert import Alert
from room_monitor.core.evaluation import Reason
from room_monitor.core.events import Message, Paged, Trouble
from room_monitor.core.ids import (
    AlertId,
    BreachId,
    ChannelId,
    LadderId,
    ObligationId,
    PageId,
    PersonId,
    RequirementId,
    RoomId,
    StayId,
)
from room_monitor.core.requirements import Priority
from room_monitor.notify import Announcer
from room_monitor.notify.message import TROUBLES, WRONG
from room_monitor.settings import Settings, load

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CALM = RoomId("calm-1")
CHECK = ObligationId("calm-1/check-every-quarter/gap@s1a2b3c4d")
ALERT = Alert(
    id=AlertId("a1a2b3c4"),
    priority=Priority.URGENT,
    began_at=NOW - timedelta(minutes=1),
    breach=BreachId(f"{CHECK}#x"),
    obligation=CHECK,
    requirement=RequirementId("check-every-quarter"),
    reason=Reason.CHECK_MISSED,
    stay=StayId("s1a2b3c4d"),
    insistent=True,
)
PAGE = Paged(
    page=PageId("p1"),
    message=Message.ALERT,
    channel=ChannelId("night-phone"),
    at=NOW,
    alert=ALERT.id,
    ladder=LadderId("default"),
    round=1,
    step=2,
    person=PersonId("staff-17"),
)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return replace(load(Path("config/site.yaml")), link="https://monitor.example")


def told(
    settings: Settings, page: Paged, alert: Alert | None, room: RoomId | None = CALM
) -> dict[str, object]:
    (notification,) = Announcer(settings)(room, page, alert, NOW)
    assert (notification.id, notification.transport) == (page.page, page.channel)
    body: dict[str, object] = json.loads(notification.body)
    return body


def test_a_page_says_where_what_since_when_and_how_to_get_there(
    settings: Settings,
) -> None:
    (row,) = (
        r for r in settings.catalogue.requirements if r.id == "check-every-quarter"
    )

    assert told(settings, PAGE, ALERT) == {
        "kind": "page",
        "page": "p1",
        "alert": "a1a2b3c4",
        "room": "calm-1",
        "room_name": "Rustruimte 1",
        "requirement": "check-every-quarter",
        "what": f"NIET IN ORDE, controle gemist. Gevraagd: {row.nl}",
        "priority": "urgent",
        "since": "2026-11-22T02:59:00+00:00",
        "due_at": None,
        "step": 2,
        "round": 1,
        "drill": False,
        "link": "https://monitor.example/alerts/a1a2b3c4",
    }


@pytest.mark.parametrize("message", Message)
def test_no_page_names_a_stay_or_a_person(settings: Settings, message: Message) -> None:
    page = replace(PAGE, message=message, obligation=CHECK)
    body = json.dumps(told(settings, page, ALERT))

    assert "s1a2b3c4d" not in body
    assert "staff-17" not in body


def test_a_reminder_says_what_is_due_and_by_when(settings: Settings) -> None:
    due_at = NOW + timedelta(minutes=3)
    page = replace(
        PAGE, message=Message.PROMPT, alert=None, obligation=CHECK, due_at=due_at
    )
    body = told(settings, page, None)

    assert (body["kind"], body["requirement"]) == ("prompt", "check-every-quarter")
    assert body["due_at"] == due_at.isoformat()
    assert body["link"] == "https://monitor.example"


def test_a_drill_is_marked(settings: Settings) -> None:
    drill = Alert(id=ALERT.id, priority=Priority.URGENT, began_at=NOW, drill=True)

    assert told(settings, replace(PAGE, drill=True), drill)["drill"] is True


def test_a_trouble_is_told_in_words(settings: Settings) -> None:
    trouble = Alert(
        id=ALERT.id,
        priority=Priority.HIGH,
        began_at=NOW,
        trouble=Trouble.TRANSPORT_STUCK,
        subject="night-phone",
    )
    body = told(settings, PAGE, trouble, room=None)

    assert (body["kind"], body["room_name"]) == ("trouble", None)
    assert body["what"] == f"{TROUBLES[Trouble.TRANSPORT_STUCK]} (night-phone)"


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_words(trouble: Trouble) -> None:
    assert TROUBLES[trouble]


def test_a_page_behind_a_gateway_names_it(settings: Settings) -> None:
    silent = replace(ALERT, reason=Reason.SILENT, group="gateway/zigbee-1")

    assert "misschien door gateway zigbee-1" in str(
        told(settings, PAGE, silent)["what"]
    )


@pytest.mark.parametrize("reason", WRONG)
def test_what_is_wrong_is_said_as_the_commands_say_it(reason: Reason) -> None:
    assert WRONG[reason] == REASONS[reason].nl
