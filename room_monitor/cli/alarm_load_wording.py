"""The words for how often people were claimed, and for how drills and tests went."""

from collections.abc import Mapping
from typing import Final

from room_monitor.cli.wording import Words
from room_monitor.core.views.alarm_sources import SourceKind
from room_monitor.core.views.alert_lives import Ground
from room_monitor.core.views.drills import Ending

GROUNDS: Final[Mapping[Ground, Words]] = {
    Ground.RECORDED: Words(
        "iemand legde vast wat nodig was", "somebody recorded what was needed"
    ),
    Ground.BY_HAND: Words(
        "deur, luik, slot of knop werd bediend",
        "a door, hatch, lock or control was moved",
    ),
    Ground.TAKEN_ON: Words(
        "iemand pakte het op, daarna was het voorbij",
        "somebody took it on, then it was over",
    ),
    Ground.PUT_RIGHT: Words(
        "alleen de registratie klopte niet", "only the record was amiss"
    ),
    Ground.BY_ITSELF: Words(
        "vanzelf voorbij, niemand deed iets", "over by itself, nobody did anything"
    ),
    Ground.NEVER_WAS: Words("het was er nooit", "it never was"),
    Ground.OPEN: Words("nog niet voorbij", "not over yet"),
    Ground.OTHERWISE: Words(
        "het gold niet meer, of niemand weet hoe het eindigde",
        "it no longer applied, or nobody knows how it ended",
    ),
    Ground.PUT_ASIDE: Words(
        "voorbij terwijl het opzij stond", "over after it was put aside"
    ),
    Ground.SOMEBODY_THERE: Words(
        "er was iemand, of die iets deed is niet bekend",
        "somebody was there, whether they did anything is not known",
    ),
}
KINDS: Final[Mapping[SourceKind, Words]] = {
    SourceKind.OBLIGATION: Words(
        "wat er gevraagd wordt, waar", "what is asked, and where"
    ),
    SourceKind.REQUIREMENT: Words("eis", "requirement"),
    SourceKind.DEVICE: Words("apparaat", "device"),
    SourceKind.GATEWAY: Words("gateway", "gateway"),
}
ENDINGS: Final[Mapping[Ending, Words]] = {
    Ending.ACKNOWLEDGED: Words(
        "Opgepakt {after} na het begin, door {role}.",
        "Acknowledged {after} after it was raised, by {role}.",
    ),
    Ending.TIME: Words(
        "NIEMAND heeft het opgepakt voordat het voorbij was.",
        "NOBODY acknowledged it before it was over.",
    ),
}

PERIOD: Final = Words(
    "Alarmbelasting {since} tot {until}", "Alarm load {since} to {until}"
)
IN_ROOM: Final = Words(", ruimte {}", ", room {}")
NONE: Final = Words(
    "In deze tijd heeft geen melding om iemand gevraagd.",
    "No alert claimed anybody in this time.",
)
ALERTS: Final = Words("{alerts} melding(en)", "{alerts} alert(s)")
PAGES: Final = Words(
    "oproepen: {alerts} om te kijken, {prompts} herinnering(en), {others} afmelding(en); "
    "{failed} MISLUKT",
    "pages: {alerts} to look, {prompts} reminder(s), {others} all-clear(s); "
    "{failed} FAILED",
)
NEEDED: Final = Words(
    "handelen nodig bij {}  (?: niemand kan het weten)",
    "action needed for {}  (?: nobody can know)",
)
OF: Final = Words("{action} van {known}", "{action} of {known}")
UNKNOWN: Final = Words(", {}?", ", {}?")
"""Of so many nobody can know; the sign is explained above."""
TAKEN: Final = Words("opgepakt: {}", "taken on: {}")
TIMES: Final = Words(
    "{count} keer, mediaan {median}, negen van tien binnen {p90}, langste {longest}",
    "{count} time(s), median {median}, nine of ten within {p90}, longest {longest}",
)
NEVER: Final = Words("nooit", "never")
NOT_TAKEN: Final = Words(
    "; {never} voorbij zonder dat iemand het oppakte, {waiting} wacht(en) nog",
    "; {never} over before anybody did, {waiting} still waiting",
)
LASTED: Final = Words("open: {}; {still} nog open", "open: {}; {still} still open")
AGAIN: Final = Words(
    "{again} keer teruggekomen nadat oppakken verlopen was; {aside} opzij gezet",
    "came back {again} time(s) after it was taken on; {aside} put aside",
)
HELD: Final = Words(
    "Niet meegeteld: {grouped} met dezelfde oorzaak en {inhibited} die uit een andere "
    "volgden; daarvoor is niemand opgeroepen.",
    "Not counted: {grouped} with the same cause and {inhibited} that followed from "
    "another; nobody was told of these.",
)
APART: Final = Words(
    "Niet in de cijfers: {drills} oefening(en), tests van bereikbaarheid, en {troubles} "
    "storing(en) van de monitor zelf.",
    "Not in the figures: {drills} drill(s), tests of reach, and {troubles} trouble(s) of "
    "the monitor itself.",
)
APART_IN_ROOM: Final = Words(
    "Niet in de cijfers: {drills} oefening(en), en wat van geen ruimte is.",
    "Not in the figures: {drills} drill(s), and what belongs to no room.",
)
BLIND: Final = Words(
    "In {} hiervan hoorde de monitor niets: weinig meldingen zegt dan weinig.",
    "For {} of it the monitor heard nothing: few alerts say little then.",
)
NO_FIGURE: Final = Words(
    "Dit gaat over ruimtes, apparaten en eisen, nooit over een medewerker. "
    "Wat dit zegt en niet zegt: docs/alarm-load.md.",
    "This is about rooms, devices and requirements, never about an employee. "
    "What it says and does not: docs/alarm-load.md.",
)

