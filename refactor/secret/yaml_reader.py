"""The scalars of YAML and JSON, each with its key and what it stands in.

It is forgiving, for a text may be a template or no YAML: it follows indentation and brackets.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from refactor.secret.names import is_collection
from refactor.text.view import Span

_KEY = re.compile(
    r"(?P<key>\"(?:[^\"\\\n]|\\.){0,512}\"|'(?:[^'\n]|''){0,512}'|(?![\[{\"'|>#*])[^\s\n][^\n]{0,255}?)"
    r"[ \t]*:(?=[ \t\r\n]|\Z)"
)
_PROPERTIES = re.compile(
    r"(?:(?:&(?P<anchor>[^\s,\[\]{}]+)|![^\s,\[\]{}]*)(?:[ \t]+|(?=\r?$)))+", re.MULTILINE
)
_BLOCK = re.compile(r"[|>][-+\d]{0,2}[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_COMMENT = re.compile(r"(?:[ \t]|^)#")
_FLOW = re.compile(
    r"\s+|\#[^\n]*|(?P<quote>[\"'])|(?P<action>\{\{(?:[^\n{}]|\}(?!\}))*\}\})|(?P<sign>[\[\]{},])|(?P<colon>:)"
    r"|(?P<plain>[^\s\[\]{},:\"'](?:[^,\[\]{}:\n]|:(?![\s,\[\]{}]))*)"
)
_DEEPEST = 500


class Frame(NamedTuple):
    """What stands open: a key whose value is below it, or an item of a list."""

    indent: int
    key: str
    home: int
    """The mapping that the key stands in."""
    inside: int
    """The mapping, or list, that is the value."""
    item: bool
    collection: bool
    data_of: int
    """The mapping whose `data` this is a part of; -1 for none."""
    generated: bool
    """Whether this is below a Kustomization's `secretGenerator`."""
    over: str = ""  # the key above


class Entry(NamedTuple):
    """A scalar: its lines, and where it stands."""

    key: str
    mapping: int
    lines: tuple[Span, ...]
    frame: Frame
    item: bool = False
    anchor: str = ""
    over: str = ""  # the key of what it stands in


_ROOT = Frame(-1, "", -1, 0, False, False, -1, False)


class _Flow:
    """Where a collection in brackets has been read to."""

    def __init__(self, key: str) -> None:
        self.open: list[Frame] = []
        self.key = key
        self.scalar: Span | None = None
        self.anchor = ""


