"""Who calls whom, drawn: addresses on the left, Services on the right, callers between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from refactor.report.calls import OPEN, Call, Folded

_WIDTH = 1080
_BOX = 290  # width of a name's box; three fit beside each other with room for the lines
_ROW = 34
_TOP = 44
_ROUNDS = 4
_LETTERS = 33  # of 12 pixel letters that fit into a box
_COLUMNS = (0, (_WIDTH - _BOX) // 2, _WIDTH - _BOX)


class _Box(NamedTuple):
    name: str
    x: int
    y: float
    kind: str
    number: int
    mark: str


def picture(folded: Folded) -> Markup:
    """Return the drawing as SVG, for a page that styles its classes."""
    if not folded.calls:
        return Markup("")
    columns = _ordered(folded.calls)
    height = _TOP + _ROW * max(map(len, columns)) + 4
    boxes = [
        _boxes(names, folded.calls, field, x, height)
        for names, field, x in zip(columns, ("address", "caller", "service"), _COLUMNS, strict=True)
    ]
    parts = [*_heads(), *_lines(folded.calls, boxes)]
    parts += [part for column in boxes for box in column.values() for part in _drawn(box)]
    told = _told(folded.calls)
    return Markup(  # noqa: S704 - of escaped pieces
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" '
        f'aria-labelledby="calls-t calls-d"><title id="calls-t">Who calls whom, before and after'
        f'</title><desc id="calls-d">{escape(told)}</desc>{"".join(parts)}</svg>'
    )


def _told(calls: Sequence[Call]) -> str:
    services = {call.service for call in calls} - {OPEN}
    callers = {call.caller for call in calls}
    left = sum(call.number for call in calls if call.service == OPEN)
    changed = sum(call.number for call in calls) - left
    return (
        f"{changed} calls of {len(callers)} callers go from addresses to {len(services)} Services;"
        f" {left} need review. The table below says the same."
    )


def _ordered(calls: Sequence[Call]) -> list[list[str]]:
    """Return the names of each column in an order that keeps lines from crossing much.

    Each column in turn is put in the order of where its lines lead on average (Sugiyama's
    barycentres); what is put together, and what needs review, stays last.
    """
    services = list(dict.fromkeys(call.service for call in calls))
    rest = next((name for name in services if name.endswith(" others")), "")
    callers = _by_average(calls, "caller", "service", services)
    for _ in range(_ROUNDS):
        services = _by_average(calls, "service", "caller", callers)
        services.sort(key=lambda name: (name == OPEN, name == rest))
        callers = _by_average(calls, "caller", "service", services)
    return [_by_average(calls, "address", "caller", callers), callers, services]


def _by_average(calls: Sequence[Call], field: str, other: str, order: Sequence[str]) -> list[str]:
    place = {name: index for index, name in enumerate(order)}
    sums: dict[str, tuple[int, int]] = {}
    for call in calls:
        total, number = sums.get(getattr(call, field), (0, 0))
        at = place[getattr(call, other)]
        sums[getattr(call, field)] = (total + at * call.number, number + call.number)
    return sorted(sums, key=lambda name: (sums[name][0] / sums[name][1], name))


def _boxes(
    names: Sequence[str], calls: Sequence[Call], field: str, x: int, height: int
) -> dict[str, _Box]:
    start = _TOP + (height - _TOP - _ROW * len(names)) / 2
    return {
        name: _Box(
            name,
            x,
            start + index * _ROW,
            "open" if name == OPEN else field,
            sum(call.number for call in calls if getattr(call, field) == name),
            f"{field[0]}{index}",
        )
        for index, name in enumerate(names)
    }


def _heads() -> Iterator[str]:
    titles = ("Before: an address", "Who calls", "After: a Service")
    for title, x in zip(titles, _COLUMNS, strict=True):
        yield f'<text class="head" x="{x + 2}" y="22">{title}</text>'


def _lines(calls: Sequence[Call], boxes: Sequence[dict[str, _Box]]) -> Iterator[str]:
    addresses, callers, services = boxes
    drawn: dict[tuple[str, str, str], int] = {}
    for call in calls:
        for key in (("before", call.address, call.caller), ("after", call.caller, call.service)):
            drawn[key] = drawn.get(key, 0) + call.number
    for (side, one, two), number in drawn.items():
        first = addresses[one] if side == "before" else callers[one]
        second = callers[two] if side == "before" else services[two]
        name = "wait" if side == "after" and two == OPEN else side
        x1, y1, x2, y2 = first.x + _BOX, first.y + _ROW / 2, second.x, second.y + _ROW / 2
        bend = (x2 - x1) / 2
        ends = f'data-a="{first.mark}" data-b="{second.mark}"'
        yield (
            f'<path class="{name}" {ends} stroke-width="{min(6.0, 1 + number**0.5 / 2):.1f}" '
            f'd="M{x1} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2} {y2:g}"/>'
        )


def _drawn(box: _Box) -> Iterator[str]:
    name = "needs review" if box.name == OPEN else box.name
    y = box.y + 3
    yield f'<g class="box {box.kind}" data-i="{box.mark}">'
    yield f"<title>{escape(name)}: {box.number}</title>"
    yield f'<rect x="{box.x}" y="{y:g}" width="{_BOX}" height="{_ROW - 6}" rx="5"/>'
    yield f'<text x="{box.x + 10}" y="{y + 18.5:g}">{escape(_short(name))}</text>'
    yield f'<text class="number" x="{box.x + _BOX - 10}" y="{y + 18.5:g}">{box.number}</text></g>'


def _short(name: str) -> str:
    """Cut the middle out of a long name: both ends tell it from others."""
    if len(name) <= _LETTERS:
        return name
    head = _LETTERS // 2 - 4
    return f"{name[:head]}…{name[head + 1 - _LETTERS :]}"
