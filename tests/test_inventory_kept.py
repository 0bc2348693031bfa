"""Indexes of large inventories: they say what the inventory says, or they are not used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from refactor.cli import main
from refactor.files import parallel as shares
from refactor.inventory import Inventory, load, packed
from refactor.inventory import cache as kept
from refactor.inventory.load import load as plain_load
from refactor.inventory.unpacked import Unpacked
from refactor.model import Target
from refactor.resolve import Options, Query, resolve
from refactor.resolve.explain import explain
from tests.clusters import node, pod, port, service, thing
from tests.test_resolve_properties import OBJECTS, OPTIONS, PORTS, QUERIES, inventory_of

WEB = {"app": "web"}
SECRET = "canary7Qz9vK3mW"
ITEMS = [
    pod("web-1", "10.42.0.1", WEB, [8080], "ReplicaSet/web-5d8f"),
    pod("web-2", "10.42.0.2", WEB, [8080], "ReplicaSet/web-5d8f"),
    service("web", "10.43.0.1", WEB, (80, 8080)),
    node("worker-1", "10.20.0.1"),
    thing("Secret", "s", data={"password": SECRET}),
]
ITEMS[0]["spec"]["containers"][0] |= {"env": [{"name": "PASSWORD", "value": SECRET}]}
ITEMS[0]["metadata"]["annotations"] = {"token": SECRET}


def unpacked(inventory: Inventory) -> Inventory:
    """The same inventory by way of its bytes."""
    held = packed.unpack(b"".join(packed.pack(inventory, "f" * 64, 7)))
    assert held is not None
    assert (held.digest, held.size) == ("f" * 64, 7)
    return Inventory(remarks=held.remarks, snapshots=held.snapshots, objects=Unpacked(held))


@settings(max_examples=200, deadline=None)
@given(OBJECTS, QUERIES, OPTIONS)
def test_an_index_answers_as_the_inventory_does(
    objects: list[dict[str, Any]], query: Query, options: Options
) -> None:
    one = inventory_of(objects)
    other = unpacked(one)

    assert resolve(query, other, options) == resolve(query, one, options)
    assert explain(query, other, options) == explain(query, one, options)
    assert other.knows(query.host) == one.knows(query.host)


@settings(max_examples=100, deadline=None)
@given(OBJECTS)
def test_an_index_holds_what_the_inventory_holds(objects: list[dict[str, Any]]) -> None:
    one = inventory_of(objects)
    other = unpacked(one)

    assert (other.remarks, other.snapshots) == (one.remarks, one.snapshots)
    for held in ("names", "services", "nodes", "workloads", "pods", "imports", "replicas"):
        assert getattr(other, held) == getattr(one, held), held
    for held in ("pods", "pod_names", "nodes", "on_node", "endpoints", "endpoints_of", "backends"):
        assert dict(getattr(other.hosts, held)) == dict(getattr(one.hosts, held)), held


@settings(max_examples=60, deadline=None)
@given(OBJECTS)
def test_an_index_leads_where_the_inventory_does(objects: list[dict[str, Any]]) -> None:
    one = inventory_of(objects)
    other = unpacked(one)

    for ref, number, name in product(one.services, sorted(set(PORTS)), ("", "a-0")):
        assert other.leads_to(ref, number, pod=name) == one.leads_to(ref, number, pod=name)
    assert other.with_services(one.services.values()).names == one.names


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inventory that counts as large, and that nobody has touched for a while."""
    monkeypatch.setattr(kept, "LEAST", 100)
    monkeypatch.setattr(kept, "_SETTLED", 0)
    monkeypatch.setattr(shares, "processes", lambda: 1)
    file = tmp_path / "cluster.json"
    file.write_text(json.dumps({"kind": "List", "items": ITEMS}))
    return file


