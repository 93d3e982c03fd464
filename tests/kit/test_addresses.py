"""Addresses made from a form are the ones that `reverse` makes."""

from uuid import UUID

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, reverse, set_script_prefix

from huipai.kit.addresses import AddressForm, plain_address
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


class TestPlainAddress:
    def test_is_what_reverse_says_in_each_street(self) -> None:
        for prefix in ("/s/yunqiao/", "/s/hetang/", "/s/yunqiao/"):
            set_script_prefix(prefix)
            assert plain_address("cases:mine") == reverse("cases:mine")
            assert plain_address("cases:mine").startswith(prefix)

    def test_is_of_the_addresses_in_force(self) -> None:
        set_script_prefix("/s/yunqiao/")
        plain_address("cases:mine")
        with override_settings(ROOT_URLCONF="huipai.config.urls"), pytest.raises(NoReverseMatch):
            plain_address("cases:mine")
