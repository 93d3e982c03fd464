"""What all our forms have in common: a refusal stands on top and at its field, and what was typed stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people import commands
from huipai.people.http import client_address
from huipai.people.models import Account
from huipai.people.words import CODE_LIFE, CODE_LIFE_FOR_ELDERS, CodePurpose

_SESSION_KEY = "people_codes"
# Never shown again, whatever else was typed.
_SECRETS = frozenset({"password", "old", "new", "again", "csrfmiddlewaretoken"})


def ask(request: HttpRequest, template: str, *, refusal: Refused | None = None, **context: object) -> HttpResponse:
    """A page with a form; after a refusal, with its sentence and everything that was typed."""
    field = refusal.field if refusal else None
    typed = {name: request.POST[name] for name in request.POST if name not in _SECRETS}
    return render(
        request,
        template,
        {
            "errors": [(f"f-{field}" if field else None, refusal.reason)] if refusal else [],
            "error_at": {field: refusal.reason} if refusal and field else {},
            "has_errors": refusal is not None,
            "typed": typed,
            "typed_list": request.POST.getlist,
            "next": request.POST.get("next") or request.GET.get("next") or "",
            **context,
        },
        status=refusal.status if refusal else 200,
    )


@dataclass(frozen=True)
class Pending:
    """A code that this browser waits for."""

    code_id: UUID
    phone: str
    minutes: int
    # Whose number it is to confirm, leave or enter; empty where nobody is known yet.
    account: str = ""

    def typed(self, purpose: CodePurpose, text: str, field: str = "code") -> commands.Typed:
        return commands.Typed(self.code_id, purpose, text, field)


def send(
    request: HttpRequest, phone: str, purpose: CodePurpose, now: datetime, account: Account | None = None
) -> Pending:
    """Send a code, and remember in this browser's session which one it waits for."""
    life = life_of_code(request)
    wanted = commands.Request(phone=phone, purpose=purpose, address=client_address(request), life=life, account=account)
    code = commands.send_code(request=wanted, now=now)
    pending = Pending(code.id, phone, life // timedelta(minutes=1), str(account.pk) if account else "")
    kept = request.session.get(_SESSION_KEY, {})
    request.session[_SESSION_KEY] = {**kept, purpose.value: [str(code.id), phone, pending.minutes, pending.account]}
    return pending


def pending(request: HttpRequest, purpose: CodePurpose) -> Pending | None:
    """The code that this browser waits for, if any."""
    kept = request.session.get(_SESSION_KEY, {}).get(purpose.value)
    return Pending(UUID(kept[0]), *kept[1:]) if kept else None


def pending_for(account: Account | None, request: HttpRequest, purpose: CodePurpose) -> Pending | None:
    """The same where it was sent on behalf of this account; one that was sent for another is none."""
    waiting = pending(request, purpose)
    return waiting if waiting and account and waiting.account == str(account.pk) else None


def forget(request: HttpRequest, purpose: CodePurpose) -> None:
    kept = request.session.get(_SESSION_KEY, {})
    request.session[_SESSION_KEY] = {name: value for name, value in kept.items() if name != purpose.value}


def life_of_code(request: HttpRequest) -> timedelta:
    """Elders have twice the time; the cookie of the larger pages says who asked for it."""
    return CODE_LIFE_FOR_ELDERS if request.COOKIES.get("elder") == "1" else CODE_LIFE
