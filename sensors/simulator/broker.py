"""Where to play, how far a play is, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple


class BrokerError(Exception):
    """The broker cannot be reached, or refuses; the message says which.

    Attributes:
        may_pass: Whether trying again later can help.
    """

    def __init__(self, message: str, *, may_pass: bool) -> None:
        super().__init__(message)
        self.may_pass = may_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerAddress:
    """Where the broker is and how to get in.

    Attributes:
        mqtt5: Speak MQTT 5; else 3.1.1, in which a broker refuses without saying so.
        tls: Encrypt, and check who the broker is.
        ca_file: Who may have signed its certificate; if not given those the system trusts.
        client_id: Chosen by the simulator if not given.
    """

    host: str
    port: int = 1883
    mqtt5: bool = True
    tls: bool = False
    ca_file: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    client_id: str | None = None

    def __str__(self) -> str:
        """As people write it."""
        return f"{self.host}:{self.port}"


class Progress(NamedTuple):
    """How far a play is.

    Attributes:
        offset: Of the last step.
        sent: Messages given to the connection.
        acknowledged: Of these the ones the broker has answered, refusals included.
        acts: Things people did.
        connected: Whether there is a connection now.
    """

    offset: timedelta
    sent: int
    acknowledged: int
    acts: int
    connected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of a play.

    Attributes:
        progress: At the end.
        refused: Per topic why the broker did not take a message on it (MQTT 5 only).
        reconnected: How often the connection was made again.
        stopped: Whether somebody ended it early.
    """

    progress: Progress
    refused: Mapping[str, str]
    reconnected: int
    stopped: bool
