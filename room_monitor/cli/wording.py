"""What the product's own words are in Dutch and in English."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from room_monitor.cli.options import Language
from room_monitor.core.alert import AlertState
from room_monitor.core.evaluation import Reason, Verdict
from room_monitor.core.events import Closing, Condition, Mood, Need
from room_monitor.core.requirements import EvidenceKind, Label, Priority, StayKind
from room_monitor.core.views import Readiness


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
    Reason.BELOW_LOW: Words("onder de ondergrens", "below the lowest allowed"),
    Reason.ABOVE_HIGH: Words("boven de bovengrens", "above the highest allowed"),
    Reason.REGISTERED: Words(
        "er is een verblijf vastgelegd", "a stay is registered for it"
    ),
    Reason.DISMISSED: Words(
        "iemand zei waarom, zonder verblijf", "somebody said why, without a stay"
    ),
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
    Reason.NO_DEVICE: Words("er is geen sensor voor", "there is no sensor for it"),
    Reason.NO_READING: Words("nog niets gemeten", "nothing measured yet"),
    Reason.NOT_REGISTERED: Words(
        "op slot, en geen verblijf vastgelegd", "locked, and no stay is registered"
    ),
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
PRIORITIES: Final[Mapping[Priority, Words]] = {
    Priority.URGENT: Words("!!! dringend", "!!! urgent"),
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
    Priority.HIGH: Words("!! hoog", "!! high"),
    Priority.LOW: Words("! laag", "! low"),
    Priority.NONE: Words("geen", "none"),
}
ALERT_STATES: Final[Mapping[AlertState, Words]] = {
    AlertState.RAISED: Words("nog door niemand opgepakt", "nobody has taken it on"),
    AlertState.ACKNOWLEDGED: Words("opgepakt", "taken on"),
    AlertState.RETURNED: Words("voorbij, door niemand gezien", "over, seen by nobody"),
}
    AlertState.SHELVED: Words("opzij gezet", "put aside"),
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
