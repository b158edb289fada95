"""The libraries that send are heard by nobody: what they log may have secrets in it."""

import logging
from typing import Final

_LIBRARIES: Final = (
    "apprise",
    "charset_normalizer",
    "httpcore",
    "httpx",
    "markdown",
    "oauthlib",
    "requests",
    "requests_oauthlib",
    "urllib3",
)


def keep_quiet() -> None:
    """Let nothing they log go further than to who listens to them on purpose.

    httpx tells every address at INFO, Apprise its recipients at WARNING and its URLs at
    DEBUG. Whatever level somebody sets for the whole process, they stay at WARNING.
    """
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        library.propagate = False
        library.setLevel(logging.WARNING)
        if not library.handlers:
            # Without any, Python writes warnings to standard error all the same.
            library.addHandler(logging.NullHandler())
