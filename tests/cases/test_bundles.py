"""What a worker ticked together on a phone: each for itself, all of it once, and what came of each is there to read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from huipai.cases.bundle_words import Became, BundleKind
from huipai.cases.commands import bundling, filing, handling
from huipai.cases.commands.bundling import Bundle, NothingTicked, TooManyTicked
from huipai.cases.models import BundleResult, Case, KeptBundle, Note, Transition
from huipai.cases.words import Action, Audience
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, Refused
from huipai.people.models import Person
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cases.conftest import Place, settle
from tests.cases.test_kept import colleague
from tests.cases.test_pages import as_
from tests.points.ledger import at_once

pytestmark = pytest.mark.django_db
DOOR = "/s/yunqiao/outbox/bundles/"


def ticked(*cases: Case, kind: BundleKind = BundleKind.ACCEPT, text: str = "") -> Bundle:
    return Bundle(id=new_id(), kind=kind, codes=tuple(case.code for case in cases), text=text)


def do(bundle: Bundle, by: Person) -> KeptBundle:
    return bundling.do_bundle(bundle=bundle, actor=by, now=clock.now())


def became(kept: KeptBundle) -> list[str]:
    return list(kept.results.order_by("position").values_list("became", flat=True))


def times(case: Case, action: Action) -> int:
    return Transition.objects.filter(case=case, action=action).count()


class TestOnce:
    def test_each_is_done_for_itself_and_the_same_again_does_nothing(self, here: Place) -> None:
        mine, taken, held, own = (
            here.report(now=clock.now()), here.report(now=clock.now()), here.report(now=clock.now()),
            here.report(here.wei, now=clock.now()),
        )  # fmt: skip
        handling.accept(case_id=taken.id, actor=colleague(here), now=clock.now())
        handling.accept(case_id=held.id, actor=here.wei, now=clock.now())
        bundle = ticked(taken, mine, held, own)
        kept, again = do(bundle, here.wei), do(bundle, here.wei)
        assert kept == again == KeptBundle.objects.get()
        assert became(kept) == [Became.REFUSED, Became.DONE, Became.WAS_SO, Became.REFUSED]
        assert times(mine, Action.ACCEPT) == 1
        assert "陶小梁" not in "".join(BundleResult.objects.values_list("words", flat=True))

    def test_an_echo_after_it_was_handed_on_takes_nothing_back(self, here: Place) -> None:
        """Ticked, done, the answer lost; handed up meanwhile: the same bundle again does not take it on once more."""
        case = here.report(now=clock.now())
        bundle = ticked(case)
        do(bundle, here.wei)
        do(ticked(case, kind=BundleKind.HAND_UP, text="要修路"), here.wei)
        do(bundle, here.wei)
        assert (times(case, Action.ACCEPT), times(case, Action.HAND_UP)) == (1, 1)

    def test_what_is_said_of_one_that_went_up_already_reaches_the_hub_beside_it(self, here: Place) -> None:
        """Two pages of one phone hand up the same for two reasons: the second may be about danger (0115)."""
        case, new = here.report(now=clock.now()), here.report(now=clock.now())
        do(ticked(case, kind=BundleKind.HAND_UP, text="要修路"), here.wei)
        kept = do(ticked(case, new, kind=BundleKind.HAND_UP, text="管道在漏气"), here.wei)
        again = do(ticked(case, new, kind=BundleKind.HAND_UP, text="管道在漏气"), here.wei)
        assert became(kept) == [Became.WAS_SO, Became.DONE] and became(again) == [Became.WAS_SO, Became.WAS_SO]
        said = Note.objects.filter(case=case, author=here.wei).order_by("written_at")
        assert list(said.values_list("text", "audience")) == [
            ("要修路", Audience.INTERNAL), ("管道在漏气", Audience.INTERNAL),
        ]  # fmt: skip
        assert (times(case, Action.HAND_UP), Note.objects.filter(case=new).count()) == (1, 1)
        page = as_(here.wei).get(f"/s/yunqiao/today/together/{kept.id}/").content.decode()
        assert "办成 1 件" in page and "这次写的那边也看得到" in page

    def test_of_one_that_the_hub_sent_down_to_look_at_it_is_not_said_that_it_is_up(self, here: Place) -> None:
        case = here.report(now=clock.now())
        do(ticked(case, kind=BundleKind.HAND_UP, text="要修路"), here.wei)
        filing.verify(case_id=case.id, worker=here.wei, actor=here.coordinator, text="再看一眼", now=clock.now())
        assert became(do(ticked(case, kind=BundleKind.HAND_UP, text="还是办不了"), here.wei)) == [Became.REFUSED]

    def test_without_a_word_why_each_is_refused_and_says_so(self, here: Place) -> None:
        kept = do(ticked(here.report(now=clock.now()), kind=BundleKind.HAND_UP), here.wei)
        assert kept.results.get().refusal == "words_missing" and "为什么办不了" in kept.results.get().words

    def test_of_another_street_nothing_is_found_and_it_is_counted(self, here: Place, there: Place) -> None:
        with in_street(there.street.id):
            theirs = there.report(now=clock.now())
        mine = here.report(now=clock.now())
        kept = do(ticked(theirs, mine), here.wei)
        assert kept.left == 1 and kept.results.get().case == mine
        with in_street(there.street.id):
            assert times(theirs, Action.ACCEPT) == 0

    def test_nothing_too_much_and_by_nobody_who_works_there_is_refused(self, here: Place) -> None:
        case = here.report(now=clock.now())
        for bundle, refusal in (
            (ticked(), NothingTicked),
            (replace(ticked(case), codes=tuple(str(number) for number in range(51))), TooManyTicked),
        ):
            with pytest.raises(refusal):
                do(bundle, here.wei)
        with pytest.raises(NotAllowed):
            do(ticked(case), here.lan)
        assert not KeptBundle.objects.exists()

    def test_the_id_of_somebody_else_of_other_ticks_or_of_another_street_is_refused_alike(
        self, here: Place, there: Place
    ) -> None:
        case, other = here.report(now=clock.now()), here.report(now=clock.now())
        bundle = ticked(case)
        do(bundle, here.wei)
        with in_street(there.street.id):
            theirs = ticked(there.report(now=clock.now()))
            do(theirs, there.wei)
        wrong = (
            (replace(bundle, codes=(other.code,)), here.wei),
            (replace(bundle, kind=BundleKind.HAND_UP, text="办不了"), here.wei),
            (bundle, colleague(here)),
            (replace(bundle, id=theirs.id), here.wei),
        )
        said = set()
        for one, who in wrong:
            with pytest.raises(Refused) as refusal:
                do(one, who)
            said.add((refusal.value.code, refusal.value.status))
        assert said == {("id_in_use", 409)} and times(other, Action.ACCEPT) == 0

    def test_what_came_of_it_is_only_added(self, here: Place) -> None:
        do(ticked(here.report(now=clock.now())), here.wei)
        for wrong in ({"became": Became.WAS_SO}, {"words": "别的"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                BundleResult.objects.update(**wrong)
        with pytest.raises(IntegrityError, match="cases_what_is_refused_says_why"), transaction.atomic():
            first = BundleResult.objects.get()
            again = here.report(now=clock.now())
            BundleResult.objects.create(bundle=first.bundle, case=again, position=1, became=Became.REFUSED)


class TestDoors:
    def sent(
        self, place: Place, bundle: Bundle, by: Person, *, kept_by: Person | None = None
    ) -> tuple[int, dict[str, str]]:
        headers = {"X-Street-Id": str(place.street.id), "X-Person-Id": str((kept_by or by).id)}
        form = {"bundle_id": bundle.id, "deed": bundle.kind, "codes": " ".join(bundle.codes), "text": bundle.text}
        answer = as_(by).post(DOOR, form, headers={**headers, "Accept": "application/json"})
        return answer.status_code, answer.json()

    def test_the_answer_is_stored_and_leads_to_what_came_of_each(self, here: Place) -> None:
        taken, mine = here.report(now=clock.now()), here.report(now=clock.now())
        handling.accept(case_id=taken.id, actor=colleague(here), now=clock.now())
        bundle, wei = ticked(taken, mine), as_(here.wei)
        first, again = (self.sent(here, bundle, here.wei) for _twice in range(2))
        url = f"/s/yunqiao/today/together/{bundle.id}/"
        assert first == again == (200, {"bundle": str(bundle.id), "url": url})
        assert wei.get(f"{DOOR}{bundle.id}/").json() == first[1]
        today = wei.get("/s/yunqiao/today/").content.decode()
        assert "一起办的办成 1 件，没办成 1 件" in today and url in today
        for _twice in range(2):
            page = wei.get(url).content.decode()
            assert "办成 1 件" in page and "陶小梁先接了" in page and page.count("接下了") == 1
        assert url not in wei.get("/s/yunqiao/today/").content.decode()
        for other in (here.lan, here.coordinator):
            assert as_(other).get(url).status_code == as_(other).get(f"{DOOR}{bundle.id}/").status_code == 404

    def test_it_goes_in_nobody_elses_name_and_into_no_other_street(self, here: Place, there: Place) -> None:
        bundle = ticked(here.report(now=clock.now()))
        status, told = self.sent(here, bundle, here.coordinator, kept_by=here.wei)
        assert (status, told["error"]) == (409, "other_person")
        assert self.sent(there, bundle, here.wei)[0] == 404
        assert as_(here.wei).post(DOOR, {"bundle_id": bundle.id}).status_code == 404
        assert self.sent(here, replace(bundle, kind="anything"), here.wei)[0] == 422
        assert self.sent(here, replace(bundle, codes=()), here.wei) == (
            422, {"error": "nothing_ticked", "reason": "先勾几件"},
        )  # fmt: skip
        assert not KeptBundle.objects.exists()

    def test_what_came_of_many_asks_no_more_than_of_two(self, here: Place) -> None:
        wei, counts = as_(here.wei), []
        for number in (2, 5):
            kept = do(ticked(*[here.report(now=clock.now()) for _each in range(number)]), here.wei)
            bundling.see(bundle_id=kept.id, actor=here.wei, now=clock.now())
            wei.get(f"/s/yunqiao/today/together/{kept.id}/")
            with CaptureQueriesContext(connection) as asked:
                wei.get(f"/s/yunqiao/today/together/{kept.id}/")
            counts.append(len(asked))
        assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_of_three_tries_at_once_all_have_the_same_answer_and_each_is_done_once(in_yunqiao: Street) -> None:
    place = settle(in_yunqiao, 1)
    cases = [place.report(now=clock.now()) for _each in range(2)]
    bundle, turned = ticked(*cases), ticked(*reversed(cases))
    came = at_once(place.street, *[lambda: do(bundle, place.wei)] * 3, lambda: do(turned, place.wei))
    assert came[:3] == [KeptBundle.objects.get(pk=bundle.id)] * 3
    assert [times(case, Action.ACCEPT) for case in cases] == [1, 1]
    assert sorted(became(came[0]) + became(came[3])) == [Became.DONE, Became.DONE, Became.WAS_SO, Became.WAS_SO]
