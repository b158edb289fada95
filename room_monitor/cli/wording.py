"""What the product's own words are in Dutch and in English."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from room_monitor.cli.options import Language
from room_monitor.core.alert import AlertState
from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.events import Closing, Condition, Mood, Need
from room_monitor.core.requirements import EvidenceKind, Label, Priority, StayKind
from room_monitor.core.views import Readiness
from room_monitor.core.views.corroboration import Grade, Ground
from room_monitor.core.views.questions import Pattern
from room_monitor.settings import ValueKind


class Words(NamedTuple):
    """The same in two languages."""

    nl: str
    en: str

    def to(self, language: Language) -> str:
        """In one of them."""
        return self.nl if language is Language.NL else self.en


REASONS: Final[Mapping[Reason, Words]] = {
    Reason.WITHIN_LIMITS: Words("binnen de grenzen", "within its limits"),
    Reason.HEARD_IN_TIME: Words("op tijd van zich laten horen", "heard from in time"),
    Reason.IN_STATE: Words("zoals het moet zijn", "as it should be"),
    Reason.RESPONDED: Words("volgde zoals ingesteld", "followed what was set"),
    Reason.DAYLIGHT_SEEN: Words("daglicht gezien", "daylight was seen"),
    Reason.CHECKED_IN_TIME: Words("op tijd gecontroleerd", "checked in time"),
    Reason.DONE: Words("gedaan en vastgelegd", "done and recorded"),
    Reason.IN_TIME: Words("binnen de termijn", "within the time limit"),
    Reason.NOT_ASKED: Words("nu niet aan de orde", "nothing asks for it now"),
    Reason.REGISTERED: Words(
        "er is een verblijf vastgelegd", "a stay is registered for it"
    ),
    Reason.DISMISSED: Words(
        "iemand zei waarom, zonder verblijf", "somebody said why, without a stay"
    ),
    Reason.BELOW_LOW: Words("onder de ondergrens", "below the lowest allowed"),
    Reason.ABOVE_HIGH: Words("boven de bovengrens", "above the highest allowed"),
    Reason.SILENT: Words(
        "sensor zwijgt te lang", "the sensor has been silent too long"
    ),
    Reason.WRONG_STATE: Words("niet zoals het moet zijn", "not as it should be"),
    Reason.NO_RESPONSE: Words(
        "volgt niet wat is ingesteld", "does not follow what is set"
    ),
    Reason.TOO_DARK: Words("te weinig daglicht", "too little daylight"),
    Reason.CHECK_MISSED: Words("controle gemist", "a check was missed"),
    Reason.OVER_LIMIT: Words("termijn overschreden", "over the time limit"),
    Reason.ANSWERED_NO: Words("vastgelegd als 'nee'", "recorded as 'no'"),
    Reason.NOT_RECORDED: Words("niet vastgelegd", "not recorded"),
    Reason.WRONG_PERSON: Words(
        "vastgelegd in een rol die dat niet mag", "recorded in a role that may not"
    ),
    Reason.TOO_LATE: Words("te laat gedaan", "done too late"),
    Reason.TOO_OFTEN: Words("vaker dan is toegestaan", "more often than is allowed"),
    Reason.NOT_REGISTERED: Words(
        "op slot, en geen verblijf vastgelegd", "locked, and no stay is registered"
    ),
    Reason.NO_DEVICE: Words("er is geen sensor voor", "there is no sensor for it"),
    Reason.NO_READING: Words("nog niets gemeten", "nothing measured yet"),
    Reason.READING_TOO_OLD: Words("meting te oud", "the last reading is too old"),
    Reason.UNDECIDED: Words(
        "op de grens: de sensor is niet nauwkeurig genoeg",
        "at the limit: the sensor is not accurate enough to tell",
    ),
    Reason.AWAITING_RESPONSE: Words("wacht op wat volgt", "waiting for what follows"),
    Reason.MAY_BE_LAMP: Words("kan ook de lamp zijn", "may be the lamp"),
    Reason.BLIND_CLOSED: Words("de zonwering is dicht", "the blind is closed"),
    Reason.TOO_LITTLE_OBSERVED: Words(
        "nog te kort bekeken", "not observed for long enough"
    ),
    Reason.NOT_YET_RECORDED: Words("nog niet vastgelegd", "not recorded yet"),
    Reason.EXPIRED: Words("vastgelegd, maar verlopen", "recorded, but out of date"),
    Reason.EVALUATION_FAILED: Words(
        "beoordelen mislukte, zie de gebeurtenissen", "judging failed, see the events"
    ),
    Reason.MONITOR_BLIND: Words(
        "de monitor ziet nu niets", "the monitor sees nothing now"
    ),
    Reason.NOT_JUDGED_NOW: Words("wordt nu niet beoordeeld", "not judged now"),
}

VERDICTS: Final[Mapping[Verdict, Words]] = {
    Verdict.MET: Words("✓ voldoet", "✓ met"),
    Verdict.VIOLATED: Words("✗ voldoet niet", "✗ violated"),
    Verdict.UNKNOWN: Words("? niet aangetoond", "? not shown"),
}
READINESS: Final[Mapping[Readiness, Words]] = {
    Readiness.READY: Words("✓ gereed", "✓ ready"),
    Readiness.NOT_READY: Words("✗ niet gereed", "✗ not ready"),
    Readiness.NOT_SHOWN: Words("? niet aangetoond", "? not shown"),
}
STYLES: Final[Mapping[Verdict | Readiness, str]] = {
    Verdict.MET: "green",
    Verdict.VIOLATED: "bold red",
    Verdict.UNKNOWN: "yellow",
    Readiness.READY: "green",
    Readiness.NOT_READY: "bold red",
    Readiness.NOT_SHOWN: "yellow",
}
LABELS: Final[Mapping[Label, Words]] = {
    Label.LAW: Words("§ WETTELIJKE EIS", "§ LEGAL DEMAND"),
    Label.INDICATION: Words(
        "~ indicatie - geen wettelijke eis", "~ indication - not a legal demand"
    ),
}
EVIDENCE: Final[Mapping[EvidenceKind, Words]] = {
    EvidenceKind.LIVE: Words("gemeten", "measured"),
    EvidenceKind.INSPECTION: Words("nagekeken", "inspected"),
    EvidenceKind.REGISTRATION: Words("vastgelegd", "recorded"),
    EvidenceKind.DERIVED: Words("afgeleid", "derived"),
}
STAY_KINDS: Final[Mapping[StayKind, Words]] = {
    StayKind.OWN_REQUEST: Words("op eigen verzoek", "at own request"),
    StayKind.REQUIRED_UNLOCKED: Words(
        "verplicht, deur niet op slot", "required, not locked"
    ),
    StayKind.ENCLOSURE: Words("insluiting", "enclosure"),
    StayKind.ENCLOSURE_ELSEWHERE: Words(
        "insluiting elders", "enclosure outside a safe room"
    ),
}
FACT_VALUES: Final[Mapping[ValueKind, Words]] = {
    ValueKind.NONE: Words("", ""),
    ValueKind.CODE: Words("een code", "a code"),
    ValueKind.DURATION: Words(
        "een duur: '30 min', '2 h'", "a duration: '30 min', '2 h'"
    ),
    ValueKind.REFERENCE: Words(
        "de id van een document of groep, geen naam",
        "the id of a document or a group, no name",
    ),
}
CLOSINGS: Final[Mapping[Closing, Words]] = {
    Closing.MET: Words("er is weer aan voldaan", "it is met again"),
    Closing.LAPSED: Words("wordt niet meer gevraagd", "it is no longer asked"),
    Closing.WITHDRAWN: Words("is er nooit een geweest", "it never was one"),
}
CONDITIONS: Final[Mapping[Condition, Words]] = {
    Condition.CALM: Words("rustig", "calm"),
    Condition.RESTLESS: Words("onrustig", "restless"),
    Condition.DISTRESSED: Words("overstuur", "distressed"),
    Condition.AGGRESSIVE: Words("agressief", "aggressive"),
    Condition.RESTING: Words("rust uit", "resting"),
    Condition.UNWELL: Words("niet lekker", "unwell"),
    Condition.INJURED: Words("gewond", "injured"),
}
MOODS: Final[Mapping[Mood, Words]] = {
    Mood.GOOD: Words("goede stemming", "in good spirits"),
    Mood.NEUTRAL: Words("neutrale stemming", "neutral"),
    Mood.SAD: Words("verdrietig", "sad"),
    Mood.ANXIOUS: Words("angstig", "anxious"),
    Mood.ANGRY: Words("boos", "angry"),
    Mood.WITHDRAWN: Words("teruggetrokken", "withdrawn"),
    Mood.NOT_SEEN: Words("stemming niet te zien", "mood not seen"),
}
NEEDS: Final[Mapping[Need, Words]] = {
    Need.FOOD: Words("eten", "food"),
    Need.DRINK: Words("drinken", "drink"),
    Need.TOILET: Words("toilet", "toilet"),
    Need.MEDICATION: Words("medicatie", "medication"),
}
SIGN_OF_LIFE: Final[Mapping[bool, Words]] = {
    True: Words("teken van leven", "sign of life"),
    False: Words("GEEN teken van leven", "NO sign of life"),
}
CONTACT_WISHED: Final[Mapping[bool, Words]] = {
    True: Words("wilde contact", "contact wished"),
    False: Words("wilde geen contact", "contact not wished"),
}
CONTACT_GIVEN: Final[Mapping[bool, Words]] = {
    True: Words("contact gegeven", "contact given"),
    False: Words("geen contact gegeven", "contact not given"),
}
PRIORITIES: Final[Mapping[Priority, Words]] = {
    Priority.URGENT: Words("!!! dringend", "!!! urgent"),
    Priority.HIGH: Words("!! hoog", "!! high"),
    Priority.LOW: Words("! laag", "! low"),
    Priority.NONE: Words("geen", "none"),
}
ALERT_STATES: Final[Mapping[AlertState, Words]] = {
    AlertState.RAISED: Words("nog door niemand opgepakt", "nobody has taken it on"),
    AlertState.ACKNOWLEDGED: Words("opgepakt", "taken on"),
    AlertState.SHELVED: Words("opzij gezet", "put aside"),
    AlertState.RETURNED: Words("voorbij, door niemand gezien", "over, seen by nobody"),
}
GRADES: Final[Mapping[Grade, Words]] = {
    Grade.CORROBORATED: Words("✓ bevestigd", "✓ corroborated"),
    Grade.UNCORROBORATED: Words("? niet bevestigd", "? not corroborated"),
    Grade.CONTRADICTED: Words("≠ spreekt elkaar tegen", "≠ contradicted"),
}
GROUNDS: Final[Mapping[Ground, Words]] = {
    Ground.OWN_TAG: Words(
        "een pas van het account dat de controle vastlegde",
        "a tag of the account that recorded the check",
    ),
    Ground.SOME_TAG: Words("een pas, niet bekend van wie", "a tag, nobody knows whose"),
    Ground.TAG_OF_ANOTHER: Words(
        "een pas van een ander: er was iemand",
        "somebody else's tag: somebody was there",
    ),
    Ground.DOOR_OPENED: Words("de deur ging open", "the door was opened"),
    Ground.HATCH_OPENED: Words("het luik ging open", "the hatch was opened"),
    Ground.DWELL: Words("er bleef iemand even", "somebody stayed for a while"),
    Ground.NO_DWELL: Words("maar een ogenblik", "for a moment only"),
    Ground.NO_SENSOR: Words(
        "er is geen lezer en geen deurcontact", "there is no reader and no door contact"
    ),
    Ground.MONITOR_BLIND: Words(
        "de monitor zag toen niets", "the monitor could not see then"
    ),
    Ground.SENSORS_SILENT: Words(
        "een sensor zweeg, of was er misschien nog niet",
        "a sensor was silent, or may not have been there yet",
    ),
    Ground.DOOR_STOOD_OPEN: Words(
        "de deur stond open: naar binnen kijken beweegt niets",
        "the door stood open: looking in moves nothing",
    ),
    Ground.NO_READER: Words(
        "er is geen lezer, en door de ruit kijken beweegt geen deur",
        "there is no reader, and looking through the pane moves no door",
    ),
    Ground.NOTHING_SEEN: Words(
        "de sensoren werkten en zagen niets", "the sensors worked and saw nothing"
    ),
    Ground.OWN_TAG_ELSEWHERE: Words(
        "de eigen pas was toen elders, te ver om te lopen",
        "their own tag was elsewhere then, too far to walk",
    ),
    Ground.ONLY_ANOTHER_SEEN: Words(
        "alleen de pas van een ander was er, de eigen pas was elders",
        "only somebody else's tag was there, their own was elsewhere",
    ),
}
QUESTIONS: Final[Mapping[Pattern, Words]] = {
    Pattern.TAG_IN_TWO_PLACES: Words(
        "Eén pas is {times} keer in twee ruimten aangeboden binnen minder tijd dan de weg "
        "kost (kortste {shortest}, de weg {walking}): liggen de ruimten dichter bij "
        "elkaar dan is opgegeven, of bestaat de pas twee keer?",
        "One tag was presented in two rooms within less time than the way takes, {times} "
        "times (shortest {shortest}, the way {walking}): do the rooms lie closer together "
        "than was said, or is there a second tag like it?",
    ),
    Pattern.ROUND_TOO_FAST: Words(
        "Van {times} rondes onder één account liggen de tijden dichter bij elkaar dan de "
        "ruimten (kortste ronde {shortest}, van deur tot deur {walking}): zijn ze na de "
        "ronde op één plek ingevoerd, of liep er iemand mee?",
        "In {times} rounds by one account the times lie closer together than the rooms "
        "(shortest round {shortest}, from door to door {walking}): were they entered in "
        "one place after the round, or did somebody go along?",
    ),
    Pattern.METRONOME: Words(
        "{times} tussenpozen op rij duren gemiddeld {interval} en verschillen hooguit "
        "{spread}: zijn dit de tijden waarop er gekeken is, of de geplande tijden?",
        "{times} intervals in a row last {interval} on average and differ by {spread} at "
        "most: are these the times at which somebody looked in, or the planned ones?",
    ),
    Pattern.LATE_ENTRIES: Words(
        "{times} van {out_of} controles zijn meer dan {limit} later vastgelegd: is er "
        "bij de deur geen tijd, of geen scherm, om dat meteen te doen?",
        "{times} of {out_of} checks were recorded more than {limit} later: is there no "
        "time, or no screen, at the door to do so at once?",
    ),
    Pattern.BATCH: Words(
        "{times} keer zijn meerdere controles van één verblijf binnen {limit} vastgelegd: "
        "worden ze eerst op papier bijgehouden?",
        "{times} times several checks of one stay were recorded within {limit}: are they "
        "kept on paper first?",
    ),
    Pattern.UNCORROBORATED: Words(
        "Van {times} van {out_of} controles onder één account is bij de ruimte niets "
        "gezien, terwijl de sensoren werkten: hangt de lezer op een handige plek, en "
        "werkt de pas?",
        "Of {times} of {out_of} checks by one account nothing was seen at the room, "
        "though the sensors worked: does the reader hang where people pass, and does the "
        "tag work?",
    ),
}
"""How each is asked; what stands in braces is filled in from the question."""
BLIND: Final[Mapping[str, str]] = {
    "it has only just started": "de monitor is nog maar net gestart",
    "the broker is away": "de broker is onbereikbaar",
    "the broker was away": "de broker was onbereikbaar",
    "the monitor was stopped": "de monitor is gestopt",
    "the monitor does not run": "de monitor draait niet",
    "the monitor did not run": "de monitor draaide niet",
    "the monitor had been killed": "de monitor was afgebroken",
    "the store was away": "de opslag was onbereikbaar",
    "the monitor stood still": "de monitor stond stil",
}
"""What a ``Sight`` says, in Dutch."""
