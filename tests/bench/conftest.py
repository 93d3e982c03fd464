"""A database beside the tests' own."""

from tests.cli.conftest import empty_database_name as empty_database_name
