"""``room-monitor check SITE``."""

from room_monitor.cli.options import SiteFile
from room_monitor.cli.output import console
from room_monitor.core.site import RoomKind
from room_monitor.settings import load


def check(site: SiteFile) -> None:
    """Check the site file SITE and its requirements; start nothing.

    Every problem in every file is told at once, with its line.
    """
    settings = load(site)
    rooms = [room for room in settings.site.rooms if room.kind is not RoomKind.LOCATION]
    devices = sum(len(room.devices) for room in rooms)
    console().print(
        f"{site}: {settings.site.name}, {len(rooms)} room(s), "
        f"{devices} device(s), {len(settings.catalogue.requirements)} requirements "
        f"({settings.catalogue.stamp}), no problems.",
        soft_wrap=True,
    )
