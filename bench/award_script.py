"""The rows of an award in plain SQL, in one statement: posting, two lines, balance, lot, journal."""

from __future__ import annotations

from uuid import UUID

from bench.ledger import Ground, array
from bench.world import World
from huipai.points.models import Account

_SCRIPT = """\\set person random(1, {people})
\\set item random(1, {items})
WITH made AS (
    SELECT gen_random_uuid() AS posting, {persons}[:person::int] AS person, {accounts}[:person::int] AS account
), posting AS (
    INSERT INTO points_posting (id, street_id, kind, person_id, item_id, item_code, subject, points, received_at,
                                posted_at, reason)
    SELECT posting, {street}, 'award', person, {item_ids}[:item::int], {codes}[:item::int], 'case:' || posting, 5,
           now(), now(), '' FROM made
), line AS (
    INSERT INTO points_line (id, street_id, posting_id, account_id, book, amount)
    SELECT gen_random_uuid(), {street}, posting, account, '', 5 FROM made
    UNION ALL SELECT gen_random_uuid(), {street}, posting, NULL, 'issuance', -5 FROM made
), account AS (
    UPDATE points_account SET balance = balance + 5
    FROM made WHERE points_account.street_id = {street} AND points_account.id = made.account
), lot AS (
    INSERT INTO points_lot (id, street_id, account_id, posting_id, points, remaining, expires_at)
    SELECT gen_random_uuid(), {street}, account, posting, 5, 5, now() + interval '2 years' FROM made
), entry AS (
    INSERT INTO journal_entry (id, street_id, what, subject, happened_at, facts)
    SELECT gen_random_uuid(), {street}, 'points.awarded', 'case:' || posting, now(), jsonb_build_object(
        'posting', posting, 'kind', 'award', 'person', person, 'item', {item_ids}[:item::int], 'code', 'woodpecker-01',
        'points', 5, 'received', 1795658400000000, 'reverses', NULL, 'reason', '', 'draws', '[]'::jsonb,
        'lines', jsonb_build_array(jsonb_build_array(account, 5), jsonb_build_array('issuance', -5)),
        'lot', jsonb_build_array(posting, 5, 1858752000000000)) FROM made
)
SELECT posting FROM made;
"""


def script(world: World, laid: Ground, *, items: int) -> str:
    accounts = dict(_accounts())
    codes = ",".join(item.code for item in laid.items[:items])
    return _SCRIPT.format(
        people=len(laid.people), items=items, street=f"'{world.street_id}'::uuid",
        persons=array([person.id for person in laid.people]),
        accounts=array([accounts[person.id] for person in laid.people]),
        item_ids=array([item.id for item in laid.items[:items]]), codes=f"('{{{codes}}}'::text[])",
    )  # fmt: skip


def _accounts() -> list[tuple[UUID, UUID]]:
    return list(Account.objects.filter(purse="spendable").values_list("person_id", "id"))
