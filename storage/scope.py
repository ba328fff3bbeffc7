"""Who asks: every read and every act of case work takes a scope, so that no query leaves a tenant."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from conversations.inputs import Actor


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen, and by whom. ``desks`` empty means all desks of the tenant.

    ``actor_name`` is what a customer is told of who wrote. ``full_numbers``: whether numbers and mail
    addresses are shown whole; else masked.
    """

    tenant: str
    desks: frozenset[str]
    actor: Actor
    actor_name: str
    full_numbers: bool = False

    def holds(self, tenant: str, desk: str) -> ColumnElement[bool]:
        """A condition for a query: the two columns given are a tenant and a desk of this scope."""
        ours = col(tenant) == self.tenant
        return and_(ours, col(desk).in_(sorted(self.desks))) if self.desks else ours

    def shows(self, address: str) -> str:
        """A number or mail address as this scope may see it."""
        return address if self.full_numbers else masked(address)


def masked(address: str) -> str:
    """A number by its country and last three digits, a mail address by its first letter and domain.

    ``+4790012345`` is ``+47*****345``; ``eva@post.no`` is ``e***@post.no``; a name or short code is whole.
    """
    local, at, domain = address.rpartition("@")
    if at:
        return f"{local[:1]}***@{domain}"
    if address.startswith("+") and len(address) > 7:
        return address[:3] + "*" * (len(address) - 6) + address[-3:]
    return address