class Reader:
    """One text on its way to entries."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.entries: list[Entry] = []
        self.blocks: list[Span] = []
        self._mappings = 0

    def read(self, start: int, end: int, base: Frame = _ROOT, depth: int = 0) -> None:
        """Read the lines of a stretch as a document of their own."""
        stack = [base._replace(indent=-1, inside=self._new())]
        at = start
        while at < end:
            stop = self.text.find("\n", at, end)
            stop = end if stop < 0 else stop
            begin = at
            while begin < stop and self.text[begin] in " \t":
                begin += 1
            if begin == stop or self.text[begin] in "#\r":
                at = stop + 1
            elif self.text.startswith(("---", "..."), at) and self.text[at + 3 : at + 4] in (
                "",
                " ",
                "\n",
                "\r",
            ):
                stack = [base._replace(indent=-1, inside=self._new())]
                at = at + 3 if self.text[at + 3 : at + 4] == " " else stop + 1
            else:
                at = self._line(stack, at, begin, stop, end, depth)

    def _new(self) -> int:
        self._mappings += 1
        return self._mappings

    def _line(
        self, stack: list[Frame], at: int, begin: int, stop: int, end: int, depth: int
    ) -> int:
        column = begin - at
        while self.text.startswith(("- ", "-\t", "-\n", "-\r"), begin) or (
            self.text[begin:stop] == "-"
        ):
            self._close(stack, column, item=True)
            self._open(stack, column, stack[-1].key, item=True)
            after = begin + 1
            while after < stop and self.text[after] in " \t":
                after += 1
            column, begin = column + after - begin, after
            if begin >= stop or self.text[begin] in "#\r":
                return stop + 1
        if self.text.startswith(("? ", ": "), begin) and begin + 2 < stop:
            colon = self.text[begin] == ":"
            if not colon:
                self._close(stack, column, item=False)
                self._open(
                    stack, column, self.text[begin + 2 : stop].strip().strip("\"'"), item=False
                )
                return stop + 1
            return self._value(stack, column, begin + 2, stop, end, depth)
        if self.text.startswith("{{", begin) and not _KEY.match(self.text, begin, stop):
            return stop + 1
        props = _PROPERTIES.match(self.text, begin, stop)
        at_key = props.end() if props else begin
        found = _KEY.match(self.text, at_key, min(stop + 1, len(self.text)))
        if found and self.text[at_key] not in "|>":
            self._close(stack, column, item=False)
            self._open(stack, column, _unquoted(found["key"]), item=False)
            return self._value(stack, column, found.end(), stop, end, depth)
        indent = stack[-1].indent
        return self._value(stack, indent, begin, stop, end, depth)

    def _close(self, stack: list[Frame], column: int, *, item: bool) -> None:
        while len(stack) > 1 and (
            stack[-1].indent > column
            or (stack[-1].indent == column and (stack[-1].item or not item))
        ):
            stack.pop()

    def _open(self, stack: list[Frame], column: int, key: str, *, item: bool) -> None:
        if len(stack) > _DEEPEST:
            stack.pop()
        stack.append(self._below(stack[-1], column, key, item=item))

    def _below(self, over: Frame, column: int, key: str, *, item: bool) -> Frame:
        is_data = not item and key in ("data", "stringData")
        return Frame(
            column,
            key,
            over.inside,
            self._new(),
            item,
            over.collection or (not item and is_collection(key)),
            over.inside if is_data and over.data_of < 0 else over.data_of,
            over.generated or key == "secretGenerator",
            over.key,
        )

    def _value(
        self, stack: list[Frame], indent: int, at: int, stop: int, end: int, depth: int
    ) -> int:
        """Read what stands behind a key or a dash; return where to go on."""
        at, anchor = at + len(self.text[at:stop]) - len(self.text[at:stop].lstrip(" \t")), ""
        if (props := _PROPERTIES.match(self.text, at, stop)) and props.end() > at:
            anchor, at = props["anchor"] or "", props.end()
        if at >= stop or self.text[at] in "#\r":
            return stop + 1
        frame = stack[-1]
        char = self.text[at]
        if char in "|>" and _BLOCK.match(self.text, at, stop):
            return self._block(frame, indent, stop + 1, end, anchor, depth)
        if char in "\"'":
            close = self._quote_end(at, end)
            self._add(frame, _lines(self.text, at + 1, max(at + 1, close - 1)), anchor)
            inner = self.text[at + 1 : at + 2]
            if inner in ("{", "[") and char == "'":
                self._flow(frame, at + 1, close - 1)
            return self._next_line(close, end)
        if char in "[{" and not self.text.startswith("{{", at):
            return self._next_line(self._flow(frame, at, end), end)
        comment = _COMMENT.search(self.text, at, stop)
        self._add(frame, _lines(self.text, at, comment.start() if comment else stop), anchor)
        return stop + 1

    def _next_line(self, at: int, end: int) -> int:
        stop = self.text.find("\n", max(0, at - 1), end)
        return end if stop < 0 else stop + 1

    def _block(self, frame: Frame, indent: int, at: int, end: int, anchor: str, depth: int) -> int:
        first = at
        while at < end:
            stop = self.text.find("\n", at, end)
            stop = end if stop < 0 else stop
            line = self.text[at:stop]
            if line.strip() and len(line) - len(line.lstrip(" \t")) <= max(indent, 0) - (
                indent < 0
            ):
                break
            at = stop + 1
        last = min(at, end)
        self._add(frame, lines := _lines(self.text, first, last), anchor)
        self.blocks += [Span(first, last)] * (depth == 0)
        if depth < 4 and lines:
            self.read(first, last, frame._replace(item=False, key=""), depth + 1)
        return at

    def _quote_end(self, at: int, end: int) -> int:
        quote, place = self.text[at], at + 1
        while (place := self.text.find(quote, place, end)) >= 0:
            if quote == "'" and self.text.startswith("''", place):
                place += 2
                continue
            back = place - 1
            while quote == '"' and self.text[back] == "\\":
                back -= 1
            if quote == "'" or (place - back) % 2:
                return place + 1
            place += 1
        return end

    def _flow(self, frame: Frame, at: int, end: int) -> int:
        """Read a collection in brackets; return where it ends."""
        flow = _Flow(frame.key)
        while at < end:
            found = _FLOW.match(self.text, at, end)
            at = found.end() if found else at + 1
            if found is None:
                continue
            top = flow.open[-1] if flow.open else frame
            if found["quote"]:
                at = self._quote_end(found.start(), end)
                flow.scalar = Span(found.start() + 1, max(found.start() + 1, at - 1))
            elif found["plain"] or found["action"]:
                self._plain(flow, Span(found.start(), found.start() + len(found[0].rstrip())))
            elif found["colon"] and flow.open and not top.item and flow.scalar:
                flow.key, flow.scalar = flow.scalar.of(self.text), None
            elif found["sign"] and self._sign(flow, top, found[0]):
                return at
        return end

    def _plain(self, flow: _Flow, part: Span) -> None:
        props = _PROPERTIES.match(self.text, *part)
        if props:
            flow.anchor = props["anchor"] or ""
            part = Span(props.end(), part.end)
        flow.scalar = Span(flow.scalar.start if flow.scalar else part.start, part.end)

    def _sign(self, flow: _Flow, top: Frame, sign: str) -> bool:
        """Take note of a comma or a bracket; say whether it is the last."""
        if flow.scalar:
            self._scalar(top, flow.key, flow.scalar, flow.anchor)
            flow.scalar, flow.anchor = None, ""
        if sign in "[{" and len(flow.open) < _DEEPEST:
            key = top.key if top.item and flow.open else flow.key
            flow.open.append(self._below(top, 0, key, item=False)._replace(item=sign == "["))
        elif sign in "]}":
            del flow.open[-1:]
        flow.key = flow.open[-1].key if flow.open and flow.open[-1].item else ""
        return not flow.open

    def _scalar(self, top: Frame, key: str, span: Span, anchor: str) -> None:
        key = top.key if top.item else key
        self.entries.append(
            Entry(key, top.inside, _lines(self.text, *span), top, top.item, anchor, top.key)
        )

    def _add(self, frame: Frame, lines: tuple[Span, ...], anchor: str) -> None:
        home = frame.inside if frame.item else frame.home
        self.entries.append(Entry(frame.key, home, lines, frame, frame.item, anchor, frame.over))


def _unquoted(key: str) -> str:
    return key[1:-1] if key[:1] in "\"'" and len(key) > 1 else key


def _lines(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return a stretch as its lines, without what is blank around them."""
    found = []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        line = text[start:stop]
        if line.strip():
            begin = start + len(line) - len(line.lstrip())
            found.append(Span(begin, begin + len(line.strip())))
        start = stop + 1
    return tuple(found)
