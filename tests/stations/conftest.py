"""The two small towns of the grid's tests."""

from tests.grid.conftest import other_town, property_unit, somebody, town

__all__ = ["other_town", "property_unit", "somebody", "town"]
