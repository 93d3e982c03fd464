"""Keeping the stations from the desk: each by those who keep it, with everything typed kept."""

from datetime import timedelta

import pytest

from huipai.grid.models import Assignment
from huipai.people.words import Role
from huipai.stations.forms import spans_of, words_of
from huipai.stations.models import Station
from huipai.stations.rules import Span
from huipai.streets.current import in_street
from tests.cast import A_MONTH_AGO, appoint, resident, staff
from tests.grid.test_pages import text
from tests.stations.test_commands import open_station

DESK = "/s/yunqiao/stations/desk/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_FOR_ADMINS = False


@pytest.fixture
def head(in_yunqiao, town):
    return appoint(staff("石", "13900000009"), Role.SYSTEM_ADMIN)


@pytest.fixture
def coordinator(in_yunqiao, town):
    person = staff("秦", "13900000002")
    Assignment.objects.create(person=person, role=Role.COORDINATOR, node=town["C"], valid_from=A_MONTH_AGO)
    return person


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person.account)
        return client

    return sign_in


@pytest.fixture
def new(town):
    at = town.at(100, 100)
    return {
        "code": "Z09", "kind": "care_station", "name": "东门驿站", "place": "东门旁", "phone": "0512-0000-1234",
        "services": ["water", "rest"], "lng": str(at.lng), "lat": str(at.lat),
        "day1": "08:30-12:00，14:00-17:30", "day6": "9:00–12:00",
    }  # fmt: skip


class TestHours:
    @pytest.mark.parametrize(
        ("typed", "spans"),
        [
            ("", []),
            ("08:30-17:30", [(510, 1050)]),
            ("8:30～12:00, 14：00至17:30", [(510, 720), (840, 1050)]),
            ("00:00-24:00", [(0, 1440)]),
        ],
    )
    def test_are_read_as_people_write_them(self, typed, spans):
        assert spans_of(3, typed) == [Span(3, *one) for one in spans]

    @pytest.mark.parametrize("typed", ["上午", "12:00-08:00", "08:70-12:00", "08:00", "08:00-25:00"])
    def test_are_refused_otherwise(self, typed):
        with pytest.raises(ValueError, match=r".+"):
            spans_of(1, typed)

    def test_come_back_as_they_are_typed(self):
        spans = [Span(2, 510, 720), Span(2, 840, 1050), Span(3, 0, 60)]
        assert spans_of(2, words_of(spans, 2)) == spans[:2]


class TestWho:
    def test_system_administrator_and_each_community_its_own(self, as_, head, coordinator, town):
        mine = open_station(town, now=A_MONTH_AGO)
        other = staff("别", "13900000003")
        Assignment.objects.create(person=other, role=Role.COORDINATOR, node=town["M4"], valid_from=A_MONTH_AGO)
        for person, status in ((head, 200), (coordinator, 200), (other, 404)):
            assert as_(person).get(f"{DESK}{mine.pk}/").status_code == status, person.name
            assert as_(person).get(f"{DESK}{mine.pk}/words/").status_code == status
        assert "云桥驿站" not in text(as_(other).get(DESK)) and "云桥驿站" in text(as_(coordinator).get(DESK))
        for role in (Role.SECURITY_ADMIN, Role.AUDITOR, Role.LEADER, Role.DISPATCHER, Role.STATION_HOST):
            one = appoint(staff(str(role), f"1391111{list(Role).index(role):04}"), role)
            assert as_(one).get(DESK).status_code == 403 == as_(one).get(f"{DESK}{mine.pk}/").status_code
        assert as_(resident()).get(DESK).status_code == 403
        assert "stations/desk/" not in text(as_(resident()).get("/s/yunqiao/stations/"))
        assert "stations/desk/" in text(as_(coordinator).get("/s/yunqiao/stations/"))

    def test_another_streets_do_not_exist(self, as_, head, other_town, hetang):
        with in_street(hetang.id):
            theirs = open_station(other_town, now=A_MONTH_AGO)
        for path in ("", "words/"):
            assert as_(head).get(f"{DESK}{theirs.pk}/{path}").status_code == 404
        for path in ("closing/", "hosts/"):
            assert as_(head).post(f"{DESK}{theirs.pk}/{path}").status_code == 404


