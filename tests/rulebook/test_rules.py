"""What an item may say."""

from dataclasses import replace

import pytest

from huipai.rulebook.rules import Dates, Terms, lint, lint_asked, linting, standing
from huipai.rulebook.rules.formula import Formula, parse
from huipai.rulebook.words import CLICKS, CLICKS_IN_DISGUISE, Earner, Evidence, Port, Standing
from tests.cast import FOUND, FRIDAY, MONDAY, TUESDAY, WEDNESDAY

# Claimed by a person, so that its evidence may be of any kind.
CLAIMED = replace(FOUND, automatic=False, evidence=(Evidence.PHOTO,), day_cap=10)


def codes(terms: Terms) -> list[str]:
    return [finding.code for finding in lint(terms)]


class TestLint:
    def test_finds_nothing_in_a_fair_item(self) -> None:
        assert codes(FOUND) == codes(CLAIMED) == []

    @pytest.mark.parametrize("kind", [*CLICKS, *CLICKS_IN_DISGUISE])
    @pytest.mark.parametrize("others", [(Evidence.FACT,), (Evidence.FACT, Evidence.PHOTO, Evidence.WITNESS)])
    def test_refuses_to_assess_anybody_by_clicks_whatever_the_item_is_called_and_whatever_else_shows_it(
        self, kind: Evidence, others: tuple[Evidence, ...]
    ) -> None:
        refused = "rulebook_assessed_by_clicks" if kind in CLICKS else "rulebook_assessed_by_disguise"
        for evidence in ((*others, kind), (kind, *others)):
            terms = replace(CLAIMED, title="为民服务质量", evidence=evidence, assessable=True)
            nothing_shown = ["rulebook_claimed_on_record"] if set(evidence) <= {Evidence.FACT, *CLICKS} else []
            assert codes(terms) == [refused, "rulebook_assessed_by_own_word", *nothing_shown]
            assert refused in codes(replace(terms, automatic=True))
            assert codes(replace(terms, assessable=False)) == nothing_shown

    def test_refuses_the_list_of_those_who_signed_in_as_the_check_in_that_it_is(self) -> None:
        terms = replace(FOUND, title="每日签到打卡", evidence=(Evidence.ROLL,), assessable=True)
        unrecorded = "rulebook_automatic_without_record"
        assert codes(terms) == ["rulebook_assessed_by_disguise", "rulebook_assessed_by_own_word", unrecorded]
        for evidence in ((Evidence.FACT, Evidence.ROLL), (Evidence.ROLL, Evidence.FACT)):
            assert codes(replace(terms, evidence=evidence)) == ["rulebook_assessed_by_disguise"]
        assert codes(replace(terms, assessable=False)) == [unrecorded]
        assert not any("签到名册" in str(finding.mend) for finding in lint(terms))

    @pytest.mark.parametrize("kind", [Evidence.NOTE, Evidence.PHOTO, Evidence.WITNESS, Evidence.FACT])
    @pytest.mark.parametrize("formula", [None, ("min", ("*", "pieces", 1), 5), ("min", ("*", "hours", 1), 5)])
    def test_assesses_nobody_by_what_somebody_claims_of_themselves(self, kind: Evidence, formula: Formula) -> None:
        terms = replace(CLAIMED, title="转发一条计一件", evidence=(kind,), formula=formula, assessable=True)
        nothing_shown = ["rulebook_claimed_on_record"] if kind == Evidence.FACT else []
        assert codes(terms) == ["rulebook_assessed_by_own_word", *nothing_shown]
        assert codes(replace(terms, assessable=False)) == nothing_shown

    def test_lets_an_assessment_rest_on_what_the_system_has_seen_itself(self) -> None:
        assert codes(replace(FOUND, assessable=True)) == []
        assert codes(replace(FOUND, evidence=(Evidence.FACT, Evidence.PHOTO), assessable=True)) == []

    @pytest.mark.parametrize("kind", CLICKS)
    def test_counts_nothing_by_clicks_neither_by_a_formula_nor_by_itself_nor_for_a_home(self, kind: Evidence) -> None:
        mixed = replace(CLAIMED, evidence=(Evidence.PHOTO, kind))
        by_pieces = replace(mixed, formula=("min", ("*", "pieces", 1), 5))
        by_itself = replace(mixed, evidence=(Evidence.FACT, kind), automatic=True)
        for_homes = replace(mixed, earners=(Earner.HOUSEHOLD,), household_month_cap=10)
        assert codes(by_pieces) == codes(by_itself) == ["rulebook_counts_clicks"]
        assert codes(for_homes) == ["rulebook_home_judged_by_clicks"]
        for terms in (by_pieces, by_itself, for_homes):
            clean = tuple(one for one in terms.evidence if one != kind)
            assert codes(replace(terms, evidence=clean)) == []
        assert codes(replace(CLAIMED, evidence=(kind,))) == ["rulebook_counts_by_itself"]
        assert "rulebook_formula" in codes(replace(CLAIMED, formula=("*", kind.value, 1)))

    @pytest.mark.parametrize(
        "change",
        [
            {"automatic": True, "evidence": (Evidence.FACT,)},
            {"earners": (Earner.HOUSEHOLD,), "evidence": (Evidence.WITNESS,)},
            {"earners": (Earner.RESIDENT, Earner.HOUSEHOLD), "evidence": (Evidence.WITNESS,)},
        ],
    )
    def test_takes_no_formula_where_nobody_tells_an_amount(self, change: dict[str, object]) -> None:
        terms = replace(CLAIMED, formula=("*", "pieces", 5), **change)  # type: ignore[arg-type]
        assert codes(terms) == ["rulebook_measured_by_nobody"]
        assert codes(replace(terms, formula=None)) == []
        assert codes(replace(CLAIMED, formula=("*", "pieces", 5))) == []

    @pytest.mark.parametrize(
        "typed",
        [
            *("小时 × 0", "0 × 小时", "取小(件数, 0)", "小时 - 小时"),
            # Nobody may tell more than a hundred of a deed, nor half a thing.
            *("件数 ÷ 200", "人数 ÷ 500", "小时 ÷ 150", "取整(件数 ÷ 101)", "件数 - 100", "2 - 件数 × 2"),
            *("人数 × 件数 ÷ 10000 - 1", "取小(小时 × 人数, 件数 - 100)"),
        ],
    )
    def test_takes_no_formula_by_which_nobody_ever_gets_a_point(self, typed: str) -> None:
        assert codes(replace(CLAIMED, formula=parse(typed))) == ["rulebook_never_pays"]
        for fair in (
            "小时 × 5",
            "件数 / 100",
            "件数 - 99",
            "小时 ÷ 100",
            "人数 × 件数 ÷ 10000",
            "(小时 - 2) × (6 - 小时)",
            "取小(件数, 1)",
            "人数 × 取大(0, 1 - 小时)",
        ):
            assert codes(replace(CLAIMED, formula=parse(fair))) == []

    @pytest.mark.parametrize("kind", [None, *CLICKS])
    def test_lets_nobody_claim_what_only_a_record_shows(self, kind: Evidence | None) -> None:
        evidence = (Evidence.FACT,) if kind is None else (kind, Evidence.FACT)
        for earners in ((Earner.RESIDENT,), (Earner.PART_TIME_MEMBER,), (Earner.RESIDENT, Earner.HOUSEHOLD)):
            terms = replace(CLAIMED, evidence=evidence, earners=earners)
            assert "rulebook_claimed_on_record" in codes(terms)
            assert "rulebook_claimed_on_record" not in codes(replace(terms, evidence=(*evidence, Evidence.NOTE)))
        assert codes(replace(CLAIMED, evidence=(Evidence.FACT,), automatic=True)) == []
        assert codes(replace(CLAIMED, evidence=(Evidence.FACT,), earners=(Earner.HOUSEHOLD,))) == []

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"day_cap": 50, "month_cap": 10}, "rulebook_caps_clash"),
            ({"household_day_cap": 50, "household_month_cap": 10}, "rulebook_caps_clash"),
            ({"day_cap": 20, "household_day_cap": 10}, "rulebook_caps_clash"),
            ({"duplicate_metres": 50, "duplicate_minutes": 0}, "rulebook_metres_alone"),
            ({"keywords": ("反诈",)}, "rulebook_words_without_screenshot"),
        ],
    )
    def test_takes_nothing_that_reads_as_a_rule_and_is_none(self, change: dict[str, object], code: str) -> None:
        assert codes(replace(CLAIMED, **change)) == [code]  # type: ignore[arg-type]

    def test_never_assesses_a_home(self) -> None:
        terms = replace(CLAIMED, earners=(Earner.RESIDENT, Earner.HOUSEHOLD), assessable=True)
        assert codes(terms) == ["rulebook_assessed_by_own_word", "rulebook_home_assessed"]

    def test_keeps_sunflower_items_voluntary(self) -> None:
        terms = replace(FOUND, code="sunflower-02", port=Port.SUNFLOWER, assessable=True)
        assert codes(terms) == ["rulebook_sunflower_is_voluntary"]

    def test_a_sunflower_item_is_not_for_homes_alone(self) -> None:
        homes = replace(CLAIMED, code="sunflower-09", port=Port.SUNFLOWER, earners=(Earner.HOUSEHOLD,))
        assert codes(homes) == ["rulebook_sunflower_for_residents"]
        assert codes(replace(homes, earners=(Earner.RESIDENT, Earner.HOUSEHOLD))) == []
        assert codes(replace(homes, code="ox-09", port=Port.OX)) == []

    def test_nor_for_the_appointed_alone(self) -> None:
        quota = replace(CLAIMED, code="sunflower-09", port=Port.SUNFLOWER, earners=(Earner.PART_TIME_MEMBER,))
        assert codes(quota) == ["rulebook_sunflower_for_residents"]
        assert codes(replace(quota, earners=(Earner.PART_TIME_MEMBER, Earner.HOUSEHOLD))) == [
            "rulebook_sunflower_for_residents"
        ]
        assert codes(replace(quota, earners=(Earner.RESIDENT, Earner.PART_TIME_MEMBER))) == []

    @pytest.mark.parametrize("said", ["", " ", "—", "／"])
    def test_asks_of_each_item_who_answers_for_it_and_on_what_it_rests(self, said: str) -> None:
        assert codes(replace(FOUND, owner=said)) == ["rulebook_without_owner"]
        assert codes(replace(FOUND, legal_ground=said)) == ["rulebook_without_ground"]

    def test_posts_nothing_by_a_list_that_the_system_does_not_keep(self) -> None:
        for others in ((), (Evidence.PHOTO,), (Evidence.NOTE, Evidence.WITNESS)):
            terms = replace(FOUND, evidence=(Evidence.ROLL, *others))
            assert codes(terms) == ["rulebook_automatic_without_record"]
            assert codes(replace(terms, automatic=False, day_cap=10)) == []
            assert codes(replace(terms, evidence=(*terms.evidence, Evidence.FACT))) == []

    def test_leaves_the_ground_of_what_a_department_asks_for_to_whoever_admits_it(self) -> None:
        assert list(lint_asked(replace(CLAIMED, legal_ground=""))) == []
        unfit = replace(CLAIMED, legal_ground="", points=0)
        assert [finding.code for finding in lint_asked(unfit)] == ["rulebook_points"]

    def test_every_rule_cites_its_ground_and_says_how_to_mend_it(self) -> None:
        assert all(str(rule.ground) and str(rule.mend) for rule in linting.RULES)
        assert len({rule.code for rule in linting.RULES}) == len(linting.RULES)

    @pytest.mark.parametrize(
        "words",
        ["满 20 次发现 金", "微信红\u200b包一个", "发【现-金】", "购 物　卡", "分高的孩子入 学优先", "低\u2060保加分"],
    )
    def test_reads_words_that_are_pulled_apart(self, words: str) -> None:
        sought: dict[str, object] = {"keywords": (words,), "evidence": (*CLAIMED.evidence, Evidence.SCREENSHOT)}
        for change in ({"title": words}, {"description": words}, sought, {"why": words}):
            unseen = ["rulebook_unseen_signs"] if {"\u200b", "\u2060"} & set(words) else []
            found = codes(replace(CLAIMED, **change))  # type: ignore[arg-type]
            assert found[len(found) - len(unseen) :] == unseen
            assert found[: len(found) - len(unseen)] in (["rulebook_pays_money"], ["rulebook_tied_to_rights"]), change

    @pytest.mark.parametrize(
        "words",
        [
            "路边发现金属护栏松动、井盖翘起，拍一张报上来",
            "发现金桂路、发现金鱼池有堆物就报",
            "整改到期后重返现场拍一张",
            "按要求提现场照片两张",
            "楼道发现。金属架子搬走",
            "讲清抢红包、返现这类骗局的套路",
            "帮老人看懂“提现”诈骗短信",
            "救助站优先收治受伤的",
            "把就业信息优先告诉邻居",
            "积分不换现金、红包、购物卡，也不发红包。",
            "自愿，不和评优挂钩，不作为对任何人的考核",
            "不与低保资格挂钩",
            "上面要求取消现金奖励，只计分",
            "这条不和低保、评优挂钩，写明白",
            *("教老人充话费、看懂话费账单", "教老人用微信转账", "给困难老人送去价值 50 元的米", "在超市卡口值守一小时"),
            *(
                "反诈宣传。讲清抢红包、刷单返现的做法",
                "防诈骗：提醒邻居别领陌生人的红包",
                "优先帮助低保户、帮他们申请低保",
            ),
            *("宣传医保参保的好处", "教大家查征信、用好信用卡", "不影响征信，也不记入档案"),
            *("积分少的不会取消低保", "积分低也不取消补贴", "积分不足也不会扣福利", "积分少不会停发任何补贴"),
            *("分不够的不扣，补贴照发", "垃圾分类不达标的不能评优", "积分不够不能兑换福利商品"),
            *("提醒老人不要给陌生人转账5000元", "讲解银行转账2000元以上要核实", "义卖所得80元捐给邻居"),
            *("帮老人领话费单", "帮老人充话费50元", "做礼品卡片送给老人", "帮超市卡车卸货", "帮老人兑换一元硬币"),
            *("帮老人兑换过期的购物券", "给困难户送去棉被"),
            *("捡到钱包还给50元的失主", "停发现金，改为只计分", "教老人交物业费"),
            *("积分不能抵扣物业费", "积分不抵物业费", "积分不可抵扣水费", "邻里借给50元", "帮老人给200元以内的代购"),
        ],
    )
    def test_takes_letters_of_other_words_for_no_money_and_no_right(self, words: str) -> None:
        for change in ({"title": words}, {"description": words}):
            assert codes(replace(CLAIMED, **change)) == []  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "words",
        [
            *("发现金，或者发米", "每月发现金100元", "积分提现", "满百返现", "折现给您", "换现金", "发放现金"),
            *("不限次数，发现金", "不迟到就发红包", "分不过期，换现金"),
            *("發放現金獎勵，送紅包", "積分與低保資格掛鉤"),
            *("就业优先", "救助资格", "补贴挂钩"),
            *(
                "做了一件好事，奖现金5元。",
                "给现金5元",
                "领取现金",
                "每次奖励人民币5元",
                "每次奖励 20 元",
                "兑现金",
                "微信转账5元",
            ),
            *("送购物券", "得礼品卡一张", "发超市券", "话费充值5元", "满十次送话费"),
            *("反诈宣传进楼道。参加的发红包", "防骗课堂，答对了有奖。每人奖励十块钱"),
            *(
                "反诈宣传员。表现特别好的奖励购物卡",
                "反诈宣传。放假期间每次送购物卡",
                "反诈宣传。小小心意，送您现金红包",
            ),
            *("做满十次送京东E卡", "发五十块", "1分等于1元", "微信转账5元"),
            *("做满十次给50元", "每次补助20元", "每人发10元", "攒够的抵物业费", "停发旧奖励改发红包"),
            *(
                "子女上学优先",
                "积分高的优先就业",
                "影响征信",
                "作为评优评先的参考",
                "与医保待遇挂钩",
                "积分低的不发补贴",
            ),
        ],
    )
    def test_still_hears_money_and_rights(self, words: str) -> None:
        assert codes(replace(CLAIMED, description=words)) in (["rulebook_pays_money"], ["rulebook_tied_to_rights"])

    def test_cites_its_ground(self) -> None:
        for finding in lint(replace(FOUND, evidence=(Evidence.FACT, Evidence.LIKES), assessable=True)):
            assert "国办函〔2026〕12号" in str(finding.ground) and finding.mend

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"code": "ox-02"}, "rulebook_code"),
            ({"code": "woodpecker-2"}, "rulebook_code"),
            ({"code": "woodpecker-02\n"}, "rulebook_code"),
            ({"title": " "}, "rulebook_title"),
            ({"description": "。…"}, "rulebook_title"),
            ({"title": "扫\u202e楼道"}, "rulebook_unseen_signs"),
            ({"asked_fields": ("几\u2066层",), "asked_people": 1, "asked_times": 1}, "rulebook_unseen_signs"),
            ({"evidence": (Evidence.REPOSTS,)}, "rulebook_counts_by_itself"),
            ({"earners": ()}, "rulebook_earners"),
            ({"points": 0}, "rulebook_points"),
            ({"points": 1001}, "rulebook_points"),
            ({"day_cap": 4}, "rulebook_caps"),
            ({"lot_months": 0}, "rulebook_lot_months"),
            ({"lot_months": None}, "rulebook_like_cash"),
            ({"day_cap": None}, "rulebook_without_limit"),
            ({"evidence": (Evidence.LOGINS,)}, "rulebook_counts_by_itself"),
            ({"evidence": (Evidence.LIKES, Evidence.TRACKS)}, "rulebook_counts_by_itself"),
            ({"description": "满 20 次发现金奖励"}, "rulebook_pays_money"),
            ({"description": "分高的孩子入学优先"}, "rulebook_tied_to_rights"),
            ({"review_levels": 0}, "rulebook_review_levels"),
            ({"automatic": True}, "rulebook_automatic_without_record"),
            ({"formula": ("*", 2, 3)}, "rulebook_formula"),
            ({"asked_fields": ("姓名",)}, "rulebook_burden_untold"),
        ],
    )
    def test_refuses_what_nobody_could_apply(self, change: dict[str, object], code: str) -> None:
        assert code in codes(replace(CLAIMED, **change))  # type: ignore[arg-type]


class TestStanding:
    def test_follows_from_the_dates(self) -> None:
        laid_open = {"consulted_from": MONDAY, "consulted_until": TUESDAY}
        assert standing(Dates(), MONDAY) == Standing.DRAFT
        assert standing(Dates(ended_at=MONDAY), MONDAY) == Standing.ABANDONED
        assert standing(Dates(**laid_open), MONDAY) == Standing.CONSULTING
        assert standing(Dates(**laid_open), TUESDAY) == Standing.DECIDING
        dates = Dates(publicity_until=TUESDAY, effective_from=WEDNESDAY, effective_until=FRIDAY)
        assert [standing(dates, at) for at in (MONDAY, TUESDAY, WEDNESDAY, FRIDAY)] == [
            Standing.PUBLICITY, Standing.COMING, Standing.EFFECTIVE, Standing.RETIRED,
        ]  # fmt: skip
        taken_back = replace(dates, effective_until=WEDNESDAY, ended_at=MONDAY)
        assert standing(taken_back, FRIDAY) == Standing.WITHDRAWN
