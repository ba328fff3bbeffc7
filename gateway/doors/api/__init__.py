"""The HTTP API of case work, `/api/v1/`: one table of routes, and what serves, checks and documents it."""

from gateway.doors.api.serve import routes

__all__ = ["routes"]
