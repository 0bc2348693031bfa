"""A settings file as plain data, with the way back from each setting to its line."""

from __future__ import annotations

import re
from pathlib import Path

from refactor.errors import RefactorError
from refactor.files.disk import read, real
from refactor.settings.document import Place, SettingsDocument

_LIMIT = 1_000_000
"""Bytes that settings may have."""

_TOML_LINE = re.compile(r"at line (\d+)")


def find(root: Path) -> SettingsDocument | None:
    """Read the settings that a repository brings along; None where it brings none.

    Raises:
        RefactorError: they cannot be read, or stand in two places.
    """
    if (root / ".refactor.yml").exists():
        message = "is not read"
        raise RefactorError(message, where=".refactor.yml", remedy="rename it to .refactor.yaml")
    own = _read_own(root, ".refactor.yaml")
    project = _read_own(root, "pyproject.toml")
    table = None
    if project is not None and b"refactor" in project:
        table = read_toml("pyproject.toml", _text("pyproject.toml", project))
    if own is None:
        return table
    if table is not None:
        message = "both .refactor.yaml and [tool.refactor] in pyproject.toml hold settings"
        raise RefactorError(message, where=str(root), remedy="keep one of them")
    return _read_yaml(".refactor.yaml", own)


def read_named(path: Path) -> SettingsDocument:
    """Read the settings file that a person named.

    Raises:
        RefactorError: it cannot be read, or is TOML without `[tool.refactor]`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise RefactorError(message, where=str(path)) from error
    if path.suffix != ".toml":
        return _read_yaml(str(path), data)
    document = read_toml(str(path), _text(str(path), data))
    if document is None:
        message = "has no [tool.refactor]"
        raise RefactorError(message, where=str(path))
    return document


def is_inside(root: Path, path: str) -> bool:
    """Say whether a relative path stays in a directory, links followed."""
    if "\0" in path or Path(path).is_absolute():
        return False
    return real(root / path).is_relative_to(real(root))


def read_toml(file: str, text: str) -> SettingsDocument | None:
    """Read `[tool.refactor]` of a TOML file; None where it has none.

    Raises:
        RefactorError: it is not valid TOML.
    """
    import tomllib

    try:
        tool = tomllib.loads(text).get("tool")
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        line = found[1] if found else text.count("\n") + 1
        message = f"is not valid TOML: {error}"
        raise RefactorError(message, where=f"{file}:{line}") from error
    except RecursionError:
        message = "nests too deep to be read"
        raise RefactorError(message, where=file) from None
    if not isinstance(tool, dict) or "refactor" not in tool:
        return None
    return SettingsDocument(file, tool["refactor"], lambda place: _toml_line(text, place))


def _toml_line(text: str, place: Place) -> int:
    """Find a setting by its names, one after another: tomllib gives no positions."""
    at = 0
    for part, after in zip(("refactor", *place), (*place, ""), strict=True):
        if isinstance(part, int):
            continue
        name = re.escape(part)
        pattern = rf"""(?<![\w-])["']?{name}["']?\s*[=.\]]"""
        tables = rf"(?m)^\s*\[\[[^\]\n]*{name}\s*\]\]"
        found = list(re.finditer(tables, text)) if isinstance(after, int) else []
        if isinstance(after, int) and after < len(found):
            at = found[after].end()
        elif first := re.compile(pattern).search(text, at):
            at = first.end()
    return text.count("\n", 0, at) + 1


def _read_own(root: Path, name: str) -> bytes | None:
    if not is_inside(root, name):
        message = "leads out of the repository"
        raise RefactorError(message, where=name)
    data = read(real(root / name), _LIMIT + 1)
    if data == "vanished":
        return None
    if isinstance(data, str) or len(data) > _LIMIT:
        message = "is too large for settings" if isinstance(data, bytes) else "cannot be read"
        raise RefactorError(message, where=name)
    return data


def _read_yaml(file: str, data: bytes) -> SettingsDocument:
    from refactor.settings.yaml import read_yaml

    return read_yaml(file, _text(file, data))


def _text(file: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "is not UTF-8"
        raise RefactorError(message, where=f"{file}:{line}") from error
