"""The browser of the tests can do what the product needs of one."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

_WIDTHS = """() => {
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = '40px sans-serif';
    const draw = (text) => {
        pen.canvas.width = 60; pen.font = '40px sans-serif'; pen.fillText(text, 4, 44);
        return pen.canvas.toDataURL();
    };
    return [draw('云'), draw('桥'), draw('\\u{10FFFD}')];
}"""


def test_it_draws_chinese(browser: Browser) -> None:
    page = browser.new_page()
    cloud, bridge, missing = page.evaluate(_WIDTHS)
    page.close()
    assert cloud != bridge
    assert missing not in (cloud, bridge)


def test_it_draws_maps(browser: Browser) -> None:
    page = browser.new_page()
    can = page.evaluate("() => document.createElement('canvas').getContext('webgl2') !== null")
    page.close()
    assert can


def test_it_has_a_position(browser: Browser) -> None:
    context = browser.new_context(geolocation={"longitude": 120.7, "latitude": 31.3}, permissions=["geolocation"])
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<title>here</title>", content_type="text/html"))
    page.goto("http://localhost/")
    longitude = page.evaluate(
        "() => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(p => yes(p.coords.longitude), no))"
    )
    context.close()
    assert longitude == 120.7
