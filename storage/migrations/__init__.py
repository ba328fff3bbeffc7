"""The schema's history (alembic): each revision leads from one release's tables to the next one's."""
