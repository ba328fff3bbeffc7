"""Who may do what on which evidence: every act against every evidence, as DESIGN 5 has it."""

from typing import get_args

import pytest

from conversations.authority import RULES, Act, Code, allows, code_for, is_marked
from conversations.inputs import Evidence

EVIDENCE = get_args(Evidence)
ANYBODY = {"wrote", "reply_address", "authenticated_mail", "code", "fresh_code"}
# The evidence that suffices by itself, and whether standing trust does.
SUFFICES: dict[Act, tuple[set[str], bool]] = {
    Act.REPORT_DANGER: (ANYBODY | {"on_call", "token"}, False),
    Act.REPORT: (ANYBODY | {"on_call", "token"}, False),
    Act.COMMENT_REPORTED: (ANYBODY, False),
    Act.COMMENT_OTHER: (ANYBODY - {"wrote"}, True),
    Act.READ_REPORTED: ({"code", "fresh_code"}, True),
    Act.READ_WIDER: ({"fresh_code"}, False),
    Act.CHANGE_CONTACT: ({"fresh_code"}, False),
    Act.CONSENT: ({"fresh_code"}, False),
    Act.ERASE: ({"fresh_code"}, False),
    Act.APPROVE: ({"fresh_code"}, False),
    Act.SIGN_OUT: (ANYBODY, False),
    Act.OPT_OUT: (ANYBODY, False),
    Act.OPT_IN: (ANYBODY, False),
    Act.ACKNOWLEDGE_ALERT: ({"on_call", "token"}, False),
}


def test_every_act_has_a_row_here_and_there():
    assert set(SUFFICES) == set(Act) == set(RULES)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("evidence", EVIDENCE)
def test_an_act_is_allowed_on_its_evidence_and_no_less(act, evidence):
    suffices, _ = SUFFICES[act]
    assert allows(act, evidence) is (evidence in suffices)


@pytest.mark.parametrize("act", Act)
def test_standing_trust_does_only_for_what_says_so(act):
    suffices, trust = SUFFICES[act]
    assert allows(act, "wrote", trusted=True) is (trust or "wrote" in suffices)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Act.REPORT_DANGER, None),
        (Act.REPORT, None),
        (Act.COMMENT_REPORTED, None),
        (Act.COMMENT_OTHER, Code("prove_address", 6)),
        (Act.READ_REPORTED, Code("prove_address", 6)),
        (Act.READ_WIDER, Code("read_wider", 6, to_registered=True)),
        (Act.CHANGE_CONTACT, Code("change_contact", 8, to_registered=True)),
        (Act.CONSENT, Code("consent", 6, to_registered=True)),
        (Act.ERASE, Code("erase", 8, to_registered=True)),
        (Act.APPROVE, Code("approve", 8, to_registered=True)),
        (Act.SIGN_OUT, None),
        (Act.OPT_OUT, None),
        (Act.OPT_IN, None),
        (Act.ACKNOWLEDGE_ALERT, None),
    ],
)
def test_the_code_that_would_do(act, code):
    assert code_for(act) == code


@pytest.mark.parametrize(
    ("act", "evidence", "marked"),
    [
        (Act.COMMENT_REPORTED, "wrote", True),
        (Act.COMMENT_REPORTED, "code", False),
        (Act.COMMENT_OTHER, "reply_address", True),
        (Act.COMMENT_OTHER, "authenticated_mail", False),
        (Act.REPORT, "wrote", True),
        (Act.SIGN_OUT, "wrote", False),
    ],
)
def test_t13_what_a_forgeable_sender_wrote_is_marked(act, evidence, marked):
    assert is_marked(act, evidence) is marked
