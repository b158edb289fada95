"""Alembic's way in: upgrades the connection that ``schema`` hands over."""

from alembic import context

from room_monitor.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata
)
context.run_migrations()
