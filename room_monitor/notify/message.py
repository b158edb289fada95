"""What is told to the outside: the room and what is the matter, nobody's name.

A change in an alert goes to ``alerts/<room>`` over MQTT, for tablets, lamps and sirens. A
page goes to the one channel it names.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from room_monitor.core.alert import Alert
from room_monitor.core.evaluation import Reason
from room_monitor.core.events import (
    AcknowledgementExpired,
    AlertAcknowledged,
    AlertEvent,
    AlertRaised,
    AlertReturnedToNormal,
    AlertShelved,
    AlertUnshelved,
    DrillBegan,
    Message,
    Paged,
    Trouble,
    TroubleFound,
)
from room_monitor.core.ids import AlertId, ObligationId, RequirementId, RoomId
from room_monitor.core.requirements import Requirement
from room_monitor.settings import Settings
from room_monitor.store import Notification

STATES: Final = "mqtt"
"""The name of the transport that tells how alerts stand."""

TROUBLES: Final[Mapping[Trouble, str]] = {
    Trouble.BROKER_AWAY: "de monitor ziet niets: de broker is onbereikbaar",
    Trouble.STORE_AWAY: "de monitor kan niets opslaan",
    Trouble.SCHEDULER_LATE: "de monitor loopt achter",
    Trouble.TRANSPORT_STUCK: "een kanaal om mensen te bereiken werkt niet",
    Trouble.NOBODY_REACHABLE: "niemand is bereikbaar",
    Trouble.CLOCK_UNSURE: "de klok van de monitor loopt niet gelijk",
    Trouble.ENGINE_STUCK: "de monitor zit vast",
    Trouble.DISK_NEARLY_FULL: "de schijf van de monitor is bijna vol",
    Trouble.MEMORY_HIGH: "de monitor gebruikt te veel geheugen",
    Trouble.HEARTBEAT_MISSED: "de monitor bereikt zijn bewaker buiten niet",
}


WRONG: Final[Mapping[Reason, str]] = {
    Reason.BELOW_LOW: "onder de ondergrens",
    Reason.ABOVE_HIGH: "boven de bovengrens",
    Reason.SILENT: "sensor zwijgt te lang",
    Reason.WRONG_STATE: "niet zoals het moet zijn",
    Reason.NO_RESPONSE: "volgt niet wat is ingesteld",
    Reason.TOO_DARK: "te weinig daglicht",
    Reason.CHECK_MISSED: "controle gemist",
    Reason.OVER_LIMIT: "termijn overschreden",
    Reason.ANSWERED_NO: "vastgelegd als 'nee'",
    Reason.NOT_RECORDED: "niet vastgelegd",
    Reason.WRONG_PERSON: "vastgelegd in een rol die dat niet mag",
    Reason.TOO_LATE: "te laat gedaan",
    Reason.TOO_OFTEN: "vaker dan is toegestaan",
    Reason.NOT_REGISTERED: "op slot, en geen verblijf vastgelegd",
}
"""What a breach says, as far as a breach can."""


class Announcer:
    """Makes notifications of what happens to alerts.

    Attributes:
        settings: Rooms and requirements as they are called now.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(
        self,
        room: RoomId | None,
        event: AlertEvent | Paged,
        alert: Alert | None,
        now: datetime,
    ) -> list[Notification]:
        """The notifications that tell of an event.

        Args:
            room: Where; ``None`` for the monitor itself.
            event: What changed, or who is to be told.
            alert: Of a page, the alert it is about, if it is about one.
            now: When it is queued, aware UTC.
        """
        if isinstance(event, Paged):
            return [self._page(room, event, alert, now)]
        return announce([STATES], room, event, now)

    def _page(
        self, room: RoomId | None, page: Paged, alert: Alert | None, now: datetime
    ) -> Notification:
        requirement = self._requirement(page.obligation, alert)
        known = self.settings.site.by_id.get(room) if room is not None else None
        link = self.settings.link
        body = {
            "kind": _kind(page, alert),
            "page": page.page,
            "alert": page.alert,
            "room": room,
            "room_name": known.name if known else None,
            "requirement": requirement.id if requirement else None,
            "what": _what(requirement, alert),
            "priority": alert.priority if alert else None,
            "since": alert.began_at.isoformat() if alert else None,
            "due_at": page.due_at.isoformat() if page.due_at else None,
            "step": page.step,
            "round": page.round,
            "drill": page.drill,
            "link": f"{link}/alerts/{page.alert}" if link and page.alert else link,
        }
        return Notification(
            id=page.page,
            alert=page.alert or AlertId(page.page),  # it waits for nothing else
            room=room,
            transport=page.channel,
            body=_text(body),
            queued_at=now,
            due_at=now,
        )

    def _requirement(
        self, obligation: ObligationId | None, alert: Alert | None
    ) -> Requirement | None:
        wanted = alert.requirement if alert else None
        if wanted is None and obligation is not None:
            wanted = RequirementId(obligation.split("/")[1])
        rows = self.settings.catalogue.requirements
        return next((row for row in rows if row.id == wanted), None)


