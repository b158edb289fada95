"""Why could it not be sent? In words of our own, so that no secret is in them.

The text of an exception of a library may have an address, a token or a person's name in
it; its class, and the number it carries, have not.
"""

import os
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Final

_MOST: Final = 30  # causes of causes


def reason(error: BaseException) -> str:
    """What went wrong, in a few words without any of the text of the exception."""
    causes = list(_causes(error))
    for kind, told in _KNOWN:
        for cause in causes:
            if isinstance(cause, kind) and (words := told(cause)):
                return words
    return f"it failed with {type(error).__name__}"


def status_in_words(status: int) -> str:
    """A status of HTTP with its standard phrase."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, and whatever led to it; libraries wrap them in many ways."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None)]
        waiting += cause.args
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions


def _recipients(error: smtplib.SMTPRecipientsRefused) -> str:
    codes = sorted({code for code, _ in error.recipients.values()})
    return f"the mail server refuses the recipient ({', '.join(map(str, codes))})"


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    # After a comma it says for which name the certificate is, or is not.
    why = str(getattr(error, "verify_message", "")).partition(",")[0]
    return f"the certificate of the other side is not trusted: {why or 'no reason'}"


def _tls(error: ssl.SSLError) -> str:
    why = getattr(error, "reason", None)
    return f"TLS failed: {why}" if isinstance(why, str) and why else "TLS failed"


def _system(error: OSError) -> str:
    return os.strerror(error.errno) if isinstance(error.errno, int) else ""


_KNOWN: Final[tuple[tuple[type[BaseException], Callable[..., str]], ...]] = (
    (smtplib.SMTPRecipientsRefused, _recipients),
    (
        smtplib.SMTPAuthenticationError,
        lambda e: f"the mail server refuses user name or password ({e.smtp_code})",
    ),
    (
        smtplib.SMTPResponseException,
        lambda e: f"the mail server answered {e.smtp_code}",
    ),
    (
        smtplib.SMTPNotSupportedError,
        lambda _: "the mail server cannot do what the URL asks (STARTTLS, log in)",
    ),
    (ssl.SSLCertVerificationError, _certificate),
    (ssl.SSLError, _tls),
    (socket.gaierror, lambda _: "the name of the other side is not known"),
    (TimeoutError, lambda _: "no answer in time"),
    (smtplib.SMTPServerDisconnected, lambda _: "the mail server hung up"),
    (OSError, _system),
)
