"""A call with its arguments, as the index of uses sees it."""

from __future__ import annotations

from typing import NamedTuple

import libcst as cst

from refactor.scan.python.flow import Cell


class Given(NamedTuple):
    """An argument: its keyword, its node, and the cells that it may come from."""

    keyword: str
    star: str
    node: cst.BaseExpression
    cells: list[Cell]


class Called(NamedTuple):
    """A call with its arguments visited once."""

    name: str
    owner: list[Cell]
    given: tuple[Given, ...]
    node: cst.Call

    @property
    def last(self) -> str:
        """The last word of its name."""
        return self.name.rpartition(".")[2]

    @property
    def positional(self) -> list[Given]:
        """The arguments without a keyword."""
        return [given for given in self.given if not given.keyword and not given.star]
