"""What is the secret, as of now? Read from its file at every attempt, and kept nowhere."""

from pathlib import Path
from typing import Final

from room_monitor.notify.transport import TransportError

_LARGEST: Final = 64 * 1024


def read_secret(file: Path, what: str) -> str:
    """The first line of a file, without what surrounds it.

    Args:
        file: Where it is kept.
        what: What it is, for the message.

    Raises:
        TransportError: There is none. Not permanent, for the file can be mended.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST)
        line = content.decode("utf-8-sig").lstrip().partition("\n")[0].strip()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise TransportError(f"{what} in '{file}' cannot be read: {why}") from None
    except ValueError:
        raise TransportError(f"{what} in '{file}' is not text in UTF-8") from None
    if not line or not line.isprintable():
        raise TransportError(f"{what} in '{file}' is missing: the first line is empty")
    return line
