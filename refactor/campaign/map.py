"""The map of services across all repositories, drawn: few enough names to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup, escape

from refactor.report.words import clean, count

_WIDTH, _BOX, _ROW, _TOP = 1080, 380, 30, 40
_LETTERS = 44  # of 12 pixel letters that fit into a box
_DENSE = 60
"""Lines; past it they are drawn lighter, to be told apart."""
_MOST = 12
"""Names in a column; past it, repositories are put together by owner, then the rest as one."""

Pairs = Mapping[tuple[str, str], int]
"""How many repositories of a row on the left dial a Service on the right."""


def fold(services: Mapping[str, Sequence[str]], most: int = _MOST) -> Pairs:
    """Return who dials which Service, with no more names on each side than can be read."""
    pairs = [(name, service) for service, names in services.items() for name in names]
    left = {name: name for name, _ in pairs}
    if len(left) > most:
        owners = Counter(_owner(name) for name in left)
        many = {o: f"{o}/ ({n} repositories)" for o, n in owners.items() if n > 1}
        left = {name: many.get(_owner(name), name) for name in left}
    left = _with_rest(left, Counter(left[name] for name, _ in pairs), most, "repositories")
    right = {service: service for service in services}
    right = _with_rest(right, Counter(service for _, service in pairs), most, "Services")
    return Counter((left[name], right[service]) for name, service in pairs)


def _owner(name: str) -> str:
    return name.rpartition("/")[0] or name


def _with_rest(
    shown: dict[str, str], weights: Counter[str], most: int, what: str
) -> dict[str, str]:
    """Put the lightest names together, where there are still too many."""
    if len(weights) <= most:
        return shown
    kept = {name for name, _ in weights.most_common(most - 1)}
    rest = [name for name, as_shown in shown.items() if as_shown not in kept]
    title = f"{len(rest)} other {what}"
    return {name: as_shown if as_shown in kept else title for name, as_shown in shown.items()}


def draw(pairs: Pairs, made: Iterable[str]) -> Markup:
    """Return the drawing as SVG, for a page that styles its classes."""
    if not pairs:
        return Markup("")
    columns = [_weights(pairs, side) for side in (0, 1)]
    height = _TOP + _ROW * max(map(len, columns)) + 4
    places = [_places(column) for column in columns]
    parts = [*_lines(pairs, places), *_boxes(columns[0], places[0], 0, {}, "caller")]
    kinds = dict.fromkeys(made, "open")
    parts += _boxes(columns[1], places[1], _WIDTH - _BOX, kinds, "service")
    told = (
        f"{count(len(columns[0]), 'row')} of repositories dial {count(len(columns[1]), 'Service')}"
    )
    look = "dense" if len(pairs) > _DENSE else "few"
    return Markup(  # noqa: S704 - of escaped pieces
        f'<svg class="{look}" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="map-t map-d">'
        f'<title id="map-t">Who dials which Service</title>'
        f'<desc id="map-d">{told}. The table below says the same in full.</desc>'
        f'<text class="head" x="2" y="20">Repositories</text>'
        f'<text class="head" x="{_WIDTH - _BOX + 2}" y="20">Services</text>{"".join(parts)}</svg>'
    )


def _weights(pairs: Pairs, side: int) -> Counter[str]:
    total: Counter[str] = Counter()
    for pair, number in pairs.items():
        total[pair[side]] += number
    # What was put together stays last.
    ordered = sorted(total, key=lambda name: (" other " in name, -total[name], name))
    return Counter({name: total[name] for name in ordered})


def _places(column: Counter[str]) -> dict[str, float]:
    """Return where each box begins: both columns at the top, so that no half stays blank."""
    return {name: float(_TOP + index * _ROW) for index, name in enumerate(column)}


def _lines(pairs: Pairs, places: Sequence[Mapping[str, float]]) -> Iterator[str]:
    left, right = ([*column] for column in places)
    for (one, two), number in pairs.items():
        y1, y2 = places[0][one] + _ROW / 2, places[1][two] + _ROW / 2
        x1, x2 = _BOX, _WIDTH - _BOX
        bend = (x2 - x1) / 2
        width = min(7.0, 1 + number**0.5 / 2)
        yield (
            f'<path class="after" data-a="l{left.index(one)}" data-b="r{right.index(two)}" '
            f'stroke-width="{width:.1f}" d="M{x1} {y1:g}C{x1 + bend:g} {y1:g} '
            f'{x2 - bend:g} {y2:g} {x2} {y2:g}"/>'
        )


def _boxes(
    column: Counter[str], places: Mapping[str, float], x: int, kinds: Mapping[str, str], kind: str
) -> Iterator[str]:
    side = "r" if x else "l"
    for index, (name, number) in enumerate(column.items()):
        y = places[name] + 2
        yield (
            f'<g class="box {kinds.get(name, kind)}" data-i="{side}{index}">'
            f"<title>{escape(clean(name))}: {number}</title>"
            f'<rect x="{x}" y="{y:g}" width="{_BOX}" height="{_ROW - 4}" rx="5"/>'
            f'<text x="{x + 10}" y="{y + 17.5:g}">{escape(_short(clean(name)))}</text>'
            f'<text class="number" x="{x + _BOX - 10}" y="{y + 17.5:g}">{number}</text></g>'
        )


def _short(name: str) -> str:
    """Cut the middle out of a long name: both ends tell it from others."""
    if len(name) <= _LETTERS:
        return name
    half = _LETTERS // 2
    return f"{name[: half - 1]}…{name[-half:]}"
