"""The nouns of the main job."""

from huipai.cases.models.addition import Addition
from huipai.cases.models.allowance import ReportAllowance
from huipai.cases.models.attachment import Attachment
from huipai.cases.models.bundle import BundleResult, KeptBundle
from huipai.cases.models.case import Case, CasePhoto, Note, Pause, Transition
from huipai.cases.models.case_type import CaseType, CaseTypeEdition, TypeSheet
from huipai.cases.models.comment import Comment, CommentOpening, CommentReport
from huipai.cases.models.export import Export, ExportFile
from huipai.cases.models.finding import Finding, FindingStep
from huipai.cases.models.following import Follow, Sighting
from huipai.cases.models.good_deed import DeedPhoto, DeedStep, GoodDeed, Like
from huipai.cases.models.guess import TypeGuesser
from huipai.cases.models.joint import JointCase, JointStep, JointTask, UnitCall, UnitRating
from huipai.cases.models.kept import KeptDeed
from huipai.cases.models.limits import StageLimit, StageRecord
from huipai.cases.models.order import FilingCounter, OrderStep, UnitRequest, WorkOrder
from huipai.cases.models.own_find import FindPhoto, OwnFind
from huipai.cases.models.payment import TypePayment
from huipai.cases.models.phrase import Phrase
from huipai.cases.models.removal import Removal
from huipai.cases.models.report import Report, ReportAnswers
from huipai.cases.models.report_help import ReportHelp
from huipai.cases.models.retention import HoldRelease, LegalHold, LetGo, RetentionTerm
from huipai.cases.models.searchable import Searchable
from huipai.cases.models.shown import KeptBack, Shown, ShownPhoto
from huipai.cases.models.slip import Slip
from huipai.cases.models.stage_mark import StageMark
from huipai.cases.models.talk import CaseTie, Question, SavedView
from huipai.cases.models.verification import Check, Confirmation, Response
from huipai.cases.models.wall import WallLink

__all__ = [
    "Addition",
    "Attachment",
    "BundleResult",
    "Case",
    "CasePhoto",
    "CaseTie",
    "CaseType",
    "CaseTypeEdition",
    "Check",
    "Comment",
    "CommentOpening",
    "CommentReport",
    "Confirmation",
    "DeedPhoto",
    "DeedStep",
    "Export",
    "ExportFile",
    "FilingCounter",
    "FindPhoto",
    "Finding",
    "FindingStep",
    "Follow",
    "GoodDeed",
    "HoldRelease",
    "JointCase",
    "JointStep",
    "JointTask",
    "KeptBack",
    "KeptBundle",
    "KeptDeed",
    "LegalHold",
    "LetGo",
    "Like",
    "Note",
    "OrderStep",
    "OwnFind",
    "Pause",
    "Phrase",
    "Question",
    "Removal",
    "Report",
    "ReportAllowance",
    "ReportAnswers",
    "ReportHelp",
    "Response",
    "RetentionTerm",
    "SavedView",
    "Searchable",
    "Shown",
    "ShownPhoto",
    "Sighting",
    "Slip",
    "StageLimit",
    "StageMark",
    "StageRecord",
    "Transition",
    "TypeGuesser",
    "TypePayment",
    "TypeSheet",
    "UnitCall",
    "UnitRating",
    "UnitRequest",
    "WallLink",
    "WorkOrder",
]
