"""Who watches the monitor? It watches itself, and lets others see that it lives.

    engine ── turns ──┐                    ┌── the service manager: READY, WATCHDOG
    scheduler ─ beat ─┤                    ├── an address outside: a ping while all is well
    broker, store,    ├── look, each ──────┤
    channels, disk, … │    second          ├── the engine: troubles found and over
    event loop ───────┘                    └── people, past the store: the last resort

Nothing here judges a room, and nothing here can be waited for by what does.
"""

from room_monitor.vigil.outcry import LastResort
from room_monitor.vigil.ports import Reports
from room_monitor.vigil.systemd import Systemd
from room_monitor.vigil.troubles import found_before
from room_monitor.vigil.watch import Vigil

__all__ = ["LastResort", "Reports", "Systemd", "Vigil", "found_before"]
