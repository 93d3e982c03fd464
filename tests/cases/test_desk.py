"""The workbench: whose it is, what stands in it, and in what order."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huipai.cases.commands import counter, deciding, filing, pressing, working
from huipai.cases.commands.counter import Caller
from huipai.cases.models import Case, CaseType, CaseTypeEdition, SavedView, UnitRequest, WorkOrder
from huipai.cases.queries import exports
from huipai.cases.queries import hub as desk_read
from huipai.cases.words import State
from huipai.grid.models import Assignment, Unit
from huipai.grid.words import Level
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Channel, Role
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_

pytestmark = pytest.mark.django_db


def at(client: Client, person: Person, query: str = "") -> str:
    client.force_login(person.account)  # type: ignore[arg-type]
    answer = client.get(f"/s/yunqiao/desk/{query}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


class TestDesk:
    def test_is_for_those_who_look_after_communities(self, client: Client, here: Place) -> None:
        for person in (here.lan, here.wei):
            client.force_login(person.account)  # type: ignore[arg-type]
            answer = client.get("/s/yunqiao/desk/")
            assert answer.status_code == 403 and "社区协调员" in answer.content.decode()
        assert "现在一件都没有" in at(client, here.coordinator)

    def test_shows_the_most_urgent_first_with_the_first_beside_it(self, client: Client, here: Place) -> None:
        now = clock.now()
        later = here.report(now=now, case_type=LITTER)
        sooner = here.report(here.hua, now=now - timedelta(hours=1))
        html = at(client, here.coordinator)
        assert html.index(f"case={sooner.code}") < html.index(f"case={later.code}")
        assert html.count('aria-current="true"') == 1 and f"/cases/{sooner.code}/" in html

    def test_shows_the_case_that_is_asked_for(self, client: Client, here: Place) -> None:
        case = here.report(now=clock.now())
        other = here.report(here.hua, now=clock.now())
        assert f"/cases/{case.code}/refusal/" in at(client, here.coordinator, f"?case={case.code}")
        assert f"/cases/{other.code}/refusal/" in at(client, here.coordinator, f"?case={other.code}")

    def test_offers_to_be_sent_to_look_only_whom_the_command_sends(self, client: Client, here: Place) -> None:
        """Not who reported it, nor who took it down for the reporter."""
        tao, now = cast.staff("陶小川", "13900019999"), clock.now()
        Assignment.objects.create(person=tao, role=Role.GRID_WORKER, node=here.town["G"], valid_from=cast.A_MONTH_AGO)
        cast.appoint(here.coordinator, Role.GRID_WORKER)
        own = here.report(here.wei, now=now)
        caller = Caller("", "王阿婆", Channel.COUNTER, has_agreed=True)
        taken = counter.take_down(
            sending=here.sending(case_type=LITTER), caller=caller, actor=here.coordinator, address="127.0.0.1", now=now
        )
        for code, kept_apart in ((own.code, here.wei), (taken.received.code, here.coordinator)):
            html = at(client, here.dispatcher, f"?case={code}")
            offered = html.split('id="v-worker"')[1].split("</select>")[0]
            assert tao.name in offered and kept_apart.name not in offered
            with pytest.raises(filing.NobodyToLook):
                case = Case.objects.get(code=code)
                filing.verify(case_id=case.id, worker=kept_apart, actor=here.dispatcher, text="", now=now)

    def test_filters_by_what_is_late(self, client: Client, here: Place) -> None:
        old = here.report(now=clock.now() - timedelta(days=5))
        new = here.report(here.hua, now=clock.now())
        html = at(client, here.coordinator, "?view=late")
        assert f"case={old.code}" in html and f'data-id="{new.code}"' not in html

    def test_filters_by_type_and_by_unit_and_the_counts_follow(self, client: Client, here: Place) -> None:
        jam, litter = here.report(now=clock.now()), here.report(here.hua, now=clock.now(), case_type=LITTER)
        Hub(here, litter).sent(here.city, now=clock.now())
        Case.objects.filter(pk=jam.pk).update(worker=None)

        def shown(query: str) -> tuple[bool, bool, str]:
            html = at(client, here.dispatcher, query)
            return f'data-id="{jam.code}"' in html, f'data-id="{litter.code}"' in html, html

        assert shown("?view=all&type=parking")[:2] == (True, False)
        assert shown("?view=all&type=litter")[:2] == (False, True)
        assert shown("?view=all&unit=U-city")[:2] == (False, True)
        has_jam, has_litter, empty = shown("?view=all&type=parking&unit=U-city")
        assert not has_jam and not has_litter and "这样筛，一件也没有" in empty and "去掉筛选" in empty
        assert "待分拨 <b>1</b>" in shown("?view=all&type=parking")[2]
        assert "待分拨 <b>" not in shown("?view=all&type=litter")[2]

    def test_a_filter_by_type_and_unit_is_kept_under_a_name(self, client: Client, here: Place) -> None:
        asked = {"asked-view": "all", "asked-type": "litter", "asked-unit": "U-city", "name": "城管的垃圾"}
        client.force_login(here.dispatcher.account)  # type: ignore[arg-type]
        client.post("/s/yunqiao/desk/views/", asked)
        html = at(client, here.dispatcher)
        assert "城管的垃圾" in html and "type=litter&amp;unit=U-city" in html

    def test_a_made_up_filter_is_the_whole_queue(self, client: Client, here: Place) -> None:
        case = here.report(now=clock.now())
        assert f"case={case.code}" in at(client, here.coordinator, "?view=nonsense&page=x&type=none&unit=none")

    def test_what_rests_stands_behind_what_presses(self, client: Client, here: Place) -> None:
        answered, late, fresh = (here.report(here.hua, now=clock.now()) for _ in range(3))
        Case.objects.filter(pk=answered.pk).update(
            state=State.CONFIRMING, due_at=clock.now() - timedelta(hours=40), responded_at=clock.now()
        )
        Case.objects.filter(pk=late.pk).update(due_at=clock.now() - timedelta(hours=2))
        html = at(client, here.coordinator, "?view=all")
        places = [html.index(f'data-id="{case.code}"') for case in (late, fresh, answered)]
        assert places == sorted(places)

    def test_never_names_the_reporter(self, client: Client, here: Place) -> None:
        here.report(now=clock.now())
        assert here.lan.name not in at(client, here.coordinator)

    def test_another_streets_case_does_not_exist(self, client: Client, here: Place) -> None:
        client.force_login(here.coordinator.account)  # type: ignore[arg-type]
        assert client.get("/s/yunqiao/desk/?case=NOWHERE1").status_code == 404

    def test_asks_the_database_no_more_for_a_longer_queue(self, client: Client, here: Place) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as statements:
                at(client, here.coordinator)
            return len(statements)

        here.report(now=clock.now())
        # The most urgent one, which the desk shows, and another like it.
        here.report(here.hua, now=clock.now() - timedelta(minutes=9))
        asked()
        short = min(asked(), asked())
        for number in range(5):
            here.report(here.hua, now=clock.now() - timedelta(minutes=number))
        # Five more cases would cost five more, were a row to ask; the tree's stamp is looked at again now and then.
        assert asked() <= short + 1 <= 46

    def test_asks_no_more_where_it_can_be_made_part_of_several(self, client: Client, here: Place) -> None:
        now = clock.now()
        case, *_older = (here.report(by, now=now - timedelta(minutes=n)) for n, by in enumerate((here.lan, here.hua)))

        def asked(offers: int) -> int:
            with CaptureQueriesContext(connection) as statements:
                html = at(client, here.coordinator, f"?view=all&case={case.code}")
            assert html.count(f"/desk/{case.code}/merge/") == offers and html.count('data-key="m"') == 1
            return len(statements)

        asked(1)
        one = min(asked(1), asked(1))
        for number in (2, 3):
            here.report(here.hua, now=now - timedelta(minutes=number))
        assert asked(3) <= one + 1


def press(place: Place, case: Case, deed: str, typed: dict[str, object] | None = None, by: Person | None = None) -> Any:
    return as_(by or place.dispatcher).post(
        f"/s/yunqiao/desk/{case.code}/{deed}/", {"asked-view": "all", **(typed or {})}
    )


class TestTheHub:
    def test_begins_with_what_is_to_be_sent(self, client: Client, here: Place) -> None:
        with_a_worker, handed_up = here.report(now=clock.now()), here.report(here.hua, now=clock.now())
        filing.hand_up(case_id=handed_up.id, actor=here.wei, text="要吊车", now=clock.now())
        html = at(client, here.dispatcher)
        assert f"case={handed_up.code}" in html and f'data-id="{with_a_worker.code}"' not in html
        assert f"case={with_a_worker.code}" in at(client, here.dispatcher, "?view=all")

    def test_sends_as_suggested_with_one_press(self, client: Client, here: Place) -> None:
        CaseType.objects.filter(code=LITTER).update(unit_kind="city_management")
        case = here.report(case_type=LITTER, now=clock.now())
        html = at(client, here.dispatcher, f"?view=all&case={case.code}")
        assert html.index(here.city.name) < html.index(here.guard.name), "the kind that handles such things first"
        assert 'data-key="Enter"' in html and "这一片归它" in html
        answer = press(here, case, "dispatch", {"unit": str(here.city.id), "brief": "先到现场"})
        assert answer.status_code == 302
        case.refresh_from_db()
        assert (case.state, case.unit, case.number) == (State.DISPATCHED, here.city, 1)

    def test_the_filter_stays_whatever_unit_or_type_a_deed_names(self, here: Place) -> None:
        case = here.report(now=clock.now())
        carried = {"asked-unit": "U-city", "asked-type": "parking"}
        html = at(Client(), here.dispatcher, f"?view=all&type=parking&case={case.code}")
        assert 'name="asked-type" value="parking"' in html
        for typed in ({}, carried):
            case = here.report(now=clock.now())
            sent = press(here, case, "dispatch", {"unit": str(here.guard.id), **typed})
            kept = "&type=parking&unit=U-city" if typed else ""
            assert sent["Location"] == f"/s/yunqiao/desk/?view=all{kept}"
            assert WorkOrder.objects.get(case=case).unit == here.guard

    def test_gives_back_what_was_typed_with_the_reason(self, here: Place) -> None:
        case = here.report(now=clock.now())
        answer = press(here, case, "dispatch", {"brief": "先断电再挪车"})
        html = answer.content.decode()
        assert answer.status_code == 422 and "选一家单位" in html and "先断电再挪车" in html

    def test_two_who_send_at_once_send_once(self, here: Place) -> None:
        case = here.report(now=clock.now())
        typed = {"unit": str(here.city.id)}
        assert press(here, case, "dispatch", typed).status_code == 302
        again = press(here, case, "dispatch", typed | {"unit": str(here.guard.id), "brief": "先断电<再挪车>"})
        html = again.content.decode()
        assert again.status_code == 409 and "先由联动中心收回" in html
        assert "您刚才写的" in html and "先断电&lt;再挪车&gt;" in html

    def test_decides_what_a_unit_asks(self, here: Place) -> None:
        hub = Hub.with_a_case(here, now=clock.now() - HOUR)
        order = hub.signed(now=clock.now() - HOUR / 2)
        asked = working.ask_extension(
            order_id=order.id, actor=here.shi, ground="weather", text="下雨", days=3, now=clock.now()
        )
        client = Client()
        html = at(client, here.dispatcher, f"?view=back&case={hub.case.code}")
        assert "想延期" in html.replace("\n", "") and "下雨" in html
        assert press(here, hub.case, "refusal", {"request": str(asked.id), "text": ""}).status_code == 422
        assert press(here, hub.case, "grant", {"request": str(asked.id)}).status_code == 302
        assert hub.fresh().state == State.IN_PROGRESS

    @pytest.mark.parametrize("deed", ["grant", "refusal"])
    def test_decides_the_request_that_was_read_and_no_later_one(self, here: Place, deed: str) -> None:
        hub = Hub.with_a_case(here, now=clock.now() - HOUR)
        order = hub.signed(now=clock.now() - HOUR / 2)

        def asks(days: int) -> UnitRequest:
            return working.ask_extension(
                order_id=order.id, actor=here.shi, ground="weather", text=f"要 {days} 天", days=days, now=clock.now()
            )

        read = asks(2)
        deciding.refuse(request_id=read.id, actor=here.dispatcher, text="再想想", now=clock.now())
        latest = asks(60)
        for named in (str(read.id), ""):
            answer = press(here, hub.case, deed, {"request": named, "text": "等雨停"})
            page = answer.content.decode()
            assert answer.status_code == 409 and "要 60 天" in page and "等雨停" in page
            assert f'name="request" value="{latest.id}"' in page
        latest.refresh_from_db()
        assert latest.decision == "" and hub.fresh().state == State.EXTENSION_PENDING

    def test_rules_recalls_urges_watches_asks_splits_ties_and_sets_aside(self, here: Place) -> None:
        """Every deed of the desk once, each through its door."""
        hub, other = Hub.with_a_case(here, now=clock.now() - HOUR), here.report(here.hua, now=clock.now())
        case = hub.case
        done = [
            press(here, case, "verification", {"worker": str(here.wei.id)}),
            press(here, case, "filing"),
            press(here, case, "dispatch", {"unit": str(here.city.id), "helper": [str(here.police.id)]}),
            press(here, case, "urge"),
            press(here, case, "supervision", {"text": "盯住"}),
            press(here, case, "question", {"text": "几点开始？"}),
            press(here, case, "split", {"part": str(new_id()), "case_type": PARKING, "text": "车也挪一下"}),
            press(here, case, "tie", {"other_case": other.code, "tie": "same_cause"}),
            press(here, case, "help", {"unit": str(here.guard.id)}),
        ]
        assert [answer.status_code for answer in done] == [302] * len(done)
        order = WorkOrder.objects.leading().get(case=case)
        hub.returned(order, here.shi, now=clock.now())
        assert press(here, case, "ruling", {"unit": str(here.city.id), "ruling": ""}).status_code == 422
        assert press(here, case, "ruling", {"unit": str(here.city.id), "ruling": "清单"}).status_code == 302
        order = WorkOrder.objects.live().leading().get(case=case)
        working.sign(order_id=order.id, actor=here.shi, now=clock.now())
        day = (clock.now() + timedelta(days=20)).date().isoformat()
        rest = {"order": str(order.id), "reason": "budget", "until": day, "text": "等经费"}
        assert press(here, case, "suspension", rest).status_code == 302
        assert press(here, case, "resumption").status_code == 302
        assert press(here, case, "recall", {"order": str(order.id)}).status_code == 302
        voided = {"reason": "test", "text": "试的"}
        assert press(here, case, "voiding", voided).status_code == 403, "not before the part that was split off"
        assert press(here, case.parts.get(), "voiding", voided).status_code == 302
        assert press(here, case, "voiding", voided).status_code == 302
        assert press(here, other, "non-filing", {"reason": "settled"}).status_code == 302
        assert press(here, other, "nonsense").status_code == 404

    def test_merges_into_the_older_one_nearby(self, client: Client, here: Place) -> None:
        older = here.report(now=clock.now() - HOUR)
        younger = here.report(here.hua, now=clock.now())
        assert "并过去" in at(client, here.dispatcher, f"?view=all&case={younger.code}")
        assert press(here, younger, "merge", {"other_case": older.code}).status_code == 302
        younger.refresh_from_db()
        assert younger.merged_into == older

    def test_finds_nothing_by_a_piece_of_what_is_struck_out(self, client: Client, here: Place) -> None:
        """Six figures at a time would give the whole number."""
        case = here.report(text="消防通道堵了，请打 13612349876 找我，我是李师傅")
        for piece in ("13612349876", "361234", "1361", "9876", "李师傅", here.lan.name):
            assert f'data-id="{case.code}"' not in at(client, here.dispatcher, f"?view=all&q={piece}"), piece
        assert f'data-id="{case.code}"' in at(client, here.dispatcher, "?view=all&q=消防通道")

    def test_finds_by_number_address_and_words_and_by_community(self, client: Client, here: Place) -> None:
        case = here.report(now=clock.now(), address="柳溪路 18 号", text="井盖松了")
        other = here.report(here.hua, now=clock.now())
        filing.file(case_id=case.id, actor=here.dispatcher, now=clock.now())
        for words in ("18 号", "井盖", "1", case.code.lower()):
            html = at(client, here.dispatcher, f"?view=all&q={words}")
            assert f"case={case.code}" in html and f'data-id="{other.code}"' not in html, words
        assert f'data-id="{case.code}"' not in at(client, here.dispatcher, "?view=all&q=%25")
        assert f"case={case.code}" in at(client, here.dispatcher, "?view=all&in=C")

    def test_a_kept_filter_of_what_is_out_of_use_is_not_the_whole_queue(self, client: Client, here: Place) -> None:
        litter = here.report(case_type=LITTER, now=clock.now())
        parking = here.report(here.hua, now=clock.now())
        CaseType.objects.filter(code=LITTER).update(is_active=False)
        Unit.objects.filter(pk=here.city.pk).update(is_active=False)
        html = at(client, here.dispatcher, "?view=all&type=litter")
        assert f'data-id="{litter.code}"' in html and f'data-id="{parking.code}"' not in html
        name = litter.case_type.name
        assert f"{name}已停用，这里还是只看它" in html
        assert f">{name}（已停用）</option>" in html and 'value="litter" selected' in html.replace('=""', "")
        assert f">{name}（已停用）</option>" in at(client, here.dispatcher), "something of it is still open"
        assert f'<option value="litter">{name}</option>' not in html, "nothing is put under it any more"
        html = at(client, here.dispatcher, f"?view=all&unit={here.city.code}")
        assert f"{here.city.name}（已停用）" in html and f'data-id="{parking.code}"' not in html
        filing.void(case_id=litter.id, actor=here.dispatcher, reason="test", text="试的", now=clock.now())
        assert "（已停用）" not in at(client, here.dispatcher)
        html = at(client, here.dispatcher, "?view=all&type=nothing")
        assert f'data-id="{parking.code}"' in html, "what nobody ever had is no filter"

    def test_keeps_filters_of_ones_own(self, client: Client, here: Place) -> None:
        kept = {"asked-view": "late", "asked-q": "柳溪", "name": "我的"}
        assert as_(here.dispatcher).post("/s/yunqiao/desk/views/", kept).status_code == 302
        assert as_(here.dispatcher).post("/s/yunqiao/desk/views/", kept).status_code == 302, "pressed twice it is one"
        assert as_(here.dispatcher).post("/s/yunqiao/desk/views/", {**kept, "asked-q": "别处"}).status_code == 422
        assert "我的" in at(client, here.dispatcher) and "q=%E6%9F%B3" in at(client, here.dispatcher)
        view = SavedView.objects.get()
        assert as_(here.coordinator).post(f"/s/yunqiao/desk/views/{view.id}/removal/").status_code == 404
        assert as_(here.dispatcher).post(f"/s/yunqiao/desk/views/{view.id}/removal/").status_code == 302

    def test_every_kept_filter_can_be_renamed_and_dropped_from_any_page_of_the_desk(
        self, client: Client, here: Place
    ) -> None:
        by = as_(here.dispatcher)
        for name in ("超时的", "柳溪的"):
            by.post("/s/yunqiao/desk/views/", {"asked-view": "late", "asked-q": name, "name": name})
        late, other = SavedView.objects.order_by("saved_at")
        html, path = at(client, here.dispatcher, "?view=all"), "/s/yunqiao/desk/views"
        assert all(f"{path}/{one.id}/{deed}/" in html for one in (late, other) for deed in ("name", "removal"))
        for _twice in range(2):
            assert by.post(f"{path}/{late.id}/name/", {"name": "急的", "asked-view": "all"}).status_code == 302
        refused = by.post(f"{path}/{late.id}/name/", {"name": "柳溪的", "asked-view": "all"})
        assert refused.status_code == 422 and "不和别的重名" in refused.content.decode()
        assert by.post(f"{path}/{late.id}/name/", {"name": ""}).status_code == 422
        assert as_(here.coordinator).post(f"{path}/{late.id}/name/", {"name": "我的"}).status_code == 404
        late.refresh_from_db()
        assert (late.name, late.asked["q"]) == ("急的", "超时的")

    def test_a_kept_filter_of_a_community_that_is_ones_own_no_more_says_so_and_shows_nothing(
        self, client: Client, here: Place
    ) -> None:
        """Not the whole of one's area under the name of another."""
        case = here.report(now=clock.now())
        other = here.town.add(Level.COMMUNITY, "C9", "S", name="新港社区")
        SavedView.objects.create(
            person=here.coordinator, name="以前的", asked={"view": "all", "in": other.code}, saved_at=clock.now()
        )
        assert f'data-id="{case.code}"' in at(client, here.coordinator, "?view=all")
        html = at(client, here.coordinator, f"?view=all&in={other.code}")
        assert f"{other.name}现在不归您看" in html and f'data-id="{case.code}"' not in html
        assert f"{other.name}（不归您看）</option>" in html and "以前的" in html
        assert f"{other.name}（不归您看）" not in at(client, here.coordinator, "?view=all")

    def test_nor_is_a_table_of_it_that_of_the_whole(self, here: Place) -> None:
        here.report(now=clock.now())
        ended = here.town.add(Level.COMMUNITY, "C8", "S", name="并走的社区", valid_until=cast.MONDAY)
        for code, count in (("", 1), ("C", 1), (ended.code, 0)):
            assert exports.count_queue(here.dispatcher, desk_read.Filter("all", code), clock.now()) == count, code

    def test_sends_what_is_ticked_and_says_of_each_what_came_of_it(self, here: Place) -> None:
        cases = [here.report(by, now=clock.now()) for by in (here.lan, here.hua)]
        gone = Hub.with_a_case(here, now=clock.now())
        gone.sent(now=clock.now())
        sent = {"tick": [case.code for case in (*cases, gone.case)], "unit": str(here.guard.id)}
        html = as_(here.dispatcher).post("/s/yunqiao/desk/bulk/", sent).content.decode()
        assert "派出去 2 件" in html and "先由联动中心收回" in html and here.guard.name in html
        assert html.count(cases[0].case_type.name) >= 2 and here.town["M1"].name in html
        assert WorkOrder.objects.filter(unit=here.guard).count() == 2

    def test_offers_ticks_for_what_can_be_sent_and_says_why_where_nothing_can(self, here: Place) -> None:
        now, free = clock.now(), here.report(here.hua, now=clock.now())
        gone, done = Hub.with_a_case(here, now=now), Hub.with_a_case(here, now=now)
        gone.sent(now=now)
        Assignment.objects.filter(role=Role.CHECKER).update(valid_until=cast.MONDAY)
        working.respond(order_id=done.signed(now=now).id, actor=here.shi, text="清走了", photo_ids=(), now=now)

        def shown(view: str) -> tuple[list[str], bool]:
            html = as_(here.dispatcher).get("/s/yunqiao/desk/", {"view": view}).content.decode()
            assert ("这一页没有能一起派的" in html) == ('id="bulk"' not in html), view
            return re.findall(r'name="tick" value="(\w+)"', html), 'id="bulk"' in html

        assert shown("all") == ([free.code], True), "what a unit has is taken back first"
        for view in (desk_read.WITHOUT_A_CHECKER, "waiting"):
            assert shown(view) == ([], False), view

    def test_offers_none_for_what_only_a_ruling_sends_on(self, here: Place) -> None:
        hub = Hub.with_a_case(here, now=clock.now())
        assert hub.case.type_then.max_returns == 2
        for unit, by, is_offered in ((here.city, here.shi, True), (here.guard, here.ning, False)):
            hub.returned(hub.sent(unit, now=clock.now()), by, now=clock.now())
            [row] = desk_read.Queue(None, desk_read.Filter("back"), clock.now())[0:9]
            html = as_(here.dispatcher).get("/s/yunqiao/desk/", {"view": "back"}).content.decode()
            assert (hub.case.code in re.findall(r'name="tick" value="(\w+)"', html)) == is_offered
            assert row.needs_ruling != is_offered
        assert "退够次数的要裁定" in html
        CaseTypeEdition.objects.create(case_type=hub.case.case_type, number=1, content={"max_returns": 2})
        CaseType.objects.filter(pk=hub.case.case_type_id).update(max_returns=9, edition=2)
        [row] = desk_read.Queue(None, desk_read.Filter("back"), clock.now())[0:9]
        assert row.needs_ruling, "it is judged by its type as it stood when it came in"

    def test_tells_of_each_in_the_order_in_which_they_were_ticked(self, here: Place) -> None:
        cases = [here.report(by, now=clock.now()) for by in (here.lan, here.hua, here.lan, here.hua)]
        for codes in ([case.code for case in cases], [case.code for case in reversed(cases)]):
            html = as_(here.dispatcher).post("/s/yunqiao/desk/bulk/", {"tick": codes, "unit": str(here.guard.id)})
            told = re.findall(r"case=(\w+)", html.content.decode())
            assert [code for code in dict.fromkeys(told) if code in codes] == codes

    def test_pressed_twice_it_tells_what_the_first_press_did(self, here: Place) -> None:
        cases = [here.report(by, now=clock.now()) for by in (here.lan, here.hua)]
        sent = {"tick": [case.code for case in cases], "unit": str(here.city.id), "brief": "先到现场"}
        hub = as_(here.dispatcher)
        assert "派出去 2 件" in hub.post("/s/yunqiao/desk/bulk/", sent).content.decode()
        again = hub.post("/s/yunqiao/desk/bulk/", sent).content.decode()
        assert "2 件已经派过" in again and again.count(f"已经派给{here.city.name}") == 2
        assert "派出去 0 件" not in again and "联动中心收回" not in again
        other = hub.post("/s/yunqiao/desk/bulk/", {**sent, "brief": "先打电话"}).content.decode()
        assert other.count("单位看到的是先前写的话") == 2 and "2 件已经派过" in other
        assert set(WorkOrder.objects.values_list("brief", flat=True)) == {"先到现场"}
        assert WorkOrder.objects.count() == 2

    def test_without_a_unit_or_a_tick_the_form_comes_back_with_what_was_ticked_and_typed(self, here: Place) -> None:
        shown, other = (here.report(by, now=clock.now()) for by in (here.lan, here.hua))
        sent = {"tick": [shown.code, "ELSEWHR3"], "unit": "", "brief": "先到现场看看", "asked-view": "all"}
        answer = as_(here.dispatcher).post("/s/yunqiao/desk/bulk/", sent)
        html = answer.content.decode()
        assert answer.status_code == 422 and "选一家单位" in html and "先到现场看看" in html
        assert 'href="#bulk-unit"' in html and html.count("先到现场看看") == 1, "not in the form of one case as well"
        boxes = re.findall(r'name="tick" value="(\w+)"([^>]*)>', html)
        assert [code for code, box in boxes if "checked" in box] == [shown.code, "ELSEWHR3"]
        assert other.code in dict(boxes)
        typed = {"unit": str(here.city.id), "brief": "先到现场看看", "asked-view": "all"}
        answer = as_(here.dispatcher).post("/s/yunqiao/desk/bulk/", typed)
        html = answer.content.decode()
        assert answer.status_code == 422 and "先勾几件" in html and "先到现场看看" in html
        assert f'<option value="{here.city.id}" selected' in html
        assert not WorkOrder.objects.exists()

    def test_what_holds_of_the_whole_form_brings_it_back_with_what_was_typed(self, here: Place) -> None:
        cases = [here.report(by, now=clock.now()) for by in (here.lan, here.hua)]
        sent = {"tick": [case.code for case in cases], "unit": str(here.city.id), "asked-view": "all"}
        answer = as_(here.dispatcher).post("/s/yunqiao/desk/bulk/", {**sent, "brief": "长" * 2001})
        html = answer.content.decode()
        assert answer.status_code == 422 and "文字太长了" in html and "长" * 2001 in html
        boxes = re.findall(r'name="tick" value="(\w+)"([^>]*)>', html)
        assert {code for code, box in boxes if "checked" in box} == {case.code for case in cases}
        assert not WorkOrder.objects.exists()

    def test_the_form_comes_back_also_where_the_shelf_is_empty_by_now(self, here: Place) -> None:
        case = here.report(now=clock.now())
        sent = {"tick": [case.code], "unit": "", "brief": "先到现场看看", "asked-view": "late"}
        html = as_(here.dispatcher).post("/s/yunqiao/desk/bulk/", sent).content.decode()
        assert "一件也没有" in html or "现在一件都没有" in html
        assert re.search(rf'name="tick" value="{case.code}" checked', html) and html.count("先到现场看看") == 1
        assert f'<option value="{here.city.id}"' in html

    def test_is_not_for_others(self, here: Place, there: Place) -> None:
        case = here.report(now=clock.now())
        for person in (here.lan, here.wei, here.shi):
            assert press(here, case, "dispatch", {"unit": str(here.city.id)}, by=person).status_code == 403
            assert as_(person).post("/s/yunqiao/desk/bulk/", {"tick": [case.code]}).status_code == 403
        refused = press(here, case, "dispatch", {"unit": str(here.city.id)}, by=here.coordinator)
        assert refused.status_code == 403 and "联动中心" in refused.content.decode()
        with in_street(there.street.id):
            theirs = there.report(now=clock.now())
        assert press(here, theirs, "dispatch", {"unit": str(here.city.id)}).status_code == 404

    def test_the_numbers_on_the_shelves_are_what_lies_on_them(self, here: Place) -> None:
        now = clock.now()
        for hours in (1, 30, 300):
            filing.hand_up(
                case_id=here.report(now=now - timedelta(hours=hours)).id, actor=here.wei, text="办不了", now=now
            )
        hub = Hub.with_a_case(here, now=now - 9 * HOUR)
        hub.sent(now=now - 90 * HOUR)
        pressing.supervise(case_id=hub.case.id, actor=here.dispatcher, text="", now=now)
        counted = desk_read.counts(None, now)
        for view, count in counted.items():
            assert len(desk_read.Queue(None, desk_read.Filter(view), now)[0:99]) == count, view
        assert counted[desk_read.TO_BE_SENT] == 3 and counted["watched"] == counted["unread"] == 1

    def test_stands_in_the_order_of_the_vocabulary(self, here: Place) -> None:
        now = clock.now()
        for hours in (1, 30, 300, 2):
            here.report(now=now - timedelta(hours=hours))
        rows = desk_read.Queue([here.town["C"].path], desk_read.Filter(desk_read.EVERYTHING), now)[0:9]
        assert [row.code for row in rows] == [case.code for case in Case.objects.most_urgent_first()]

    def test_what_found_no_checker_lies_on_a_shelf_until_one_is_drawn(self, here: Place) -> None:
        now = clock.now()
        hub = Hub.with_a_case(here, now=now - 5 * HOUR)
        order = hub.signed(now=now - 4 * HOUR)
        held = list(Assignment.objects.filter(role=Role.CHECKER).values_list("id", "valid_from"))
        Assignment.objects.filter(role=Role.CHECKER).update(valid_from=now + 9 * HOUR)
        working.respond(order_id=order.id, actor=here.shi, text="清走了", photo_ids=(), now=now - 3 * HOUR)
        assert desk_read.counts(None, now)[desk_read.WITHOUT_A_CHECKER] == 1
        html = as_(here.dispatcher).get("/s/yunqiao/desk/", {"view": "no_checker"}).content.decode()
        assert "没抽到核查人" in html and hub.case.code in html and "现在再抽一次" in html
        refused = press(here, hub.case, "draw", {})
        assert refused.status_code == 409 and "补一位核查员" in refused.content.decode()
        for id, since in held:
            Assignment.objects.filter(pk=id).update(valid_from=since)
        assert press(here, hub.case, "draw", {}).status_code == 302
        assert hub.fresh().state == State.CHECKING
        assert "没抽到核查人" not in as_(here.dispatcher).get("/s/yunqiao/desk/").content.decode()
