from tests.browser.browser import browser

__all__ = ["browser"]
