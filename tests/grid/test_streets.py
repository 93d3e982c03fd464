"""A street opens, and says how it is called and reached."""

import pytest

from huipai.cli import main, open_street
from huipai.grid import commands
from huipai.grid.commands.streets import FilingNumberTaken, Particulars, SlugInUse, SlugUnreadable
from huipai.grid.models import Assignment, GridNode
from huipai.grid.words import UNIT_ROLES, Level
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Account
from huipai.people.words import Role
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY

LIUXI = Particulars(name="柳溪街道", operator="柳溪街道办事处", center_lng=120.6, center_lat=31.2)
PAGE = "/s/yunqiao/grid/street/"
ASKED = [
    "liuxi", "--code", "320500009", "--name", "柳溪街道", "--operator", "柳溪街道办事处", "--center", "120.6,31.2",
    "--system-admin", "13900000021:石", "--security-admin", "13900000022:安", "--auditor", "13900000023:申",
]  # fmt: skip


@pytest.fixture
def head(in_yunqiao: Street):
    return cast.appoint(cast.staff("石", "13900000009"), Role.SYSTEM_ADMIN)


class TestOpening:
    def test_makes_the_tenant_and_the_root_of_its_tree(self, db: None) -> None:
        street = commands.open_street(slug="liuxi", code="320500009", particulars=LIUXI, now=MONDAY)
        with in_street(street.id):
            root = GridNode.objects.get()
            assert (root.level, root.code, root.name) == (Level.STREET, "320500009", "柳溪街道")
            assert [entry.what for entry in Entry.objects.order_by("id")] == ["node.created", "street.opened"]

    def test_leaves_nothing_where_the_place_is_taken(self, yunqiao: Street) -> None:
        with pytest.raises(SlugInUse):
            commands.open_street(slug="yunqiao", code="1", particulars=LIUXI, now=MONDAY)
        assert Street.objects.count() == 1

    @pytest.mark.parametrize("slug", ["Liuxi", "9liu", "柳溪"])
    def test_refuses_an_address_that_is_none(self, db: None, slug: str) -> None:
        with pytest.raises(SlugUnreadable):
            commands.open_street(slug=slug, code="1", particulars=LIUXI, now=MONDAY)
        assert not Street.objects.exists()


