"""Reading about people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import decrypt
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower, StrIndex

from huipai.kit import hot
from huipai.kit.lines import run_together
from huipai.kit.locked import Unreadable
from huipai.people.models import (
    Account,
    Consent,
    ConsentText,
    Guardianship,
    Identity,
    Person,
    PhoneChange,
    Proxy,
    SignInTry,
)
from huipai.people.rules import ADULT_AT, is_fresh, local_date, normalise_phone, number_digest, plain_name, wait_for
from huipai.people.words import INVITATION_LASTS, LIMITS_OF_BOTH, LIMITS_OF_NUMBER, ConsentPurpose, ProxyScope, TryKind
from huipai.streets.current import in_street, notes, street_in_force
from huipai.streets.models import Street


def person_of(account: Account) -> Person | None:
    """Who this account is in the street in force."""
    return Person.objects.filter(account_id=account.pk).select_related("account").first()


@dataclass(frozen=True)
class Visitor:
    """A person at the door, and whether the privacy notice in force was read."""

    person: Person
    has_read_notice: bool
    has_read_any_notice: bool


# What `arrival.of` has found out on the way in; good for the first question of a request.
ARRIVAL_NOTE = "people.arrival"


def visitor(account: Account) -> Visitor | None:
    """Who is at the door, in one query at most."""
    account_id, arrived = notes().pop(ARRIVAL_NOTE, (None, None))
    if arrived is not None and account_id == account.pk:
        return arrived  # type: ignore[no-any-return]
    notice = ConsentPurpose.PRIVACY_NOTICE
    texts = ConsentText.objects.filter(purpose=notice).order_by("-version")
    given = Consent.objects.filter(person=OuterRef("pk"), purpose=notice, withdrawn_at__isnull=True)
    found = (
        Person.objects.filter(account_id=account.pk)
        .annotate(
            _asked=Subquery(texts.values("version")[:1]),
            _given=Subquery(given.order_by("-version").values("version")[:1]),
        )
        .first()
    )
    if found is None:
        return None
    found.account = account
    given_version = found._given or 0
    return Visitor(found, given_version >= (found._asked or 1), given_version > 0)


def has_second_factor(account: Account) -> bool:
    """Whether an app for one-time passwords is bound."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def recovery_codes_left(account: Account) -> int:
    """How many codes of the paper can still be used."""
    paper = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(paper).get_unused_codes()) if paper is not None and is_readable(paper) else 0


def is_readable(factor: Authenticator) -> bool:
    """Whether an app's secret, or the seed of a paper, was locked with the secret key of today."""
    try:
        decrypt(factor.data.get("secret") or factor.data["seed"])
    except Unreadable:
        return False
    return True


def unreadable_second_factors() -> int:
    """How many apps and papers, of whatever street, were locked with another secret key."""
    return sum(not is_readable(factor) for factor in Authenticator.objects.iterator())


# Counted by the number; what is counted by the account beside them is the second factor.
_OF_PHONES = (TryKind.PASSWORD, TryKind.PASSWORD_AT_HOME)


def lock_of(accounts: Sequence[Account], now: datetime) -> dict[UUID, timedelta]:
    """Which of these accounts wrong tries have locked somewhere, and for how long still; one query, however many."""
    asked = {
        (kind.value, number_digest(str(number))): account.pk
        for account in accounts
        for kind, number in (*((kind, account.phone) for kind in _OF_PHONES), (TryKind.SECOND_FACTOR, account.pk))
    }
    longest = [LIMITS_OF_NUMBER[kind][-1].window for kind in (*_OF_PHONES, TryKind.SECOND_FACTOR)]
    tries = SignInTry.objects.filter(
        kind__in={kind for kind, _digest in asked}, number__in=[digest for _kind, digest in asked],
        made_at__gt=now - max(longest),
    )  # fmt: skip
    made: dict[tuple[str, str, str], list[datetime]] = {}
    for kind, digest, address, at in tries.order_by("-made_at").values_list("kind", "number", "address", "made_at"):
        for whose in ("", address):
            made.setdefault((kind, digest, whose), []).append(at)
    found: dict[UUID, timedelta] = {}
    for (kind, digest, address), at_all in made.items():
        limits = LIMITS_OF_BOTH.get(TryKind(kind), ()) if address else LIMITS_OF_NUMBER[TryKind(kind)]
        account_id, wait = asked.get((kind, digest)), wait_for(limits, at_all, now)
        if account_id is not None and wait is not None:
            found[account_id] = max(wait, found.get(account_id, wait))
    return found


