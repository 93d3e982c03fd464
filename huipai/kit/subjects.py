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

_Teller = Callable[[Collection[UUID]], Mapping[UUID, str]]

_addresses: Mapping[str, Addresses] = {}
_names: Mapping[str, Names] = {}
_hands: Mapping[str, Hands] = {}


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


def hands_of(subject: str) -> list[tuple[str, str]]:
    """Everybody who had a hand in this thing, in their order; nobody where nobody knows."""
    kind, _colon, name = subject.partition(":")
    return list(_hands[kind](UUID(name))) if kind in _hands else []


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
        kind, _colon, name = subject.partition(":")
        if kind in tellers:
            by_kind[kind][UUID(name)] = subject
    found: dict[str, str] = {}
    for kind, asked in by_kind.items():
        found |= {asked[id]: address for id, address in tellers[kind](list(asked)).items()}
    return found
