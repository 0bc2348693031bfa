"""The text with which a template names its Services, read from its lines.

Nothing is understood here: whether a text means the name that was rendered is for Helm to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from refactor.text.actions import actions

_DOCUMENT = re.compile(r"^---.*$", re.MULTILINE)
_KIND = re.compile(
    r"^(?P<indent> *)kind: *[\"']?(?:Service|StatefulSet)[\"']? *(?:#.*)?$", re.MULTILINE
)
_PORT = re.compile(r"(?<![\w.$-])port:[ \t]*[\"']?(\{\{[^{}\n]{1,300}\}\})")
_COMMENT = re.compile(r"\s#[^{}]*\Z")
_TRIMMED = re.compile(r"\{\{-\s|\s-\}\}")
_QUOTING = re.compile(r"\s*\|\s*s?quote\s*(?=\}\})")
_VARIABLE = re.compile(r"\$\w+")
_PARENTHESES = re.compile(r"\{\{ \(([^()]*)\) \}\}")
_DEEPEST = 3  # variables given by variables
_LONGEST = 300  # code points of an expression that is still better than a literal
_LONGEST_LINE = 1000


def name_texts(template: str) -> tuple[str, ...]:
    """Return what stands after `name:` in the metadata of a chart's Services and StatefulSets."""
    return _plain(template, (text for one in _DOCUMENT.split(template) for text in _names(one)))


def port_texts(template: str) -> tuple[str, ...]:
    """Return the expressions that stand after `port:` in the documents of a template's Services."""
    documents = (one for one in _DOCUMENT.split(template) if _KIND.search(one))
    found = (text[1] for document in documents for text in _PORT.finditer(document))
    return tuple(text for text in _plain(template, found) if "{{" in text)


def _plain(template: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts without quoting, trimming and variables, each once."""
    given = _assigned(template)
    found = (_QUOTING.sub(" ", _TRIMMED.sub(_untrimmed, text)) for text in texts)
    resolved = (_resolved(text, given) for text in found)
    return tuple(
        dict.fromkeys(t for t in resolved if not _VARIABLE.search(t) and len(t) < _LONGEST)
    )


def _assigned(template: str) -> dict[str, str]:
    """Return what variables are first given: `{{- $name := include "shop.fullname" . -}}`."""
    given: dict[str, str] = {}
    for action in actions(template):
        words = [token.text for token in action.tokens[:2]]
        value = action.behind(template, 2)
        if words[1:] == [":="] and words[0].startswith("$") and len(value) < _LONGEST:
            given.setdefault(words[0], value)
    return given


def _resolved(text: str, given: Mapping[str, str]) -> str:
    for _ in range(_DEEPEST):
        if len(text) >= _LONGEST:
            break
        text = _VARIABLE.sub(lambda v: f"({given[v[0]]})" if v[0] in given else v[0], text)
    return _PARENTHESES.sub(r"{{ \1 }}", text)


def _names(document: str) -> Iterator[str]:
    for kind in _KIND.finditer(document):
        indent = len(kind["indent"])
        block = _block(document, indent)
        # The shallowest: a label may be called `name` too.
        lines = [line for line in block if line.strip().startswith("name:")]
        if lines:
            line = min(lines, key=lambda line: len(line) - len(line.lstrip()))
            yield _unquoted(_COMMENT.sub("", line.strip().removeprefix("name:")).strip())


def _block(document: str, indent: int) -> list[str]:
    """Return the lines under `metadata:`."""
    found: list[str] = []
    inside = False
    for line in document.splitlines():
        depth = len(line) - len(line.lstrip(" "))
        if not line.strip() or line.lstrip().startswith(("{{", "#")) or len(line) > _LONGEST_LINE:
            continue
        if inside and depth <= indent:
            break
        if inside:
            found.append(line)
        elif depth == indent and line.strip().startswith("metadata:"):
            inside = True
    return found


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _untrimmed(found: re.Match[str]) -> str:
    return "{{ " if found[0].startswith("{") else " }}"
