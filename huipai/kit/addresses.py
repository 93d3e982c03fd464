"""Addresses by the hundred: a list of fifty rows resolves each kind of address once, a page its doors once a street."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.encoding import iri_to_uri


class AddressForm:
    """Addresses of one page that differ in their arguments: `AddressForm("cases:detail", "example")(code)`.

    The examples stand for the arguments when the form is made; none of them may occur elsewhere in the address. What
    is put in their places is an id, a code or a token of ours: nothing that would have to be escaped.
    """

    def __init__(self, name: str, *examples: Any) -> None:
        self._name, self._examples = name, examples

    def __call__(self, *arguments: object) -> str:
        form = _form(get_script_prefix(), get_urlconf(), self._name, self._examples)
        return form % arguments


def plain_address(name: str) -> str:
    """The address of a page that takes no arguments, in the street of this request; resolved once a street."""
    return _plain(get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF, name)


@lru_cache(maxsize=4096)
def _plain(prefix: str, urlconf: str, name: str) -> str:
    return reverse(name)


@lru_cache(maxsize=4096)
def _form(prefix: str, urlconf: str | None, name: str, examples: tuple[Any, ...]) -> str:
    """The address with a place for each argument; kept by street, for its prefix is part of it."""
    form = reverse(name, args=examples).replace("%", "%%")
    for example in examples:
        spelled = iri_to_uri(str(example))
        if form.count(spelled) != 1:
            raise ValueError(f"the address of {name} does not show {example!r} exactly once")
        form = form.replace(spelled, "%s")
    return form