@pytest.fixture
def indexes(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "inventories"


def loaded(file: Path, indexes: Path | None) -> Inventory:
    return load([file], stdin=bytes, indexes=indexes)


def is_indexed(inventory: Inventory) -> bool:
    return isinstance(inventory.objects, Unpacked)


def test_the_second_load_is_by_the_index(file: Path, indexes: Path) -> None:
    first, second = loaded(file, indexes), loaded(file, indexes)

    assert (is_indexed(first), is_indexed(second)) == (False, True)
    assert second.digests == first.digests
    assert second.remarks == first.remarks != ()
    query = Query("10.42.0.1", 8080)
    assert isinstance(resolve(query, second), Target)
    assert resolve(query, second) == resolve(query, first)


def test_an_index_is_the_users_own_and_holds_no_secret(file: Path, indexes: Path) -> None:
    loaded(file, indexes)

    assert SECRET in file.read_text()
    assert [path.suffix for path in sorted(indexes.iterdir())] == [".index", ".seen"]
    assert indexes.stat().st_mode & 0o777 == 0o700
    for path in indexes.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert SECRET.encode() not in path.read_bytes()
    assert [path.name for path in file.parent.iterdir()] != []
    assert not list(file.parent.glob("*.index"))


def rewrite(file: Path) -> None:
    """Change one address, and nothing that can be seen from outside but the time of change."""
    told = file.stat()
    file.write_text(file.read_text().replace("10.42.0.1", "10.42.0.3"))
    os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))


def grow(file: Path) -> None:
    file.write_text(file.read_text() + " ")


def replace(file: Path) -> None:
    other = file.with_name("other.json")
    other.write_text(file.read_text().replace("10.42.0.1", "10.42.0.3"))
    other.replace(file)


@pytest.mark.parametrize("change", [rewrite, grow, replace])
def test_another_input_is_read_anew(
    file: Path, indexes: Path, change: Callable[[Path], None]
) -> None:
    loaded(file, indexes)
    change(file)
    again = loaded(file, indexes)

    assert not is_indexed(again)
    assert again.digests == plain_load([file], stdin=bytes).digests
    assert is_indexed(loaded(file, indexes))


def touch(file: Path) -> None:
    os.utime(file)


def copy(file: Path) -> None:
    other = file.with_name("other.json")
    other.write_bytes(file.read_bytes())
    other.replace(file)