class TestCommandLine:
    @pytest.fixture(autouse=True)
    def _in_production(self, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
        monkeypatch.setenv("HUIPAI_MODE", "production")

    def test_opens_it_with_three_administrators_who_must_choose_a_password(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert open_street.main(ASKED) == 0
        words = capsys.readouterr().out
        street = Street.objects.get(slug="liuxi")
        with in_street(street.id):
            held = {one.role: one.person.account for one in Assignment.objects.select_related("person__account")}
        assert set(held) == {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
        for account in held.values():
            password = words.split(f"{account.phone}  first password ")[1].split()[0]
            assert account.check_password(password)
            assert account.must_change_password

    def test_leaves_the_password_of_somebody_who_has_one(
        self, hetang: Street, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with in_street(hetang.id):
            there = cast.staff("石", "13900000021")
        account = Account.objects.get(pk=there.account_id)
        account.set_password("a word of her own 7")
        account.save(update_fields=["password"])
        assert open_street.main(ASKED) == 0
        assert Account.objects.get(pk=account.pk).check_password("a word of her own 7")
        assert "13900000021  signs in with the password they have" in capsys.readouterr().out

    def test_wants_three_people(self, capsys: pytest.CaptureFixture[str]) -> None:
        twice = [word.replace("13900000022", "13900000021") for word in ASKED]
        with pytest.raises(main.Trouble, match="three people"):
            open_street.main(twice)
        assert not Street.objects.exists()

    def test_says_why_it_was_not_opened(self, yunqiao: Street) -> None:
        with pytest.raises(main.Trouble, match="already"):
            open_street.main(["yunqiao", *ASKED[1:]])

    @pytest.mark.parametrize(
        ("option", "most"),
        [("name", 40), ("operator", 80), ("filing-number", 60), ("complaint-phone", 20), ("map-approval", 40)],
    )
    def test_says_what_is_too_long(self, db: None, option: str, most: int) -> None:
        with pytest.raises(main.Trouble, match=f"{most} characters at most"):
            open_street.main([*ASKED, f"--{option}", "长" * (most + 1)])
        assert not Street.objects.exists()

    def test_is_not_for_the_demo(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HUIPAI_MODE", "demo")
        with pytest.raises(main.Trouble, match="demo"):
            open_street.main(ASKED)


class TestDescribing:
    def changed(self, street: Street, **fields: object) -> Particulars:
        kept = {name: getattr(street, name) for name in Particulars.__dataclass_fields__}
        return Particulars(**{**kept, **fields})

    def test_stands_on_every_page_and_in_the_tree(self, head, in_yunqiao: Street) -> None:
        wanted = self.changed(in_yunqiao, name="云桥新城街道", filing_number="苏ICP备0001号")
        commands.describe_street(particulars=wanted, actor=head, now=MONDAY)
        assert Street.objects.get(pk=in_yunqiao.pk).filing_number == "苏ICP备0001号"
        assert GridNode.objects.get(level=Level.STREET).name == "云桥新城街道"
        assert Entry.objects.get(what="street.described").facts == {"changed": ["filing_number", "name"]}

    def test_the_same_again_changes_nothing(self, head, in_yunqiao: Street) -> None:
        commands.describe_street(particulars=self.changed(in_yunqiao), actor=head, now=MONDAY)
        assert not Entry.objects.filter(what="street.described").exists()

    def test_a_filing_number_does_not_go_away(self, head, in_yunqiao: Street) -> None:
        numbered = self.changed(in_yunqiao, filing_number="苏ICP备0001号")
        commands.describe_street(particulars=numbered, actor=head, now=MONDAY)
        with pytest.raises(FilingNumberTaken):
            commands.describe_street(particulars=self.changed(in_yunqiao), actor=head, now=TUESDAY)

    def test_is_the_system_administrators(self, in_yunqiao: Street) -> None:
        clerk = cast.appoint(cast.staff("何", "13900000008"), Role.COORDINATOR)
        with pytest.raises(NotAllowed):
            commands.describe_street(particulars=self.changed(in_yunqiao), actor=clerk, now=MONDAY)


class TestPage:
    @pytest.fixture(autouse=True)
    def _no_second_factor(self, settings) -> None:
        settings.SECOND_FACTOR_FOR_ADMINS = False

    def test_shows_what_stands_and_keeps_what_was_typed_wrong(self, client, head) -> None:
        client.force_login(head.account)
        assert "0512-0000-1200" in client.get(PAGE).content.decode()
        typed = {"name": "云桥街道", "operator": "新的运营单位", "hotline_phone": "打这个", "center_lng": "200"}
        answer = client.post(PAGE, typed)
        words = answer.content.decode()
        assert answer.status_code == 422
        assert "新的运营单位" in words
        assert "电话只写数字、空格和短横" in words

    def test_changes_what_the_footer_says(self, client, head) -> None:
        client.force_login(head.account)
        typed = {
            "name": "云桥街道", "operator": "新的运营单位", "hotline_phone": "0512 0000 1", "complaint_phone": "12345",
            "filing_number": "苏ICP备0001号", "map_approval": "", "center_lng": "120.7", "center_lat": "31.3",
        }  # fmt: skip
        assert client.post(PAGE, typed).status_code == 302
        assert "新的运营单位" in client.get("/s/yunqiao/complaint/").content.decode()

    @pytest.mark.parametrize("role", [None, *(role for role in Role if role not in (Role.RESIDENT, *UNIT_ROLES))])
    def test_is_closed_to_all_others(self, client, in_yunqiao: Street, role: Role | None) -> None:
        somebody = cast.staff("何", "13900000008", now=A_MONTH_AGO)
        if role is not None:
            cast.appoint(somebody, role)
        client.force_login(somebody.account)
        assert client.get(PAGE).status_code == (200 if role == Role.SYSTEM_ADMIN else 403)

    def test_of_another_street_does_not_exist(self, client, head, hetang: Street) -> None:
        client.force_login(head.account)
        assert client.get("/s/hetang/grid/street/").status_code in (302, 403, 404)

    def test_only_its_keeper_is_led_there(self, client, in_yunqiao: Street, head) -> None:
        clerk = cast.appoint(cast.staff("何", "13900000008"), Role.COORDINATOR)
        client.force_login(clerk.account)
        words = client.get("/s/yunqiao/grid/").content.decode()
        assert "/grid/imports/" not in words
        assert PAGE not in words
        client.force_login(head.account)
        assert PAGE in client.get("/s/yunqiao/grid/").content.decode()
