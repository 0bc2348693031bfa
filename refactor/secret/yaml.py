"""Values of YAML and JSON that are secret: by key, by a name beside them, by a document's kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from refactor.secret import flat
from refactor.secret.names import Strength, set_of, strength
from refactor.secret.values import secret_of
from refactor.secret.yaml_reader import Entry, Reader
from refactor.text.view import Span

_LABELS = set_of(
    "name key id label header variable var field option parameterkey parameter k property env"
)
_CONTENTS = set_of(
    "value default content val v parametervalue defaultvalue data string text stringvalue example"
)
_MARKS = set_of("sensitive secret secure issecret is_secret masked confidential")
_KINDS = set_of("password secret securestring secretstring")
_NAMEY = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*\Z", re.IGNORECASE)
_FLAGGED = re.compile(r"--?(?P<name>[A-Za-z][\w-]*)\Z")
_KEPT_BELOW = re.compile(
    r"(?:name|user(?:name)?|file|path|external|environment|type|key|items?|id|issuer|url|host|port|enabled"
    r"|secretName|namespace|description|mode|uid|gid|target|source|optional)\Z",
    re.IGNORECASE,
)


def named(text: str) -> Iterator[Span]:
    """Yield the values that are secret by what stands around them."""
    reader = Reader(text)
    reader.read(0, len(text))
    entries = reader.entries
    known = _Known(text, entries)
    flag: tuple[int, Strength] = (-1, "")
    for entry in entries:
        value = _value(text, entry)
        if flag == (entry.mapping, flag[1]) and entry.item and not value.startswith("-"):
            yield from _hidden(entry, value, flag[1])
        else:
            yield from known.hidden(entry, value)
        match = _FLAGGED.match(value) if entry.item else None
        flag = (entry.mapping, strength(match["name"])) if match else (-1, "")
    for entry in entries:
        if entry.anchor in known.asked:
            yield from _hidden(entry, _value(text, entry), "named")
    for block in reader.blocks:  # a ConfigMap's files
        yield from (span.shift(block.start) for span in flat.lined(block.of(text), commands=True))


class _Known:
    """What the entries of a text say of each other."""

    def __init__(self, text: str, entries: Sequence[Entry]) -> None:
        self._text = text
        self._secrets = {
            e.mapping for e in entries if e.key == "kind" and _value(text, e) == "Secret"
        }
        self._labelled = {
            e.mapping: found for e in entries if not e.item and (found := _label(text, e))
        }
        patches = {e.mapping for e in entries if e.key == "op"}
        self._patched = {
            e.mapping: _of_pointer(_value(text, e))
            for e in entries
            if e.key == "path" and e.mapping in patches
        }
        self.asked: set[str] = set()
        """Anchors that a secret is an alias of."""

    def hidden(self, entry: Entry, value: str) -> Iterator[Span]:
        """Yield the parts of an entry that are not shown."""
        data, key = entry.frame.data_of, entry.key.lower()
        if data in self._secrets or (data >= 0 and entry.mapping in self._secrets):
            return _whole(self._text, entry, value)
        if entry.frame.generated and entry.item:
            return _literal(self._text, entry)
        return _hidden(entry, value, self._strength(entry, key, value))

    def _strength(self, entry: Entry, key: str, value: str) -> Strength:
        if found := strength(entry.key):
            if entry.item and key.endswith("secrets") and _NAMEY.match(value):
                return ""  # Secrets are told by their names in a list
            if value.startswith("*"):
                self.asked.add(value[1:].strip())
            return found
        if key in _CONTENTS and entry.mapping in self._labelled:
            return self._labelled[entry.mapping]
        if key == "value" and entry.mapping in self._patched:
            return self._patched[entry.mapping]
        if key in _CONTENTS and (found := strength(entry.over)):
            return found  # `password: {value: x}`
        return "named" if entry.frame.collection and not _KEPT_BELOW.match(entry.key) else ""


def _label(text: str, entry: Entry) -> Strength:
    """Say what an entry tells of the value beside it: by a name, `sensitive: true`, a type."""
    key, value = entry.key.lower(), _value(text, entry)
    if key in _LABELS and (found := strength(value)):
        return found
    if key in _MARKS:
        return "named" if value.lower() == "true" else ""
    return "named" if key in ("type", "format") and value.lower() in _KINDS else ""


def _of_pointer(path: str) -> Strength:
    """Say how secret the place is that a JSON patch leads to."""
    if path.startswith("/stringData/"):
        return "password"
    return strength(path.rpartition("/")[2])


def _value(text: str, entry: Entry) -> str:
    return " ".join(span.of(text) for span in entry.lines)


def _hidden(entry: Entry, value: str, found: Strength) -> Iterator[Span]:
    if len(entry.lines) == 1:
        yield from secret_of(value, entry.lines[0].start, found)
    elif any(secret_of(value, 0, found)):
        yield from entry.lines


def _whole(text: str, entry: Entry, value: str) -> Iterator[Span]:
    """Everything of a Secret's data, but for what a template puts there."""
    if any(secret_of(value, 0, "password")) or not value.startswith(("{{", "$", "*")):
        yield from (span for span in entry.lines if span.of(text) not in ("''", '""', "|", ">"))


def _literal(text: str, entry: Entry) -> Iterator[Span]:
    for span in entry.lines:
        name, equals, _ = span.of(text).partition("=")
        if equals:
            yield Span(span.start + len(name) + 1, span.end)
