"""What can happen to points."""

from huipai.points.commands.answering import KeyTaken, answer_to, answered_before, hash_of, stored_answer
from huipai.points.commands.awarding import Outcome, award
from huipai.points.commands.claims.stepping import locked as locked_claim
from huipai.points.commands.closing import (
    ClosingDecided,
    ClosingExists,
    ClosingTooSoon,
    approve_closing,
    propose_closing,
    withdraw_closing,
)
from huipai.points.commands.correcting import (
    CorrectedAlready,
    CorrectionAppealed,
    CorrectionAppealOver,
    CorrectionDecided,
    CorrectionUnfit,
    NotCorrectable,
    appeal_correction,
    appeal_correction_at_counter,
    approve_correction,
    decline_correction,
    dismiss_appeal,
    propose_correction,
    uphold_appeal,
    withdraw_correction,
)
from huipai.points.commands.expiring import expire
from huipai.points.commands.granting import (
    GrantDecided,
    GrantUnfit,
    PaperGranted,
    approve_grant,
    decline_grant,
    propose_grant,
    take_back_grant,
)
from huipai.points.commands.holding import HeldOtherwise, HoldOver, HoldSettled, capture, lapse, reserve, void
from huipai.points.commands.household import award_household
from huipai.points.commands.reversing import NotReversible, reverse
from huipai.points.commands.spending import NotEnough, SpentOtherwise, spend
from huipai.points.commands.trying import run_dry
from huipai.points.commands.writing import as_stored, lock_accounts, lock_opened

__all__ = [
    "ClosingDecided",
    "ClosingExists",
    "ClosingTooSoon",
    "CorrectedAlready",
    "CorrectionAppealOver",
    "CorrectionAppealed",
    "CorrectionDecided",
    "CorrectionUnfit",
    "GrantDecided",
    "GrantUnfit",
    "HeldOtherwise",
    "HoldOver",
    "HoldSettled",
    "KeyTaken",
    "NotCorrectable",
    "NotEnough",
    "NotReversible",
    "Outcome",
    "PaperGranted",
    "SpentOtherwise",
    "answer_to",
    "answered_before",
    "appeal_correction",
    "appeal_correction_at_counter",
    "approve_closing",
    "approve_correction",
    "approve_grant",
    "as_stored",
    "award",
    "award_household",
    "capture",
    "decline_correction",
    "decline_grant",
    "dismiss_appeal",
    "expire",
    "hash_of",
    "lapse",
    "lock_accounts",
    "lock_opened",
    "locked_claim",
    "propose_closing",
    "propose_correction",
    "propose_grant",
    "reserve",
    "reverse",
    "run_dry",
    "spend",
    "stored_answer",
    "take_back_grant",
    "uphold_appeal",
    "void",
    "withdraw_closing",
    "withdraw_correction",
]
