"""Run by alembic: migrates on the connection it is given, inside the transaction that is open there."""

from alembic import context

from ivr.directory.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata,
                  render_as_batch=True, transactional_ddl=False)
context.run_migrations()
