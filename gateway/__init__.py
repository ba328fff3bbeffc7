"""Composes the core, the channels and the store: doors, jobs and commands."""
