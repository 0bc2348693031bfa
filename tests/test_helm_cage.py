"""A chart that means harm gets nothing done, under both engines; nor does a program in the cage."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from refactor.helm import cage, landlock
from refactor.helm.engine import Rendered
from refactor.helm.renders import Renders
from refactor.helm.schemas import harmless
from tests.helm_bench import case, charts_of, engine_or_skip, write

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "values.yaml": "a: 1\n",
    "templates/a.yaml": "kind: X\nmetadata: {name: x}\na: {{ .Values.a }}\n",
}
ENGINES = pytest.mark.parametrize("engine", ["package", "binary"])
LANDLOCK = pytest.mark.skipif(landlock.abi() < 4, reason="this kernel has no Landlock of ABI 4")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="these means are Linux's")


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A port on this machine, and who has connected to it."""
    callers: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    caller, where = server.accept()
                except OSError:
                    return
                callers.append(str(where))
                caller.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1], callers
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def render(engine: str, files: dict[str, str]) -> Rendered:
    """Render a chart as it is: what is made harmless on the way is not."""
    with closing(engine_or_skip(engine)) as asked:
        write(asked.folder / "c", {**CHART, **files})
        return asked.render(asked.folder / "c", (), release="r", namespace="n")


def packed(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as target:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            target.addfile(member, io.BytesIO(data))
    return archive.getvalue()


def members(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as source:
        return {m.name: source.extractfile(m).read() for m in source}  # type: ignore[union-attr]


# What a chart tries by itself -> what is said, and what stands in its place.
SAID = {
    "a file by a function": ('a: {{ .Files.Get "../../../../etc/passwd" | quote }}', 'a: ""'),
    "a file by its whole path": ('a: {{ .Files.Get "/etc/passwd" | quote }}', 'a: ""'),
    "files by a pattern": ('a: {{ (.Files.Glob "/etc/*").AsConfig }}', "a: {}"),
    "a name of the network": ('a: "{{ getHostByName "localhost" }}"', 'a: ""'),
    "an object of a cluster": ('a: {{ lookup "v1" "Secret" "" "" }}', "a: map[]"),
    "a variable of ours": ('a: {{ env "HOME" }}', 'function "env" not defined'),
    "itself, again and again": (
        '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
        "rendering template has a nested reference name: a",
    ),
    "all memory at once": ('{{ repeat 8000000000 "a" }}', "ended: it took too much memory"),
    "an expression that goes back": (
        'a: {{ regexMatch "((a{0,999}){0,999}){0,999}b" (repeat 100000 "a") }}',
        "a: false",
    ),
    "a zone, which it may": (
        'a: {{ dateInZone "15:04 MST" (toDate "2006-01-02T15:04:05Z07:00" "2020-07-07T12:00:00Z") "Europe/Berlin" }}',
        "a: 14:00 CEST",
    ),
    "a file of its own, which it may": ('a: {{ .Files.Get "own.txt" }}', "a: mine"),
}  # fmt: skip


@ENGINES
@pytest.mark.parametrize(("template", "said"), SAID.values(), ids=SAID)
def test_what_a_template_tries(engine: str, template: str, said: str) -> None:
    rendered = render(engine, {"templates/a.yaml": template + "\n", "own.txt": "mine"})

    whole = rendered.error or rendered.manifests[0].text.strip()
    assert said in whole
    assert "\n" not in whole
    assert len(whole) <= 500


SLOW = {
    "turns": "{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}",
    "certificates": '{{ range until 1000000 }}{{ genCA "a" 365 }}{{ end }}',
    "text that grows": '{{ $x := "xxxxxxxx" }}{{ range until 60 }}{{ $x = cat $x $x }}{{ end }}',
    "much of it": '{{ range until 1000000 }}{{ . }}: {{ repeat 10000 "x" }}\n{{ end }}',
    "templates in templates": '{{ define "a" }}{{ tpl `{{ include "a" . }}` . }}{{ end }}{{ include "a" . }}',
}  # fmt: skip


@ENGINES
@pytest.mark.parametrize("template", SLOW.values(), ids=SLOW)
def test_what_has_no_end_is_ended(
    engine: str, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(engine_or_skip(engine)) as asked:
        write(asked.folder / "c", {**CHART, "templates/a.yaml": template})
        monkeypatch.setattr(cage, "SECONDS", 2)
        rendered = asked.render(asked.folder / "c", (), release="r", namespace="n")
        monkeypatch.undo()
        write(asked.folder / "d", CHART)
        again = asked.render(asked.folder / "d", (), release="r", namespace="n")

    if "nested reference name" not in rendered.error:  # where Helm is quick to end it by itself
        assert rendered.ended
        assert rendered.error in ("took more than 2 seconds", "ended: it took too much memory")
    assert again.error == ""


LEADS_OUT = {
    "reference": {"$ref": "URL"},
    "reference below": {"properties": {"a": {"allOf": [{"$ref": "URL"}]}}},
    "dynamic reference": {"$schema": "https://json-schema.org/draft/2020-12/schema", "$dynamicRef": "URL"},
    "dialect": {"$schema": "URL"},
    "reference beside an identity": {"$id": "URL", "properties": {"a": {"$ref": "other.json"}}},
}  # fmt: skip


@ENGINES
@pytest.mark.parametrize("schema", LEADS_OUT.values(), ids=LEADS_OUT)
@pytest.mark.parametrize("lock", ["the cage", "the copy"])
def test_a_schema_reaches_nothing(tmp_path: Path, engine: str, schema: object, lock: str) -> None:
    """Each lock by itself: the cage with the schema as it is; the copy says nothing that leads out."""
    if lock == "the cage" and landlock.abi() < 4:
        pytest.skip("this kernel has no Landlock of ABI 4")
    with listening() as (port, callers):
        text = json.dumps(schema).replace("URL", f"http://127.0.0.1:{port}/x")
        if lock == "the cage":
            rendered = render(engine, {"values.schema.json": text})
            assert "permission denied" in rendered.error
        else:
            files = {f"c/{path}": data for path, data in CHART.items()}
            write(tmp_path, {**files, "c/values.schema.json": text})
            with (
                closing(engine_or_skip(engine)) as asked,
                Renders(tmp_path, charts_of(tmp_path), asked) as renders,
            ):
                made = renders.render(case("c"))
            assert made.error == ""
            assert any("values.schema.json: its references" in note for note in made.notes)
    assert callers == []


@ENGINES
def test_both_engines_ask_the_schema(engine: str) -> None:
    """The package has no switch for it; the binary's is not used, or the two would differ."""
    forbids = json.dumps({"properties": {"told": {"type": "integer"}}, "required": ["told"]})
    rendered = render(engine, {"values.schema.json": forbids})

    assert "told" in rendered.error
    assert not rendered.ended


@LANDLOCK
@ENGINES
@pytest.mark.parametrize("kind", ["file", "fifo", "link"])
def test_a_schema_reads_nothing_outside(tmp_path: Path, engine: str, kind: str) -> None:
    outside = tmp_path / "outside.json"
    if kind == "file":
        outside.write_text('{"const": "secret"}')
    elif kind == "fifo":
        os.mkfifo(outside)
    else:
        (tmp_path / "real.json").write_text('{"const": "secret"}')
        outside.symlink_to("real.json")

    rendered = render(engine, {"values.schema.json": json.dumps({"$ref": outside.as_uri()})})

    assert "permission denied" in rendered.error
    assert "secret" not in rendered.error
    assert not rendered.ended


@LANDLOCK
@ENGINES
def test_links_and_devices_that_lie_in_the_copy_lead_nowhere(engine: str, tmp_path: Path) -> None:
    """The copy holds plain files only; here something went wrong with it."""
    (tmp_path / "secret").write_text("a: secret\n")
    with closing(engine_or_skip(engine)) as asked:
        write(asked.folder / "c", CHART)
        (asked.folder / "c/templates/a.yaml").unlink()
        (asked.folder / "c/templates/a.yaml").symlink_to(tmp_path / "secret")
        rendered = asked.render(asked.folder / "c", (), release="r", namespace="n")

    assert "permission denied" in rendered.error
    assert rendered.manifests == ()


@ENGINES
def test_a_copy_holds_plain_files_of_the_repository_only(engine: str, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    write(root, {f"c/{path}": data for path, data in CHART.items()})
    write(
        tmp_path,
        {"outside/Chart.yaml": CHART["Chart.yaml"], "outside/templates/b.yaml": "b: secret\n"},
    )
    (tmp_path / "outside.yaml").write_text("a: secret\n")
    (root / "c/charts").mkdir()
    (root / "c/charts/sub").symlink_to(tmp_path / "outside")
    (root / "c/templates/link.yaml").symlink_to(tmp_path / "outside.yaml")
    (root / "c/values-link.yaml").symlink_to(tmp_path / "outside.yaml")
    os.mkfifo(root / "c/templates/fifo.yaml")
    with closing(engine_or_skip(engine)) as asked, Renders(root, charts_of(root), asked) as renders:
        plain = renders.render(case("c"))
        linked = renders.render(case("c", "c/values-link.yaml"))
        copy = next(asked.folder.rglob("Chart.yaml")).parent
        kinds = {path.name for path in copy.rglob("*") if path.is_file() and not path.is_symlink()}

    assert [item.content["a"] for item in plain.objects] == [1]
    assert linked.error == "no values file c/values-link.yaml"
    assert kinds == {"Chart.yaml", "values.yaml", "a.yaml"}


TRIES = {
    "fork": ("os.fork() or os._exit(0)", "no"),
    "exec": ("os.execv('/bin/true', ['true'])", "no"),
    "a process": ("subprocess.run(['/bin/true'])", "no"),
    "a socket": ("socket.socket()", "no"),
    "a datagram": ("socket.socket(type=socket.SOCK_DGRAM)", "no"),
    "a local socket": ("socket.socket(socket.AF_UNIX)", "no"),
    "a pair of sockets": ("socket.socketpair()", "no"),
    "a file outside": ("open('/etc/passwd').read()", "no"),
    "a directory outside": ("os.listdir('/etc')", "no"),
    "this process's memory": ("open('/proc/self/mem', 'r+b')", "no"),
    "the way up": ("open(f'{inside}/../outside').read()", "no"),
    "a file beside": ("open(f'{inside}/new', 'w')", "no"),
    "a change beside": ("open(f'{inside}/own', 'a')", "no"),
    "a removal": ("os.unlink(f'{inside}/own')", "no"),
    "a name": ("os.rename(f'{inside}/own', f'{inside}/new')", "no"),
    "a directory": ("os.mkdir(f'{inside}/new')", "no"),
    "a link": ("os.symlink('/etc', f'{inside}/new')", "no"),
    "permissions": ("os.chmod(f'{inside}/own', 0o777)", "no"),
    "a time": ("os.utime(f'{inside}/own', (0, 0))", "no"),
    "an attribute": ("os.setxattr(f'{inside}/own', 'user.a', b'b')", "no"),
    "much memory": ("bytearray(3 << 30)", "no"),
    "shared memory that no limit counts": ("call(29, 0, 1 << 40, 0o1600)", "no"),
    "the parent's end": ("os.kill(os.getppid(), 0)", "no"),
    "tracing": ("call(101, 16, os.getppid(), 0, 0)", "no"),
    "io_uring": ("call(425, 8, 0)", "no"),
    "a call that is not there yet": ("call(1000)", "no"),
    "a namespace": ("call(272, 0x40000000)", "no"),
    "a file of its own": ("open(f'{inside}/own').read()", "yes"),
    "its own directory": ("os.listdir(inside)", "yes"),
    "a thread": ("threading.Thread(target=int).start()", "yes"),
    "some memory": ("bytearray(100 << 20)", "yes"),
    "a pipe": ("os.write(os.pipe()[1], b'x')", "yes"),
    "a zone": ("open('/usr/share/zoneinfo/Europe/Berlin', 'rb').read()", "yes"),
}  # fmt: skip
BESIDE = """if 1:
    import ctypes, os, socket, subprocess, sys, threading
    from pathlib import Path
    from refactor.helm import cage
    inside = sys.argv[1]
    library = ctypes.CDLL(None, use_errno=True)
    def call(*numbers):
        if library.syscall(*map(ctypes.c_long, numbers)) < 0:
            raise OSError(ctypes.get_errno(), 'refused')
    cage.enter([Path(inside), *cage.python()])
    try:
        eval(compile(sys.argv[2], 'try', 'eval'))
    except (OSError, MemoryError, RuntimeError):
        print('no')
    else:
        print('yes')
"""


def caged(code: str, *arguments: str, timeout: float = 60) -> str:
    ran = subprocess.run(
        [sys.executable, "-B", "-c", code, *arguments],
        cwd=Path(cage.__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    return ran.stdout.strip() or ran.stderr


@LANDLOCK
@pytest.mark.parametrize(("tried", "done"), TRIES.values(), ids=TRIES)
def test_a_program_in_the_cage(tmp_path: Path, tried: str, done: str) -> None:
    if "call(" in tried and os.uname().machine != "x86_64":
        pytest.skip("the numbers are those of x86-64")
    if "zoneinfo" in tried and not Path("/usr/share/zoneinfo/Europe/Berlin").exists():
        pytest.skip("no zones here")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "own").write_text("x")
    (tmp_path / "outside").write_text("x")

    assert caged(BESIDE, str(inside), tried) == done
    assert [path.name for path in inside.iterdir()] == ["own"]


WITHOUT = {
    "Landlock": ("landlock.abi = lambda: 0", {"reading files outside the chart"}),
    "seccomp": ("seccomp._machine = lambda: 'riscv64'", {"connections", "new processes"}),
    "limits": ("cage._set_limits = lambda: ()", {"more than 2048 MB of memory"}),
    "any of them": (
        "landlock.abi = lambda: 0; seccomp._machine = lambda: ''; cage._set_limits = lambda: ()",
        {"reading files outside the chart", "writing files", "connections", "new processes", "more than 2048 MB of memory"},
    ),
    "nothing": ("pass", set()),
}  # fmt: skip


@LANDLOCK
@pytest.mark.parametrize(("without", "open_"), WITHOUT.values(), ids=WITHOUT)
def test_what_a_system_lacks_is_said_and_the_rest_holds(
    tmp_path: Path, without: str, open_: set[str]
) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "outside").write_text("x")
    code = f"from refactor.helm import cage, landlock, seccomp, trial; {without}; trial.main()"

    told = json.loads(caged(code, str(tmp_path / "inside"), str(tmp_path / "outside")))

    assert {name for name, held, _ in told if not held} == open_


def test_the_cage_of_this_machine_is_told_a_line_each() -> None:
    told = cage.status()

    assert len({one.name for one in told}) == len(told) == 6
    assert all(str(one).count("\n") == 0 and one.by for one in told)
    assert all(one.held for one in told) or landlock.abi() < 4


def test_a_caged_process_knows_nothing_of_the_user() -> None:
    given = {"HOME": "/h", "GITHUB_TOKEN": "t", "HTTPS_PROXY": "p", "KUBECONFIG": "k", "TZ": "UTC"}

    known = cage.environment(given)

    assert set(known) == {"TZ", "GOMAXPROCS", "GOGC", "GOMEMLIMIT", "PYTHONDONTWRITEBYTECODE"}


KEPT = {
    "a reference within": {"$ref": "#/definitions/a", "definitions": {"a": {"type": "object"}}},
    "an anchor": {"$dynamicRef": "#a", "$defs": {"a": {"$dynamicAnchor": "a"}}},
    "a known dialect": {"$schema": "https://json-schema.org/draft/2020-12/schema#"},
    "a value of that name": {"properties": {"$ref": {"type": "string"}}},
    "an identity": {"$id": "https://example.com/values.json", "type": "object"},
    "a format": {"properties": {"host": {"format": "ipv4", "pattern": "^10[.]"}}},
    "true": True,
}


@pytest.mark.parametrize("schema", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("path", ["values.schema.json", "charts/sub/values.schema.json"])
def test_what_a_schema_says_by_itself_is_kept(schema: object, path: str) -> None:
    made = harmless(path, json.dumps(schema).encode())

    assert json.loads(made.data) == schema
    assert made.note == ""


@pytest.mark.parametrize("path", ["values.json", "templates/a.yaml", "files/data.tgz"])
def test_other_files_are_left_alone(path: str) -> None:
    data = json.dumps({"$ref": "http://evil/"}).encode()

    assert harmless(path, data) == (data, "")


OUT = {
    "a network": ({"$ref": "http://evil/x"}, {}),
    "a file": ({"$ref": "file:///etc/passwd#/a"}, {}),
    "a file beside": ({"type": "object", "$ref": "other.json"}, {"type": "object"}),
    "below": ({"items": [{"$recursiveRef": "//evil"}]}, {"items": [{}]}),
    "a dialect": ({"$schema": "http://evil/json-schema.org/"}, {}),
    "nothing": ({"$ref": ""}, {}),
}


@pytest.mark.parametrize(("schema", "kept"), OUT.values(), ids=OUT)
@pytest.mark.parametrize("escaped", [False, True])
def test_what_leads_out_of_a_schema_is_left_out(
    schema: object, kept: object, escaped: bool
) -> None:
    text = json.dumps(schema)
    made = harmless(
        "values.schema.json", (text.replace("$", "\\u0024") if escaped else text).encode()
    )

    assert json.loads(made.data) == kept
    assert "left out" in made.note


BAD = b'{"$ref": "http://evil/"}'
ARCHIVES = {
    "a schema": {"sub/values.schema.json": BAD},
    "an odd path": {"sub\\values.schema.json": BAD, "sub/x/values.schema.json/.": BAD},
    "an archive in it": {"sub/charts/s.tgz": packed({"s/values.schema.json": BAD})},
}


@pytest.mark.parametrize("files", ARCHIVES.values(), ids=ARCHIVES)
def test_packed_dependencies_are_packed_anew(files: dict[str, bytes]) -> None:
    whole = {"sub/Chart.yaml": b"name: sub\n", **files, "sub/crds/a.yaml": b"$ref: http://evil/\n"}

    made = harmless("charts/sub-1.0.0.tgz", packed(whole))

    assert "left out" in made.note
    found = members(made.data)
    assert list(found) == list(whole)
    assert {name for name in whole if found[name] != whole[name]} == set(files)
    assert b"evil" not in b"".join(found[name] for name in files if not name.endswith(".tgz"))
    for name in files:
        if name.endswith(".tgz"):
            assert members(found[name]) == {"s/values.schema.json": b"{}"}


@pytest.mark.parametrize(
    "data",
    [
        b"no archive",
        gzip.compress(b"\0" * (64 << 20)),
        packed({"sub/Chart.yaml": b"name: sub\n"})[:-20],
        packed({"a/charts/a.tgz": packed({"a/charts/a.tgz": packed({"a/charts/a.tgz": packed({"a/charts/a.tgz": packed({})})})})}),
    ],
    ids=["no archive", "a bomb", "half", "deep"],
)  # fmt: skip
def test_what_cannot_be_unpacked_is_left_to_helm_to_refuse(data: bytes) -> None:
    made = harmless("charts/sub-1.0.0.tgz", data)

    assert made.data == b""
    assert made.note.startswith("charts/sub-1.0.0.tgz is left out: ")


@ENGINES
def test_a_packed_dependency_still_renders(engine: str, tmp_path: Path) -> None:
    sub = {
        f"sub/{path}": text.replace("name: c", "name: sub").encode() for path, text in CHART.items()
    }
    write(tmp_path, {f"c/{path}": data for path, data in CHART.items()})
    (tmp_path / "c/Chart.yaml").write_text(
        CHART["Chart.yaml"]
        + "dependencies:\n- {name: sub, version: 1.0.0, repository: http://evil/}\n"
    )
    (tmp_path / "c/charts").mkdir()
    schema = {"sub/values.schema.json": b'{"$ref": "http://127.0.0.1:9/", "type": "object"}'}
    (tmp_path / "c/charts/sub-1.0.0.tgz").write_bytes(packed({**sub, **schema}))
    with (
        closing(engine_or_skip(engine)) as asked,
        Renders(tmp_path, charts_of(tmp_path), asked) as renders,
    ):
        made = renders.render(case("c"))

    assert made.error == ""
    assert len(made.objects) == 2