def with_second_factor(accounts: Iterable[Account]) -> set[UUID]:
    """Which of these accounts have an app for one-time passwords bound."""
    bound = Authenticator.objects.filter(user__in=[one.pk for one in accounts], type=Authenticator.Type.TOTP)
    return set(bound.values_list("user_id", flat=True))


def texts_of(purpose: ConsentPurpose) -> QuerySet[ConsentText]:
    """Every version that the street has published, newest first."""
    return ConsentText.objects.filter(purpose=purpose).select_related("published_by").order_by("-version")


def version_in_force(purpose: ConsentPurpose) -> int:
    """The newest version of a text in this street; 1 is our own."""
    newest = ConsentText.objects.filter(purpose=purpose).order_by("-version").values_list("version", flat=True).first()
    return newest or 1


def text_in_force(purpose: ConsentPurpose) -> ConsentText | None:
    """The street's newest text; None where our own stands."""
    return ConsentText.objects.filter(purpose=purpose).order_by("-version").first()


def by_phone(phone: str) -> Person | None:
    """Who has this number in this street. Only the counter looks people up."""
    return Person.objects.filter(account__phone=phone).select_related("account").first()


def by_typed_phone(typed: str) -> Person | None:
    """Who has the number that somebody typed, however they spaced it; nobody where it is none."""
    phone = normalise_phone(typed)
    return by_phone(phone) if phone else None


def known_people() -> QuerySet[Person]:
    """Everybody of this street who has not left it for good."""
    return Person.objects.filter(erased_at__isnull=True).select_related("account")


def named(people: QuerySet[Person], name: str) -> QuerySet[Person]:
    """Those who are called exactly this, however either was spelt (as `rules.same_name`)."""
    spelt = Func(F("name"), function="normalize", template="normalize(%(expressions)s, NFKC)")
    plain = Func(spelt, Value(r"[\s\-()·.]+"), Value(""), Value("g"), function="regexp_replace")
    return people.alias(_plain=Lower(plain, output_field=CharField())).filter(_plain=plain_name(name)).exclude(name="")


def named_in(text: str) -> set[str]:
    """The names of people of the street whose signs stand in a text one after the other, whatever is between them."""
    together = Value(run_together(text), output_field=CharField())
    called = Person.objects.exclude(name="").annotate(at=StrIndex(together, F("name"))).filter(at__gt=0)
    return set(called.values_list("name", flat=True))


def has_consent(person: Person, purpose: ConsentPurpose) -> bool:
    """Whether a yes to some version of the text stands. Nothing that rests on it may happen without."""
    return Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True).exists()


def consent_was_noted_by(person: Person, purpose: ConsentPurpose, colleague: Person) -> bool:
    """Whether the yes that stands was written down by this colleague, and by nobody else."""
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True)
    return set(standing.values_list("noted_by", flat=True)) == {colleague.pk}


def noted_consents_of(person: Person) -> QuerySet[Consent]:
    """What somebody has agreed to by the hand of a colleague, and has not taken back; oldest first."""
    noted = Consent.objects.filter(person=person, noted_by__isnull=False, withdrawn_at__isnull=True)
    return noted.exclude(purpose=ConsentPurpose.GUARDIANSHIP).order_by("given_at", "id")


def consents_of(person: Person) -> QuerySet[Consent]:
    """Everything somebody has agreed to, newest first, withdrawn or not."""
    return Consent.objects.filter(person=person).order_by("-given_at")


def identities_of(person: Person, day: date) -> QuerySet[Identity]:
    """What somebody is on a day."""
    holds = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    return Identity.objects.filter(holds, person=person, valid_from__lte=day).order_by("kind")


def grown_up(person: str, at: datetime) -> Q:
    """Rows whose `person`, a path to one, is 18 by the year of birth, or of whom nothing says that they are not."""
    known = Q(**{f"{person}__birth_year__lt": local_date(at).year - ADULT_AT})
    unknown = Q(**{f"{person}__birth_year": None, f"{person}__said_under_14_at": None})
    return known | unknown