@pytest.mark.parametrize("change", [touch, copy])
def test_the_same_content_is_hashed_once(
    file: Path, indexes: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(file, indexes)
    change(file)
    hashed: list[Path] = []
    whole = kept._hash
    monkeypatch.setattr(kept, "_hash", lambda path: hashed.append(path) or whole(path))

    assert is_indexed(loaded(file, indexes))
    assert is_indexed(loaded(file, indexes))
    assert hashed == [file]


def test_what_changed_only_just_is_hashed_every_time(
    file: Path, indexes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_SETTLED", 3600 * 10**9)
    loaded(file, indexes)

    assert is_indexed(loaded(file, indexes))
    assert not list(indexes.glob("*.seen"))


def cut(index: Path) -> None:
    index.write_bytes(index.read_bytes()[:-9])


def flip(index: Path) -> None:
    data = bytearray(index.read_bytes())
    data[len(data) // 2] ^= 1
    index.write_bytes(data)


def empty(index: Path) -> None:
    index.write_bytes(b"")


def age(index: Path) -> None:
    index.write_bytes(index.read_bytes().replace(b"refactor", b"refacto0", 1))


def forge(index: Path) -> None:
    """A right sum over what is no inventory."""
    data = b"\x93\x01\x02\x03"
    index.write_bytes(packed._MARK + packed._sum(data) + data)


def share(index: Path) -> None:
    index.chmod(0o666)


def link(index: Path) -> None:
    index.replace(index.with_name("elsewhere"))
    index.symlink_to("elsewhere")


def clog(index: Path) -> None:
    index.unlink()
    os.mkfifo(index)


@pytest.mark.parametrize("harm", [cut, flip, empty, age, forge, share, link, clog])
def test_an_index_that_cannot_be_trusted_is_not(
    file: Path, indexes: Path, harm: Callable[[Path], None]
) -> None:
    loaded(file, indexes)
    harm(next(indexes.glob("*.index")))
    again = loaded(file, indexes)

    assert not is_indexed(again)
    assert isinstance(resolve(Query("10.42.0.1", 8080), again), Target)
    assert is_indexed(loaded(file, indexes))


@pytest.mark.parametrize("harm", [cut, empty, share, link])
def test_without_a_trusted_look_the_input_is_hashed(
    file: Path, indexes: Path, harm: Callable[[Path], None]
) -> None:
    loaded(file, indexes)
    harm(next(indexes.glob("*.seen")))

    assert is_indexed(loaded(file, indexes))


def small(file: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path | str]:
    monkeypatch.setattr(kept, "LEAST", 10**6)
    return [file]


def several(file: Path, _: pytest.MonkeyPatch) -> list[Path | str]:
    other = file.with_name("nodes.json")
    other.write_text(json.dumps(node("worker-9", "10.20.0.9")))
    return [file, other]


def directory(file: Path, _: pytest.MonkeyPatch) -> list[Path | str]:
    return [file.parent]


def standard_input(_: Path, __: pytest.MonkeyPatch) -> list[Path | str]:
    return ["-"]


def unwritable(file: Path, _: pytest.MonkeyPatch) -> list[Path | str]:
    (file.parent / "cache").write_text("in the way")
    return [file]


@pytest.mark.parametrize("inputs", [small, several, directory, standard_input, unwritable])
def test_what_keeps_no_index(
    file: Path,
    indexes: Path,
    monkeypatch: pytest.MonkeyPatch,
    inputs: Callable[[Path, pytest.MonkeyPatch], list[Path | str]],
) -> None:
    paths = inputs(file, monkeypatch)
    data = file.read_bytes()

    for _ in range(2):
        assert not is_indexed(load(paths, stdin=lambda: data, indexes=indexes))
    assert not indexes.exists()


def test_only_the_last_used_are_kept(
    file: Path, indexes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_MOST", 2)
    inputs = [file.with_name(f"cluster-{n}.json") for n in range(3)]
    for hours, one in zip((3, 2, 1), inputs, strict=True):
        one.write_bytes(file.read_bytes())
        loaded(one, indexes)
        for path in indexes.glob("*.index"):
            if path.stat().st_mtime > time.time() - 60:
                os.utime(path, (time.time() - hours * 3600,) * 2)
    draft = indexes / ".refactor-00000000.tmp"
    draft.write_text("of a program that died")
    os.utime(draft, (0, 0))
    loaded(inputs[1], indexes)  # is in use
    loaded(file, indexes)

    assert [is_indexed(loaded(one, None)) for one in inputs] == [False] * 3
    names = {kept._files(indexes, one)[0].name for one in (inputs[1], file)}
    assert {path.name for path in indexes.glob("*.index")} == names
    assert len(list(indexes.iterdir())) == 4
    assert not draft.exists()


@pytest.mark.parametrize(("options", "keeps"), [((), True), (("--no-inventory-index",), False)])
def test_the_command_line(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    keeps: bool,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(file.parent / "own"))
    tree = file.parent / "tree"
    tree.mkdir()
    (tree / "a.yaml").write_text("url: http://10.42.0.1:8080\n")
    told = []
    for _ in range(2):
        with pytest.raises(SystemExit):
            main(["plan", str(tree), "-i", str(file), *options])
        told.append(capsys.readouterr().out)

    assert told[0] == told[1]
    assert "http://web.shop" in told[0]
    assert (file.parent / "own" / "refactor" / "inventories").exists() == keeps


SCRIPT = """
import sys
from pathlib import Path
from refactor.inventory import cache, load
cache.LEAST, cache._SETTLED = 100, 0
load([sys.argv[1]], stdin=bytes, indexes=Path(sys.argv[2]))
"""


def test_a_copy_of_the_process_keeps_it_and_is_waited_for(file: Path, indexes: Path) -> None:
    subprocess.run([sys.executable, "-c", SCRIPT, str(file), str(indexes)], check=True)

    assert [path.suffix for path in sorted(indexes.iterdir())] == [".index", ".seen"]
    assert is_indexed(loaded(file, indexes))


def test_nobody_without_a_home_has_indexes(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise RuntimeError

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", none)

    assert kept.home() is None


def test_ports_of_nodes_are_found_in_an_index(file: Path, indexes: Path) -> None:
    item = pod("agent", "10.20.0.1", {"app": "x"}, [port(9100, hostPort=9100)], hostNetwork=True)
    file.write_text(json.dumps({"kind": "List", "items": [*ITEMS, item]}))
    answers = [resolve(Query("10.20.0.1", 9100), loaded(file, indexes)) for _ in range(2)]

    assert answers[0] == answers[1]
