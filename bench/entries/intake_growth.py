"""A report comes in, by the command itself with all its keys and triggers, as the archive grows: `scale:intake`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from bench import photos
from bench.archive import FIRST_FREE, Archive
from huipai.cases.commands import intake
from huipai.cases.commands.intake import Sending
from huipai.cases.words import PositionSource
from huipai.kit.coordinates import Crs
from huipai.kit.ids import new_id


class IntakeGrowth(Archive):
    name = "intake"

    def read(self) -> Callable[[], object]:
        numbers, ground, chance = count(FIRST_FREE), self.world.ground, self.chance

        def send() -> object:
            sending = Sending(
                report_id=new_id(), case_type="parking", point=chance.choice(ground.busy_places), source_crs=Crs.WGS84,
                position_source=PositionSource.DEVICE, photo_ids=(photos.photo_id(next(numbers)),),
                text="三辆车停在消防通道上", address="柳溪路 18 号",
            )  # fmt: skip
            return intake.receive(sending=sending, reporter=ground.residents[0], now=datetime.now(UTC))

        return send


ENTRY = IntakeGrowth()
