"""Bytes to records: kubectl's List as JSON or YAML, single objects, documents one after another."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from refactor.inventory.gathered import WORD, Records
from refactor.inventory.kinds import AnyKind
from refactor.inventory.parts import Part
from refactor.inventory.records import Record
from refactor.inventory.snapshot import ListMeta
from refactor.inventory.spoken import spoken

EXPORT = "export one with `refactor inventory` or `kubectl get ... -A -o json`"
_T = TypeVar("_T")
_KINDS: dict[str, type[Record]] = {cls.__struct_config__.tag: cls for cls in AnyKind.__args__}
_MAX_NESTING = 8  # Lists in Lists; kubectl makes none
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),  # what PowerShell's `>` writes
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST = re.compile(rb"\s*(\S)")
_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
_REFUSALS = (msgspec.MsgspecError, ValueError, RecursionError)


class _Listing(Part, frozen=True):
    metadata: ListMeta = ListMeta()
    items: tuple[AnyKind, ...] | None = None


class _Head(Part, frozen=True):
    kind: str = ""
    api_version: str = ""
    metadata: msgspec.Raw = msgspec.Raw()
    items: tuple[msgspec.Raw, ...] | None = None


_LISTING = msgspec.json.Decoder(_Listing)
_HEAD = msgspec.json.Decoder(_Head)
_ONE = msgspec.json.Decoder(AnyKind)
_ARRAY = msgspec.json.Decoder(tuple[msgspec.Raw, ...])
_META = msgspec.json.Decoder(ListMeta)
_RAW = msgspec.json.Decoder(msgspec.Raw)


class UnreadableError(Exception):
    """An input is no inventory; the message says why, without any of its content."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


def read(data: bytes) -> Records:
    """Read one input.

    Raises:
        UnreadableError: it is neither, it is cut off, or it holds no object of use.
    """
    found = Records()
    data = _as_utf8(data)
    if not (first := _FIRST.match(data)):
        message = "is empty: kubectl wrote nothing"
        raise UnreadableError(message, "fix its error and run kubectl again")
    if first[1] not in b"{[" or not _read_json(data, found):
        if said := spoken(data):
            raise UnreadableError(*said)
        _read_yaml(data, found)
    if not found.used:
        raise UnreadableError(*_nothing(found))
    return found


def _as_utf8(data: bytes) -> bytes:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            data = data[len(mark) :]
            return data if encoding == "utf-8" else _decode(data, encoding).encode()
    return data


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"is not valid {encoding.upper()} text"
        raise UnreadableError(message, "give kubectl's output, as JSON or YAML") from error


def _read_json(data: bytes, found: Records) -> bool:
    """Read JSON documents; False where the text is not JSON, and may yet be YAML in flow style."""
    try:
        listing = _LISTING.decode(data)
    except _REFUSALS:
        listing = _Listing()
    if listing.items is not None:
        found.begin(listing.metadata)
        found.add_all(listing.items)
        return True
    if (head := _decoded(_HEAD, data)) and head.items is not None:
        _read_unusual(data, head, found)
        return True
    documents = list(_split(memoryview(data)))
    if documents and documents[-1] is None:
        return False
    for document in documents:
        _read_object(document, found)
    return True


def _split(rest: memoryview) -> Iterator[Any]:
    """Yield each of the documents that follow each other; None for what is no JSON."""
    while _FIRST.match(rest):
        try:
            _RAW.decode(rest)
        except RecursionError as error:
            message = "nests too deeply"
            raise UnreadableError(message) from error
        except msgspec.DecodeError as error:
            end = _TRAILING.search(str(error))
            if "truncated" in str(error):
                message = "is truncated: its JSON does not end"
                raise UnreadableError(message, "export it again") from error
            if end is None:
                yield None
                return
            yield rest[: int(end[1]) - 1]
            rest = rest[int(end[1]) - 1 :]
        else:
            yield rest
            return


def _read_yaml(data: bytes, found: Records) -> None:
    from refactor.yaml.data import NotYamlError, TooMuchError, documents

    try:
        for document in documents(_decode(data, "utf-8")):
            if _is_headless_list(document):
                message = "is truncated: its List does not end"
                raise UnreadableError(message, "export it again")
            if isinstance(document, dict | list):
                _read_object(msgspec.json.encode(document), found)
    except UnicodeEncodeError as error:  # `"\ud800"`
        message = "is not valid Unicode text"
        raise UnreadableError(message) from error
    except TooMuchError as error:
        raise UnreadableError(str(error)) from error
    except NotYamlError as error:
        place = f" (line {error.line})" if error.line else ""
        message = f"is neither JSON nor YAML{place}"
        raise UnreadableError(message, "give kubectl's output, as JSON or YAML") from error


def _is_headless_list(document: object) -> bool:
    """What kubectl writes is `apiVersion`, `items`, `kind`: what was cut off within has no kind."""
    return isinstance(document, dict) and "items" in document and "kind" not in document


def _read_object(data: Any, found: Records, outer: str = "", depth: int = 0) -> None:
    """Read an object, or the items of a List, one by one."""
    if record := _decoded(_ONE, data):
        found.add(record)
    elif head := _decoded(_HEAD, data):
        _read_unusual(data, head, found, outer, depth)
    else:
        for item in (_decoded(_ARRAY, data) or ()) if depth < _MAX_NESTING else ():
            _read_object(item, found, depth=depth + 1)


def _decoded(decoder: msgspec.json.Decoder[_T], data: Any) -> _T | None:
    try:
        return decoder.decode(data)
    except _REFUSALS:
        return None


def _read_unusual(data: Any, head: _Head, found: Records, outer: str = "", depth: int = 0) -> None:
    """Read a List with kinds of no use here, or an object that no struct takes as it is."""
    kind = head.kind or outer
    if head.items is not None and (kind.endswith("List") or not kind) and depth < _MAX_NESTING:
        found.begin(_decoded(_META, head.metadata))
        for item in head.items:
            _read_object(item, found, kind.removesuffix("List"), depth + 1)
    elif kind in _KINDS:
        _read_loosely(data, kind, found)
    elif WORD.match(kind) and (head.api_version or bytes(head.metadata)):
        found.passed[f"of kind {kind}, which owns no address"] += 1


def _read_loosely(data: Any, kind: str, found: Records) -> None:
    """Read an object with nulls where the API has none, or one that does not say its kind."""
    try:
        plain = {**_without_nulls(msgspec.json.decode(data)), "kind": kind}
        found.add(msgspec.convert(plain, _KINDS[kind]))
    except msgspec.ValidationError as error:
        found.passed[f"of kind {kind} that could not be read: {error}"] += 1
    except _REFUSALS:
        found.passed[f"of kind {kind} that could not be read"] += 1


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if item is not None]
    return value


def _nothing(found: Records) -> tuple[str, str]:
    remedy = EXPORT
    if found.passed:
        what, count = found.passed.most_common(1)[0]
        if "Config," in what:
            return "looks like a kubeconfig", "pass it with --kubeconfig, or export an inventory"
        return f"contains no object that has an address ({count} {what})", remedy
    if found.listed:
        return "holds no objects", remedy
    return "is not an inventory: it holds no Kubernetes objects", remedy
