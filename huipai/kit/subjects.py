"""Subjects are words ("case:0190…"); their pages belong to packages above. Wired once, at start-up."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

# The addresses of the pages of these things; one without a page is left out.
Addresses = Callable[[Collection[UUID]], Mapping[UUID, str]]

_addresses: Mapping[str, Addresses] = {}


def wire(addresses: Mapping[str, Addresses]) -> None:
    """Name, once at start-up, who knows the pages of which kind of subject."""
    global _addresses
    _addresses = addresses


def addresses_of(subjects: Iterable[str]) -> dict[str, str]:
    """The page of each subject that has one; one question a kind, however many subjects there are."""
    by_kind: dict[str, dict[UUID, str]] = defaultdict(dict)
    for subject in subjects:
        kind, _colon, name = subject.partition(":")
        if kind in _addresses:
            by_kind[kind][UUID(name)] = subject
    found: dict[str, str] = {}
    for kind, asked in by_kind.items():
        found |= {asked[id]: address for id, address in _addresses[kind](list(asked)).items()}
    return found
