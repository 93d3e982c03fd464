"""Requests that may come twice: the same one gets the stored answer, another one under the same key is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huipai.kit import hot
from huipai.kit.ids import new_id
from huipai.kit.verdict import Moved
from huipai.people.models import Person
from huipai.points.models import Answered
from huipai.streets.current import street_in_force

ASK: Final = """
INSERT INTO points_answered (id, street_id, key, actor_id, verb, content_hash, answer, answered_at)
VALUES (%(id)s, %(street)s, %(key)s, %(actor)s, %(verb)s, %(hash)s, %(answer)s::jsonb, %(now)s)
ON CONFLICT (street_id, key) DO NOTHING
RETURNING id
"""


class KeyTaken(Moved):
    """The same key with another content, or of somebody else: one refusal that tells neither."""

    code = "points_key_taken"
    default_reason = _("这一次的内容和刚才的不一样，回上一页重新来")


def stored_answer(
    *,
    key: UUID,
    actor: Person,
    verb: str,
    content: Mapping[str, object],
    answer: Mapping[str, str],
    now: datetime,
) -> Mapping[str, str] | None:
    """None for a new request, whose `answer` is stored with the caller's transaction; else what was answered before.

    Of two at once the second waits until the first is done. What is refused is rolled back and leaves no answer.
    """
    content_hash = hash_of(verb, content)
    asked = {
        "id": new_id(), "street": street_in_force(), "key": key, "actor": actor.id, "verb": verb,
        "hash": content_hash, "answer": json.dumps(dict(answer)), "now": now,
    }  # fmt: skip
    if hot.rows(ASK, asked):
        return None
    stored = Answered.objects.get(key=key)
    if (stored.actor_id, stored.verb, stored.content_hash) != (actor.id, verb, content_hash):
        raise KeyTaken
    told: dict[str, Any] = stored.answer
    return told


def answered_before(*, key: UUID, actor: Person, verb: str, content: Mapping[str, object]) -> Mapping[str, str] | None:
    """What was answered to this very request; None to a new one and to another's. Nothing is stored.

    Whoever did not hear the answer hears it, also when they might not ask for it any more.
    """
    stored = Answered.objects.filter(key=key, actor_id=actor.id, verb=verb, content_hash=hash_of(verb, content)).first()
    if stored is None:
        return None
    told: dict[str, Any] = stored.answer
    return told


def answer_to(*, key: UUID, actor: Person, verb: str) -> Mapping[str, str] | None:
    """What was answered to a request of this actor under this key; what it asked is the caller's to compare."""
    stored = Answered.objects.filter(key=key, actor_id=actor.id, verb=verb).first()
    if stored is None:
        return None
    told: dict[str, Any] = stored.answer
    return told


def hash_of(verb: str, content: Mapping[str, object]) -> str:
    """What a request says, as a key keeps it."""
    spelled = json.dumps({"verb": verb, **content}, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(spelled.encode()).hexdigest()
