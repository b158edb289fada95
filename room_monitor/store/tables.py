"""Which tables are there, and what is in their columns?

Instants are whole microseconds since 1970 in UTC (``instants``). ``docs/store.md`` says
of each table what it is for and whether it is evidence.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# SQLite numbers rows by itself only where the type is called INTEGER.
ROW = BigInteger().with_variant(Integer, "sqlite")

log = Table(
    "log",
    metadata,
    Column("position", ROW, primary_key=True, autoincrement=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("room", Text),
    Column("type", Text, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("log_by_room", "room", "position"),
    Index("log_by_type", "type", "position"),
    Index("log_by_time", "recorded_at"),
)

series = Table(
    "series",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("room", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("quantity", Text, nullable=False),
    UniqueConstraint("device", "quantity", "room", name="series_once"),
)

readings = Table(
    "readings",
    metadata,
    Column("row", ROW, primary_key=True),
    Column("series", ROW, nullable=False),
    Column("value", Float, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("measured_at", BigInteger),
    Column("sequence", BigInteger),
    Column("flags", Integer, nullable=False),
    Column("tag", Text),
    # Time comes first in both indexes: new rows then go to the same few pages at the
    # end, instead of to one page per series.
    Index("readings_by_time", "at", "series"),
)
Index(
    "readings_once",
    readings.c.measured_at,
    readings.c.series,
    readings.c.sequence,
    unique=True,
    sqlite_where=readings.c.sequence.is_not(None) & readings.c.measured_at.is_not(None),
    postgresql_where=readings.c.sequence.is_not(None)
    & readings.c.measured_at.is_not(None),
)

LATE = 1
RETAINED = 2

rollups = Table(
    "rollups",
    metadata,
    Column("series", ROW, primary_key=True, autoincrement=False),
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("total", Float, nullable=False),
    Column("last", Float, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

positions = Table(
    "positions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("last", ROW, primary_key=True, autoincrement=False),
    Column("messages", LargeBinary, nullable=False),
)

notifications = Table(
    "notifications",
    metadata,
    Column("number", ROW, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("alert", Text, nullable=False),
    Column("room", Text),
    Column("transport", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("queued_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("attempted_at", BigInteger),
    Column("error", Text),
    Index("notifications_by_state", "state", "due_at"),
)

refusals = Table(
    "refusals",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("shape", Text, nullable=False),
    sqlite_with_rowid=False,
)

configurations = Table(
    "configurations",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("nth", BigInteger, nullable=False),
    Column("sources", Text, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("number", ROW, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("reading_row", BigInteger, nullable=False),
    Column("configuration", Text, nullable=False),
    Column("format", Integer, nullable=False),
    Column("taken_at", BigInteger, nullable=False),
    Column("monitor", LargeBinary, nullable=False),
    Column("checksum", LargeBinary, nullable=False),
)

snapshot_rooms = Table(
    "snapshot_rooms",
    metadata,
    Column("snapshot", ROW, primary_key=True, autoincrement=False),
    Column("room", Text, primary_key=True),
    Column("state", LargeBinary, nullable=False),
)

texts = Table(
    "texts",
    metadata,
    Column("commitment", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
)
