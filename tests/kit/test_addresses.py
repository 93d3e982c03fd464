"""Addresses made from a form are the ones that `reverse` makes."""

from uuid import UUID

import pytest
from django.test import override_settings
from django.urls import reverse, set_script_prefix

from huipai.kit.addresses import AddressForm
from huipai.kit.ids import new_id


@pytest.fixture(autouse=True)
def _street() -> object:
    with override_settings(ROOT_URLCONF="huipai.config.street_urls"):
        yield
    set_script_prefix("/")


class TestAddressForm:
    def test_is_what_reverse_says_in_each_street(self) -> None:
        form = AddressForm("photos:file", UUID(int=0), "tiny", "token")
        photo_id = new_id()
        for prefix in ("/s/yunqiao/", "/s/hetang/"):
            set_script_prefix(prefix)
            assert form(photo_id, "thumb", "a.b_c-d") == reverse("photos:file", args=[photo_id, "thumb", "a.b_c-d"])
            assert form(photo_id, "thumb", "x").startswith(prefix)

    def test_refuses_an_example_that_is_not_seen_once(self) -> None:
        with pytest.raises(ValueError, match="exactly once"):
            AddressForm("cases:detail", "cases")("K7QA")