class TestKeeping:
    def test_open_change_close(self, as_, coordinator, new):
        client = as_(coordinator)
        assert client.post(f"{DESK}new/", new).status_code == 302
        station = Station.objects.get(code="Z09")
        assert station.hours.count() == 3 and set(station.services) == {"water", "rest"}
        own = f"{DESK}{station.pk}/"
        page = text(client.get(own))
        assert "08:30–12:00，14:00–17:30" in page and "不开" in page
        form = text(client.get(f"{own}words/"))
        assert "08:30-12:00，14:00-17:30" in form and 'value="water"' in form
        changed = {**new, "name": "东门小站", "day6": ""}
        assert client.post(f"{own}words/", changed).status_code == 302
        station.refresh_from_db()
        assert (station.name, station.hours.count()) == ("东门小站", 2)
        assert client.post(f"{own}closing/").status_code == 302
        assert client.post(f"{own}closing/").status_code == 409
        assert "东门小站" not in text(client.get("/s/yunqiao/stations/"))
        assert "已关" in text(client.get(DESK)) and "关的" in text(client.get(own))

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"day1": "早上"}, "写成 08:30-17:30"),
            ({"day1": "08:00-12:00，11:00-13:00"}, "不能重叠"),
            ({"phone": "打街道"}, "电话只写数字"),
            ({"code": "编码"}, "编码只用字母"),
            ({"lng": "100", "lat": "20"}, "位置在街道以外"),
            ({"name": ""}, "还差一处"),
        ],
    )
    def test_what_is_wrong_is_said_and_the_rest_kept(self, as_, head, new, wrong, sentence):
        answer = as_(head).post(f"{DESK}new/", {**new, **wrong})
        assert answer.status_code == 422 and sentence in text(answer) and 'value="东门旁"' in text(answer)
        assert not Station.objects.exists()

    def test_sent_twice_opens_one(self, as_, head, new):
        assert as_(head).post(f"{DESK}new/", new).status_code == 302
        again = as_(head).post(f"{DESK}new/", new)
        assert again.status_code == 422 and "已经有驿站用了" in text(again) and Station.objects.count() == 1

    def test_a_host_is_sent_by_number(self, as_, coordinator, town):
        station = open_station(town, now=A_MONTH_AGO)
        host = staff("值", "13900000044")
        client, path = as_(coordinator), f"{DESK}{station.pk}/hosts/"
        assert "没有在本街道登记过" in text(client.post(path, {"person": "13712345678"}))
        assert client.post(path, {"person": "13900000044"}).status_code == 302
        held = Assignment.objects.get(role=Role.STATION_HOST)
        assert (held.person, held.node) == (host, station.node)
        assert client.post(path, {"person": "13900000044"}).status_code == 409
        assert "值" in text(client.get(f"{DESK}{station.pk}/"))

    def test_is_searched_and_costs_the_same_however_long(self, as_, head, town, django_assert_num_queries):
        client = as_(head)
        for number in range(3):
            open_station(town, code=f"A{number}", name=f"小站{number}", now=A_MONTH_AGO)
        client.get(DESK)
        with django_assert_num_queries(7):
            client.get(DESK)
        for number in range(60):
            open_station(town, code=f"B{number}", name=f"大站{number}", now=A_MONTH_AGO + timedelta(hours=1))
        client.get(DESK)
        with django_assert_num_queries(7):
            client.get(DESK)
        assert "page=2" in text(client.get(DESK))
        assert "大站7" in text(client.get(DESK, {"q": "大站7"})) and "没有找到" in text(client.get(DESK, {"q": "无"}))
