"""Addresses on the web as an operator writes them into the settings."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether only this machine can come there."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def url_fault(url: str, is_development: bool, may_have_query: bool = False) -> str | None:
    """What is wrong with the address, without a word of it; None: nothing. Plain http only to this machine, in
    development."""
    parts = urlsplit(url)
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    is_odd = parts.fragment or parts.username or (parts.query and not may_have_query)
    if parts.scheme not in ("http", "https") or not host or is_odd:
        return "must be http(s)://HOST[:PORT][/PATH]"
    if parts.scheme == "http" and not (is_development and is_loopback(host)):
        return "must begin with https://"
    return None
