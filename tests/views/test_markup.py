"""Elements that cannot forget to escape."""

from __future__ import annotations

from tripsheet.views.markup import Markup, element, join


def test_text_and_attributes_are_escaped() -> None:
    made = element("a", 'x < y & "z"', href='"><script>')
    assert made == '<a href="&quot;&gt;&lt;script&gt;">x &lt; y &amp; &quot;z&quot;</a>'


def test_elements_nest_without_escaping_twice() -> None:
    assert element("p", element("b", "1 < 2")) == "<p><b>1 &lt; 2</b></p>"


def test_attributes_of_none_and_false_are_left_out_and_true_stands_alone() -> None:
    assert element("a", id=None, hidden=False, download=True) == "<a download></a>"


def test_underscores_become_hyphens() -> None:
    assert element("p", class_="q", aria_label="a", data_m=3) == (
        '<p class="q" aria-label="a" data-m="3"></p>'
    )


def test_join_takes_texts_markup_and_nothing() -> None:
    assert join(("a<", Markup("<b>"), None, ["c"])) == "a&lt;<b>c"
