"""Receiving, developing, releasing, opening, erasing, sweeping."""

from huipai.kit.ids import new_id
from huipai.photos import commands
from huipai.photos.words import State
from tests.cast import MONDAY
from tests.photos.makers import JAM, receive


class TestReceive:
    def test_smoke(self, lan, folder):
        photo = receive(new_id(), lan, JAM)
        assert photo.state == State.RECEIVED
        assert commands.process(photo_id=photo.id, now=MONDAY).is_ready
