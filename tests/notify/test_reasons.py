"""Why something was not sent is told in our words: no text of an error is in it."""

import errno
import smtplib
import socket
import ssl

import pytest

from room_monitor.notify.reasons import reason, status_in_words

SECRET = "hunter2"


def wrapped(inner: BaseException) -> Exception:
    """As libraries do: the cause is an argument of the cause of an argument."""
    outer = RuntimeError(SECRET, ValueError(SECRET, inner))
    outer.__cause__ = KeyError(SECRET)
    return outer


def not_trusted(message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, SECRET)
    error.verify_message = message
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, SECRET), "Connection refused"),
        (OSError(errno.ENETUNREACH, SECRET), "Network is unreachable"),
        (TimeoutError(SECRET), "no answer in time"),
        (socket.gaierror(-2, SECRET), "the name of the other side is not known"),
        (
            not_trusted(f"Hostname mismatch, certificate is not valid for '{SECRET}'."),
            "the certificate of the other side is not trusted: Hostname mismatch",
        ),
        (ssl.SSLError(1, SECRET), "TLS failed"),
        (
            smtplib.SMTPAuthenticationError(535, SECRET.encode()),
            "the mail server refuses user name or password (535)",
        ),
        (
            smtplib.SMTPRecipientsRefused({SECRET: (550, SECRET.encode())}),
            "the mail server refuses the recipient (550)",
        ),
        (
            smtplib.SMTPSenderRefused(552, SECRET.encode(), SECRET),
            "the mail server answered 552",
        ),
        (smtplib.SMTPServerDisconnected(SECRET), "the mail server hung up"),
        (
            smtplib.SMTPNotSupportedError(SECRET),
            "the mail server cannot do what the URL asks (STARTTLS, log in)",
        ),
    ],
)
def test_the_cause_is_told_however_deep_it_is(error: Exception, told: str) -> None:
    assert reason(error) == told
    assert reason(wrapped(error)) == told
    assert reason(ExceptionGroup(SECRET, [error])) == told


def test_of_what_is_not_known_the_class_is_told() -> None:
    assert reason(KeyError(SECRET)) == "it failed with KeyError"
    assert reason(OSError(SECRET)) == "it failed with OSError"


def test_causes_that_bite_their_tails_come_to_an_end() -> None:
    first, second = KeyError(SECRET), ValueError(SECRET)
    first.__cause__, second.__cause__ = second, first

    assert reason(first) == "it failed with KeyError"


def test_a_status_nobody_has_heard_of() -> None:
    assert status_in_words(503) == "503 Service Unavailable"
    assert status_in_words(599) == "599"
