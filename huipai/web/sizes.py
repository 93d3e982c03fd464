"""How large a file is, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def size(count: int) -> str:
    """41 字节, 12 KB, 1.3 MB."""
    if count < 1024:
        return ngettext("%(num)s 字节", "%(num)s 字节", count) % {"num": count}
    if count < 1024 * 1024:
        return _("%(num)s KB") % {"num": round(count / 1024)}
    return _("%(num)s MB") % {"num": f"{count / 1024 / 1024:.1f}"}
