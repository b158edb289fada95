"""What the settings give: values that hold for as long as the files do not change."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from room_monitor.core.requirements import Catalogue
from room_monitor.core.rota import Rota
from room_monitor.core.site import Site

SITE_FILE: Final = "site.yaml"
"""How the site file is called among the sources, whatever its name on disk."""


class Protocol(StrEnum):
    """The versions of MQTT that brokers in use speak."""

    V5 = "5"
    V311 = "3.1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """How the broker proves who it is, and we to it.

    Attributes:
        ca: The authority that signed the broker's certificate; ``None`` for those the
            system trusts.
        cert: Our own certificate, if the broker asks for one.
        key: Its private key.
    """

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """How the monitor reaches its MQTT broker.

    Attributes:
        host: Name or address.
        port: TCP port.
        tls: ``None`` for a connection that is not encrypted.
        username: ``None`` to connect without one.
        password_file: The file that holds the password and nothing else.
        password_env: Or the environment variable that holds it.
        client_id: Stays the same, for the broker keeps the session by it.
        protocol: The version of MQTT.
        keepalive: How often the connection is proved alive.
        receive_maximum: How many messages may be on their way without acknowledgement.
        topic_prefix: Where the monitor's own topics are; no slash at either end.
    """

    host: str
    port: int = 1883
    tls: Tls | None = None
    username: str | None = None
    password_file: Path | None = None
    password_env: str | None = None
    client_id: str = "room-monitor"
    protocol: Protocol = Protocol.V5
    keepalive: timedelta = timedelta(seconds=60)
    receive_maximum: int = 1000
    topic_prefix: str = "room-monitor"

    def under(self, folder: Path) -> Self:
        """The same, with relative file names read from ``folder``."""
        tls = self.tls
        if tls is not None:
            tls = Tls(
                ca=tls.ca and folder / tls.ca,
                cert=tls.cert and folder / tls.cert,
                key=tls.key and folder / tls.key,
            )
        password_file = self.password_file and folder / self.password_file
        return replace(self, tls=tls, password_file=password_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """How long telemetry is kept. The log of what happened is kept as the law asks.

    Attributes:
        keep_readings: Every reading; ``LEAST_READINGS`` or more, for judging daylight
            looks back over two weeks.
        keep_rollups: One-minute summaries.
    """

    keep_readings: timedelta = timedelta(days=30)
    keep_rollups: timedelta = timedelta(days=396)


LEAST_READINGS = timedelta(days=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """An address outside that is told, again and again, that all is well.

    Attributes:
        url_file: The file that holds the address and nothing else.
        every: How often.
        method: ``get`` or ``post``.
        misses: After how many in a row that is a trouble.
    """

    url_file: Path
    every: timedelta = timedelta(minutes=1)
    method: str = "get"
    misses: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Vigil:
    """How the monitor itself is watched: what is how bad for how long before it is told.

    Attributes:
        broker_away: Nothing is heard from the broker.
        store_away: Nothing can be written.
        scheduler_late: The beat of each second, or the event loop, is late.
        engine_stuck: A turn does not end.
        transport_stuck: Nothing gets through a channel.
        clock_unsure: The clock was not set since the machine started.
        disk_free: So many bytes must be free where the state folder is.
        disk_free_share: And this part of it, 0 to 1.
        memory: So many bytes the monitor may use.
        settled: For how long something must be right before the trouble is over.
        heartbeat: Who is told outside, if anybody is.
    """

    broker_away: timedelta = timedelta(minutes=1)
    store_away: timedelta = timedelta(seconds=10)
    scheduler_late: timedelta = timedelta(seconds=5)
    engine_stuck: timedelta = timedelta(seconds=20)
    transport_stuck: timedelta = timedelta(minutes=2)
    clock_unsure: timedelta = timedelta(minutes=10)
    disk_free: int = 200 << 20
    disk_free_share: float = 0.05
    memory: int = 1 << 30
    settled: timedelta = timedelta(minutes=2)
    heartbeat: Heartbeat | None = None

    def under(self, folder: Path) -> Self:
        """The same, with relative file names read from ``folder``."""
        if self.heartbeat is None:
            return self
        url_file = folder / self.heartbeat.url_file
        return replace(self, heartbeat=replace(self.heartbeat, url_file=url_file))


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseChannel:
    """Mail, a gateway for SMS, Signal, Teams, ntfy: whatever Apprise has a URL for.

    Attributes:
        id: Under which pages are queued for it.
        url_file: The file whose first line is the URL, which is a secret.
    """

    id: str
    url_file: Path

    def under(self, folder: Path) -> Self:
        """The same, with relative file names read from ``folder``."""
        return replace(self, url_file=folder / self.url_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttChannel:
    """A siren, a lamp, a tablet on the wall.

    Attributes:
        id: Under which pages are queued for it.
        topic: Where they are published, below the monitor's own topics.
    """

    id: str
    topic: str

    def under(self, _folder: Path) -> Self:
        """The same; it names no file."""
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChannel:
    """A program that is told by a signed HTTP request.

    Attributes:
        id: Under which pages are queued for it.
        url: Where they are posted; ``None`` if that is a secret too.
        url_file: The file whose first line is the URL then.
        secret_file: The file whose first line is the key of the signature.
        ca: The authority that signed the receiver's certificate (PEM); ``None`` for
            those the system trusts.
    """

    id: str
    url: str | None = None
    url_file: Path | None = None
    secret_file: Path
    ca: Path | None = None

    def under(self, folder: Path) -> Self:
        """The same, with relative file names read from ``folder``."""
        return replace(
            self,
            url_file=self.url_file and folder / self.url_file,
            secret_file=folder / self.secret_file,
            ca=self.ca and folder / self.ca,
        )


Channel = AppriseChannel | MqttChannel | WebhookChannel


class ValueKind(StrEnum):
    """What is recorded of a fact besides "yes" or "no"."""

    NONE = "none"
    CODE = "code"
    """One of the codes of the fact."""
    DURATION = "duration"
    REFERENCE = "reference"
    """The id of a document or a group: one word, never a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One of the answers a fact can have.

    Attributes:
        nl: In words, Dutch.
        en: In words, English.
    """

    code: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something a person establishes and records with "yes" or "no".

    Attributes:
        name: As asks name it.
        nl: What "yes" says, Dutch.
        en: What "yes" says, English.
        value: What is recorded besides.
        codes: By code, where the value is one of them.
        explained: It needs words of its own; they are kept apart, where they can be erased.
        lasting: It is about a stretch of time, which may have an end.
        reasoned: A "yes" ends an alert: it needs a name and one of the codes.
    """

    name: str
    nl: str
    en: str
    value: ValueKind = ValueKind.NONE
    codes: Mapping[str, Code] = field(default_factory=dict)
    explained: bool = False
    lasting: bool = False
    reasoned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a facility sets.

    Attributes:
        site: What there is to watch.
        catalogue: What is asked of it.
        facts: What people record, by name.
        broker: How the monitor reaches its broker.
        storage: How long telemetry is kept.
        channels: How people can be reached, by id.
        rota: Who is told, in which order, at which hour.
        vigil: How the monitor itself is watched.
        link: Where people find the monitor with a browser, without a slash at the end.
        sources: The text of every file, by its name relative to the site file, which
            itself is always ``site.yaml``. Parsing them again gives the same settings.
        hash: SHA-256 over ``sources``, hexadecimal.
    """

    site: Site
    catalogue: Catalogue
    facts: Mapping[str, Fact] = field(default_factory=dict)
    broker: Broker
    storage: Storage
    channels: Mapping[str, Channel] = field(default_factory=dict)
    rota: Rota = field(default_factory=Rota)
    vigil: Vigil = field(default_factory=Vigil)
    link: str | None = None
    sources: Mapping[str, str]
    hash: str
