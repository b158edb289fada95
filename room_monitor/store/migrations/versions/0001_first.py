"""The first tables, and the triggers that make the log append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TRIGGERS = (
    """
    CREATE TRIGGER log_append BEFORE INSERT ON log
    WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM log)
    BEGIN SELECT RAISE(ABORT, 'the log is append-only: insert behind its head'); END
    """,
    """
    CREATE TRIGGER log_no_update BEFORE UPDATE ON log
    BEGIN SELECT RAISE(ABORT, 'the log is append-only: nothing is edited'); END
    """,
    """
    CREATE TRIGGER log_no_delete BEFORE DELETE ON log
    BEGIN SELECT RAISE(ABORT, 'the log is append-only: nothing is deleted'); END
    """,
    """
    CREATE TRIGGER readings_no_update BEFORE UPDATE ON readings
    BEGIN SELECT RAISE(ABORT, 'readings are never edited'); END
    """,
)


def upgrade() -> None:
    _evidence()
    _telemetry()
    _work()
    _state()
    if op.get_bind().dialect.name != "sqlite":
        raise NotImplementedError("triggers are written for SQLite only")
    for trigger in _TRIGGERS:
        op.execute(trigger)


def _evidence() -> None:
    op.create_table(
        "log",
        sa.Column("position", _ROW, primary_key=True, autoincrement=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("room", sa.Text()),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
    )
    op.create_index("log_by_room", "log", ["room", "position"])
    op.create_index("log_by_type", "log", ["type", "position"])
    op.create_index("log_by_time", "log", ["recorded_at"])
    op.create_table(
        "texts",
        sa.Column("commitment", sa.Text(), primary_key=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )


def _telemetry() -> None:
    op.create_table(
        "series",
        sa.Column("id", _ROW, primary_key=True),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.UniqueConstraint("device", "quantity", "room", name="series_once"),
    )
    op.create_table(
        "readings",
        sa.Column("row", _ROW, primary_key=True),
        sa.Column("series", _ROW, nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("measured_at", sa.BigInteger()),
        sa.Column("sequence", sa.BigInteger()),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text()),
    )
    op.create_index("readings_by_time", "readings", ["at", "series"])
    numbered = sa.text("sequence IS NOT NULL AND measured_at IS NOT NULL")
    op.create_index(
        "readings_once",
        "readings",
        ["measured_at", "series", "sequence"],
        unique=True,
        sqlite_where=numbered,
        postgresql_where=numbered,
    )
    op.create_table(
        "rollups",
        sa.Column("series", _ROW, primary_key=True, autoincrement=False),
        sa.Column("minute", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("last", sa.Float(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )


def _work() -> None:
    op.create_table(
        "deliveries",
        sa.Column("last", _ROW, primary_key=True, autoincrement=False),
        sa.Column("messages", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "notifications",
        sa.Column("number", _ROW, primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("room", sa.Text()),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.BigInteger()),
        sa.Column("error", sa.Text()),
    )
    op.create_index("notifications_by_state", "notifications", ["state", "due_at"])
    op.create_table(
        "refusals",
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )


def _state() -> None:
    op.create_table(
        "positions",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "configurations",
        sa.Column("hash", sa.Text(), primary_key=True),
        sa.Column("nth", sa.BigInteger(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
    )
    op.create_table(
        "snapshots",
        sa.Column("number", _ROW, primary_key=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("reading_row", sa.BigInteger(), nullable=False),
        sa.Column("configuration", sa.Text(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("monitor", sa.LargeBinary(), nullable=False),
        sa.Column("checksum", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "snapshot_rooms",
        sa.Column("snapshot", _ROW, primary_key=True, autoincrement=False),
        sa.Column("room", sa.Text(), primary_key=True),
        sa.Column("state", sa.LargeBinary(), nullable=False),
    )
