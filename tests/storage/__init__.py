"""Tests of storage, on SQLite and on PostgreSQL."""
