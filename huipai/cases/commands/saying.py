"""What is written beside a step: kept as it is seen, or refused; never cut."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huipai.cases.words import LONGEST_TEXT
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid


class TooLong(Invalid):
    code = "text_too_long"
    default_reason = _("文字太长了，最多 2000 个字")


def within(text: str, most: int = LONGEST_TEXT) -> str:
    """The words as others see them; refused where there are more signs than `most`."""
    said = as_seen(text)
    if len(said) > most:
        raise TooLong(_("文字太长了，最多 %(most)s 个字") % {"most": most}, field="text")
    return said
