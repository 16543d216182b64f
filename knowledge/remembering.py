"""What a method found is remembered beside its object, without holding the object."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast
from weakref import WeakMethod

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def remembered(method: Callable[Asked, Found], most: int) -> Callable[Asked, Found]:
    """A bound method that remembers what it found for the last `most` questions.

    Kept by its own object it makes no cycle: a catalogue that nobody holds any more is gone at once, and its memory
    with it, not when the collector comes round. What is asked must be hashable; the object must live while it is asked.
    """
    weak = WeakMethod(method)

    @lru_cache(maxsize=most)
    def find(*args: Asked.args, **kwargs: Asked.kwargs) -> Found:
        own = weak()
        assert own is not None
        found: Found = own(*args, **kwargs)
        return found

    return cast(Callable[Asked, Found], find)
