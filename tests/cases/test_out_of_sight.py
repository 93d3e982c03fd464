"""Merging what neighbours see with what they do not: read before it is pressed, chosen, and told to who follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases.commands import handling, releasing, triage
from huipai.cases.models import Case, CaseType, Follow, Report
from huipai.cases.queries import releasing as to_look_at
from huipai.cases.queries import shown as feed
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.notices.models import Notice
from huipai.photos import commands as photos
from huipai.streets.current import in_street
from tests.cases.conftest import Place
from tests.cases.hub import HOUR
from tests.cases.test_alike import shown
from tests.cases.test_hearing import follower_of, read_by, tell_all
from tests.cases.test_pages import as_

pytestmark = pytest.mark.django_db
GONE = "并到另一件不公开的事里办了"


def two(here: Place) -> tuple[Case, Case]:
    """lan's, kept from neighbours; and hua's of the same matter, which they see."""
    then = clock.now() - timedelta(days=1)
    kept = here.report(is_private=True, now=then)
    return kept, shown(here, by=here.hua, now=then + HOUR)


class TestChoosing:
    def test_is_read_before_it_is_pressed_and_not_done_unread(self, here: Place) -> None:
        kept, seen = two(here)
        follower_of(seen)
        for case in (kept, seen):
            page = as_(here.coordinator).get(f"/s/yunqiao/cases/{case.code}/merging/").content.decode()
            assert "有 1 位邻居跟着" in page and 'value="open"' in page and 'value="hide"' in page
        for_worker = as_(here.wei).get(f"/s/yunqiao/cases/{seen.code}/merging/").content.decode()
        assert 'value="open"' not in for_worker and 'value="hide"' in for_worker and "社区协调员" in for_worker
        desk = as_(here.dispatcher)
        page = desk.get(f"/s/yunqiao/desk/?view=all&case={seen.code}").content.decode()
        assert "看清楚再并" in page and f"/cases/{seen.code}/merging/" in page
        answer = desk.post(f"/s/yunqiao/desk/{seen.code}/merge/", {"other_case": kept.code})
        assert answer.status_code == 422 and "看清楚再选" in answer.content.decode()
        answer = as_(here.coordinator).post(f"/s/yunqiao/cases/{seen.code}/merging/", {"into": kept.code})
        assert answer.status_code == 422 and Case.objects.get(pk=seen.pk).merged_into is None

    def test_the_other_way_round_nothing_is_offered(self, here: Place) -> None:
        then = clock.now() - timedelta(days=1)
        seen, kept = shown(here, now=then), here.report(here.hua, is_private=True, now=then + HOUR)
        page = as_(here.coordinator).get(f"/s/yunqiao/cases/{kept.code}/merging/").content.decode()
        assert "合不到一起" in page and 'value="hide"' not in page and seen.code in page


class TestOutOfSight:
    def test_followers_are_told_once_and_the_old_address_says_where_it_went_and_no_more(self, here: Place) -> None:
        kept, seen = two(here)
        neighbour = follower_of(seen)
        answer = as_(here.wei).post(f"/s/yunqiao/cases/{seen.code}/merging/", {"into": kept.code, "sight": "hide"})
        assert answer.status_code == 302
        handling.accept(case_id=kept.id, actor=here.wei, now=clock.now())
        tell_all()
        assert read_by(neighbour) == [f"您跟着的事{GONE}"] and not Follow.objects.exists()
        assert kept.code not in str(Notice.objects.get(person=neighbour).params)
        for client in (as_(neighbour), as_(here.hua)):
            answer = client.get(f"/s/yunqiao/c/{seen.code}/")
            page = answer.content.decode()
            assert answer.status_code == 410 and GONE in page
            assert kept.code not in page and seen.case_type.name not in page
        assert as_(neighbour).get(f"/s/yunqiao/c/{kept.code}/").status_code == 404

    def test_what_neighbours_never_saw_has_no_such_address(self, here: Place, there: Place) -> None:
        then = clock.now() - timedelta(days=1)
        kept, unseen = here.report(is_private=True, now=then), here.report(here.hua, now=then + HOUR)
        triage.merge_out_of_sight(case_id=unseen.id, into_id=kept.id, actor=here.wei, now=clock.now())
        assert as_(here.hua).get(f"/s/yunqiao/c/{unseen.code}/").status_code == 404
        old, gone = two(here)
        triage.merge_out_of_sight(case_id=gone.id, into_id=old.id, actor=here.wei, now=clock.now())
        with in_street(there.street.id):
            assert as_(there.lan).get(f"/s/hetang/c/{gone.code}/").status_code == 404

    def test_what_goes_on_in_sight_is_where_the_old_address_leads(self, here: Place) -> None:
        then = clock.now() - timedelta(days=1)
        into, case = shown(here, now=then), shown(here, by=here.hua, now=then + HOUR)
        triage.merge(case_id=case.id, into_id=into.id, actor=here.wei, now=clock.now())
        answer = as_(here.hua).get(f"/s/yunqiao/c/{case.code}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/s/yunqiao/c/{into.code}/")


class TestInSight:
    def test_the_whole_is_public_and_what_was_kept_private_stays_so(self, here: Place) -> None:
        kept, seen = two(here)
        neighbour = follower_of(seen)
        [mine] = [one.photo for one in kept.photos.select_related("photo")]
        answer = as_(here.coordinator).post(
            f"/s/yunqiao/cases/{seen.code}/merging/", {"into": kept.code, "sight": "open"}
        )
        assert answer.status_code == 302
        kept.refresh_from_db()
        one = feed.one(kept.code)
        assert one is not None and (one.lng, one.lat) == (seen.lng, seen.lat)
        assert Report.objects.get(case=kept, reporter=here.lan).is_kept_private
        photos.process(photo_id=mine.id, now=clock.now())
        mine.refresh_from_db()
        waiting = to_look_at.waiting_for(here.coordinator, clock.now())
        assert mine.id not in {part.photo_id for part in waiting}
        with pytest.raises(releasing.NotToBeShown):
            releasing.release(
                photo_id=mine.id,
                actor=here.coordinator,
                copy_seen=mine.public_sha256,
                looked_at=clock.now(),
                now=clock.now(),
            )
        photos.release(photo=mine, by=here.coordinator, copy_seen=mine.public_sha256, now=clock.now())
        assert mine.id not in {part.photo_id for part in feed.photos_of(one)}  # the gate itself
        tell_all()
        assert read_by(here.lan) == ["您报的事和邻居看得到的一件合在一起办"]
        assert read_by(neighbour) == ["您跟着的事和另一件是同一件，合在一起办"]
        assert Follow.objects.get().case == kept

    def test_only_who_sits_at_the_desk_decides_it_and_only_of_a_type_that_neighbours_may_see(self, here: Place) -> None:
        kept, seen = two(here)
        with pytest.raises(NotAllowed, match="社区协调员"):
            triage.merge_in_sight(case_id=seen.id, into_id=kept.id, actor=here.wei, now=clock.now())
        CaseType.objects.filter(pk=kept.case_type_id).update(is_public=False)
        with pytest.raises(NotAllowed, match="这一类不给邻居看"):
            triage.merge_in_sight(case_id=seen.id, into_id=kept.id, actor=here.coordinator, now=clock.now())
        assert not Report.objects.filter(is_kept_private=True).exists() and Follow.objects.count() == 0
