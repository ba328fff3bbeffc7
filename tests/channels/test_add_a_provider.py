"""docs/add-a-provider.md: its example works."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from channels.contract import CannotList, Failure, Forged, Halves, Malformed, Outbound, SendError
from gateway.simulator.carrier import run
from tests.channels.twilio_posts import OURS, THEIRS

PAGE = Path(__file__).parents[2] / "docs" / "add-a-provider.md"
TOLD = {"id": "1", "to": OURS, "source": THEIRS, "text": "hei\x00"}


@pytest.fixture
def acme() -> tuple[Halves, dict[str, Any]]:
    [example, *_] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    settings = SimpleNamespace(acme_token=SecretStr("token"))
    return names["PROVIDER"].halves(settings, {OURS}, "https://x"), names


def test_the_example_reads_what_it_should_and_nothing_else(acme):
    receiver = acme[0].receiver()
    inbound = receiver.verify_and_parse("/sms/acme", {"X-Acme": "token"}, json.dumps(TOLD).encode())
    assert (inbound.provider_id, inbound.sender, inbound.text) == ("1", THEIRS, "hei\u2400")
    receipt = receiver.parse_receipt("/sms/acme/status/x", {"X-Acme": "token"}, b'{"id": "1", "state": "LOST"}')
    assert (receipt.state, receipt.error) == ("failed", Failure.REFUSED)
    for headers in ({}, {"X-Acme": "tokem"}, {"X-Acme": "\udcff"}):
        with pytest.raises(Forged):
            receiver.verify_and_parse("/sms/acme", headers, b"{}")
    for body in (b"", b"[" * 60_000, b"[]", b"{}", b"\xff", json.dumps(TOLD | {"to": THEIRS}).encode()):
        with pytest.raises(Malformed):
            receiver.verify_and_parse("/sms/acme", {"X-Acme": "token"}, body)


def test_the_example_calls_and_names_what_went_wrong(acme):
    halves, names = acme
    halves.sender(2).close()
    with run(protocol="generic", auth_token="another") as carrier:
        sender = names["Sender"]("token", 2, f"{carrier.url}/messages")
        with pytest.raises(SendError) as refused:
            sender.send(Outbound("d1", OURS, THEIRS, "hei", ""))
        sender.close()
    assert refused.value.failure == Failure.CREDENTIALS
    with pytest.raises(CannotList):
        sender.list_received(None)