PER_SHIFT: Final = Words("Per dienst", "Per shift")
PER_DAY: Final = Words("Per dag", "Per day")
BUSIEST: Final = Words("Drukste diensten", "Busiest shifts")
WORST: Final = Words("Waar ze vandaan komen", "Where they come from")
FLAPPING: Final = Words(
    "Komt en gaat (drie keer of vaker binnen een uur)",
    "Comes and goes (three times or more within an hour)",
)
STALE: Final = Words("Langer dan een dag open", "Open for longer than a day")
NOBODY: Final = Words("niemand op dienst", "nobody on shift")
CUT: Final = Words("(deels)", "(in part)")

SHIFT_COLUMNS: Final = Words(
    "dienst|keer|meldingen|gewoonlijk|meeste|oproepen|mislukt|handelen nodig|"
    "opgepakt na|9 van 10",
    "shift|times|alerts|usual|most|pages|failed|action needed|taken on after|9 of 10",
)
SLOT_COLUMNS: Final = Words(
    "begin|dienst|meldingen|dringend|oproepen|mislukt|handelen nodig|opgepakt na|blind",
    "begin|shift|alerts|urgent|pages|failed|action needed|taken on after|blind",
)
SOURCE_COLUMNS: Final = Words(
    "meldingen|niets nodig|handelen nodig|terug|",
    "alerts|nothing needed|action needed|back|",
)
FLAPPING_COLUMNS: Final = Words(
    "meldingen|meeste per uur|laatste|", "alerts|most an hour|last|"
)
STALE_COLUMNS: Final = Words("melding|sinds|duur|stand|", "alert|since|for|state|")
OPEN: Final = Words("open", "open")
OVER: Final = Words("voorbij", "over")

NO_DRILL: Final = Words(
    "Er is sinds {} niet geoefend. Probeer: room-monitor drill RUIMTE --wait",
    "There was no drill since {}. Try: room-monitor drill ROOM --wait",
)
DRILL: Final = Words(
    "OEFENING {alert}  {room}  {at}, begonnen door {role}",
    "DRILL {alert}  {room}  {at}, begun by {role}",
)
GOES_ON: Final = Words("loopt nog, tot uiterlijk {}", "goes on, until {} at the latest")
TOLD_NOBODY: Final = Words(
    "Niemand is opgeroepen: geen stap van een ladder heeft iemand voor deze ruimte.",
    "Nobody was told: no step of any ladder has anybody for this room.",
)
TRIED_COLUMNS: Final = Words(
    "stap|wie|begin → klaargezet|klaargezet → verzonden|verzonden → opgepakt|"
    "wat ervan werd",
    "step|who|raised → queued|queued → sent|sent → acknowledged|what became of it",
)
FALLBACK: Final = Words("{}, noodkanaal", "{}, fallback")
BY_CHANNEL: Final = Words("{person} via {channel}", "{person} by {channel}")
SENT: Final = Words("✓ verzonden", "✓ sent")
FAILED: Final = Words("✗ MISLUKT: {}", "✗ FAILED: {}")
ON_ITS_WAY: Final = Words("… onderweg", "… on its way")
NEVER_REACHED: Final = Words("NIET bereikt: {}", "NOT reached: {}")
SENT_IS_NOT_READ: Final = Words(
    "Verzonden is niet gelezen: alleen wie oppakt, heeft het gezien.",
    "Sent is not read: only who acknowledges it has seen it.",
)
NO_TEST: Final = Words(
    "Er is nog voor geen dienst geprobeerd of iemand te bereiken is.",
    "It was not tried for any shift yet whether anybody can be reached.",
)
TEST: Final = Words(
    "Dienst {shift}, begin {begins}; getest {at}",
    "Shift {shift}, beginning {begins}; tested {at}",
)
UNKNOWN_BEGIN: Final = Words("onbekend", "unknown")
TEST_COLUMNS: Final = Words(
    "wie|klaargezet → verzonden|wat ervan werd", "who|queued → sent|what became of it"
)
