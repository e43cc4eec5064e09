"""Plain values: small classes of fields that are compared by what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_Class = TypeVar("_Class")
_Item = TypeVar("_Item")


@dataclass_transform(frozen_default=True, order_default=True)
def value(cls: type[_Class]) -> type[_Class]:
    """A dataclass that is made and read thousands of times a second: slots, order and hash.

    A type checker refuses to change one, as with `frozen=True`; nothing is checked at run time,
    because that makes construction three times as slow.
    """
    return dataclass(slots=True, order=True, unsafe_hash=True)(cls)


def each_once(items: list[_Item]) -> tuple[_Item, ...]:
    """The items in their order, each once."""
    return tuple(items) if len(items) < 2 else tuple(dict.fromkeys(items))
