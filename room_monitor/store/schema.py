"""Are the tables those of this program, and if not, can they be made so?"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from room_monitor.store.errors import StoreUnavailable

REVISION = "0001"
"""The newest revision in ``migrations/versions``."""


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables; ``None`` where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def require_current(connection: Connection) -> None:
    """Refuse tables of another version of this program; for readers.

    Raises:
        StoreUnavailable: They are.
    """
    found = revision_of(connection)
    if found != REVISION:
        raise StoreUnavailable(
            f"the tables are of revision {found or 'none'}, this program reads "
            f"{REVISION}; start the monitor of the same version once",
            retry=False,
        )


def bring_up_to_date(connection: Connection) -> None:
    """Make or change the tables; for the writer.

    Raises:
        StoreUnavailable: A newer program made them.
    """
    if revision_of(connection) == REVISION:
        return
    # Alembic is slow to import, and most starts do not need it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    migrations = Config()
    migrations.set_main_option(
        "script_location", str(Path(__file__).parent / "migrations").replace("%", "%%")
    )
    migrations.attributes["connection"] = connection
    try:
        command.upgrade(migrations, REVISION)
    except CommandError as error:
        raise StoreUnavailable(
            f"the tables were made by a newer program ({error}); "
            "install that version again",
            retry=False,
        ) from error
