"""What the home page of a street shows to whoever looks at it."""

from django.http import HttpRequest
from django.urls import reverse

from huipai.web.navigation import address_of
from huipai.web.ports import PORTS


def of(request: HttpRequest) -> dict[str, object]:
    home = reverse("web:home")
    rules = address_of("rulebook:home") or home
    return {
        "report_url": address_of("cases:report") or home,
        "mine_url": address_of("cases:mine") or home,
        "nearby_url": address_of("cases:nearby") or home,
        "proxy_url": address_of("people:proxy") or reverse("web:complaint"),
        "ports": [{"key": key, "href": f"{rules}#{key}"} for key in PORTS],
        "duties": [],
        "mine": [],
        "mine_count": 0,
        "nearby": [],
    }
