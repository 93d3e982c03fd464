"""Types suggested from what somebody writes: learnt street by street, measured on what was held out, never decided."""

from __future__ import annotations

import io
import pickle
from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, transaction

from huipai.cases.commands import guessing, handling, retyping
from huipai.cases.fact_words import Fact, GuessFact
from huipai.cases.models import Case, CaseType, TypeGuesser
from huipai.cases.queries import guessing as read
from huipai.cases.rules import guessing as rules
from huipai.cases.rules.guessing import Example, Weights
from huipai.cases.words import State
from huipai.cli.seed.plant.types import plant_types
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
PARKED = (
    "小区门口又停满了车，救护车进不来", "三辆车堵在消防通道上", "下班时间这一段两边都停车", "面包车停在人行道上好几天",
    "出租车在路口等客，堵了一排", "有车停在盲道上",
)  # fmt: skip
THROWN = (
    "垃圾桶旁边堆了七八袋垃圾", "旧沙发扔在路边三天没人拉", "菜皮和泡沫箱一大堆，味道很大", "绿化带里全是饮料瓶",
    "快递纸箱堆得比人高", "装修垃圾倒在墙角",
)  # fmt: skip


def reported(place: Place, texts: tuple[str, ...], case_type: str, start: int = 0) -> list[Case]:
    return [
        place.report(case_type=case_type, text=text, now=MONDAY + (start + number) * HOUR / 60)
        for number, text in enumerate(texts)
    ]


@pytest.fixture
def learnt(here: Place) -> TypeGuesser:
    reported(here, PARKED[:5], PARKING)
    reported(here, THROWN[:5], LITTER, start=10)
    found = guessing.learn(now=MONDAY + HOUR)
    assert found is not None
    return found


class TestLearning:
    def test_what_is_written_suggests_a_type_and_decides_nothing(self, here: Place, learnt: TypeGuesser) -> None:
        assert read.suggest("路边一堆垃圾，有味道")[0].code == LITTER
        assert read.suggest("门口停满了车")[0].code == PARKING
        assert read.suggest("车") == [] == read.suggest("")
        case = here.report(case_type=PARKING, text="路边一堆垃圾", now=MONDAY + 2 * HOUR)
        assert case.case_type.code == PARKING  # as its reporter chose
        # Measured on the newest fifth, which was held out.
        assert (learnt.history, learnt.held_out, learnt.twins) == (10, 2, 0)
        assert learnt.first <= learnt.among_three <= 2 and learnt.usual == 2
        told = Entry.objects.get(what=GuessFact.LEARNT)
        assert told.facts["held_out"] == 2 and "垃圾" not in str(told.facts)

    def test_a_sentence_that_is_asked_for_is_asked_once_and_never_learnt(self) -> None:
        same = [Example("门口停满了车", PARKING)] * 8
        older, fresh, twins = rules.held_out(
            [*same, Example("路灯不亮", LITTER), Example("盲道上停了车", PARKING), Example("墙角堆了垃圾", LITTER),
             Example("门口停满了车！", PARKING), Example("墙角堆了垃圾。", LITTER)]
        )  # fmt: skip
        assert [one.text for one in older] == ["路灯不亮", "盲道上停了车"]
        assert [one.code for one in fresh] == [LITTER, PARKING] and twins == 9

    def test_words_that_people_write_again_and_again_still_say_how_good_it_is(self) -> None:
        """Where everybody writes one of a few sentences, the newest are asked for all the same."""
        often = [Example(text, PARKING) for text in PARKED] + [Example(text, LITTER) for text in THROWN]
        older, fresh, _twins = rules.held_out(often * 10)
        assert len(fresh) == 12 and older == []
        older, fresh, _twins = rules.held_out([*often * 10, *often[:3] * 8])
        assert len(fresh) == 3 + 5 and {one.code for one in older} == {PARKING, LITTER}
        assert not {one.text for one in older} & {one.text for one in fresh}

    def test_what_the_hub_puts_right_is_learnt(self, here: Place) -> None:
        for case in reported(here, THROWN, PARKING):
            retyping.retype(case_id=case.id, case_type=LITTER, actor=here.dispatcher, text="", now=MONDAY + HOUR)
        assert {one.code for one in read.history()} == {LITTER}

    def test_nothing_is_learnt_from_what_was_not_taken_on_or_from_who_was_erased(self, here: Place) -> None:
        [case] = reported(here, PARKED[:1], PARKING)
        handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="没看到", now=MONDAY + HOUR)
        assert read.history() == []
        reported(here, THROWN[:1], LITTER, start=10)
        Person.objects.filter(pk=here.lan.pk).update(account=None, name="", erased_at=MONDAY)
        assert read.history() == []

    def test_two_streets_do_not_learn_from_each_other(self, here: Place, there: Place, learnt: TypeGuesser) -> None:
        with in_street(there.street.id):
            assert read.newest() is None and read.suggest("菜皮一大堆，味道很大") == [] and read.history() == []
            CaseType.objects.filter(code=LITTER).update(name="别处的垃圾")
            found = guessing.learn(now=MONDAY + HOUR)
            assert found is not None and (found.number, found.history) == (1, 0)
        assert all(kind.street_id == here.street.id for kind in read.suggest("路边一堆垃圾"))

    def test_keeps_every_figure_and_the_weights_of_the_last_three(self, here: Place) -> None:
        for number in (1, 2, 3):
            TypeGuesser.objects.create(
                number=number, learnt_at=MONDAY, codes=[], weights=b"x", history=0, seeds=0, held_out=0, first=0,
                among_three=0, usual=0, twins=0,
            )  # fmt: skip
        guessing.learn(now=MONDAY + HOUR)
        kept = [(one.number, bool(one.weights)) for one in TypeGuesser.objects.order_by("number")]
        assert kept == [(1, False), (2, True), (3, True), (4, True)]

    def test_one_type_alone_is_nothing_to_learn(self, here: Place) -> None:
        CaseType.objects.exclude(code=PARKING).update(is_active=False)
        assert guessing.learn(now=MONDAY) is None

    def test_weights_are_arrays_and_never_something_that_runs(self) -> None:
        weights = Weights(("a", "b"), np.ones((2, rules.BUCKETS)))
        assert Weights.unpacked(["a", "b"], weights.packed()).codes == ("a", "b")
        out = io.BytesIO()
        np.savez(out, rows=np.array([{"bad": 1}], dtype=object))
        with pytest.raises(ValueError, match="pickle"):
            Weights.unpacked(["a"], out.getvalue())
        with pytest.raises(ValueError, match="pickle"):
            Weights.unpacked(["a"], pickle.dumps({"rows": 1}))

    def test_no_number_of_anybody_is_learnt(self) -> None:
        assert rules.features("电话13812345678") == rules.features("电话 138-9999-0000")


