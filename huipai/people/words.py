"""The words of people: roles, kinds of identity, purposes of consent, facts, and the limits of signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# What stands where somebody who has left had written something that may not be empty.
WIPED: Final = "—"


class Role(TextChoices):
    """What somebody does in a street: the one list (ruling 3)."""

    RESIDENT = "resident", _("居民")
    PART_TIME_MEMBER = "part_time_member", _("兼职网格员")
    GRID_WORKER = "grid_worker", _("专职网格员")
    COORDINATOR = "coordinator", _("社区协调员")
    DISPATCHER = "dispatcher", _("分拨员")
    UNIT_HANDLER = "unit_handler", _("处置单位经办")
    UNIT_LEAD = "unit_lead", _("处置单位负责人")
    CHECKER = "checker", _("核查员")
    RULEBOOK_EDITOR = "rulebook_editor", _("条款编辑")
    BOARD_MEMBER = "board_member", _("准入小组成员")
    REVIEWER = "reviewer", _("积分审核员")
    STATION_HOST = "station_host", _("驿站值守")
    LEADER = "leader", _("街道负责人")
    AUDITOR = "auditor", _("审计管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")


LONGEST_NAME = 40
# Years that nobody alive has: the longest life on record had 122.
OLDEST = 125
LONGEST_PAPER_NUMBER = 40
# Three roles, three people (ruling 3); each signs in with a second factor.
ADMIN_ROLES = frozenset({Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN})
# Residents may hold these without being employed: they earn points and are never assessed.
ROLES_WITHOUT_EMPLOYMENT = frozenset({Role.RESIDENT, Role.PART_TIME_MEMBER, Role.CHECKER, Role.BOARD_MEMBER})


class IdentityKind(TextChoices):
    RESIDENT = "resident", _("居民")
    DEPUTY = "deputy", _("人大代表、政协委员")
    STUDENT = "student", _("学生")
    TEACHER = "teacher", _("教师")
    PENSIONER = "pensioner", _("退休人员")
    COURIER = "courier", _("快递、外卖骑手")
    DRIVER = "driver", _("司机")
    PARTY_MEMBER = "party_member", _("党员")
    VOLUNTEER = "volunteer", _("志愿者")
    MERCHANT = "merchant", _("商户")
    PROPERTY_STAFF = "property_staff", _("物业人员")


# Specific identities under PIPL art. 28: kept only while a separate consent holds.
SENSITIVE_IDENTITIES = frozenset({IdentityKind.PARTY_MEMBER, IdentityKind.DEPUTY})


class ConsentPurpose(TextChoices):
    """What somebody agrees to, one by one, each withdrawable (L1)."""

    PRIVACY_NOTICE = "privacy_notice", _("隐私告知")
    REPORT_ON_BEHALF = "report_on_behalf", _("工作人员代为上报")
    SENSITIVE_IDENTITY = "sensitive_identity", _("登记特定身份")
    PROXY = "proxy", _("请人代办")
    GUARDIANSHIP = "guardianship", _("监护人同意")
    THANK_YOU_WALL = "thank_you_wall", _("在感谢墙上出现")
    CARE = "care", _("登记需要的帮助")
    HOUSEHOLD_POINTS = "household_points", _("一起用家庭积分")
    RECOGNISABLE_PHOTO = "recognisable_photo", _("照片里认得出本人")


class Channel(TextChoices):
    """How a consent was given."""

    PAGE = "page", _("本人在页面上")
    CODE = "code", _("念出短信验证码")
    COUNTER = "counter", _("在窗口")
    TELEPHONE = "telephone", _("通过电话")
    PAPER = "paper", _("书面")


class Document(TextChoices):
    """What a person showed at the counter. Its number is not kept."""

    ID_CARD = "id_card", _("身份证")
    SOCIAL_CARD = "social_card", _("社保卡")
    HOUSEHOLD_REGISTER = "household_register", _("户口簿")
    PASSPORT = "passport", _("护照或通行证")


class ProxyScope(TextChoices):
    """What a helper may do for an elder."""

    REPORT = "report", _("上报和补充说明")
    ANSWER = "answer", _("看进度、确认结果")
    POINTS = "points", _("看积分、兑换")
    CLAIM = "claim", _("申报积分、撤回、申诉")


class CodePurpose(TextChoices):
    """What a code sent to a number is good for."""

    SIGN_IN = "sign_in", _("登录")
    CONFIRM_NUMBER = "confirm_number", _("确认手机号")
    LEAVE_NUMBER = "leave_number", _("换出手机号")
    ENTER_NUMBER = "enter_number", _("换入手机号")
    RESET_PASSWORD = "reset_password", _("重设密码")
    PROXY = "proxy", _("请人代办")


class FactorLoss(TextChoices):
    """Why an administrator takes a second factor off."""

    LOST = "lost", _("手机丢了")
    BROKEN = "broken", _("手机坏了")
    REPLACED = "replaced", _("换了手机，没有转过去")
    UNREADABLE = "unreadable", _("平台换了密钥，动态口令读不出来")
    OTHER = "other", _("其他原因，已当面核对")


class TryKind(TextChoices):
    """What is counted so that nobody can flood a phone, burn money or guess."""

    CODE = "code", "code"
    PASSWORD = "password", "password"
    # The same, in a browser in which its owner has signed in before.
    PASSWORD_AT_HOME = "password_at_home", "password_at_home"
    SECOND_FACTOR = "second_factor", "second_factor"
    NAME = "name", "name"
    # Codes that a station host scans or types.
    PICKUP = "pickup", "pickup"
    SLIP = "slip", "slip"
    # The same, typed by one colleague at the counter for somebody who stands there.
    SLIP_AT_COUNTER = "slip_at_counter", "slip_at_counter"
    # Messages that invite somebody to help: to one number, and by one person.
    INVITED = "invited", "invited"
    INVITING = "inviting", "inviting"
    # Looks for somebody by number, name or home, by one colleague.
    PERSON = "person", "person"


@dataclass(frozen=True)
class Limit:
    """At most `times` tries within `window`, counted over a sliding window."""

    times: int
    window: timedelta


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Of one number (or account) from one network address, where anybody may know the number: a stranger who tries it out
# locks out nobody but themselves.
LIMITS_OF_BOTH: dict[TryKind, tuple[Limit, ...]] = {
    TryKind.SLIP: (Limit(5, 15 * MINUTE), Limit(20, DAY)),
    TryKind.PASSWORD: (Limit(5, 15 * MINUTE), Limit(20, DAY)),
}
# Of one number (or account), narrowest window first.
LIMITS_OF_NUMBER: dict[TryKind, tuple[Limit, ...]] = {
    TryKind.CODE: (Limit(5, MINUTE), Limit(10, HOUR), Limit(15, DAY)),
    # Wherever nobody has signed in with it: from all those places together. Its owner comes in where they did before.
    TryKind.PASSWORD: (Limit(30, DAY), Limit(80, 30 * DAY)),
    TryKind.PASSWORD_AT_HOME: (Limit(5, 15 * MINUTE), Limit(20, DAY)),
    TryKind.SECOND_FACTOR: (Limit(5, 15 * MINUTE), Limit(20, DAY)),
    TryKind.NAME: (Limit(3, 30 * DAY),),
    TryKind.PICKUP: (Limit(10, 15 * MINUTE), Limit(60, DAY)),
    # From all addresses together. A code has 8 of 23 characters (`kit.ids.short_code`), some 36 bits: who tries 2,000
    # of the 78,000 million each day finds it within a year with a chance of 1 in 100,000. It takes a hundred addresses
    # that are used up to reach it; whoever holds the paper is then served at the counter, which is counted by itself.
    TryKind.SLIP: (Limit(2_000, DAY),),
    TryKind.SLIP_AT_COUNTER: (Limit(5, 15 * MINUTE), Limit(20, DAY)),
    TryKind.INVITED: (Limit(2, HOUR), Limit(3, DAY)),
    TryKind.INVITING: (Limit(5, DAY), Limit(10, 30 * DAY)),
    TryKind.PERSON: (Limit(20, 15 * MINUTE), Limit(120, DAY)),
}
# Of one network address; a neighbourhood may share one, so these are wide.
LIMITS_OF_ADDRESS: dict[TryKind, tuple[Limit, ...]] = {
    TryKind.CODE: (Limit(20, MINUTE), Limit(100, HOUR), Limit(300, DAY)),
    TryKind.PASSWORD: (Limit(30, 15 * MINUTE), Limit(300, DAY)),
    TryKind.PASSWORD_AT_HOME: (Limit(30, 15 * MINUTE), Limit(300, DAY)),
    TryKind.SECOND_FACTOR: (Limit(30, 15 * MINUTE), Limit(300, DAY)),
    TryKind.NAME: (Limit(30, DAY),),
    TryKind.PICKUP: (Limit(30, 15 * MINUTE), Limit(300, DAY)),
    TryKind.SLIP: (Limit(30, 15 * MINUTE), Limit(300, DAY)),
    TryKind.SLIP_AT_COUNTER: (Limit(30, 15 * MINUTE), Limit(300, DAY)),
    TryKind.INVITED: (Limit(20, HOUR), Limit(60, DAY)),
    TryKind.INVITING: (Limit(20, HOUR), Limit(60, DAY)),
    TryKind.PERSON: (Limit(60, 15 * MINUTE), Limit(600, DAY)),
}
# Passwords and one-time passwords of one account without a sign-in between, wherever they were typed; then its owner is
# looked at another way: by a code to the number, or by an administrator (NIST SP 800-63B, 5.2.2).
MOST_IN_A_ROW = 100
# Of everybody together: what one day may cost at most.
CODES_A_DAY = 20_000

CODE_LENGTH = 6
CODE_LIFE = timedelta(minutes=5)
CODE_LIFE_FOR_ELDERS = timedelta(minutes=10)
WRONG_CODES = 4

STAFF_IDLE = timedelta(minutes=30)
# GB/T 22239-2019, 7.1.4.1 a): what somebody is known by is complex and changed regularly. How often is ours.
PASSWORD_LASTS = timedelta(days=90)
STAFF_SESSION = timedelta(hours=12)
RESIDENT_SESSION = timedelta(days=30)
NUMBER_IS_FRESH = timedelta(days=365)
COOLING_TIME = timedelta(hours=72)
TRIES_ARE_KEPT = timedelta(days=31)
CODES_ARE_KEPT = timedelta(days=1)
PROXY_LASTS = timedelta(days=365)
INVITATION_LASTS = timedelta(days=7)
# Somebody without an account stays known by name so long after the last that tied them to anybody.
STAYS_KNOWN = timedelta(days=90)
# More people of one name are not listed: the home says which.
FOUND_AT_MOST = 6


class Fact(TextChoices):
    """What people write into the journal: ids, codes and numbers only."""

    ACCOUNT_SIGNED_IN = "account.signed_in", _("登录")
    ACCOUNT_SIGNED_OUT = "account.signed_out", _("退出")
    ACCOUNT_SIGNED_OUT_EVERYWHERE = "account.signed_out_everywhere", _("在所有设备上退出")
    ACCOUNT_PASSWORD_CHANGED = "account.password_changed", _("改密码")
    ACCOUNT_PASSWORD_SET_BY_STAFF = "account.password_set_by_staff", _("管理员重设密码")
    ACCOUNT_NEW_PASSWORD_REQUIRED = "account.new_password_required", _("要求换密码")
    ACCOUNT_UNLOCKED = "account.unlocked", _("解除锁定")
    ACCOUNT_SECOND_FACTOR_SET = "account.second_factor_set", _("绑定动态口令")
    ACCOUNT_SECOND_FACTOR_REMOVED = "account.second_factor_removed", _("解除动态口令")
    ACCOUNT_RECOVERY_CODES_RENEWED = "account.recovery_codes_renewed", _("换了一张恢复码")
    ACCOUNT_SECOND_FACTOR_REQUIRED = "account.second_factor_required", _("要求动态口令")
    ACCOUNT_PHONE_CHANGED = "account.phone_changed", _("换手机号")
    ACCOUNT_PHONE_CONFIRMED = "account.phone_confirmed", _("确认手机号")
    ACCOUNT_PHONE_GIVEN_UP = "account.phone_given_up", _("号码已换人，旧账号与号码分开")
    ACCOUNT_RECOGNISED = "account.recognised", _("确认还是本人")
    ACCOUNT_NAMED_BY_COUNTER = "account.recognised_at_counter", _("窗口确认还是本人")
    ACCOUNT_CLOSED = "account.closed", _("停用账号")
    PHONE_CHANGE_ASKED = "phone_change.asked", _("窗口申请换手机号")
    PHONE_CHANGE_CANCELLED = "phone_change.cancelled", _("撤销换手机号")
    PHONE_CHANGE_LAPSED = "phone_change.lapsed", _("换手机号没有生效")
    PERSON_REGISTERED = "person.registered", _("第一次来到这个街道")
    PERSON_LOOKED_UP = "person.looked_up", _("窗口查号")
    PERSON_RENAMED = "person.renamed", _("改姓名")
    BIRTH_YEAR_NOTED = "person.birth_year_noted", _("窗口登记出生年份")
    WAITS_FOR_GUARDIAN = "person.waits_for_guardian", _("说自己不满 14 岁")
    PERSON_EMPLOYED = "person.employed", _("成为工作人员")
    PERSON_LEFT = "person.left", _("不再是工作人员")
    PERSON_ERASED = "person.erased", _("注销")
    IDENTITY_ADDED = "identity.added", _("登记身份")
    IDENTITY_CONFIRMED = "identity.confirmed", _("核实身份")
    IDENTITY_ENDED = "identity.ended", _("身份到期")
    CONSENT_GIVEN = "consent.given", _("同意")
    CONSENT_WITHDRAWN = "consent.withdrawn", _("撤回同意")
    CONSENT_TEXT_PUBLISHED = "consent_text.published", _("发布新的告知文本")
    GUARDIANSHIP_RECORDED = "guardianship.recorded", _("登记监护人")
    GUARDIANSHIP_ENDED = "guardianship.ended", _("监护结束")
    PROXY_INVITED = "proxy.invited", _("请人代办")
    PROXY_ACCEPTED = "proxy.accepted", _("答应代办")
    PROXY_ENDED = "proxy.ended", _("代办结束")
