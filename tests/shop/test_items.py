"""What the shop may hold at all: goods and services with their ground, and nothing as good as money."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from huipai.kit.verdict import Invalid, Moved, NotAllowed
from huipai.shop import commands as shop
from huipai.shop import queries
from huipai.shop.commands import CashLike
from huipai.shop.words import GROUNDS, Category, Refusable
from tests.cast import MONDAY, TUESDAY
from tests.shop.shop import (
    GIVEN,
    SOAP,
    Shop,
    holds,
    put_on_shelf,
    reserve,
)


class TestItems:
    @pytest.mark.parametrize("kind", list(Refusable))
    def test_what_is_as_good_as_money_is_refused_with_its_ground(self, shop_open: Shop, kind: Refusable) -> None:
        offer = replace(SOAP, name="过节礼", category=kind)
        with pytest.raises(CashLike) as refusal:
            shop.propose_item(offer=offer, plan=GIVEN, actor=shop_open.keeper, now=MONDAY)
        assert str(refusal.value) == str(GROUNDS[kind])
        with pytest.raises(CashLike):
            shop.propose_change(item_id=shop_open.soap.id, offer=offer, actor=shop_open.keeper, now=MONDAY)

    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            ({"name": "京东购物卡 100 元"}, Refusable.VOUCHER), ({"name": "京 东 Ｅ 卡"}, Refusable.VOUCHER),
            ({"name": "话费充值 50 元"}, Refusable.PHONE_CREDIT), ({"description": "可折\u200b现"}, Refusable.CASH),
            ({"name": "代【金】券"}, Refusable.VOUCHER), ({"name": "50元超市通用券"}, Refusable.VOUCHER),
            ({"unit": "元"}, Refusable.CASH), ({"description": "送抽奖一次"}, Refusable.LOTTERY),
            ({"name": "足金吊坠"}, Refusable.JEWELLERY), ({"description": "配白酒一瓶"}, Refusable.LIQUOR_TOBACCO),
            *(({"name": name}, Refusable.VOUCHER) for name in (
                "Q币 100 个", "代金劵", "优惠劵", "消 费 劵", "抵用券", "購物卡", "Ｅ卡", "禮品卡", "会员卡",
                "公交卡", "一卡通", "微信立减金", "手机冲值", "超市提货单", "中石化加油 100 元", "电影兑换券",
                "Gift card 50 yuan", "健身年卡", "蛋糕券", "電費", "水费 50", "燃气费代缴", "物业费抵扣", "停车费抵扣",
            )),
            *(({"name": name}, Refusable.CASH) for name in ("支付宝余额", "一百元", "美元", "Cash", "京东 100 元")),
            *(({"name": name}, Refusable.CASH) for name in (
                "支付宝", "USD", "¥50", "￥ 50", "五十块", "50 块", "钞票", "虚拟币", "纪念币", "银币", "20 €",
                "50 圓", "USDT", "礼金 1 份", "奖金", "百元大钞", "余额宝", "抖音币", "劳务费", "退税",
            )),
            *(({"name": name}, Refusable.VOUCHER) for name in (
                "兑换码", "邮票", "餐券", "停车券", "地铁票", "月票", "公园年卡", "电影票",
                "沃尔玛五十", "京东50", "Steam 钱包", "QB 10 个", "花呗还款", "燃气抵扣", "宽带一个月",
                "爱奇艺 VIP 一个月",
                "购物储值", "美团外卖代金", "盒马礼包券", "游戏皮肤", "高铁票", "爱奇艺会员",
            )),
            *(({"name": name}, Refusable.VOUCHER) for name in (
                "永辉卡", "家乐福卡", "超市通用券", "商品券", "八折券", "购书券", "美团外卖券", "滴滴打车券",
                "稻香村月饼票",
                "超市提货凭证", "洗浴票", "券", "卡", "电子卡密", "手机直充", "燃气缴费", "面值50的卡", "生日卡券",
            )),
            *(({"name": name}, Refusable.VOUCHER) for name in (
                "天猫超市100", "永辉五十", "提货码", "食堂饭票", "京东购物", "超市提货", "爱奇艺", "爱奇艺会员一个月",
                "iTunes", "Apple gift",
            )),
            *(({"description": text}, Refusable.VOUCHER) for text in (
                "凭码在京东买东西抵100块", "到超市领100元的货", "腾讯视频的会员三个月",
            )),
            *(({"name": name}, Refusable.CASH) for name in (
                "伍拾元", "一佰元", "壹佰元", "一百元整", "100元整", "红包袋内装100元整", "金钞",
                "银圆", "代币", "股票", "国债", "基金份额", "慰问金", "助学金", "生活补助", "拥军金",
            )),
            *(({"name": name}, Refusable.VOUCHER) for name in (
                "消费金", "抵用金", "打车金", "购物凭证", "超市满50可用凭条", "超市购物额度", "学费", "房租", "油费",
                "物业管理费减免", "水电煤账单抵扣", "滴滴出行50", "演唱会门票",
            )),
            ({"description": "领一份消费金"}, Refusable.VOUCHER), ({"name": "金元宝"}, Refusable.JEWELLERY),
            ({"name": "软中"}, Refusable.LIQUOR_TOBACCO), ({"name": "硬中一条"}, Refusable.LIQUOR_TOBACCO),
            ({"name": "工资"}, Refusable.CASH),
            *(({"name": name}, Refusable.LOTTERY) for name in ("刮刮卡", "福彩", "体彩", "双色球")),
            *(({"name": name}, Refusable.CASH) for name in ("余额", "钱", "压岁钱", "银元")),
            *(({"name": name}, Refusable.LIQUOR_TOBACCO) for name in (
                "软中华", "利群一包", "江小白", "剑南春", "二锅头", "黄鹤楼", "雪茄", "槟榔",
            )),
            *(({"description": text}, Refusable.VOUCHER) for text in (
                "可当50元用", "凭此到超市抵50元", "可在永辉超市抵扣三十元购物", "面值100",
            )),
            ({"name": "金戒指"}, Refusable.JEWELLERY), ({"name": "10G 流量"}, Refusable.PHONE_CREDIT),
            ({"name": "流量"}, Refusable.PHONE_CREDIT),
            ({"name": "话费"}, Refusable.PHONE_CREDIT), ({"description": "可抵扣物业费"}, Refusable.VOUCHER),
            ({"name": "足银手镯"}, Refusable.JEWELLERY), ({"name": "翡翠"}, Refusable.JEWELLERY),
            ({"name": "黄金"}, Refusable.JEWELLERY), ({"name": "黃金一克"}, Refusable.JEWELLERY),
            ({"name": "金条"}, Refusable.JEWELLERY), ({"name": "烟"}, Refusable.LIQUOR_TOBACCO),
            *(({"name": name}, Refusable.VOUCHER) for name in (
                "油补", "话补", "购物津贴", "房租抵扣", "满100减20", "超市满减", "优惠码", "折扣码", "汽油", "保险费",
            )),
            *(({"name": name}, Refusable.CASH) for name in ("现钞", "补贴金", "返利", "抵现", "以太币")),
            ({"name": "金饰"}, Refusable.JEWELLERY),
            ({"name": "煙一条"}, Refusable.LIQUOR_TOBACCO), ({"name": "自酿酒"}, Refusable.LIQUOR_TOBACCO),
        ],
    )  # fmt: skip
    def test_what_is_as_good_as_money_is_refused_under_any_kind_by_its_words(
        self, shop_open: Shop, words: dict[str, str], kind: Refusable
    ) -> None:
        offer = replace(SOAP, **{"name": "过节礼", **words})  # type: ignore[arg-type]
        with pytest.raises(CashLike) as refusal:
            shop.propose_item(offer=offer, plan=GIVEN, actor=shop_open.keeper, now=MONDAY)
        assert str(GROUNDS[kind]) in str(refusal.value) and refusal.value.field == next(iter(words))
        with pytest.raises(CashLike):
            shop.propose_change(item_id=shop_open.soap.id, offer=offer, actor=shop_open.keeper, now=MONDAY)

    def test_goods_and_what_is_rightly_said_of_them_are_not_taken_for_money(self, shop_open: Shop) -> None:
        for name, text in (
            ("环保购物袋", "帆布的，不能折现"),
            ("零钱包", "装得下钥匙，不可兑换现金"),
            ("首饰盒", "木头的"),
            ("肥皂两块", "去油"),
            ("集邮册", "放邮票用"),
            ("硬币包", "能装钥匙"),
            ("贺年卡片", "手写的"),
            ("生日卡", "自己画的，旧衣服当一块抹布用"),
            ("识字卡", "给孩子的，值 20 元"),
            ("存储卡", "32G"),
            ("幸福彩虹伞", "立体彩绘"),
            ("红双喜乒乓球", "一盒三个"),
            ("料酒", "烧鱼用"),
            ("中华铅笔", "一盒十支"),
            ("银杏树苗", "两年的"),
            ("理发券", "周六上午在驿站理"),
            ("充电台灯", "不换现金"),
            ("烟感报警器", "装在厨房，吸烟不会响"),
            ("戒烟门诊陪同", "不收费"),
            ("烟灰缸", "陶的"),
            ("灭烟缸", "放门口"),
            ("一元硬币收纳盒", "塑料的"),
            ("汽油桶清洗", "一次"),
            ("汽油锯", "锯树枝"),
            ("丰满减压枕", "软的"),
            ("收银饰品架", "木头的"),
            ("银饰清洁布", "擦一擦就亮"),
            ("相框", "仿银饰边框，可自付保险费"),
            ("手机充值教程", "一本"),
            ("油烟机清洗", "上门洗一次"),
            ("烟台苹果", "脆甜"),
            ("酒精棉片", "擦手用"),
            ("甜酒酿", "现做"),
            ("节能灯泡", "一年省电费二十元"),
            ("大流量花洒", "换上就能用"),
            ("黄金苗小米", "新米"),
            ("公交卡套", "凭兑换卡到驿站领"),
            ("红包袋", "十个一包"),
            ("钻石画", "自己贴"),
            ("银行卡卡包", "装得下十张"),
            ("金枪鱼罐头", "肥美金枪鱼，加油鼓劲过元旦"),
            ("Cashew 腰果", "生日元宵也配"),
            ("工资纠纷法律咨询", "律师坐班，抵一块砖的工夫都不用等"),
            ("软中带硬的枕头", "荞麦的"),
            ("京东快递纸箱", "旧的，搬家用"),
            ("天猫座拼图", "三百片"),
            ("提货小推车", "到超市领货用，借三天"),
            ("饭票夹", "铁的"),
            ("芒果干", "读书会会员一年里晒的"),
            ("Apple gift box 纸盒", "装苹果"),
            ("安全教育卡", "给孩子看的，消费金额不限"),
            ("儿童会员卡套", "塑料的"),
            ("水费单夹", "夹得住一年的单子"),
            ("家用五金", "钉子和钩子"),
            ("雨伞免押金", "借三天"),
            ("助学金申请指导", "周六上午在驿站"),
            ("金元宝折纸", "一包十张"),
        ):
            offer = replace(SOAP, name=name, description=text)
            put_on_shelf(offer, shop_open.keeper, shop_open.leader, now=MONDAY)

    def test_the_database_knows_only_goods_and_services(self, shop_open: Shop) -> None:
        with pytest.raises(IntegrityError, match="nothing_cash_like"), transaction.atomic():
            type(shop_open.soap).objects.update(category="cash")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "name"),
            ({"points": 0}, "points"),
            ({"category": "gold"}, "category"),
            ({"limit_count": 0}, "limit_count"),
            ({"limit_days": 0}, "limit_days"),
            ({"audience": "staff"}, "audience"),
            ({}, "name"),
        ],
    )
    def test_what_does_not_fit_is_refused_with_its_field(
        self, shop_open: Shop, changes: dict[str, object], field: str
    ) -> None:
        with pytest.raises(Invalid) as refusal, transaction.atomic():
            offer = replace(SOAP, **changes)  # type: ignore[arg-type]
            shop.propose_item(offer=offer, plan=GIVEN, actor=shop_open.keeper, now=MONDAY)
        assert refusal.value.field == field

    def test_it_is_the_keepers_shop(self, shop_open: Shop) -> None:
        with pytest.raises(NotAllowed):
            shop.propose_item(offer=replace(SOAP, name="米"), plan=GIVEN, actor=shop_open.host, now=MONDAY)
        shop.withdraw_item(item_id=shop_open.soap.id, actor=shop_open.keeper, now=MONDAY)
        with pytest.raises(Moved):
            shop.withdraw_item(item_id=shop_open.soap.id, actor=shop_open.keeper, now=TUESDAY)
        assert queries.items_listed(TUESDAY) == []
        assert put_on_shelf(SOAP, shop_open.keeper, shop_open.leader, now=TUESDAY).category == Category.DAILY

    def test_what_is_reserved_can_still_be_fetched_when_it_is_withdrawn(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        shop.withdraw_item(item_id=shop_open.soap.id, actor=shop_open.keeper, now=MONDAY)
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=TUESDAY)
        assert holds(shop_open.street)
