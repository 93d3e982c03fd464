"""The environment of our pages."""

from jinja2 import Environment


def environment(**options: object) -> Environment:
    return Environment(**options, extensions=["jinja2.ext.i18n"])  # type: ignore[arg-type]
