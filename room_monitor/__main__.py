"""``python -m room_monitor`` is ``room-monitor``."""

from room_monitor.cli import app

if __name__ == "__main__":
    app()
