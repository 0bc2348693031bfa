"""How far a long piece of work is, for a listener; there is none unless one is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

_T = TypeVar("_T")
Listener: TypeAlias = Callable[[str, int, int], None]
"""Is told what is being done, how many are done, and of how many; 0 where that is not known."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell a listener of every `track` within the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def track(items: Sequence[_T], what: str) -> Iterator[_T]:
    """Yield items, and tell the listener of each."""
    for done, item in enumerate(items):
        tell(what, done, len(items))
        yield item
    tell(what, len(items), len(items))


def tell(what: str, done: int, total: int) -> None:
    """Tell the listener, if there is one, how far a piece of work is."""
    listener = _listener.get()
    if listener is not None:
        listener(what, done, total)
