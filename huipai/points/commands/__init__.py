"""What can happen to points."""

from huipai.points.commands.awarding import Outcome, award
from huipai.points.commands.expiring import expire
from huipai.points.commands.reversing import NotReversible, reverse
from huipai.points.commands.spending import NotEnough, SpentOtherwise, spend

__all__ = ["NotEnough", "NotReversible", "Outcome", "SpentOtherwise", "award", "expire", "reverse", "spend"]
