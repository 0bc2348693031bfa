"""Puts stand-ins in the place of addresses, by the very splice that an edit makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from refactor.helm.sentinels import HOST, WHICH_ROOT, Sentinels, with_templates
from refactor.helm.tree import Tree
from refactor.model import Value
from refactor.text.source import Source, splice
from refactor.text.view import Span

if TYPE_CHECKING:
    from refactor.yaml.nodes import Scalar


class Candidate(Value, frozen=True):
    """An address whose way through a chart is asked for.

    Attributes:
        key: any name for it, such as a finding's fingerprint.
        file: the values file or template it stands in, relative to the root.
        host: where its host stands, in the file's decoded text; brackets included.
        port: where its port stands, in the same file; None where none is written.
    """

    key: str
    file: str
    host: Span
    port: Span | None = None


class StandIn(NamedTuple):
    """What is put in a candidate's place.

    Attributes:
        host: without brackets.
        port: digits; "" where no port is written.
        port_before: what is written in the port's place.
    """

    host: str
    port: str
    port_before: str = ""


def stand_ins(
    tree: Tree, candidates: Iterable[Candidate], sentinels: Sentinels
) -> dict[str, StandIn]:
    """Return a stand-in for each candidate, by key; what two of them share is stood in for once."""
    made: dict[tuple[str, Span], str] = {}

    def stand(file: str, span: Span, make: Callable[[str], str]) -> str:
        if (file, span) not in made:
            made[file, span] = make(span.of(tree.source(file).text))
        return made[file, span]

    found = {}
    for one in candidates:
        host = stand(one.file, one.host, sentinels.host)
        port = stand(one.file, one.port, lambda _: sentinels.port()) if one.port else ""
        before = one.port.of(tree.source(one.file).text) if one.port else ""
        found[one.key] = StandIn(host, port, before)
    return found


def plant(
    tree: Tree, candidates: Iterable[Candidate], chosen: dict[str, StandIn], *, ports: bool = True
) -> dict[str, bytes]:
    """Return the files that hold candidates, with stand-ins in place of these."""
    places: dict[str, set[tuple[int, int, str]]] = {}
    for one in candidates:
        mine, stand = places.setdefault(one.file, set()), chosen[one.key]
        text = tree.source(one.file).text
        asks = not is_values(one.file) and not in_action(text, one.host.start)
        host = stand.host + WHICH_ROOT * asks
        mine.add((*one.host, f"[{host}]" if one.host.of(text).startswith("[") else host))
        if one.port and ports:
            mine.add((*one.port, stand.port))
    changes = {}
    for file, found in places.items():
        source = tree.source(file)
        changes[file] = source.encode(splice(source.text, list(found)))
    return changes


def in_action(text: str, place: int) -> bool:
    """Say whether a place of a template is between `{{` and `}}`."""
    opened = text.rfind("{{", 0, place)
    return opened >= 0 and text.find("}}", opened) >= place


def is_values(file: str) -> bool:
    """Say whether a file holds values, which may pass through `tpl`, and is no template."""
    return "/templates/" not in f"/{file}" and file.endswith((".yaml", ".yml"))


def plant_templates(path: str, data: bytes, hosts: frozenset[str]) -> bytes:
    """Return a values file with a template after each stand-in host.

    A plain scalar that gets one is quoted: braces mean something to YAML.
    """
    source = Source(path, data)
    places = []
    for scalar in scalars(source.text, lambda value: not hosts.isdisjoint(HOST.findall(value))):
        raw = source.text[scalar.start : scalar.end]
        if scalar.style:
            places.append((scalar.start, scalar.end, with_templates(raw, hosts)))
        elif raw.endswith(scalar.value):  # not one that goes over several lines
            body = with_templates(scalar.value, hosts).replace("'", "''")
            places.append((scalar.end - len(scalar.value), scalar.end, f"'{body}'"))
    return source.encode(splice(source.text, places))


def scalars(text: str, asked: Callable[[str], bool]) -> Iterator[Scalar]:
    """Yield the scalars of a YAML text whose value is asked for, keys too."""
    from refactor.yaml.nodes import Alias, Scalar, compose, readable

    left = [part.root for part in compose(readable(text), asked)]
    while left:
        node = left.pop()
        if isinstance(node, Scalar):
            yield node
        elif node is not None and not isinstance(node, str | Alias):
            left += node.children
