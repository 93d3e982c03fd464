"""The nouns of the main job."""

from huipai.cases.models.case import Case, CasePhoto, Note, Pause, Transition
from huipai.cases.models.case_type import CaseType
from huipai.cases.models.report import Report
from huipai.cases.models.verification import Check, Confirmation, Response

__all__ = [
    "Case",
    "CasePhoto",
    "CaseType",
    "Check",
    "Confirmation",
    "Note",
    "Pause",
    "Report",
    "Response",
    "Transition",
]
