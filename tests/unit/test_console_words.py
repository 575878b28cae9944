"""Every state, cause and outcome has its word on the pages: a missing one would leave a gap."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from api.console import onboarding_words, words
from api.intake.limits import Refusal
from models.admission import Admission, Means
from models.call import Disposition
from models.callback import Cause, Rang, State
from models.contract import PaperKind
from models.message import Delivery
from models.onboarding import Business, FormState, Settlement
from models.order import Status
from models.staff import Role


@pytest.mark.parametrize(
    ("named", "kinds"),
    [
        (words.CALL_BACK_CAUSES, Cause),
        (words.CALL_BACK_STATES, State),
        (words.RINGS, Rang),
        (words.DISPOSITIONS, Disposition),
        (words.STATUS, Status),
        (words.DELIVERY, Delivery),
        (words.ROLES, Role),
        (words.REFUSALS, Refusal),
        (onboarding_words.BUSINESS, Business),
        (onboarding_words.SETTLEMENT, Settlement),
        (words.CONTRACTS, PaperKind),
        (onboarding_words.STATE, FormState),
        (onboarding_words.MEANS, Means),
        (onboarding_words.ADMISSION, Admission),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_every_member_has_a_word(named: Mapping[str, object], kinds: type[StrEnum]) -> None:
    assert {kind.value for kind in kinds} - set(named) == set()