def guardianships_at(at: datetime) -> QuerySet[Guardianship]:
    """Guardianships that hold at an instant: none of somebody who has grown up, whether or not it was ended."""
    youngest_adult = local_date(at).year - ADULT_AT - 1
    return Guardianship.objects.filter(ended_at__isnull=True, minor__birth_year__gt=youngest_adult)


def is_guardian(guardian: Person, minor: Person, at: datetime) -> bool:
    """Whether somebody answers for a minor at an instant."""
    return guardianships_at(at).filter(guardian=guardian, minor=minor).exists()


def guardianship_was_noted_by(guardian: Person, minor: Person, colleague: Person, at: datetime) -> bool:
    """Whether it was this colleague who saw the papers of a guardianship that holds."""
    return guardianships_at(at).filter(guardian=guardian, minor=minor, confirmed_by=colleague).exists()


def wards_of(guardian: Person, at: datetime) -> QuerySet[Person]:
    """The minors for whom somebody answers at an instant."""
    return Person.objects.filter(id__in=guardianships_at(at).filter(guardian=guardian).values("minor_id"))


def wards_to_agree_for(guardian: Person, at: datetime) -> set[UUID]:
    """Children of this guardian who have no standing yes to the privacy notice in force."""
    bonds = guardianships_at(at).filter(~Exists(_yes_to_the_notice_in_force()), guardian=guardian)
    return set(bonds.values_list("minor_id", flat=True))


def _yes_to_the_notice_in_force() -> QuerySet[Consent]:
    notice = ConsentPurpose.PRIVACY_NOTICE
    newest = ConsentText.objects.filter(purpose=notice).order_by("-version").values("version")[:1]
    return Consent.objects.filter(
        person=OuterRef("minor"), purpose=notice, withdrawn_at__isnull=True, version__gte=Coalesce(Subquery(newest), 1)
    )


def guardianships_of(person: Person, at: datetime) -> QuerySet[Guardianship]:
    """Guardianships that hold, in which somebody is the minor or the guardian; `is_agreed`: to the notice in force."""
    either = Q(minor=person) | Q(guardian=person)
    standing = guardianships_at(at).filter(either).select_related("minor", "guardian")
    return standing.annotate(is_agreed=Exists(_yes_to_the_notice_in_force()))


def proxies_at(at: datetime) -> QuerySet[Proxy]:
    """Accepted proxies that hold at an instant."""
    return Proxy.objects.filter(
        accepted_at__isnull=False, ended_at__isnull=True, valid_from__lte=at, valid_until__gt=at
    )


def elders_helped_by(helper: Person, scope: ProxyScope, at: datetime) -> QuerySet[Person]:
    """For whom somebody may do this now."""
    return Person.objects.filter(
        id__in=proxies_at(at).filter(helper=helper, scopes__contains=[scope]).values("elder_id")
    ).select_related("account")


def acting_for(scope: ProxyScope, at: datetime) -> dict[UUID, list[UUID]]:
    """Who may do this for whom now, for everybody for whom somebody may: guardians for children, helpers for elders."""
    guarded = guardianships_at(at).values_list("minor_id", "guardian_id")
    helped = proxies_at(at).filter(scopes__contains=[scope]).values_list("elder_id", "helper_id")
    acting: dict[UUID, list[UUID]] = {}
    for person_id, other_id in (*guarded, *helped):
        if other_id is not None:
            acting.setdefault(person_id, []).append(other_id)
    return acting


def proxies_of(person: Person, at: datetime) -> QuerySet[Proxy]:
    """Proxies and invitations that somebody has given or holds, not over yet."""
    either = Q(elder=person) | Q(helper=person)
    return (
        Proxy.objects.filter(either, ended_at__isnull=True, valid_until__gt=at)
        .select_related("elder__account", "helper")
        .order_by("invited_at")
    )


