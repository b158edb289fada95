"""The words for what is told of stays."""

from collections.abc import Mapping
from typing import Final

from room_monitor.cli.wording import Words

FIELDS: Final[Mapping[str, Words]] = {
    "began_at": Words("begin", "begin"),
    "ended_at": Words("einde", "end"),
    "checked_at": Words("tijd van de controle", "time of the check"),
    "happened_at": Words("tijd", "time"),
    "kind": Words("soort", "kind"),
    "key": Words("sleutel", "key"),
    "void": Words("vervallen", "void"),
    "outcome": Words("antwoord", "answer"),
    "value": Words("waarde", "value"),
    "until": Words("tot", "until"),
}
"""What a correction can change; any other field is told by its own name."""

YES_NO: Final[Mapping[bool, Words]] = {
    True: Words("ja", "yes"),
    False: Words("nee", "no"),
}

LATE: Final = Words("later vastgelegd", "recorded late")
CORRECTED_AWAY: Final = Words(
    "telt niet meer: gecorrigeerd", "corrected, no longer counts"
)
INSTEAD: Final = Words("in plaats van {}", "in the place of {}")
END_UNKNOWN: Final = Words("? einde onbekend", "? end unknown")
NOT_MEASURED: Final = Words("? niet gemeten", "? not measured")
VOID: Final = Words("nooit geweest", "never was")
OPEN: Final = Words("loopt", "open")
STILL: Final = Words("nu", "now")
UNSEEN: Final = Words("{} niet gezien", "{} not seen")
BY: Final = Words("door {}", "by {}")
NO_STAYS: Final = Words(
    "Er zijn nog geen verblijven. Een nieuwe: room-monitor begin-stay "
    "RUIMTE --kind SOORT --key SLEUTEL",
    "There are no stays yet. To begin one: room-monitor begin-stay ROOM "
    "--kind KIND --key KEY",
)
NO_INTERVENTIONS: Final = Words(
    "Er zijn nog geen maatregelen.", "There are no measures yet."
)
STAYS: Final = Words(
    "verblijf|ruimte, soort|begin|geregistreerd|gemeten|controles|volgende",
    "stay|room, kind|began|registered|measured|checks|next check",
)
INTERVENTIONS: Final = Words(
    "sleutel|maatregel|begin|einde|duur|verblijven",
    "key|measure|began|ended|lasted|stays",
)
EPISODE: Final = Words("- episode", "- episode")
MISSED: Final = Words("{} gemist", "{} missed")
LATE_ONES: Final = Words("{} later vastgelegd", "{} recorded late")
OVERDUE: Final = Words("✗ {} te laat", "✗ {} overdue")

# --- One stay ----------------------------------------------------------------------------

STAY: Final = Words("Verblijf {stay}", "Stay {stay}")
BEGIN: Final = Words("begin", "began")
END: Final = Words("einde", "ended")
REGISTERED: Final = Words("geregistreerd", "registered")
MEASURED: Final = Words("gemeten", "measured")
DIFFERENCE: Final = Words("verschil", "difference")
CHECKS: Final = Words("controles", "checks")
GAPS_AND_BLOCKS: Final = Words(
    "{checks}; {gaps} keer langer dan {limit} niet; {missed} van {asked} blokken zonder",
    "{checks}; {gaps} time(s) none for over {limit}; none in {missed} of {asked} blocks",
)
WHAT_HAPPENED: Final = Words("tijd|wat", "when|what")
MISSING: Final = Words("Wat er nog ontbreekt", "What is still missing")
MISSING_COLUMNS: Final = Words(
    "oordeel|wat wordt gevraagd|uiterlijk", "verdict|what is asked|by when"
)
RUNS: Final = Words("· loopt nog", "· in time so far")
NOTHING_MISSING: Final = Words("Er ontbreekt niets.", "Nothing is missing.")

BEGAN: Final = Words("begonnen: {kind}", "began: {kind}")
ENDED: Final = Words("geëindigd", "ended")
OVER: Final = Words(
    "voorbij, niemand weet sinds wanneer", "over, nobody knows since when"
)
CHECK: Final = Words("✓ controle", "✓ check")
AGREED: Final = Words(
    "afgesproken: elke {at_most} een controle", "agreed: a check every {at_most}"
)
ASKED_CONTACT: Final = Words("vroeg om contact", "contact was asked for")
GAVE_CONTACT: Final = Words("contact gegeven", "contact was given")
CALLED: Final = Words("drukte op de oproepknop", "pressed the call button")
GAP: Final = Words(
    "✗ CONTROLE GEMIST: {length} zonder, {overrun} te lang, tot {until}",
    "✗ CHECK MISSED: none for {length}, {overrun} too long, until {until}",
)
LOCKED: Final = Words(
    "deur dicht en op slot tot {until} ({length})",
    "door closed and locked until {until} ({length})",
)
BEGAN_UNSURE: Final = Words("misschien al {} eerder", "perhaps {} earlier already")
ENDED_UNSURE: Final = Words("misschien tot {} korter", "perhaps up to {} shorter")
BREACH: Final = Words(
    "INBREUK op {what}: {reason}; {closing}", "BREACH of {what}: {reason}; {closing}"
)
BREACH_OPEN: Final = Words("duurt voort", "it goes on")
BREACH_OVER: Final = Words("{closing}, na {length}", "{closing}, after {length}")
REVISED: Final = Words("{} keer herzien", "revised {} time(s)")
ALERT: Final = Words(
    "melding {alert} {priority}: {what}", "alert {alert} {priority}: {what}"
)
TAKEN_ON: Final = Words("opgepakt om {at}", "taken on at {at}")
ALERT_OVER: Final = Words("voorbij om {at}", "over at {at}")
CORRECTED: Final = Words(
    "CORRECTIE van {what}: {changes}", "CORRECTION of {what}: {changes}"
)
CHANGED: Final = Words(
    "{field} was {before}, is {after}", "{field} was {before}, is {after}"
)
NEVER_WAS: Final = Words("vervallen (was {before})", "void (was {before})")
REASON: Final = Words("reden: {}", "reason: {}")
CONFIRMED: Final = Words("bevestigd door {} om {}", "confirmed by {} at {}")
UNCONFIRMED: Final = Words("nog niet bevestigd", "not confirmed yet")
WITHDRAWN_ITSELF: Final = Words(
    "is zelf gecorrigeerd en telt niet", "was itself corrected and does not count"
)
CLOCK_SET: Final = Words(
    "de klok werd {by} {way} gezet", "the clock was set {way} by {by}"
)
FORWARD: Final = Words("vooruit", "forward")
BACK: Final = Words("terug", "back")
BLIND_UNTIL: Final = Words(
    "er was niets te zien tot {until}", "nothing could be seen until {until}"
)
UNKNOWN: Final = Words("onbekend", "unknown")
WHAT: Final[Mapping[str, Words]] = {
    "StayBegan": Words("het begin", "the begin"),
    "StayEnded": Words("het einde", "the end"),
    "CheckRecorded": Words("een controle", "a check"),
    "CheckIntervalAgreed": Words(
        "een afspraak over controles", "an agreement on checks"
    ),
    "ContactRecorded": Words("contact", "contact"),
    "FactRecorded": Words("een feit", "a fact"),
    "": Words("een record", "a record"),
}