class TestSureness:
    def test_the_floor_is_where_three_guesses_are_more_often_wrong_than_right(self) -> None:
        wrong = [(0.1 + at / 1000, at % 4 == 0) for at in range(20)]
        right = [(1.0 + at / 1000, at % 10 != 9) for at in range(60)]
        assert rules.floor_of([*right, *wrong]) == 1.0  # the least sure twenty are not offered, all the others are
        assert rules.floor_of(right) == 0.0, "few that are wrong are chance"
        assert rules.floor_of(wrong) == 0.0, "too few to say"
        assert rules.floor_of([(0.5, False)] * 60) == 0.0, "equally sure: there is nothing to part them by"

    def test_is_found_on_other_sentences_than_those_that_say_how_good_it_is(self) -> None:
        vague, plain = Example("说不清的事情", "d"), Example("垃圾一大堆", "a")
        rows = np.zeros((4, rules.BUCKETS), dtype=np.float32)
        for gram in rules.features(plain.text):
            rows[0, gram] = 1.0
        weights, asked = Weights(("a", "b", "c", "d"), rows), [*[vague] * 30, *[plain] * 30]
        told = rules.measured(weights, asked, [], [], 0)
        assert (told.floor, told.unsure) == (0.0, 0), "the sentences that are asked for have no say in the floor"
        told = rules.measured(weights, [vague, plain], asked, [], 0)
        assert told.floor > 0 and (told.count, told.unsure, told.among_three, told.sure_hits) == (2, 1, 1, 1)

    def test_is_kept_with_the_weights_beside_how_good_they_are(self, here: Place, learnt: TypeGuesser) -> None:
        assert (learnt.floor, learnt.unsure, learnt.sure_hits) == (0.0, 0, learnt.among_three)
        with pytest.raises(IntegrityError), transaction.atomic():
            TypeGuesser.objects.filter(pk=learnt.pk).update(unsure=learnt.held_out + 1)

    def test_below_it_three_types_are_not_offered(self, here: Place, learnt: TypeGuesser) -> None:
        weights = Weights.unpacked(learnt.codes, bytes(learnt.weights))
        sure, odd = weights.weighed("路边一堆垃圾，有味道").sureness, weights.weighed("嘿嘿哈哈呵呵").sureness
        assert sure > odd
        TypeGuesser.objects.update(floor=(sure + odd) / 2)
        lan = as_(here.lan)
        said = lan.post("/s/yunqiao/report/guess/", {"text": "嘿嘿哈哈呵呵"})
        assert said.status_code == 200 and "说不准" in said.content.decode()
        assert "data-guess-type" not in said.content.decode() and read.suggest("嘿嘿哈哈呵呵") == []
        assert (
            "data-guess-type" in lan.post("/s/yunqiao/report/guess/", {"text": "路边一堆垃圾，有味道"}).content.decode()
        )
        TypeGuesser.objects.update(held_out=100, first=40, among_three=71, usual=12, unsure=20, sure_hits=64)
        told = as_(here.dispatcher).get("/s/yunqiao/types/suggestions/").content.decode()
        assert "最没把握的 20 句" in told and "三类里有对的 80%" in told


