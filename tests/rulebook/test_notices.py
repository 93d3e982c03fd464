"""Who is told what, once."""

from datetime import timedelta

import pytest
from django.test import Client

from huipai.config.wiring import FOLLOWERS
from huipai.grid.models import Unit
from huipai.journal.models import Entry
from huipai.notices.models import Notice
from huipai.people.models import Account, Person
from huipai.rulebook import commands, notices
from huipai.rulebook.models import RulebookVersion
from huipai.rulebook.words import PUBLICITY, Fact, Outcome
from tests.cast import FOUND, MONDAY, TUESDAY, decide, resident
from tests.rulebook.making import DECIDED, SWEEP, admitted, consulted


def told(fact: Fact) -> set[Person]:
    """Whom the latest entry of a fact is told to."""
    entry = Entry.objects.filter(what=fact).order_by("-id")[0]
    for _ in range(2):
        notices.tell(entry_id=entry.id, now=entry.happened_at + timedelta(minutes=1))
    found = Notice.objects.filter(cause=f"entry:{entry.id}").select_related("person")
    assert all(str(notice.wording.title) for notice in found)
    return {notice.person for notice in found}


def test_every_fact_that_is_told_has_words_and_a_follower() -> None:
    assert set(notices.TOLD) == {str(fact) for fact in notices.WORDINGS}
    assert set(notices.TOLD) <= set(FOLLOWERS)


def test_a_department_and_the_board_hear_of_each_other(
    sanitation: Unit, lead: Person, members: list[Person], writer: Person
) -> None:
    proposal = commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=MONDAY)
    assert told(Fact.PROPOSED) == set(members)
    commands.give_back(proposal_id=proposal.id, seen=proposal.digest, actor=members[0], reason="补", now=MONDAY)
    assert told(Fact.RETURNED) == {lead}
    commands.propose_again(proposal_id=proposal.id, proposer=lead, terms=SWEEP, now=MONDAY)
    admitted(proposal, members[0])
    assert told(Fact.ADMITTED) == {lead, writer}


@pytest.mark.usefixtures("in_yunqiao")
def test_everybody_who_speaks_up_is_answered(
    client: Client, draft: RulebookVersion, writer: Person, members: list[Person]
) -> None:
    consulted(draft, writer)
    assert told(Fact.CONSULTED) == set(members)
    lan = resident()
    said = commands.comment(version_id=draft.id, person=lan, code=FOUND.code, text="偏少", now=TUESDAY)
    commands.answer(remark_id=said.id, actor=writer, outcome=Outcome.KEPT, answer="先试", now=TUESDAY)
    assert told(Fact.ANSWERED) == {lan}
    commands.keep_time(now=DECIDED)
    assert told(Fact.CONSULTATION_CLOSED) == {*members, writer}
    shown = decide(draft, writer, effective_from=DECIDED + PUBLICITY, now=DECIDED)
    objection = commands.object_to(version_id=shown.id, person=lan, code="", text="不妥", now=DECIDED)
    assert told(Fact.OBJECTED) == set(members)
    hua = resident("华", "13800000002")
    commands.object_to(version_id=shown.id, person=hua, code=FOUND.code, text="偏少", now=DECIDED)
    client.force_login(hua.account)
    mine = "/s/yunqiao/rulebook/mine/"
    assert "还没有答复，有了会告诉您" in client.get(mine).content.decode()
    commands.uphold(remark_id=objection.id, actor=members[0], answer="是不妥", now=DECIDED)
    assert told(Fact.UPHELD) == {lan, writer}
    # What the other spoke against is gone as well: nobody may ever answer, and they wait for nothing.
    assert told(Fact.WITHDRAWN) == {*members, hua} - {members[0]}
    page = client.get(mine).content.decode()
    assert "这一版撤回了，不会施行" in page and "还没有答复" not in page
    assert "啄木鸟 02" in page and FOUND.code not in page
    client.force_login(members[1].account)
    assert "这一版已经撤回" in client.get("/s/yunqiao/rulebook/desk/remarks/").content.decode()


def test_the_inbox_leads_to_each_page(
    client: Client, sanitation: Unit, lead: Person, members: list[Person], draft: RulebookVersion, writer: Person
) -> None:
    commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=MONDAY)
    consulted(draft, writer)
    for fact in (Fact.PROPOSED, Fact.CONSULTED):
        told(fact)
    client.force_login(Account.objects.get(pk=members[0].account_id))
    html = client.get("/s/yunqiao/notices/").content.decode()
    assert "有单位提了一个条目" in html and "新一版计分条目在征求意见" in html


def test_old_news_is_no_news(draft: RulebookVersion, writer: Person, members: list[Person]) -> None:
    consulted(draft, writer)
    entry = Entry.objects.get(what=Fact.CONSULTED)
    notices.tell(entry_id=entry.id, now=MONDAY + timedelta(days=8))
    assert not Notice.objects.exists()
