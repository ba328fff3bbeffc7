"""Who may do what on which evidence: every act against every evidence, as DESIGN 5 has it."""

from typing import get_args

import pytest

from conversations.authority import RULES, Act, allows
from conversations.inputs import Evidence

EVIDENCE = get_args(Evidence)
ANYBODY = {"wrote", "reply_address", "authenticated_mail", "code", "fresh_code"}
# The evidence that suffices by itself, and whether standing trust does.
SUFFICES: dict[Act, tuple[set[str], bool]] = {
    Act.COMMENT_REPORTED: (ANYBODY, False),
    Act.READ_REPORTED: ({"code", "fresh_code"}, True),
    Act.ACKNOWLEDGE_ALERT: ({"on_call"}, False),
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
