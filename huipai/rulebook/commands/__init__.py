"""What can happen to the rulebook."""

from huipai.rulebook.commands.admitting import (
    admit,
    decline,
    give_back,
    propose,
    propose_again,
    propose_new,
    take_proposal_back,
)
from huipai.rulebook.commands.approving import approve, publish, withdraw
from huipai.rulebook.commands.consulting import answer, comment, consult
from huipai.rulebook.commands.drafting import (
    abandon,
    add_item,
    draft,
    enter,
    put_item,
    restore_item,
    reword_note,
    set_end_rule,
    strike_item,
    take_out_carried,
)
from huipai.rulebook.commands.importing import apply_sheet, keep_again, keep_sheet, try_sheet
from huipai.rulebook.commands.knowing import add_known, take_out_known
from huipai.rulebook.commands.objecting import dismiss, object_to, uphold
from huipai.rulebook.commands.promising import promise_of_the_end
from huipai.rulebook.commands.refusals import NumberRetired, OverBefore, Refusal, SheetUnexplained, SheetUnfit
from huipai.rulebook.commands.timing import keep_time
from huipai.rulebook.commands.trying import ask_dry_run, finish_dry_run, note_progress

__all__ = [
    "NumberRetired", "OverBefore", "Refusal", "SheetUnexplained", "SheetUnfit", "abandon", "add_item", "add_known",
    "admit", "answer",
    "apply_sheet", "approve", "ask_dry_run", "comment", "consult", "decline", "dismiss", "draft", "enter",
    "finish_dry_run", "give_back", "keep_again", "keep_sheet", "keep_time", "note_progress", "object_to",
    "promise_of_the_end", "propose", "propose_again", "propose_new", "publish", "put_item", "restore_item",
    "reword_note", "set_end_rule", "strike_item", "take_out_carried", "take_out_known", "take_proposal_back",
    "try_sheet", "uphold", "withdraw",
]  # fmt: skip
