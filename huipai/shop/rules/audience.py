"""Whom an item is for, by year of birth alone."""

from __future__ import annotations

from datetime import date

from huipai.shop.words import AGES, Audience


def is_for(audience: Audience, birth_year: int | None, today: date) -> bool:
    """Whether somebody born in that year is meant; without a year they count as grown up, not as old."""
    if audience == Audience.ELDERS:
        return birth_year is not None and today.year - birth_year >= AGES[audience]
    return birth_year is None or today.year - birth_year > AGES[audience] or audience == Audience.EVERYBODY
