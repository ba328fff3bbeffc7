"""The address at which the provider reports a delivery: ours, or nobody's."""

import pytest

from gateway.dice import RandomDice
from gateway.status_links import sign, status_link, verify
from storage.keys import Key, Keys

OLD = Key("a", bytes(range(32)))
KEYS = Keys([OLD])
DELIVERY = RandomDice().new_id()
SIGNED = sign(KEYS, DELIVERY)


def test_a_link_has_the_delivery_that_it_was_made_for():
    link = status_link("https://sms.example.no", "twilio", KEYS, DELIVERY)
    assert link == f"https://sms.example.no/sms/twilio/status/{SIGNED}"
    assert verify(KEYS, SIGNED) == DELIVERY


def test_a_link_outlives_a_change_of_keys():
    newer = Keys([Key("b", bytes(range(1, 33))), OLD])
    assert verify(newer, SIGNED) == DELIVERY
    assert verify(KEYS, sign(newer, DELIVERY)) is None


@pytest.mark.parametrize(
    "forged",
    [
        "",
        DELIVERY,
        SIGNED[:-1],
        SIGNED[:-1] + ("0" if SIGNED[-1] != "0" else "1"),
        SIGNED + "0",
        SIGNED.upper(),
        SIGNED.replace(".a.", ".b."),
        SIGNED.replace(DELIVERY, RandomDice().new_id()),
        f"{DELIVERY}.a.{'ø' * 32}",
        "x" * 10_000,
    ],
    ids=["empty", "unsigned", "cut", "altered", "longer", "upper case", "other kind", "another's", "no hex", "huge"],
)
def test_what_we_did_not_sign_is_nobodys(forged):
    assert verify(KEYS, forged) is None
