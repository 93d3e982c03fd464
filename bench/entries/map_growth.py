"""What a screen of the neighbours' map asks for, of every zoom and span, as the archive grows: `scale:map`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bench.archive import Archive
from huipai.cases.queries import shown
from huipai.cases.queries.shown import Wanted
from huipai.cases.rules.tiles import View
from huipai.cases.words import Going, Span

# Half of a wide screen in degrees, at zoom 14.
_ASIDE, _UP = 0.031, 0.0155


class MapGrowth(Archive):
    name = "map"
    times = 300

    def read(self) -> Callable[[], object]:
        chance, spots = self.chance, self.world.ground.middles
        since = self.world.now - timedelta(days=90)

        def read() -> object:
            spot, zoom = chance.choice(spots), chance.choice((13.0, 14.0, 15.0, 16.0, 17.0))
            aside, up = _ASIDE * 2 ** (14 - zoom), _UP * 2 ** (14 - zoom)
            span = chance.choice((Span.CURRENT, Span.CURRENT, Span.CURRENT, Span.QUARTER, Span.ALL))
            going = chance.choice((Going.ALL, Going.ALL, Going.OPEN, Going.DONE))
            wanted = Wanted(going=going, span=span, since=since if span == Span.QUARTER else None)
            return shown.heaps(wanted, View(spot.lng - aside, spot.lat - up, spot.lng + aside, spot.lat + up, zoom))

        return read


ENTRY = MapGrowth()