class TestItsOwnWords:
    @pytest.fixture
    def town(self, here: Place) -> Place:
        for code, name, hint in (
            ("tree", "树倒、树枝断", "倒树、断枝、要砸人的枝"), ("lift", "电梯停运", "困人、老是坏"),
            ("hole", "路面坑洼", "坑、裂缝"), ("road", "路面不干净", "油污、泥水"),
        ):  # fmt: skip
            CaseType.objects.create(code=code, name=name, hint=hint, limit_amount=2, limit_unit="workdays")
        return here

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("树倒了", "tree"),
            ("断枝", "tree"),
            ("电梯又坏了", "lift"),
            ("路面有个大坑", "hole"),
            ("门口有油污", "road"),
        ],
    )
    def test_have_it_among_the_three_whatever_was_learnt(self, town: Place, said: str, code: str) -> None:
        assert code in [kind.code for kind in read.suggest(said)], "before anything was learnt"
        guessing.learn(now=MONDAY + HOUR)
        TypeGuesser.objects.update(floor=99.0)  # nothing is sure enough
        assert code in [kind.code for kind in read.suggest(said)]
        assert f'data-guess-type="{code}"' in as_(town.lan).post(
            "/s/yunqiao/report/guess/", {"text": said}
        ).content.decode()  # fmt: skip

    def test_a_long_sentence_goes_by_what_was_learnt(self, town: Place) -> None:
        types = [rules.Own("tree", "树倒、树枝断", "倒树"), rules.Own("lift", "电梯停运", "")]
        assert rules.named("树倒了", types) == ["tree"]
        assert rules.named("昨天晚上刮大风，电梯口那边的树倒了，没有人来管", types) == []
        assert rules.named("天黑了", types) == [] == rules.named("", types)

    def test_a_piece_that_many_names_have_is_nobodys_own(self) -> None:
        types = [rules.Own(str(number), f"楼道第{number}类", "") for number in range(3)]
        assert rules.named("楼道里", types) == []
        assert rules.named("楼道里", types[:2]) == ["0", "1"]

    def test_what_a_type_says_when_it_is_done_and_its_single_words_are_learnt_too(self) -> None:
        own = rules.Own("tree", "树倒、树枝断", "断枝", "树木倒伏、断枝悬挂。", "枝干清走，路让开；能扶的扶正。")
        texts = {one.text for one in rules.seeds(own)}
        assert {
            "树倒",
            "树枝断",
            "断枝",
            "枝干清走",
            "能扶的扶正",
            "树木倒伏、断枝悬挂",
        } <= texts and "路让开" not in texts


class TestAsPeopleSayIt:
    """The kinds of the demo, of which nobody has reported anything yet."""

    @pytest.fixture
    def forty(self, here: Place) -> Place:
        CaseType.objects.all().delete()
        plant_types()
        return here

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("半夜打桩", "night_work"), ("工地晚上施工太吵", "night_work"),
            ("楼上漏水", "leak"), ("家里天花板滴水", "leak"),
            ("狗没拴绳", "dogs"), ("有人遛狗不拴狗", "dogs"),
            ("路灯不亮", "street_lamp"), ("这条巷子晚上太黑", "street_lamp"),
            ("井盖没了", "manhole"), ("垃圾桶满了", "bins"),
            ("有人摆摊占路", "stalls"), ("电梯坏了", "lift"),
            ("楼道里充电瓶车", "ebike_stairs"), ("顶楼在搭棚子", "illegal_building"),
            ("树枝掉下来了", "fallen_tree"), ("消防车进不来", "fire_lane"),
            ("广场舞音响声太大", "noise"), ("单元门关不上", "gate_broken"),
        ],
    )  # fmt: skip
    def test_a_short_sentence_has_its_kind_among_the_three(self, forty: Place, said: str, code: str) -> None:
        assert code in [kind.code for kind in read.suggest(said)]

    def test_a_street_says_how_its_people_say_it(self, here: Place) -> None:
        assert LITTER not in [kind.code for kind in read.suggest("门口有烟屁股")]
        CaseType.objects.filter(code=LITTER).update(everyday="烟屁股、瓜子壳")
        assert read.suggest("门口有烟屁股")[0].code == LITTER
        assert "烟屁股" in {one.text for one in read.own_words()}

    def test_what_is_asked_for_is_not_known_beforehand_from_the_types(self, here: Place) -> None:
        own = [Example("烟屁股", LITTER), Example("瓜子壳", LITTER)]
        assert rules.without_asked(own, [Example("瓜子壳！", LITTER)]) == own[:1]
        CaseType.objects.filter(code=LITTER).update(everyday="、".join(text for text in THROWN))
        reported(here, PARKED, PARKING)
        reported(here, THROWN[:2], LITTER, start=10)
        learnt = guessing.learn(now=MONDAY + HOUR)
        assert learnt is not None and learnt.held_out == 2
        assert len(rules.without_asked(read.own_words(), read.history()[-2:])) == learnt.seeds - 2


