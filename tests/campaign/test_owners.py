"""Owners of changed files; a repository cannot make them many, nor name what is no user."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.campaign.owners import MOST, owners

MANY = " ".join(f"@u{n}" for n in range(150_000))


def named(tree: Path, text: str, *paths: str) -> tuple[str, ...]:
    (tree / "CODEOWNERS").write_text(text)
    return owners(tree, paths or ("a/b.yaml",)).names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* @ann @shop/web\n", ("ann", "shop/web")),
        ("* @ann\n/a/ @bob # @eve\n", ("bob",)),
        ("* @ann\n/a/\n", ()),
        ("# @ann\n\n[Docs] @eve\n", ()),
        ("* ann@shop.example @ann\n", ("ann",)),
        ("* @a/b/c @a..b @_x-y.z\n", ("a/b/c", "a..b", "_x-y.z")),
        ("* @../admin @a/../b @a/. @a?x @a&b @a%2e @-x @\x1b[2J @ @@a @" + "x" * 200 + "\n", ()),
    ],
)
def test_owners(tmp_path: Path, text: str, expected: tuple[str, ...]) -> None:
    assert named(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "paths", "asked", "note"),
    [
        ("".join(f"/{n} @u{n}\n" for n in range(4_000)), 4_000, MOST, "the first 20 are asked"),
        (f"* {MANY[:900_000]}\n", 1, MOST, "the first 20 are asked"),
        (f"* {MANY}\n", 1, 0, "is too large"),
        ("* @ann\n" * 5_001, 1, 0, "is too large"),
        ("* @ann\n" * 5_000, 1, 1, ""),
    ],
    ids=["many rules that match", "one rule of many", "a large file", "rules", "as many as go"],
)
def test_a_repository_cannot_name_thousands(
    tmp_path: Path, text: str, paths: int, asked: int, note: str
) -> None:
    (tmp_path / "CODEOWNERS").write_text(text)

    found = owners(tmp_path, [str(n) for n in range(paths)])

    assert len(found.names) == asked
    assert note in "".join(found.notes)
