"""A good deed that is held for a court or an office: nothing takes its words and photos, by whatever way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.audit.models import Disclosure
from huipai.audit.words import Kind
from huipai.cases.commands import forgetting
from huipai.cases.commands.deeds import ending
from huipai.cases.commands.retention import holding, letting_go
from huipai.cases.models import GoodDeed, LegalHold
from huipai.cases.policies.at_counter import may_write_down_leaving
from huipai.cases.queries import proof, retention
from huipai.cases.retention_words import FIRST, Kept
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people import commands as people
from huipai.people import keepers
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos.models import Photo
from huipai.streets.current import in_street
from tests import cast
from tests.by_hand import by_hand
from tests.cases.conftest import Place, folder
from tests.cases.test_deeds import tell
from tests.cases.test_pages import as_
from tests.cast import TUESDAY

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TERM = FIRST[Kept.DEED].days
WHY = {"reason": "lawsuit", "words": "区法院来函"}
DUE = TUESDAY + (TERM + 1) * DAY


def told(place: Place) -> GoodDeed:
    """Told with a photo, and not published."""
    deed = tell(place, photos=(place.photo(place.lan).id,))
    return ending.decline(deed_id=deed.id, actor=place.coordinator, reason="not_wished", text="", now=TUESDAY)


def hold(deed: GoodDeed, by: Person, *, days: int = 300, **more: str) -> LegalHold:
    until = TUESDAY + days * DAY
    return holding.hold_deed(deed_id=deed.id, actor=by, until=until, now=TUESDAY, **{**WHY, **more})


def again(deed: GoodDeed) -> GoodDeed:
    return GoodDeed.objects.get(pk=deed.pk)


@pytest.mark.parametrize("is_held", [True, False])
def test_the_night_lets_go_of_it_only_when_nobody_holds_it(here: Place, is_held: bool) -> None:
    deed = told(here)
    if is_held:
        hold(deed, here.dispatcher)
    assert bool(retention.due_now(DUE, 9)) != is_held, "and no job is made of it every night"
    assert (letting_go.let_go_of_deed(deed_id=deed.id, now=DUE) is None) == is_held
    assert bool(again(deed).text) == Photo.objects.kept().exists() == is_held
    assert (letting_go.let_go_of_deed(deed_id=deed.id, now=TUESDAY + 300 * DAY) is not None) == is_held
    assert not again(deed).text and not [*proof.verify_cases(here.street)]


@pytest.mark.parametrize("is_held", [True, False])
def test_who_leaves_takes_nothing_of_it_and_is_forgotten_there_when_it_is_over(here: Place, is_held: bool) -> None:
    deed = told(here)
    one = hold(deed, here.dispatcher) if is_held else None
    people.erase(person=here.lan, actor=here.lan, now=TUESDAY)
    forgetting.forget(person=here.lan, now=TUESDAY)
    assert bool(again(deed).text) == bool(again(deed).who) == Photo.objects.kept().exists() == is_held
    assert not forgetting.left_behind(TUESDAY).exists()
    if one is not None:
        assert list(forgetting.left_behind(one.until)) == [here.lan]
        forgetting.forget(person=here.lan, now=one.until)
        assert not again(deed).text and not Photo.objects.kept().exists()
        assert not forgetting.left_behind(one.until).exists()


def test_who_did_it_is_forgotten_there_too_when_it_is_over(here: Place) -> None:
    deed = told(here)
    by_hand(
        "UPDATE cases_gooddeed SET doer_id = %s WHERE street_id = %s AND id = %s",
        [here.hua.id, here.street.id, deed.id],
    )
    one = hold(deed, here.dispatcher)
    people.erase(person=here.hua, actor=here.hua, now=TUESDAY)
    forgetting.forget(person=here.hua, now=TUESDAY)
    assert again(deed).who
    assert list(forgetting.left_behind(one.until)) == [here.hua]
    forgetting.forget(person=here.hua, now=one.until)
    assert (again(deed).who, bool(again(deed).text)) == ("", True)
    assert not forgetting.left_behind(one.until).exists()


def test_the_counter_takes_nobodys_name_away_meanwhile(here: Place) -> None:
    deed = told(here)
    window = cast.appoint(cast.staff("柜小台", "13900018801"), Role.COORDINATOR)
    assert may_write_down_leaving(window, here.lan, TUESDAY)
    one = hold(deed, here.dispatcher)
    verdict = may_write_down_leaving(window, here.lan, TUESDAY)
    assert not verdict and verdict.code == "name_held_back"
    Person.objects.filter(pk=here.lan.pk).update(account=None)
    assert here.lan not in keepers.unkept(one.until - DAY), "whoever has no account keeps their name as long"
    holding.release(hold_id=one.id, actor=here.dispatcher, words="案子结了", now=TUESDAY + DAY)
    assert may_write_down_leaving(window, here.lan, TUESDAY + DAY)


def test_by_whom_and_how(here: Place, there: Place) -> None:
    deed = told(here)
    for stranger in (here.wei, here.coordinator, here.shi, here.hua, here.lan):
        with pytest.raises(NotAllowed):
            hold(deed, stranger)
    with pytest.raises(NotAllowed, match="自己报的事"):
        hold(deed, cast.appoint(here.lan, Role.DISPATCHER))
    for days in (0, 400):
        with pytest.raises(holding.HoldUntilWhen):
            hold(deed, here.dispatcher, days=days)
    with in_street(there.street.id), pytest.raises(NotVisible):
        hold(deed, there.dispatcher)
    assert not LegalHold.objects.exists()
    one = hold(deed, here.dispatcher, words=f"区法院要{here.lan.name}的话")
    assert hold(deed, here.dispatcher) == one, "the same again is once"
    said = Disclosure.objects.get(kind=Kind.HELD)
    assert (said.subject, said.about) == (deed.subject, deed.code) and here.lan.name not in said.words
    assert Entry.objects.get(what="retention.held").facts == {"reason": "lawsuit"}
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.create(ground="lawsuit", held_by=here.dispatcher, held_at=TUESDAY, until=TUESDAY + DAY)


def test_what_has_gone_already_is_not_held(here: Place) -> None:
    gone = told(here)
    letting_go.let_go_of_deed(deed_id=gone.id, now=DUE)
    with pytest.raises(holding.AlreadyGone):
        holding.hold_deed(deed_id=gone.id, actor=here.dispatcher, until=DUE + DAY, now=DUE, **WHY)


def test_on_its_page_from_a_look_by_name_and_on_the_list(here: Place, there: Place) -> None:
    deed, browser = told(here), as_(here.dispatcher)
    path = f"/s/yunqiao/deeds/{deed.id}/hold/"
    found = browser.post(
        "/s/yunqiao/search/person/", {"who": here.lan.name, "reason": "legal", "words": "区法院来函"}
    ).content.decode()
    assert path in found and deed.code in found
    until = (clock.now() + 30 * DAY).date().isoformat()
    wrong = browser.post(path, {**WHY, "until": ""})
    assert wrong.status_code == 422 and WHY["words"] in wrong.content.decode()
    assert browser.post(path, {**WHY, "until": until}).status_code == 302
    held = LegalHold.objects.get()
    mine = as_(here.lan).get(f"/s/yunqiao/deeds/{deed.id}/").content.decode()
    assert "依法先不删" in mine and "诉讼" not in mine
    page = browser.get("/s/yunqiao/retention/").content.decode()
    assert f"好人好事 {deed.code}" in page and "有诉讼、仲裁" in page and deed.title not in page
    auditor = cast.appoint(cast.staff("申小计", "13900018883"), Role.AUDITOR)
    assert f"好人好事 {deed.code}" in as_(auditor).get("/s/yunqiao/audit/").content.decode()
    for person in (here.coordinator, here.lan, here.wei):
        assert as_(person).get(path).status_code == 403
    end = f"/s/yunqiao/retention/holds/{held.id}/end/"
    assert as_(here.coordinator).get(end).status_code == 403
    assert browser.post(end, {"words": "函已收回"}).status_code == 302
    assert not retention.holds(clock.now()).exists()
    with in_street(there.street.id):
        assert as_(there.dispatcher).get(f"/s/hetang/deeds/{deed.id}/hold/").status_code == 404


def test_a_step_is_still_taken_and_takes_no_word(here: Place) -> None:
    deed = tell(here)
    hold(deed, here.dispatcher)
    ending.withdraw(deed_id=deed.id, actor=here.lan, now=TUESDAY)
    assert again(deed).text == deed.text
