"""`python -m huipai draw_machine`: writes docs/machine.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from huipai.cases.rules import picture


class Command(BaseCommand):
    help = "Draw the machine of a case into docs/machine.md."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "machine.md"
        path.write_text(picture.page(), encoding="utf-8")
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)} is drawn.")
