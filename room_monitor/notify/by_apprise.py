"""Mail, SMS gateways, Signal, Teams, ntfy: what Apprise has a URL for.

Apprise blocks, gives no reason when it fails, and tells recipients and addresses when it
logs. So each attempt runs in a thread of its own, and what it logs there is heard here and
nowhere else: of that only numbers and classes of exceptions become a reason.

Apprise is imported by the first attempt, in its thread: it is large and takes a while, and
most commands, and monitors without such a channel, never need it.
"""

import contextlib
import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from room_monitor.notify.aside import Aside
from room_monitor.notify.quiet import keep_quiet
from room_monitor.notify.reasons import reason, status_in_words
from room_monitor.notify.secret_files import read_secret
from room_monitor.notify.transport import PAGE_ATTEMPTS, TransportError
from room_monitor.notify.wording import Page, Tone, worded
from room_monitor.settings import AppriseChannel
from room_monitor.store import Notification

if TYPE_CHECKING:
    from apprise import NotifyBase

APPRISE_PATIENCE: Final = timedelta(seconds=20)
"""Mail servers take their time to greet."""

_OF_THE_SOCKET: Final = 0.75
"""The part of our patience after which its own time-outs end it: then the reason is known
and no thread is left behind."""

_STATUS: Final = re.compile(r"\berror=([1-5][0-9]{2})\b")
_TYPES: Final = {Tone.ALARM: "failure", Tone.NOTE: "info", Tone.GOOD: "success"}


class AppriseTransport:
    """Sends title and text to the URL of one channel."""

    def __init__(
        self, channel: AppriseChannel, *, patience: timedelta = APPRISE_PATIENCE
    ) -> None:
        self.name = channel.id
        self.patience = patience
        self.attempts = PAGE_ATTEMPTS
        self._url_file = channel.url_file
        self._aside = Aside(channel.id)

    async def send(self, notification: Notification) -> None:
        """Send one, as a page for people.

        Raises:
            TransportError: It was not taken. Never permanent: the URL can be mended.
        """
        page = worded(notification.body)
        await self._aside.do(notification.id, partial(self._send, page))

    def _send(self, page: Page) -> None:
        url = read_secret(self._url_file, "the URL")
        keep_quiet()
        with _listening() as heard:
            if not _tell(url, page, self.patience * _OF_THE_SOCKET):
                raise TransportError(heard.why or "the service did not take it")


def _tell(url: str, page: Page, patience: timedelta) -> bool:
    """Have one attempt made, and no more than one, by this thread."""
    from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType  # noqa: PLC0415

    asset = AppriseAsset(
        app_id="Room Monitor",
        app_desc="Room Monitor",
        app_url="",
        image_url_mask="",  # pictures from elsewhere tell who reads when
        image_url_logo="",
        async_mode=False,
        # A POST that follows a redirect becomes a GET, and the page is lost in silence.
        http_redirects=False,
    )
    service = Apprise.instantiate(url, asset=asset)
    if service is None:
        raise TransportError(
            "Apprise cannot use the URL; 'apprise --help' may tell why"
        )
    _bound(service, patience)
    # Made into HTML, every space is one at which no line may break.
    service.notify_format = NotifyFormat.TEXT
    sender = Apprise(asset=asset)
    sender.add(service)
    return bool(
        sender.notify(
            title=page.title,
            body=page.text,
            notify_type=NotifyType(_TYPES[page.tone]),
            body_format=NotifyFormat.TEXT,
        )
    )


def _bound(service: "NotifyBase", patience: timedelta) -> None:
    """Whatever the URL says: in time, once, and a failure is a failure."""
    longest = patience.total_seconds()
    service.socket_connect_timeout = min(service.socket_connect_timeout, longest)
    service.socket_read_timeout = min(service.socket_read_timeout, longest)
    service.retry = 0
    service.optional = False


# --- What it says while it fails ---------------------------------------------------------


class _Heard:
    """What one attempt logged, as far as it may be told."""

    def __init__(self) -> None:
        self.why: str | None = None

    def hear(self, record: logging.LogRecord) -> None:
        # It logs where it catches: the exception is still at hand, with its causes.
        error = sys.exc_info()[1]
        status = _STATUS.search(record.getMessage())
        if error is not None:
            self.why = reason(error)
        elif status is not None:
            self.why = f"the service answered {status_in_words(int(status[1]))}"


class _Ear(logging.Handler):
    """Hears what Apprise logs in a thread that listens, and keeps nothing of others."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        heard: _Heard | None = getattr(self.thread, "heard", None)
        if heard is not None:
            heard.hear(record)


_EAR: Final = _Ear()


@contextlib.contextmanager
def _listening() -> Iterator[_Heard]:
    heard = _Heard()
    logging.getLogger("apprise").addHandler(_EAR)  # the second time changes nothing
    _EAR.thread.heard = heard
    try:
        yield heard
    finally:
        _EAR.thread.heard = None
