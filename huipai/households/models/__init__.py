"""Groups of households, links between people and households, visits, needs, assessments."""

from huipai.households.models.assessment import Assessment, Objection
from huipai.households.models.group import Group, Membership
from huipai.households.models.link import Link, Visit
from huipai.households.models.need import Need, NeedStep

__all__ = ["Assessment", "Group", "Link", "Membership", "Need", "NeedStep", "Objection", "Visit"]
