"""What somebody has written into a form: shown again where the form itself cannot be, so that it can be copied."""

from collections.abc import Mapping

# The fields in which somebody writes; what is chosen or scanned is quickly done again.
_FIELDS = (
    "title", "text", "words", "said", "note", "brief", "ruling", "answer", "why", "excuse", "description", "address",
)  # fmt: skip


def written(form: Mapping[str, str]) -> list[str]:
    """The words in the form, in the order of the form's reading: a title before a text; without empty ones."""
    typed = (form.get(name, "").strip() for name in _FIELDS)
    return [words for words in typed if words]