def announce(
    transports: Sequence[str], room: RoomId | None, event: AlertEvent, now: datetime
) -> list[Notification]:
    """One notification per transport for a change in an alert.

    Args:
        transports: The names of the transports that must tell it.
        room: Where; ``None`` for the monitor itself.
        event: What changed.
        now: When it is queued, aware UTC.
    """
    what = type(event).__name__
    text = _text({"alert": event.alert, "room": room, **_changed(event)})
    return [
        Notification(
            id=f"{event.alert}/{what}/{name}/{now.isoformat()}",
            alert=event.alert,
            room=room,
            transport=name,
            body=text,
            queued_at=now,
            due_at=now,
        )
        for name in transports
    ]


def _what(requirement: Requirement | None, alert: Alert | None) -> str | None:
    """What is wrong, then what is asked: that by itself reads as if all were well."""
    if alert is not None and alert.trouble is not None:
        about = f" ({alert.subject})" if alert.subject else ""
        return TROUBLES[alert.trouble] + about
    if requirement is None:
        return None
    if alert is None or alert.reason is None:
        return f"Gevraagd: {requirement.nl}"
    kind, _, gateway = alert.group.partition("/")
    behind = f" (misschien door gateway {gateway})" if kind == "gateway" else ""
    return f"NIET IN ORDE, {WRONG[alert.reason]}{behind}. Gevraagd: {requirement.nl}"


def _kind(page: Paged, alert: Alert | None) -> str:
    if page.message is not Message.ALERT:
        return page.message.value
    return "trouble" if alert is not None and alert.trouble is not None else "page"


def _text(body: Mapping[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def _changed(event: AlertEvent) -> dict[str, object]:
    match event:
        case AlertRaised():
            return {
                "state": "raised",
                "requirement": event.requirement,
                "obligation": event.obligation.partition("@")[0],
                "priority": event.priority,
                "reason": event.reason,
                "began_at": event.began_at.isoformat(),
            }
        case TroubleFound():
            return {
                "state": "raised",
                "trouble": event.trouble,
                "subject": event.subject,
                "priority": event.priority,
                "began_at": event.began_at.isoformat(),
            }
        case DrillBegan():
            return {
                "state": "raised",
                "drill": True,
                "priority": event.priority,
                "began_at": event.began_at.isoformat(),
            }
        case AlertAcknowledged():
            until = event.expires_at
            return {
                "state": "acknowledged",
                "role": event.role,
                "until": until.isoformat() if until else None,
            }
        case AlertShelved():
            return {
                "state": "shelved",
                "role": event.role,
                "until": event.until.isoformat(),
            }
        case AcknowledgementExpired() | AlertUnshelved():
            return {"state": "raised", "again": True, "at": event.at.isoformat()}
        case AlertReturnedToNormal():
            return {"state": "returned_to_normal", "at": event.at.isoformat()}
