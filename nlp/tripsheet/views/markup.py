"""HTML elements that cannot forget to escape: every text is escaped unless it is markup already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tripsheet.views.marks import safe


class Markup(str):
    """Text that is HTML already; only `element` and `join` make it."""

    __slots__ = ()


Content = str | Markup | None | Iterable["Content"]


def element(tag: str, *content: Content, **attributes: str | int | bool | None) -> Markup:
    """One element. Attributes: `class_` is `class`, `aria_label` is `aria-label`; None is left out.

    >>> element("a", "5 < 6", href="#x", class_="q")
    '<a href="#x" class="q">5 &lt; 6</a>'
    """
    shown = "".join(
        f" {name.strip('_').replace('_', '-')}" + ("" if value is True else f'="{_text(value)}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    return Markup(f"<{tag}{shown}>{join(content)}</{tag}>")


def join(content: Content) -> Markup:
    """Content as one piece of markup, texts escaped and shown safely."""
    if content is None:
        return Markup()
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return Markup(_text(content))
    return Markup("".join(map(join, content)))


def _text(value: object) -> str:
    text = str(value)
    return escape(text if text.isprintable() else "".join(safe(text)))
