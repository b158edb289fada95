"""The migrations make the tables the program expects, and no others are touched."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from room_monitor.store import SqliteReader, SqliteStore, StoreUnavailable, schema
from room_monitor.store.tables import metadata


def test_the_migrations_make_the_tables_of_the_program(tmp_path: Path) -> None:
    with (
        SqliteStore.open(tmp_path) as store,
        store._reading() as connection,
    ):
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_the_program_knows_the_newest_migration() -> None:
    config = Config()
    migrations = Path(schema.__file__).parent / "migrations"
    config.set_main_option("script_location", str(migrations))

    assert ScriptDirectory.from_config(config).get_heads() == [schema.REVISION]


def test_tables_of_a_newer_program_are_refused(tmp_path: Path) -> None:
    SqliteStore.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "monitor.sqlite3")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()

    with pytest.raises(StoreUnavailable, match="newer program"):
        SqliteStore.open(tmp_path)
    with pytest.raises(StoreUnavailable, match="revision 9999"):
        SqliteReader.open(tmp_path)
