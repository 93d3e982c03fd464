"""What the doors of a phone answer where something is wrong, in JSON: one form for everything that waits there."""

from __future__ import annotations

from django import forms
from django.http import JsonResponse

from huipai.cases.pages.forms_again import errors_of
from huipai.kit.verdict import Invalid, Refused


def refused(refusal: Refused, **more: object) -> JsonResponse:
    """Its code, its words, and at which part of the page they belong; `more` beside them."""
    [(at, words)] = errors_of(refusal)
    told = {"error": refusal.code, "reason": words, "at": at}
    return JsonResponse({**told, **more}, status=refusal.status)


def first_fault(typed: forms.Form) -> Invalid:
    """The first of what a form finds wrong; call where it is not valid."""
    name, faults = next(iter(typed.errors.items()))
    return Invalid(str(faults[0]), field=name)
