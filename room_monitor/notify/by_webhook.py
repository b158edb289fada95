"""To a program: a signed HTTP request with the notification as it was queued.

``Room-Monitor-Signature: t=<unix seconds>,v1=<hexadecimal HMAC-SHA256 of "<t>.<body>">``
lets the receiver know that we sent it, and when; ``Idempotency-Key`` is the same for every
attempt to send the same notification.

httpx is imported by the first attempt: it is large, and most commands, and monitors without
such a channel, never need it.
"""

import asyncio
import hashlib
import hmac
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

from room_monitor.clock import Clock, SystemClock
from room_monitor.notify.quiet import keep_quiet
from room_monitor.notify.reasons import reason, status_in_words
from room_monitor.notify.secret_files import read_secret
from room_monitor.notify.transport import PAGE_ATTEMPTS, PATIENCE, TransportError
from room_monitor.settings import WebhookChannel
from room_monitor.settings.channels import web_address
from room_monitor.store import Notification

SIGNATURE: Final = "Room-Monitor-Signature"
SHORTEST_KEY: Final = 16
_LONGEST_WAIT: Final = timedelta(days=1)

_Stamp = tuple[tuple[int, ...] | None, ...]

MENDABLE: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,  # a key that was replaced on one side is soon
        HTTPStatus.FORBIDDEN,  # replaced on the other
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Refusals after which trying the same again can help; so can it after every 5xx."""


def signature(key: str, at: datetime, body: bytes) -> str:
    """The value of the header, for a body sent at an instant (aware)."""
    seconds = int(at.timestamp())
    signed = b"%d.%b" % (seconds, body)
    code = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={code}"


@dataclass(frozen=True, slots=True)
class _Receiver:
    """Where to, and with which secrets; for one attempt."""

    url: str = field(repr=False)
    key: str = field(repr=False)
    trusts: ssl.SSLContext


class WebhookTransport:
    """Posts notifications to the receiver of one channel."""

    def __init__(
        self,
        channel: WebhookChannel,
        *,
        clock: Clock | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self.name = channel.id
        self.patience = patience
        self.attempts = PAGE_ATTEMPTS
        self._channel = channel
        self._clock = clock or SystemClock()
        self._trusted: tuple[_Stamp, ssl.SSLContext] | None = None

    async def send(self, notification: Notification) -> None:
        """Post one; any answer 2xx means that it arrived.

        Raises:
            TransportError: It did not. Permanent after a redirect, which is not
                followed, and after a refusal that trying again does not change.
        """
        receiver = await asyncio.to_thread(self._receiver)
        body = notification.body.encode()
        now = self._clock.now()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "room-monitor",
            "Idempotency-Key": quote(notification.id, safe="/:+"),
            SIGNATURE: signature(receiver.key, now, body),
        }
        status, retry_after = await self._post(receiver, body, headers)
        if 200 <= status < 300:
            return
        raise _refused(status, _wait(retry_after, now))

    def _receiver(self) -> _Receiver:
        import httpx  # noqa: F401, PLC0415 - here it does not hold up the loop

        keep_quiet()
        channel = self._channel
        key = read_secret(channel.secret_file, "the key")
        if len(key) < SHORTEST_KEY:
            raise TransportError(
                f"the key in '{channel.secret_file}' is too short: write "
                f"{SHORTEST_KEY} characters or more"
            )
        url = channel.url
        if url is None:
            assert channel.url_file is not None
            url = read_secret(channel.url_file, "the URL")
            try:
                web_address(url)
            except ValueError as error:
                where = f"the URL in '{channel.url_file}'"
                raise TransportError(f"{where}: {error}") from None
        return _Receiver(url, key, self._trusts())

    def _trusts(self) -> ssl.SSLContext:
        """Made anew only when files were replaced: meanwhile everything else waits."""
        stamp = _stamp(self._channel.ca)
        if self._trusted is None or self._trusted[0] != stamp:
            try:
                made = ssl.create_default_context(cafile=self._channel.ca)
            except OSError as error:  # also if it is no certificate
                why = error.strerror or type(error).__name__
                raise TransportError(
                    f"the authority in '{self._channel.ca}' cannot be read: {why}"
                ) from None
            self._trusted = stamp, made
        return self._trusted[1]

    async def _post(
        self, receiver: _Receiver, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str | None]:
        """The status and the wait that is asked for; nothing else of the answer is read."""
        import httpx  # noqa: PLC0415 - see the first sentences of this module

        try:
            async with (
                httpx.AsyncClient(
                    verify=receiver.trusts,
                    timeout=self.patience.total_seconds(),
                    follow_redirects=False,
                ) as client,
                client.stream(
                    "POST", receiver.url, content=body, headers=headers
                ) as response,
            ):
                return response.status_code, response.headers.get("Retry-After")
        except Exception as error:  # noqa: BLE001 - its text may have a secret in it
            raise TransportError(reason(error)) from None


def _stamp(ca: Path | None) -> _Stamp:
    """Another one once the authorities were replaced; of the system, if none is named."""
    system = ssl.get_default_verify_paths()
    files: list[str | Path | None] = [system.cafile, system.capath]
    if ca is not None:
        files = [ca]
    return tuple(_known_by(Path(file)) for file in files if file is not None)


def _known_by(file: Path) -> tuple[int, ...] | None:
    try:
        found = file.stat()
    except OSError:  # whoever reads it says so
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _refused(status: int, retry_after: timedelta | None) -> TransportError:
    told = f"the receiver answered {status_in_words(status)}"
    if 300 <= status < 400:
        return TransportError(f"{told}, which is not followed", permanent=True)
    if status >= 500 or status in MENDABLE:
        return TransportError(told, retry_after=retry_after)
    return TransportError(told, permanent=True)


def _wait(asked: str | None, now: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for: seconds, or an instant (RFC 9110, 10.2.3)."""
    if asked is None:
        return None
    text = asked.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), _LONGEST_WAIT.total_seconds()))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(0)), _LONGEST_WAIT)
