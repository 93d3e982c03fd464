"""The words of the shop: what may stand in it and what may not, what becomes of a reservation, why stock moves."""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    """What an item is. Goods and services only (ruling 24)."""

    DAILY = "daily", _("日用品")
    FOOD = "food", _("粮油食品")
    STUDY = "study", _("文具书本")
    HEALTH = "health", _("健康护理")
    SAFETY = "safety", _("安全用品")
    SERVICE = "service", _("上门和便民服务")
    OUTING = "outing", _("活动和体验")


class Refusable(TextChoices):
    """What people ask for and no shop of points may hold. Kinds first; their words are read too (`rules/cash`)."""

    CASH = "cash", _("现金、红包")
    VOUCHER = "voucher", _("购物卡、代金券、充值")
    PHONE_CREDIT = "phone_credit", _("话费、流量")
    LOTTERY = "lottery", _("彩票、抽奖机会")
    JEWELLERY = "jewellery", _("黄金首饰")
    LIQUOR_TOBACCO = "liquor_tobacco", _("烟酒")


_CASH_LIKE: Final = _("积分只换东西和服务，不换现金和能当钱用的券、卡（奖品管理和廉洁纪律要求）")
GROUNDS: Final[dict[Refusable, Promise]] = {
    Refusable.CASH: _CASH_LIKE,
    Refusable.VOUCHER: _CASH_LIKE,
    Refusable.PHONE_CREDIT: _CASH_LIKE,
    Refusable.LOTTERY: _("抽奖会把做好事变成碰运气，积分商店不设抽奖"),
    Refusable.JEWELLERY: _("贵重物品不进积分商店，怕有人冲着东西来"),
    Refusable.LIQUOR_TOBACCO: _("烟酒不进积分商店：孩子也看得到这里"),
}  # fmt: skip


class Audience(TextChoices):
    """Whom an item is for. Whoever may be under 14 comes with the guardian in any case (ruling 24)."""

    EVERYBODY = "everybody", _("大家都可以换")
    ADULTS = "adults", _("满 18 岁可以换")
    ELDERS = "elders", _("满 60 岁可以换")


AGES: Final = {Audience.EVERYBODY: 0, Audience.ADULTS: 18, Audience.ELDERS: 60}


class ProposalState(TextChoices):
    """What became of what shall stand in the shop, or cost otherwise."""

    PROPOSED = "proposed", _("等另一位定")
    OPENED = "opened", _("同意了")
    REFUSED = "refused", _("没有同意")
    WITHDRAWN = "withdrawn", _("提出的人撤回了")


class State(TextChoices):
    """What became of a reservation. One whose time is over counts no more, posted or not."""

    RESERVED = "reserved", _("待领取")
    HANDED_OVER = "handed_over", _("已领")
    CANCELLED = "cancelled", _("不要了")
    LAPSED = "lapsed", _("过时没领")


class Reason(TextChoices):
    """Why stock moved."""

    DELIVERY = "delivery", _("进货")
    DONATION = "donation", _("捐赠")
    HANDED_OVER = "handed_over", _("领走")
    TRANSFER_OUT = "transfer_out", _("调出")
    TRANSFER_IN = "transfer_in", _("调入")
    COUNT = "count", _("盘点")
    BROKEN = "broken", _("破损")
    EXPIRED = "expired", _("过期")
    LOST = "lost", _("短少")
    # With what was kept of it called off: gone, or not to be given to anybody.
    RECALLED = "recalled", _("下架，不发了")


ARRIVALS: Final = (Reason.DELIVERY, Reason.DONATION)
WRITE_OFFS: Final = (Reason.BROKEN, Reason.EXPIRED, Reason.LOST)


class CalledOffBy(TextChoices):
    """Why a reservation was called off by nobody who wanted it or keeps it, as its owner reads it."""

    STATION_CLOSED = "station_closed", _("驿站关了，取消了")
    FAMILY_LEFT = "family_left", _("那一家搬走了，取消了")
    ASKER_MAY_NOT = "asker_may_not", _("约的人现在不能用这些分了，取消了")
    GOODS_GONE = "goods_gone", _("驿站没有货了，取消了")
    GOODS_UNSAFE = "goods_unsafe", _("怕不安全，不发了，取消了")


class Unfetchable(TextChoices):
    """Why a host or keeper says that what waits of an item is not to be fetched."""

    GONE = CalledOffBy.GOODS_GONE.value, _("货没有了")
    UNSAFE = CalledOffBy.GOODS_UNSAFE.value, _("东西坏了或不安全，不能发")


class Fact(TextChoices):
    """What the journal records of the shop: ids, codes and numbers."""

    ITEM_PROPOSED = "shop.item_proposed", _("提出上架或改价")
    ITEM_REFUSED = "shop.item_refused", _("没有同意上架或改价")
    ITEM_UNPROPOSED = "shop.item_unproposed", _("撤回了提出的上架或改价")
    ITEM_OPENED = "shop.item_opened", _("上架")
    ITEM_CHANGED = "shop.item_changed", _("改了商品")
    ITEM_WITHDRAWN = "shop.item_withdrawn", _("下架")
    RESERVED = "shop.reserved", _("兑换，留货")
    HANDED_OVER = "shop.handed_over", _("领走了")
    CANCELLED = "shop.cancelled", _("不要了")
    LAPSED = "shop.lapsed", _("过时没领")
    STOCK_MOVED = "shop.stock_moved", _("库存变动")
    CARD_ISSUED = "shop.card_issued", _("发了兑换卡")
    CARD_BLOCKED = "shop.card_blocked", _("停用了兑换卡")
    BUDGET_PROPOSED = "shop.budget_proposed", _("提出预算")
    BUDGET_APPROVED = "shop.budget_approved", _("预算通过")
    BUDGET_REFUSED = "shop.budget_refused", _("预算没有通过")
    BUDGET_WITHDRAWN = "shop.budget_withdrawn", _("撤回了提出的预算")
    BUDGET_REPLACED = "shop.budget_replaced", _("换了新的预算")


CODE_LENGTH: Final = 8
# The stock of an item in a station lies in so many rows, so that many can take of it at once.
SLOTS: Final = 16
MOST_AT_ONCE: Final = 10
HOLD_LASTS: Final = timedelta(days=7)
LIMIT_DAYS: Final = 30

# A budget of a sub-district for goods is never more, in cents; a mistyped one hangs before the leader for nothing.
MOST_BUDGETED: Final = 10_000_000 * 100
MOST_A_POINT: Final = 100 * 100
BUDGET_REASON: Final = 200
REFUSAL_REASON: Final = 200
MOST_PLANNED: Final = 100_000
