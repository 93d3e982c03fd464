"""Subjects are words ("case:0190…"); their pages belong to packages above. Wired once, at start-up."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

# The addresses of the pages of these things; one without a page is left out.
Addresses = Callable[[Collection[UUID]], Mapping[UUID, str]]

# What these things are called, to whoever owns them.
Names = Callable[[Collection[UUID]], Mapping[UUID, str]]

# Who had a hand in a thing before it counted: as what, and their names, which whoever shows them masks.
Hands = Callable[[UUID], Iterable[tuple[str, str]]]

# What a thing belongs to, as subjects: who wants to hear no more of those hears no more of it.
Kin = Callable[[UUID], Iterable[str]]

_Teller = Callable[[Collection[UUID]], Mapping[UUID, str]]

_addresses: Mapping[str, Addresses] = {}
_names: Mapping[str, Names] = {}
_hands: Mapping[str, Hands] = {}
_kin: Mapping[str, Kin] = {}


def wire(addresses: Mapping[str, Addresses]) -> None:
    """Name, once at start-up, who knows the pages of which kind of subject."""
    global _addresses
    _addresses = addresses


def wire_names(names: Mapping[str, Names]) -> None:
    """Name, once at start-up, who can say what things of a kind are called."""
    global _names
    _names = names


def wire_hands(hands: Mapping[str, Hands]) -> None:
    """Name, once at start-up, who knows who had a hand in things of a kind."""
    global _hands
    _hands = hands


def wire_kin(kin: Mapping[str, Kin]) -> None:
    """Name, once at start-up, who knows what things of a kind belong to."""
    global _kin
    _kin = kin


def with_kin(subject: str) -> set[str]:
    """The thing, and what it belongs to."""
    kind, id = _parted(subject)
    return {subject, *(_kin[kind](id) if kind in _kin and id is not None else ())}


def hands_of(subject: str) -> list[tuple[str, str]]:
    """Everybody who had a hand in this thing, in their order; nobody where nobody knows."""
    kind, id = _parted(subject)
    return list(_hands[kind](id)) if kind in _hands and id is not None else []


def names_of(subjects: Iterable[str]) -> dict[str, str]:
    """What each subject is called, where somebody knows; one question a kind."""
    return _told(subjects, _names)


def addresses_of(subjects: Iterable[str]) -> dict[str, str]:
    """The page of each subject that has one; one question a kind, however many subjects there are."""
    return _told(subjects, _addresses)


def _told(
    subjects: Iterable[str], tellers: Mapping[str, Callable[[Collection[UUID]], Mapping[UUID, str]]]
) -> dict[str, str]:
    by_kind: dict[str, dict[UUID, str]] = defaultdict(dict)
    for subject in subjects:
        kind, id = _parted(subject)
        if kind in tellers and id is not None:
            by_kind[kind][id] = subject
    found: dict[str, str] = {}
    for kind, asked in by_kind.items():
        found |= {asked[id]: address for id, address in tellers[kind](list(asked)).items()}
    return found


def _parted(subject: str) -> tuple[str, UUID | None]:
    """The kind and the id; no id where somebody typed something else."""
    kind, _colon, name = subject.partition(":")
    try:
        return kind, UUID(name)
    except ValueError:
        return kind, None