class TestRetyping:
    def test_goes_by_the_limits_of_the_other_type_from_the_same_start(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        was = hub.case.clock_started_at
        retyping.retype(case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="是垃圾", now=MONDAY + HOUR)
        case = hub.fresh()
        other = here.report(here.hua, case_type=LITTER)
        assert (case.case_type.code, case.clock_started_at, case.due_at, case.state) == (
            LITTER, was, other.due_at, State.REPORTED,
        )  # fmt: skip
        assert Entry.objects.get(what=Fact.RETYPED).facts["type"] == str(case.case_type_id)
        retyping.retype(case_id=case.id, case_type=LITTER, actor=here.dispatcher, text="是垃圾", now=MONDAY + HOUR)
        assert hub.steps() == ["report", "retype"]
        with pytest.raises(retyping.SameType):
            retyping.retype(case_id=case.id, case_type=LITTER, actor=here.coordinator, text="", now=MONDAY + HOUR)

    def test_what_is_overdue_stays_overdue(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        late = MONDAY + timedelta(days=1)
        due = hub.case.due_at
        assert due is not None and due < late
        retyping.retype(case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="", now=late)
        assert hub.fresh().due_at == due

    def test_a_type_that_neighbours_do_not_see_hides_it_and_never_the_other_way(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        CaseType.objects.filter(code=LITTER).update(is_public=False)
        assert hub.case.is_public
        retyping.retype(case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="", now=MONDAY)
        assert not hub.fresh().is_public
        retyping.retype(case_id=hub.case.id, case_type=PARKING, actor=here.dispatcher, text="", now=MONDAY)
        assert not hub.fresh().is_public

    def test_only_the_desk_and_only_before_somebody_was_sent(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        with pytest.raises(NotAllowed):
            retyping.retype(case_id=hub.case.id, case_type=PARKING, actor=here.wei, text="", now=MONDAY)
        hub.sent()
        with pytest.raises(Exception, match="新进展"):
            retyping.retype(case_id=hub.case.id, case_type=PARKING, actor=here.dispatcher, text="", now=MONDAY + HOUR)


def test_the_pages_offer_say_how_good_it_is_and_let_the_hub_put_it_right(here: Place, learnt: TypeGuesser) -> None:
    lan, hub = as_(here.lan), as_(here.dispatcher)
    page = lan.post("/s/yunqiao/report/guess/", {"text": "路边一堆垃圾，有味道"})
    assert page.status_code == 200 and 'data-guess-type="litter"' in page.content.decode()
    assert lan.post("/s/yunqiao/report/guess/", {"text": "车"}).status_code == 204
    assert lan.get("/s/yunqiao/report/guess/").status_code == 405
    assert "data-guess" in lan.get("/s/yunqiao/report/").content.decode()
    # Too little to say, then enough.
    told = hub.get("/s/yunqiao/types/suggestions/").content.decode()
    assert "能考的只有 2 句" in told and "说不上准不准" in told
    TypeGuesser.objects.update(held_out=100, first=40, among_three=71, usual=12)
    told = hub.get("/s/yunqiao/types/suggestions/").content.decode()
    assert "71%" in told and "12%" in told and "考了 100 句" in told and "在 61 到 79 之间" in told
    assert lan.get("/s/yunqiao/types/suggestions/").status_code == 403
    # The desk, the likeliest first.
    case = here.report(here.hua, case_type=PARKING, text="菜皮一大堆味道很大")
    assert "按描述像是" in hub.get(f"/s/yunqiao/desk/?view=all&case={case.code}").content.decode()
    done = hub.post(f"/s/yunqiao/desk/{case.code}/retyping/", {"case_type": LITTER, "text": ""})
    assert done.status_code == 302 and Case.objects.get(pk=case.pk).case_type.code == LITTER