_BONDED = """
SELECT guarded.minor_id, guarded.guardian_id FROM people_guardianship AS guarded
JOIN people_person AS minor ON minor.street_id = guarded.street_id AND minor.id = guarded.minor_id
WHERE guarded.street_id = %(street)s AND guarded.valid_from <= %(at)s
    AND (guarded.ended_at IS NULL OR guarded.ended_at > %(since)s) AND minor.birth_year > %(youngest_adult)s::int
    AND (guarded.minor_id = ANY(%(people)s::uuid[]) OR guarded.guardian_id = ANY(%(people)s::uuid[]))
UNION ALL
SELECT elder_id, helper_id FROM people_proxy
WHERE street_id = %(street)s AND valid_from <= %(at)s AND valid_until > %(since)s AND accepted_at IS NOT NULL
    AND (ended_at IS NULL OR ended_at > %(since)s)
    AND (elder_id = ANY(%(people)s::uuid[]) OR helper_id = ANY(%(people)s::uuid[]))
"""


def bonded_with(people: Collection[UUID], since: datetime, at: datetime) -> set[UUID]:
    """Who answers for one of these people or is answered for by them, helps one or is helped by them, at some time in
    these days."""
    asked = {
        "street": street_in_force(), "people": list(people), "since": since, "at": at,
        "youngest_adult": local_date(since).year - ADULT_AT - 1,
    }  # fmt: skip
    return {id for pair in hot.rows(_BONDED, asked) for id in pair if id is not None}


def is_theirs_today(account: Account, now: datetime) -> bool:
    """Whether the number of an account is known to be its owner's still, so that it may be told of their things."""
    is_stale = account.phone_confirmed_at is not None and not is_fresh(account.phone_confirmed_at, now)
    return account.is_active and account.doubted_at is None and not is_stale


def can_come_in(person: Person) -> bool:
    """Whether somebody reads what is put to them: an account of theirs that a number opens and that is not closed."""
    return has_own_page(person) and person.account is not None and person.account.is_active


def has_own_page(person: Person) -> bool:
    """Whether a number opens an account of theirs, so that they leave by themselves; of one given up none does."""
    return person.account is not None and person.account.phone is not None


def had_proxy(person: Person, proxy_id: UUID) -> bool:
    """Whether this one was theirs, over or not."""
    return Proxy.objects.filter(Q(elder=person) | Q(helper=person), pk=proxy_id).exists()


def invitations_to(person: Person, at: datetime) -> QuerySet[Proxy]:
    """Invitations that wait for the number of this person's account."""
    phone = person.account.phone if person.account else None
    return (
        Proxy.objects.filter(
            invited_phone=phone or "-", accepted_at__isnull=True, ended_at__isnull=True,
            invited_at__gt=at - INVITATION_LASTS,
        )
        .exclude(elder=person)
        .select_related("elder__account")
    )  # fmt: skip


def open_phone_change(person: Person) -> PhoneChange | None:
    """The change of number that cools, if this street's counter was asked for one."""
    return PhoneChange.objects.filter(person=person, done_at__isnull=True, cancelled_at__isnull=True).first()


def had_change(account: Account, change_id: UUID) -> bool:
    """Whether a change of this account's number was asked for once, in whichever street. Crosses all streets."""
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            if PhoneChange.objects.filter(pk=change_id, person__account=account).exists():
                return True
    return False


def awaited(phone: str) -> PhoneChange | None:
    """The change by which this number, nobody's yet, is to become the number of an account that there is.

    Looks only into the streets whose counter has been asked for one.
    """
    if Account.objects.filter(phone=phone).exists():
        return None
    asked = Account.objects.filter(leaves_in__isnull=False).order_by("leaves_in").values_list("leaves_in", flat=True)
    for street_id in list(asked.distinct()):
        with in_street(street_id):
            waiting = PhoneChange.objects.filter(new_phone=phone, done_at__isnull=True, cancelled_at__isnull=True)
            change = waiting.select_related("street").first()
        if change is not None:
            return change
    return None


def number_leaves(account: Account) -> PhoneChange | None:
    """The change of number that cools, whichever street's counter was asked: the account is one in all of them."""
    if account.leaves_in_id is None:
        return None
    with in_street(account.leaves_in_id):
        waiting = PhoneChange.objects.filter(person__account=account, done_at__isnull=True, cancelled_at__isnull=True)
        return waiting.select_related("person", "street").first()
