"""The words for alerts, for who was told of them, and for troubles of the monitor."""

from collections.abc import Mapping
from typing import Final

from room_monitor.cli.options import Language
from room_monitor.cli.wording import REASONS, Words
from room_monitor.core.alert import Alert
from room_monitor.core.events import Holding, Message, Trouble

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
MESSAGES: Final[Mapping[Message, Words]] = {
    Message.ALERT: Words("er moet iemand kijken", "somebody must look"),
    Message.PROMPT: Words("er loopt een termijn af", "a limit is near"),
    Message.TAKEN_ON: Words("een ander pakt het op", "somebody else took it on"),
    Message.OVER: Words("het is voorbij", "it is over"),
    Message.REACH_TEST: Words("test of iemand te bereiken is", "a test of reach"),
}
DRILL: Final = Words("OEFENING, er is niets aan de hand", "DRILL, nothing is wrong")


def about(alert: Alert, language: Language) -> str:
    """What an alert is about: a requirement and why, a trouble of the monitor, a drill."""
    if alert.drill:
        return DRILL.to(language)
    if alert.trouble is not None:
        what = TROUBLES[alert.trouble].to(language)
        return f"{what} ({alert.subject})" if alert.subject else what
    assert alert.reason is not None, "behind any other alert is a breach"
    return f"{alert.requirement}: {REASONS[alert.reason].to(language)}"
