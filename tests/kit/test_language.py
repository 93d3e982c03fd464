from django.utils import translation

from huipai.kit.language import speaking, spoken


def test_what_is_spoken_is_what_django_says_and_the_one_before_comes_back() -> None:
    before = translation.get_language()
    with speaking("en"):
        assert spoken() == translation.get_language() == "en"
        with speaking("zh-hans"):
            assert spoken() == translation.get_language() == "zh-hans"
        assert spoken() == "en"
    assert spoken() == translation.get_language() == before


def test_outside_of_it_whoever_else_changes_the_language_is_heard() -> None:
    with translation.override("en"):
        assert spoken() == "en"
