"""The words for alerts, for who was told of them, and for troubles of the monitor."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from room_monitor.cli.options import Language
from room_monitor.cli.saying import what
from room_monitor.cli.wording import ALERT_STATES, REASONS, Words
from room_monitor.core.alert import Alert, AlertState
from room_monitor.core.events import Holding, Trouble

TROUBLES: Final[Mapping[Trouble, Words]] = {
    Trouble.BROKER_AWAY: Words(
        "de broker is onbereikbaar: er wordt niets gehoord",
        "the broker is away: nothing is heard",
    ),
    Trouble.STORE_AWAY: Words(
        "er kan niets worden opgeslagen", "nothing can be stored"
    ),
    Trouble.SCHEDULER_LATE: Words("de monitor loopt achter", "the monitor runs late"),
    Trouble.TRANSPORT_STUCK: Words(
        "een kanaal om mensen te bereiken werkt niet",
        "a channel by which people are reached does not work",
    ),
    Trouble.NOBODY_REACHABLE: Words("niemand is te bereiken", "nobody can be reached"),
    Trouble.CLOCK_UNSURE: Words(
        "de klok van de monitor is niet gelijkgezet",
        "the clock of the monitor was not set",
    ),
    Trouble.ENGINE_STUCK: Words("de monitor zit vast", "the monitor is stuck"),
    Trouble.DISK_NEARLY_FULL: Words(
        "de schijf is bijna vol", "the disk is nearly full"
    ),
    Trouble.MEMORY_HIGH: Words(
        "de monitor gebruikt te veel geheugen", "the monitor uses too much memory"
    ),
    Trouble.HEARTBEAT_MISSED: Words(
        "de bewaker van buiten hoort de monitor niet",
        "the watcher outside does not hear the monitor",
    ),
}
HOLDINGS: Final[Mapping[Holding, Words]] = {
    Holding.GROUPED: Words("heeft dezelfde oorzaak", "has the same cause"),
    Holding.INHIBITED: Words("volgt eruit", "follows from it"),
}
UNTIL: Final = Words("tot {}", "until {}")
RAISED_AGAIN: Final = Words("{} keer teruggekomen", "came back {} time(s)")
SINCE: Final = Words("sinds {} ({})", "since {} ({})")
INSISTENT: Final = Words("kan niet opzij", "cannot be put aside")
MONITOR: Final = Words("de monitor", "the monitor")
NEED_SOMEBODY: Final = Words(
    "{} melding(en) vragen om iemand", "{} alert(s) need somebody"
)
ASIDE: Final = Words(", {} opzij gezet", ", {} put aside")
NOBODY_NEEDED: Final = Words(
    "Geen melding vraagt om iemand.", "No alert needs anybody."
)
NONE_CLOSED: Final = Words(
    "Sindsdien is er geen melding afgesloten.", "No alert was closed since then."
)
CLOSED: Final = Words("Afgesloten sinds {}", "Closed since {}")
CLOSED_AT: Final = Words("afgesloten om {}", "closed at {}")
BY: Final = Words("door {}", "by {}")
REACHED: Final = Words(
    "ronde {round}, stap {step}{of}", "round {round}, step {step}{of}"
)
STEP: Final = Words("stap {}: {}", "step {}: {}")
NO_STEP: Final = Words("noodkanaal: {}", "fallback: {}")
OF: Final = Words(" van {steps} ({ladder})", " of {steps} ({ladder})")
FALLBACK: Final = Words("ronde {round}, noodkanaal", "round {round}, fallback")
SENT: Final = Words("✓ {whom} om {at}", "✓ {whom} at {at}")
FAILED: Final = Words(
    "✗ {whom}, MISLUKT {at}: {error}", "✗ {whom}, FAILED {at}: {error}"
)
ON_ITS_WAY: Final = Words("… {whom}, onderweg", "… {whom}, on its way")
VIA: Final = Words("{person} via {channel}", "{person} by {channel}")
TOLD_NOBODY: Final = Words("niemand is opgeroepen", "nobody was told")
NOT_RECORDED: Final = Words(
    "niemand is opgeroepen: de monitor heeft dit nog niet vastgelegd",
    "nobody was told: the monitor has not recorded it yet",
)
HELD: Final = Words("+ {alert}  {about}: {why}", "+ {alert}  {about}: {why}")
HELD_UNDER: Final = Words(
    "wie {alert} hoort, hoort dit: het {why}", "told with {alert}: it {why}"
)
TAKE_ON: Final = Words(
    "Oppakken: room-monitor acknowledge MELDING --by NAAM --comment TEKST",
    "To take one on: room-monitor acknowledge ALERT --by NAME --comment TEXT",
)
DRILL: Final = Words("OEFENING, er is niets aan de hand", "DRILL, nothing is wrong")


def about(alert: Alert, language: Language, *, fully: bool = False) -> str:
    """What an alert is about: a requirement and why, a trouble of the monitor, a drill.

    Fully is with the ask, the device and the stay.
    """
    if alert.drill:
        return DRILL.to(language)
    if alert.trouble is not None:
        wrong = TROUBLES[alert.trouble].to(language)
        return f"{wrong} ({alert.subject})" if alert.subject else wrong
    assert alert.reason is not None, "behind any other alert is a breach"
    named: str = alert.requirement or ""
    if fully and alert.obligation is not None:
        named = what(alert.obligation)
    return f"{named}: {REASONS[alert.reason].to(language)}"


def stands(alert: Alert, language: Language, write: Callable[[datetime], str]) -> str:
    """In which state an alert is, and until when that lasts by itself."""
    state = ALERT_STATES[alert.state].to(language)
    if alert.until is not None and not alert.drill:
        return f"{state} {UNTIL.to(language).format(write(alert.until))}"
    if alert.state is AlertState.RAISED and alert.raised_again:
        return f"{state}, {RAISED_AGAIN.to(language).format(alert.raised_again)}"
    return state
