"""What must hold of any bytes given as an address, an inventory, a plan, settings or a journal."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec

from refactor import addresses
from refactor.addresses.matcher import FEW, Matcher
from refactor.apply.journal import Journal, encode
from refactor.apply.run import check
from refactor.apply.transaction import recover
from refactor.errors import RefactorError
from refactor.files.globs import Patterns
from refactor.gate import baseline
from refactor.inventory import Inventory
from refactor.inventory.read import UnreadableError, read
from refactor.plan import file as plan_file
from refactor.report.formats import render
from refactor.resolve import Query, resolve
from refactor.settings import load as settings

NAMES = frozenset({"orders-db", "node-1", "web.example.com", "db"})
FORMATS = ("text", "semantic", "json", "markdown", "html", "sarif", "gitlab", "patch")
TREE = {"a.yaml": b"host: 10.0.4.17\n", "charts/b.yaml": b"url: http://10.0.4.17:80/\r\n"}
OUTSIDE = b"nobody writes here\n"


@cache
def home() -> Path:
    """Return a directory, in memory where there is one, that holds a repository."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    made = Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory)).resolve()
    (made / "outside").write_bytes(OUTSIDE)
    return made


def repository() -> Path:
    """Return the repository, made afresh where something has changed it."""
    root = home() / "repo"
    if _contents(root) != TREE:
        shutil.rmtree(root, ignore_errors=True)
        for name, data in TREE.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        (root / "link").symlink_to("..")
    return root


def _contents(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def check_address(data: bytes) -> None:
    """Assert what must hold of the addresses found in a text."""
    text = data.decode("utf-8", "surrogateescape")
    found = addresses.find(text, names=NAMES)
    spans = [address.host_span for address in found]
    assert all(one.end <= other.start for one, other in pairwise(spans)), "hosts overlap"
    for address in found:
        held = address.host_span.of(text)
        assert held in (address.host, f"[{address.host}]"), "a span is not its host's"
        assert address.port is None or 0 < address.port < 65536
        if address.port_span:
            assert address.port_span.of(text) == str(address.port)
        addresses.zone(address.host)
        addresses.canonical(address.host)
    raw = text.encode("utf-8", "surrogateescape")
    quick = Matcher().may_hold(raw)
    assert _compiled().may_hold(raw) == quick, "hyperscan and re disagree"
    if addresses.find(text):
        assert quick, "the pre-filter passes an address over"


@cache
def _compiled() -> Matcher:
    return Matcher(FEW)


def check_inventory(data: bytes) -> None:
    """Assert that an inventory is refused, or answers for each of its hosts."""
    try:
        found = read(data)
    except UnreadableError as error:
        assert str(error) and "\n" not in str(error)
        return
    inventory = Inventory(found.used, snapshots=found.snapshots)
    hosts = {*inventory.names, "10.0.0.1", "10.42.1.11", "fd00::1"}
    for host in sorted(hosts)[:20]:
        for port in (None, 80, 8080):
            resolve(Query(host, port, "written" if port else "none", namespace="shop"), inventory)


def check_plan(data: bytes) -> None:
    """Assert that a plan is refused, or can be shown and leads to files of its repository only."""
    root, file = repository(), home() / "plan.json"
    file.write_bytes(data)
    try:
        plan = plan_file.load(file)
    except RefactorError as error:
        assert "\n" not in str(error)
        return
    for style in FORMATS:
        with suppress(RefactorError):
            report = render(plan, root, style)
            if style in ("json", "sarif", "gitlab"):
                json.loads(report)
            if style in ("text", "semantic", "markdown"):
                assert not _CONTROL.intersection(report), f"a control character in {style}"
    with suppress(RefactorError):
        for write in check(plan, root, allow_dirty=True).writes:
            at = (root / write.path).resolve()
            assert at.is_relative_to(root), "a write leaves the repository"
            assert at.relative_to(root).parts[0] not in (".git", ".refactor")
    assert (_contents(root), (home() / "outside").read_bytes()) == (TREE, OUTSIDE)


_CONTROL = {*range(0x20), 0x7F} - {0x0A, 0x09}


def check_settings(data: bytes) -> None:
    """Assert that settings are refused or read, in either language, and so are a baseline's."""
    for name, load in (
        (".refactor.yaml", lambda path: settings.load(home(), path)),
        ("pyproject.toml", lambda path: settings.load(home(), path)),
        ("baseline.json", baseline.load),
    ):
        file = home() / name
        file.write_bytes(data)
        try:
            load(file)
        except RefactorError as error:
            assert str(error)
        file.unlink()


def check_patterns(data: bytes) -> None:
    """Assert that patterns, the lines but for the last, are held against a path, the last line."""
    *lines, path = data.decode("utf-8", "surrogateescape").split("\n")
    patterns = Patterns(lines)
    patterns.covers(path)
    for directory in (False, True):
        verdict = patterns.verdict(path, directory=directory)
        assert verdict in (None, True, False)


def check_journal(data: bytes) -> None:
    """Assert that a journal is refused, or its recovery touches nothing outside the tree."""
    root = repository()
    state = root / ".refactor"
    (state / "undo" / "1").mkdir(parents=True, exist_ok=True)
    # As if we had written it: a journal with no mark of ours is refused before it can do harm.
    with suppress(ValueError, RecursionError, msgspec.ValidationError, RefactorError):
        journal = msgspec.convert(json.loads(data), Journal)
        data = encode(msgspec.structs.replace(journal, mark=""), root)
    for name in ("committed.json", "preparing.json"):
        (state / name).write_bytes(data)
        with suppress(RefactorError):
            recover(root)
        (state / name).unlink(missing_ok=True)
        assert (home() / "outside").read_bytes() == OUTSIDE
        assert sorted(os.listdir(home())) in (["outside", "plan.json", "repo"], ["outside", "repo"])
    shutil.rmtree(state)
