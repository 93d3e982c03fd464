"""Which follower hears which fact. The only place; searchable, no signals.

A follower is a job deferred in the transaction that records the fact. It runs at least once, so it is safe
to run twice.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from procrastinate import App

from huipai.cases import along as case_followers
from huipai.cases import comment_notices, deed_notices, joint_notices, telling, telling_deeds, telling_joint
from huipai.cases import jobs as cases
from huipai.cases import notices as case_notices
from huipai.cases.policies.at_counter import may_write_down_leaving
from huipai.cases.queries import belonging, retention
from huipai.grid import jobs as grid
from huipai.grid import notices as grid_notices
from huipai.grid.commands import homes as grid_homes
from huipai.grid.commands.homes import Ending
from huipai.grid.policies import may_serve_at_counter
from huipai.grid.queries import homes
from huipai.households import jobs as households
from huipai.households import last_resort as household_last_resort
from huipai.households import notices as household_notices
from huipai.households import queries as household_queries
from huipai.households.commands import assessing as household_assessing
from huipai.households.commands import families as household_families
from huipai.households.queries import month as household_month
from huipai.journal import commands as journal
from huipai.journal.commands import Follower
from huipai.kit import subjects
from huipai.notices import rules as notices
from huipai.notices.words import Writer
from huipai.people import homes as people_homes
from huipai.people import keepers
from huipai.people import policies as people
from huipai.people.keepers import Keeper
from huipai.photos import jobs as photos
from huipai.points import correction_notices, last_resort, warning
from huipai.points import jobs as points
from huipai.points import notices as point_notices
from huipai.points import queries as point_queries
from huipai.points.commands import families as point_families
from huipai.points.queries.claims.ties import Group
from huipai.rulebook import jobs as rulebook
from huipai.rulebook import notices as rulebook_notices
from huipai.rulebook import queries as rulebook_queries
from huipai.rulebook.queries import Held
from huipai.shop import jobs as shop_jobs
from huipai.shop import notices as shop_notices
from huipai.shop import queries as shop_queries
from huipai.shop import telling as shop
from huipai.shop.commands import settling as shop_settling
from huipai.web import dead_letters
from huipai.workdays import commands as workdays

FOLLOWERS: dict[str, tuple[Follower, ...]] = {
    "photo.received": (photos.process_in_turn,),
    "rulebook.dry_run_asked": (points.dry_run,),
    "assignment.ended": (cases.pass_on, households.let_go),
    "absence.began": (cases.pass_on, households.let_go),
    "absence.ended": (cases.pass_on_from_deputies, households.let_go),
    "deputy.named": (cases.pass_on_from_deputies, households.let_go),
    "unit.closed": (cases.recall_from_unit,),
    "station.closed": (shop_jobs.end_with_station,),
    "export.asked": (cases.make_export,),
    **{fact: (grid.tell,) for fact in grid_notices.TOLD},
    **{fact: (cases.tell,) for fact in case_notices.TOLD},
    **{fact: (cases.tell_of_deed,) for fact in deed_notices.TOLD},
    **{fact: (cases.tell_of_comment,) for fact in comment_notices.TOLD},
    **{fact: (cases.tell_of_joint,) for fact in joint_notices.TOLD},
    **{fact: (rulebook.tell,) for fact in rulebook_notices.TOLD},
    "points.closing_approved": (points.announce_closing,),
    "claim.submitted": (points.check_claim,),
    **{fact.value: (points.tell,) for fact in point_notices.TOLD},
    **{fact.value: (points.tell_of_correction,) for fact in correction_notices.TOLD},
    "points.family_settled": (points.tell_of_family,),
    "claim.entered": (points.check_claim, points.tell),
    "claim.helped": (points.check_claim, points.tell),
    **{fact: (households.tell,) for fact in household_notices.TOLD},
    **{
        fact: (*((households.tell,) if fact in household_notices.TOLD else ()), households.let_go)
        for fact in households.LEADS
    },
    **{fact.value: (shop_jobs.tell,) for fact in shop_notices.TOLD},
    "consent.withdrawn": (households.forget,),
    "person.erased": (
        cases.forget,
        grid.leave_home,
        households.forget,
        points.forget,
        rulebook.forget,
        shop_jobs.forget,
    ),
    **{
        fact: (*((cases.tell,) if fact in case_notices.TOLD else ()), cases.tell_followers)
        for fact in case_followers.TOLD
    },
}

# Who counts due dates again when a table of working days comes in: `task(street=…, years=[…])`, once a street.
CALENDAR_FOLLOWERS: tuple[workdays.Follower, ...] = (cases.date_again,)


# Who words which kind of notice, when it is read: `writer(subject, params) -> Wording`.
WORDINGS: dict[str, Writer] = {
    **case_notices.WORDINGS,
    **case_followers.WORDINGS,
    **comment_notices.WORDINGS,
    **deed_notices.WORDINGS,
    **joint_notices.WORDINGS,
    **point_notices.WORDINGS,
    **correction_notices.WORDINGS,
    **rulebook_notices.WORDINGS,
    **warning.WORDINGS,
    **last_resort.WORDINGS,
    **grid_notices.WORDINGS,
    **household_notices.WORDINGS,
    **shop_notices.WORDINGS,
    **dead_letters.WORDINGS,
}


# What people may have rung for or not, as a whole: the first word of a kind of notice.
GROUPS: dict[str, str | Promise] = {
    "case": _("报的事、要办的事"),
    "along": _("我跟着的事"),
    "deed": _("好人好事"),
    "comment": _("邻居留言"),
    "joint": _("吹哨报到"),
    "claim": _("积分申报"),
    "points": _("积分"),
    "shop": _("积分商店"),
}
# Kinds that are of a group by another first word.
IN_GROUP: dict[str, str] = {"order": "case"}


# Who knows the pages of which kind of subject.
PAGES: dict[str, subjects.Addresses] = {
    "case": telling.addresses,
    "deed": telling_deeds.addresses,
    "joint": telling_joint.addresses,
    "claim": point_notices.addresses,
    "correction": correction_notices.addresses,
    "reservation": shop.addresses,
    "assessment": household_notices.addresses,
}
# Who knows what things of a kind belong to.
KIN: dict[str, subjects.Kin] = {"case": belonging.matter_of}
# Who knows what things of a kind are called.
NAMES: dict[str, subjects.Names] = {"reservation": shop.names}
# Who knows which people had a hand in a thing before points came of it.
HANDS: dict[str, subjects.Hands] = {"claim": point_queries.hands_of, "assessment": household_queries.hands_of}

# Who knows the people by whose hands points came, besides claims and grants.
GIVERS: tuple[point_queries.Givers, ...] = (household_queries.givers_of,)

# What reviewers decide besides claims, grants and corrections: what none of them may goes to the leader.
LAST_RESORT: tuple[last_resort.Matter, ...] = household_last_resort.MATTERS

# Who knows the household groups (联户), so that nobody in one judges another.
HOUSEHOLD_GROUPS: tuple[Group, ...] = (household_queries.grouped_lately,)

# Who knows the deeds of a month, over which a draft is tried out.
MONTHS: tuple[Held, ...] = (point_queries.month_held,)
# Who knows for what households are thanked in it.
INCENTIVES: tuple[point_queries.Incentives, ...] = (
    point_queries.Incentives(
        household_month.incentives_count,
        household_month.incentives_unpaid,
        household_month.incentives_wait,
        household_month.incentives_held,
    ),
)

# Who keeps something of people: whoever has no account and of whom none of these keeps anything is forgotten.
KEEPERS: tuple[Keeper, ...] = (
    homes.kept_of_a_person,
    retention.reports_of_a_person,
    retention.deeds_of_a_person,
    point_queries.waiting_of_a_person,
    point_queries.held_of_a_person,
    shop_queries.cards_of_a_person,
    shop_queries.waiting_of_a_person,
)

# Who knows which claims are held for a court or an office.
HELD_CLAIMS: point_queries.Held = retention.held_claims

# Who knows what somebody has in hand here, and by whom: asked when a counter writes down that they leave.
LEAVING: tuple[people.LeavingRule, ...] = (may_write_down_leaving,)

# What ends when the last one leaves a home.
ENDS_WITH_THE_LAST: tuple[Ending, ...] = (household_families.end_with_family,)
# What ends besides when a new family begins in it: what it was to be thanked for, what its points keep, its points.
ENDS_WITH_THE_NEXT: tuple[Ending, ...] = (
    household_assessing.end_with_family,
    shop_settling.end_with_family,
    point_families.end_with_family,
)


def connect(app: App) -> None:
    """Called once at start-up, when every model is known."""
    journal.wire(FOLLOWERS)
    workdays.wire(CALENDAR_FOLLOWERS)
    notices.wire(WORDINGS, GROUPS, IN_GROUP)
    subjects.wire(PAGES)
    subjects.wire_names(NAMES)
    subjects.wire_kin(KIN)
    subjects.wire_hands(HANDS)
    point_queries.wire_givers(GIVERS)
    point_queries.wire_groups(HOUSEHOLD_GROUPS)
    point_queries.wire_held(HELD_CLAIMS)
    last_resort.wire(LAST_RESORT)
    point_queries.wire_incentives(INCENTIVES)
    rulebook_queries.wire_month(MONTHS)
    rulebook_queries.wire_end(lambda: point_queries.closing() is not None)
    people.wire(may_serve_at_counter)
    people.wire_leaving(LEAVING)
    people_homes.wire(homes)
    keepers.wire(KEEPERS)
    grid_homes.wire(ENDS_WITH_THE_LAST, ENDS_WITH_THE_NEXT)
