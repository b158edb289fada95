"""Tells an address outside that all is well: when that stops, the outside raises the alarm.

The address is a secret: whoever knows it can pretend that all is well. It is read from its
file for each ping, and stands in no log, no error and no status.
"""

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from room_monitor.settings.channels import web_address
from room_monitor.settings.values import Heartbeat

if TYPE_CHECKING:
    import httpx

SECONDS: Final = 10.0
"""How long a ping may take."""

BODY: Final = "room-monitor: running"


class Pings:
    """Pings an address outside. Nothing is kept open that could not be made again.

    Attributes:
        trouble: Why the last ping did not get through; ``None`` if it did.
        missed: How many in a row did not get through.
    """

    def __init__(self) -> None:
        self.trouble: str | None = None
        self.missed = 0
        self._client: httpx.AsyncClient | None = None

    async def send(self, heartbeat: Heartbeat) -> None:
        """Send one."""
        try:
            self.trouble = await self._try(heartbeat)
        except Exception as error:  # noqa: BLE001 - its text may have the address in it
            self.trouble = f"failed: {type(error).__name__}"
        self.missed = self.missed + 1 if self.trouble else 0

    async def close(self) -> None:
        """Give up the connection."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def _try(self, heartbeat: Heartbeat) -> str | None:
        try:
            url = await asyncio.to_thread(_read, heartbeat.url_file)
        except (OSError, UnicodeDecodeError):
            return "the file with the address cannot be read"
        except ValueError as error:
            return f"the file with the address holds {error}"
        if self._client is None:
            # Reads certificates from the disk: not in the event loop.
            self._client = await asyncio.to_thread(_new_client)
        async with asyncio.timeout(SECONDS):
            if heartbeat.method == "post":
                answer = await self._client.post(url, content=BODY)
            else:
                answer = await self._client.get(url)
        return (
            None if answer.is_success else f"the answer was HTTP {answer.status_code}"
        )


def _read(file: Path) -> str:
    return web_address(file.read_text("utf-8").strip())


def _new_client() -> "httpx.AsyncClient":
    import httpx  # noqa: PLC0415 - most monitors of a demo or a test have no heartbeat

    # It tells every address at INFO.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.AsyncClient(timeout=SECONDS, follow_redirects=False)
