"""What the generators of an ApplicationSet give: the parameters of each Application that it makes.

Source: Argo CD, "Generators". What only a cluster or a forge knows is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from msgspec.structs import replace

from refactor.helm.inline import Source, filled, flat
from refactor.repository.files import Files, inside
from refactor.yaml.plain import contents, down, maps, text, texts

Where = Mapping[str, Any]

_MOST = 256
"""Applications that one ApplicationSet is taken to make; what makes more is not known."""
_ONE_MORE = _MOST + 1
_DEEPEST = 16
"""Keys that lead to a generator in generators; Argo CD takes two of these."""


class Parameters(NamedTuple):
    """What one Application is made of.

    Attributes:
        given: by name, as a template names them.
        sources: where some of them were read.
    """

    given: Mapping[str, str]
    sources: tuple[Source, ...] = ()

    def over(self, other: Parameters) -> Parameters:
        """Return both, these on top."""
        return Parameters({**other.given, **self.given}, (*other.sources, *self.sources))


NOTHING = Parameters({})


class _Asked(NamedTuple):
    """What a generator is read with: the files, where it stands, what those before it gave."""

    files: Files
    at: Source
    known: Parameters = NOTHING

    def under(self, *keys: str) -> _Asked:
        return self._replace(at=replace(self.at, place=(*self.at.place, *keys)))


def generated(where: tuple[str, int], content: Where, files: Files) -> list[Parameters]:
    """Return what an ApplicationSet's generators give; one without parameters for unknown."""
    listed = maps(down(content, "spec").get("generators"))
    name = text(down(content, "metadata"), "name")
    asked = _Asked(files, Source(*where, name, ("spec", "generators")))
    found = (
        one
        for number, generator in enumerate(listed)
        for one in _of(generator, asked.under(str(number)))
    )
    made = list(islice(found, _ONE_MORE))
    return [*made[:_MOST], NOTHING] if len(made) > _MOST or not made else made


def _of(generator: Where, asked: _Asked) -> list[Parameters]:
    """Return what a generator gives, beside what those before it gave."""
    for kind, read in _KINDS.items():
        if said := down(generator, kind):
            return list(islice(read(said, asked.under(kind)), _ONE_MORE))
    for kind, joined in _JOINING.items():
        inner = maps(down(generator, kind).get("generators"))
        if inner and len(asked.at.place) < _DEEPEST:
            return joined(down(generator, kind), inner, asked.under(kind, "generators"))
    return [NOTHING]


def _list(said: Where, asked: _Asked) -> Iterator[Parameters]:
    elements = said.get("elements")
    for number, element in enumerate(elements if isinstance(elements, list) else ()):
        at = asked.under("elements", str(number)).at
        yield Parameters(flat(element), (at,))


def _clusters(said: Where, asked: _Asked) -> Iterator[Parameters]:
    yield _values(said, asked)


def _git(said: Where, asked: _Asked) -> Iterator[Parameters]:
    for one in (*_directories(said, asked), *_files(said, asked)):
        yield _values(said, asked._replace(known=one)).over(one)


def _directories(said: Where, asked: _Asked) -> Iterator[Parameters]:
    wanted = [
        (inside("", filled(text(one, "path"), asked.known.given)), bool(one.get("exclude")))
        for one in maps(said.get("directories"))
    ]
    apart = {f for pattern, without in wanted if without for f in _folders(pattern, asked.files)}
    for pattern, without in wanted:
        for folder in [] if without else _folders(pattern, asked.files):
            if folder not in apart:
                yield Parameters(_path(folder))


def _files(said: Where, asked: _Asked) -> Iterator[Parameters]:
    for wanted in maps(said.get("files")):
        pattern = inside("", filled(text(wanted, "path"), asked.known.given))
        for path in asked.files.matching(pattern, asked.files.paths) if pattern else ():
            folder, _, name = path.rpartition("/")
            of_path = _path(folder) | {"path.filename": name}
            for at, element in _elements(path, asked.files):
                yield Parameters(of_path | flat(element), (at,))


def _elements(path: str, files: Files) -> Iterator[tuple[Source, Any]]:
    """Yield the mappings of a file: its documents, or the items of a document that is a list."""
    for number, one in enumerate(contents(files.read(path))):
        if isinstance(one, list):
            yield from ((Source(path, number, "", (str(i),)), e) for i, e in enumerate(one))
        else:
            yield Source(path, number), one


def _values(said: Where, asked: _Asked) -> Parameters:
    own = flat(down(said, "values"), "values.")
    given = {name: filled(value, asked.known.given) for name, value in own.items()}
    return Parameters(given, ())


def _matrix(_: Where, inner: list[Where], asked: _Asked) -> list[Parameters]:
    if len(inner) < 2:
        return _of(inner[0], asked.under("0"))
    pairs = (
        other.over(one)
        for one in _of(inner[0], asked.under("0"))
        for other in _of(inner[1], asked.under("1")._replace(known=one))
    )
    return list(islice(pairs, _ONE_MORE))


def _merge(said: Where, inner: list[Where], asked: _Asked) -> list[Parameters]:
    """Return the first generator's, each with those of the others that agree in the keys."""
    keys = texts(said.get("mergeKeys"))
    found = _of(inner[0], asked.under("0"))
    for number, generator in enumerate(inner[1:], start=1):
        laid = {_key(one, keys): one for one in _of(generator, asked.under(str(number)))}
        found = [laid[key].over(one) if (key := _key(one, keys)) in laid else one for one in found]
    return found


def _key(one: Parameters, keys: Iterable[str]) -> tuple[str | None, ...]:
    return tuple(one.given.get(key) for key in keys)


_KINDS: Mapping[str, Callable[[Where, _Asked], Iterator[Parameters]]] = {
    "list": _list,
    "git": _git,
    "clusters": _clusters,
}
_JOINING: Mapping[str, Callable[[Where, list[Where], _Asked], list[Parameters]]] = {
    "matrix": _matrix,
    "merge": _merge,
}


def _folders(pattern: str, files: Files) -> list[str]:
    depth = pattern.count("/") + 1
    folders: Iterable[str] = ()
    if f"{pattern}/" not in files.seen:
        folders = {"/".join(p.split("/")[:depth]) for p in files.paths if p.count("/") >= depth}
    found = files.matching(f"{pattern}/", (f"{folder}/" for folder in folders))
    return [folder.rstrip("/") for folder in found]


def _path(folder: str) -> dict[str, str]:
    """Return the parameters of a directory, with and without Go's templates."""
    parts = folder.split("/")
    names = {f"path[{i}]": part for i, part in enumerate(parts)}
    names |= {f"path.segments[{i}]": part for i, part in enumerate(parts)}
    return names | {"path": folder, "path.path": folder, "path.basename": parts[-1]}
