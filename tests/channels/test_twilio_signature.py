import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import HMAC_SHA256, RequestValidator

from channels.sms.twilio.signature import is_signed, signature, spellings

VECTORS = Path(__file__).parents[2].parent / "shared" / "corpora" / "sms" / "twilio_signature.json"

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
# Few names, so that some come twice, and some that begin like another.
NAMES = st.sampled_from(["Body", "From", "FromCity", "To", "Æ", "a", ""]) | WORDS
FORMS = st.lists(st.tuples(NAMES, WORDS), max_size=12)
URLS = st.builds(
    lambda scheme, host, port, path: f"{scheme}://{host}{port}/{path}",
    st.sampled_from(["http", "https"]),
    st.sampled_from(["sms.example.no", "10.0.0.1", "localhost"]),
    st.just("") | st.integers(1, 65535).map(lambda port: f":{port}") | st.sampled_from([":443", ":80"]),
    st.sampled_from(["", "sms/twilio", "sms/twilio/status/x.y-z", "a%20b?c=d&e=f", "sms/twilio/"]),
)


@settings(max_examples=2000, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), URLS, FORMS, st.booleans())
def test_we_sign_as_the_vendor_does(token, url, form, newer):
    vendors, ours = (HMAC_SHA256, "sha256") if newer else (None, "sha1")
    made = RequestValidator(token).compute_signature(url, MultiDict(form), vendors)
    assert signature(token, ours, url, form).decode() == made


@settings(max_examples=2000, deadline=None)
@given(st.data(), URLS, FORMS, URLS)
def test_we_believe_what_the_vendor_believes(data, url, form, other):
    signed_url = data.draw(st.sampled_from([url, other, *spellings(url)]))
    signed_form = data.draw(st.sampled_from([form, form[1:], form[::-1]]))
    given_one = signature("token", "sha1", signed_url, signed_form).decode()
    given_one = data.draw(st.sampled_from([given_one, given_one[:-1], given_one.lower(), "", "æ"]))
    believed = RequestValidator("token").validate(url, MultiDict(form), given_one)
    assert is_signed([("token", "sha1")], spellings(url), form, given_one) == believed


@pytest.mark.skipif(not VECTORS.exists(), reason="the corpora are not beside the repository")
def test_the_vendors_own_vectors_hold():
    corpus = json.loads(VECTORS.read_text(encoding="utf-8"))
    # One is of the scheme for JSON bodies, which we do not serve.
    vectors = [vector for vector in corpus["vectors"] if "params" in vector]
    assert len(vectors) == 6
    for vector in vectors:
        params = vector["params"]
        form = list(params.items()) if isinstance(params, dict) else [tuple(pair) for pair in params]
        assert is_signed([(corpus["token"], "sha1")], spellings(vector["url"]), form, vector["sig"]) is vector["valid"]


@pytest.mark.parametrize(
    ("url", "both"),
    [
        ("https://a.no/x?y=1", ("https://a.no/x?y=1", "https://a.no:443/x?y=1")),
        ("https://a.no:443/x", ("https://a.no/x", "https://a.no:443/x")),
        ("http://a.no", ("http://a.no", "http://a.no:80")),
        ("http://a.no:8080/", ("http://a.no/", "http://a.no:8080/")),
    ],
)
def test_an_address_is_spelled_with_and_without_its_port(url, both):
    assert spellings(url) == both
