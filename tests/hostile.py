"""Input that means harm, each made by one function in any size, with the answer it has to get.

`tests/test_hostile.py` runs all of it small, `python -m benchmarks.hostile` as large as the issue
of it asks.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parent.parent
ADDRESS = "10.42.1.11:8080"
MEMORY = 3 << 30
"""Bytes of address space that a command may take."""


class Ran(NamedTuple):
    """What a command said.

    Attributes:
        code: its exit code.
        out, err: what it wrote.
        seconds: processor time.
        peak: resident memory at its highest, in MB.
    """

    code: int
    out: str
    err: str
    seconds: float
    peak: int


def run(arguments: list[str], cwd: Path, *, timeout: float = 300, stdin: bytes = b"") -> Ran:
    """Run the command in a process of its own, within bounds of time and memory."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONIOENCODING": "utf-8"}
    files = [cwd.parent / f"{cwd.name}.{name}" for name in ("out", "err")]
    with files[0].open("wb") as out, files[1].open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "refactor", *arguments],
            cwd=cwd, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=err,
            preexec_fn=bound,
        )  # fmt: skip
        assert process.stdin
        process.stdin.write(stdin)
        process.stdin.close()
        code, used = _wait(process, timeout)
    told = [file.read_bytes().decode("utf-8") for file in files]
    return Ran(code, told[0], told[1], used.ru_utime + used.ru_stime, used.ru_maxrss >> 10)


CONTROLS = {*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {10, 9}


def faults(
    hostile: Hostile, home: Path, size: int, *, timeout: float = 300
) -> tuple[Ran, list[str]]:
    """Do one kind of harm in a new directory; return what was said, and what is wrong with it."""
    root = home / "repo"
    root.mkdir()
    ran = run(hostile.make(root, size), root, timeout=timeout)
    said = ran.out + ran.err
    wrong = [f"exit code {ran.code}"] if ran.code != hostile.code else []
    wrong += [f"does not say {hostile.told!r}: {said[-500:]!r}"] if hostile.told not in said else []
    wrong += [
        f"says {text!r}" for text in (hostile.untold, "Traceback", "a bug of") if text in said
    ]
    wrong += ["control characters"] if CONTROLS & {*map(ord, said)} else []
    wrong += [f"made {path}" for path in (home, root) if (path / "sprung").exists()]
    wrong += ["wrote outside"] if (home / "owned").exists() else []
    return ran, wrong


def _wait(process: subprocess.Popen[bytes], timeout: float) -> tuple[int, resource.struct_rusage]:
    """Wait for a process and what it used, as `wait` does not tell."""
    end = time.monotonic() + timeout
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, used
        if time.monotonic() > end:
            process.kill()
            process.wait()
            message = f"no answer within {timeout} seconds"
            raise TimeoutError(message)
        time.sleep(0.01)


class Hostile(NamedTuple):
    """One kind of harm.

    Attributes:
        make: writes it under a root, in a size; returns the command's arguments.
        sizes: for the suite, and for the program.
        code: the exit code it has to end with.
        told: what standard output and standard error, together, have to say.
        untold: what they must not.
    """

    make: Callable[[Path, int], list[str]]
    sizes: tuple[int, int] = (1, 1)
    code: int = 0
    told: str = ""
    untold: str = "Traceback"


def _file(name: str, text: Callable[[int], str | bytes], *more: str) -> Callable[..., list[str]]:
    def make(root: Path, size: int) -> list[str]:
        content = text(size)
        data = content if isinstance(content, bytes) else content.encode()
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
        return ["scan", "."] if not more else [*more]

    return make


def _inventory(text: Callable[[int], str | bytes]) -> Callable[..., list[str]]:
    return _file("cluster.inventory", text, "plan", ".", "-i", "cluster.inventory")


def _laughs(levels: int) -> str:
    rows = [f"a0: &a0 [{ADDRESS}, {ADDRESS}]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(rows) + "\n"


def _services(count: int) -> str:
    item = '{{"apiVersion":"v1","kind":"Service","metadata":{{"name":"s{0}","namespace":"n"}},"spec":{{"selector":{{"app":"a"}},"clusterIP":"10.{1}.{2}.{3}","ports":[{{"port":80}}]}}}}'
    items = [item.format(n, 64 + (n >> 16), n >> 8 & 255, n & 255) for n in range(count)]
    pod = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"n","labels":{"app":"a"}},"spec":{"containers":[{"name":"c","ports":[{"containerPort":80}]}]},"status":{"phase":"Running","podIP":"10.42.1.11"}}'
    return f'{{"apiVersion":"v1","kind":"List","items":[{",".join([*items, pod])}]}}'


CLUSTER = (
    _services(0)
    .replace(
        '"items":[',
        '"items":['
        '{"apiVersion":"v1","kind":"Service","metadata":{"name":"orders","namespace":"n"},"spec":{"selector":{"app":"a"},"ports":[{"port":80,"targetPort":8080}]}},',
    )
    .replace('"containerPort":80', '"containerPort":8080')
)


def _many_services(root: Path, size: int) -> list[str]:
    (root / "a.conf").write_text("url = http://10.42.1.11:80\n")
    (root / "cluster.inventory").write_text(_services(size))
    return ["plan", "-v", ".", "-i", "cluster.inventory"]


def _link_loop(root: Path, size: int) -> list[str]:
    (root / "a").mkdir()
    (root / "a/b").symlink_to("..")
    (root / "a/self").symlink_to("self")
    (root / "a/host.yaml").write_text(f"h: {ADDRESS}\n")
    return ["scan", "."]


def _link_out(root: Path, size: int) -> list[str]:
    (root.parent / "secret.yaml").write_text("h: 10.9.9.9:80\n")
    (root / "out.yaml").symlink_to("../secret.yaml")
    (root / "etc").symlink_to("/etc")
    return ["scan", "."]


def _special(root: Path, size: int) -> list[str]:
    os.mkfifo(root / "fifo.yaml")
    (root / "null.yaml").symlink_to("/dev/zero")
    (root / "host.yaml").write_text(f"h: {ADDRESS}\n")
    return ["scan", "."]


def _named_special(root: Path, size: int) -> list[str]:
    os.mkfifo(root / "fifo.yaml")
    return ["scan", "fifo.yaml"]


def _odd_names(root: Path, size: int, *command: str) -> list[str]:
    for name in (
        b"a\nb.yaml",
        b"\x1b[31m.yaml",
        b"\xff\xfe.yaml",
        "\u202eevil.yaml".encode(),
        b"\r.py",
    ):
        with open(os.path.join(os.fsencode(root), name), "wb") as file:
            file.write(f"h = '{ADDRESS}'\n".encode())
    (root / "cluster.inventory").write_text(CLUSTER)
    return [*(command or ("scan", "."))]


def _named(style: str) -> Callable[..., list[str]]:
    return lambda root, size: _odd_names(
        root, size, "plan", ".", "-i", "cluster.inventory", "--format", style
    )


def _odd_text(root: Path, size: int) -> list[str]:
    (root / "a.yaml").write_bytes(
        b"'\x1b]0;owned\x07k': 'http://%s/\x9b31m'  # \x1b[2J \xe2\x80\xae\n" % ADDRESS.encode()
    )
    (root / "b.py").write_bytes(b"x = 'http://%s'  # \x1b[31m \x08\x08\x08\n" % ADDRESS.encode())
    return ["scan", "."]


def _deep_directories(root: Path, size: int) -> list[str]:
    here = os.open(root, os.O_RDONLY)
    for _ in range(size):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    return ["scan", "."]


def _plan(path: str, **more: object) -> Callable[..., list[str]]:
    def make(root: Path, size: int) -> list[str]:
        file = {"path": path, "content": "owned\n"}
        plan = {"format_version": 1, "tool_version": "1", "files": [file], **more}
        (root / "linked").symlink_to("..")
        (root.parent / "plan.json").write_text(json.dumps(plan))
        return ["apply", "--plan", "../plan.json", "--yes", "."]

    return make


def _change(path: str) -> Callable[..., list[str]]:
    change = {"path": path, "before": "0" * 64, "after": "1" * 64, "edits": []}
    return _plan("new.yaml", changes=[change])


def _saved(data: bytes, *command: str) -> Callable[..., list[str]]:
    def make(root: Path, size: int) -> list[str]:
        (root.parent / "plan.json").write_bytes(data * size)
        return [*(command or ("apply", "--plan")), "../plan.json"]

    return make


def _settings(text: Callable[[int], str]) -> Callable[..., list[str]]:
    def make(root: Path, size: int) -> list[str]:
        (root / ".refactor.yaml").write_text(text(size))
        (root / "a.yaml").write_text(f"h: {ADDRESS}\n")
        return ["scan", "."]

    return make


def _chart(template: Callable[[int], str]) -> Callable[..., list[str]]:
    def make(root: Path, size: int) -> list[str]:
        (root / "c/templates").mkdir(parents=True)
        (root / "c/Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
        (root / "c/values.yaml").write_text(f"url: http://{ADDRESS}\n")
        (root / "c/templates/a.yaml").write_text(template(size))
        (root / "cluster.inventory").write_text(_services(3))
        return ["plan", "-v", ".", "-i", "cluster.inventory"]

    return make


def _hooks(root: Path, size: int) -> list[str]:
    """A repository whose git configuration runs a program at every turn."""
    subprocess.run(["git", "init", "-q", root], check=True)
    trap = root.parent / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {root.parent / 'sprung'}\n")
    trap.chmod(0o755)
    (root / "a.yaml").write_text(f"h: {ADDRESS}\n")
    (root / ".gitattributes").write_text("* filter=trap diff=trap\n")
    subprocess.run(["git", "-C", root, "add", ".gitattributes"], check=True)
    keys = ["core.fsmonitor", "core.sshCommand", "diff.external", "core.pager", "core.editor"]
    keys += ["filter.trap.clean", "filter.trap.process", "diff.trap.textconv"]
    for key in keys:
        subprocess.run(["git", "-C", root, "config", key, str(trap)], check=True)
    subprocess.run(["git", "-C", root, "config", "core.hooksPath", str(root.parent)], check=True)
    (root.parent / "sprung").unlink(missing_ok=True)
    (root.parent / "plan.json").write_text(
        '{"format_version": 1, "tool_version": "1", "files": [{"path": "n", "content": "x"}]}'
    )
    return ["apply", "--plan", "../plan.json", "--yes", "."]


def _journal(root: Path, size: int) -> list[str]:
    """A state directory that comes with the repository, and whose journal leads out of it."""
    (root / ".refactor/undo/1").mkdir(parents=True)
    step = {"path": "../victim", "before": "", "after": "", "temporary": ".refactor-00000000-0.tmp"}
    (root.parent / "victim").write_text("whole\n")
    (root / ".refactor/committed.json").write_text(json.dumps({"number": 1, "steps": [step]}))
    return ["undo", "."]


URL = f"url: http://{ADDRESS}\n"
PLAN = ["plan", ".", "-i", "cluster.inventory"]


def _cluster(root: Path, text: str = CLUSTER) -> list[str]:
    (root / "a.yaml").write_text(URL)
    (root / "cluster.inventory").write_text(text)
    return PLAN


def _named_inventory(put: Callable[[Path], None]) -> Callable[..., list[str]]:
    """Settings that come with the repository name an inventory that is no file of it."""

    def make(root: Path, size: int) -> list[str]:
        _cluster(root)
        (root / ".refactor.yaml").write_text("inventories: [named]\n")
        (root.parent / "outside").write_text(CLUSTER)
        put(root / "named")
        return ["plan", "."]

    return make


def _chart_with(put: Callable[[Path, int], None]) -> Callable[..., list[str]]:
    """A chart whose one value is edited, and something beside it in its directory."""

    def make(root: Path, size: int) -> list[str]:
        made = _chart(lambda n: "a: {{ .Values.url }}\n")(root, size)
        (root / "cluster.inventory").write_text(CLUSTER)
        put(root / "c", size)
        return made

    return make


def _links(chart: Path, size: int) -> None:
    (chart / "x").symlink_to("/etc/passwd")
    (chart / "templates/p.yaml").symlink_to("/etc/passwd")
    (chart / "charts").symlink_to("/usr/share")
    (chart / "zero").symlink_to("/dev/zero")
    os.mkfifo(chart / "templates/f.yaml")


def _needs_outside(chart: Path, size: int) -> None:
    outside = chart.parent.parent / "evil"
    (outside / "templates").mkdir(parents=True)
    (outside / "Chart.yaml").write_text("apiVersion: v2\nname: evil\nversion: 1.0.0\n")
    (outside / "templates/x.yaml").write_text("kind: FromOutside\n")
    with (chart / "Chart.yaml").open("a") as file:
        file.write("dependencies: [{name: evil, version: 1.0.0, repository: file://../../evil}]\n")


def _charts_in_a_ring(root: Path, size: int) -> list[str]:
    """Charts that all declare each other."""
    for chart in range(size):
        place = root / f"c{chart}"
        (place / "templates").mkdir(parents=True)
        needs = "".join(
            f"- {{name: c{n}, repository: file://../c{n}}}\n" for n in range(size) if n != chart
        )
        (place / "Chart.yaml").write_text(
            f"apiVersion: v2\nname: c{chart}\nversion: 1.0.0\ndependencies:\n{needs}"
        )
        (place / "values.yaml").write_text(URL)
        (place / "templates/a.yaml").write_text("a: {{ .Values.url }}\n")
    return ["plan", "-v", *_cluster(root)[1:]]


def _included(root: Path, size: int) -> list[str]:
    """A git configuration that includes a file of the tree, which runs a program at every turn."""
    git = ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@y"]
    trap = root.parent / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {root.parent / 'sprung'}\n")
    trap.chmod(0o755)
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / "included").write_text(
        f'[core]\nfsmonitor={trap}\nsshCommand={trap}\n[filter "x"]\nclean={trap}\nprocess={trap}\n'
        f"[diff]\nexternal={trap}\n[pager]\nstatus={trap}\n[alias]\nstatus=!{trap}\n"
    )
    asked = _cluster(root)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "all"], check=True)
    (root / ".gitattributes").write_text("* filter=x diff=x\n")
    with (root / ".git/config").open("a") as file:
        file.write(
            f'[include]\npath = ../included\n[includeIf "gitdir:/"]\npath = {root}/included\n'
        )
    os.utime(root / "a.yaml", (1, 1))
    return ["apply", *asked[1:], "--yes"]


def _written(*command: str) -> Callable[..., list[str]]:
    """A repository whose links wait for what is written into it."""

    def make(root: Path, size: int) -> list[str]:
        asked = _cluster(root)
        (root / "out.json").symlink_to("../owned")
        (root / "out").symlink_to("..")
        return [*(asked if command[0] == "plan" else ["scan", "."]), *command[1:]]

    return make


def _fifos_of_ours(root: Path, size: int) -> list[str]:
    (root / ".refactor/undo/1").mkdir(parents=True)
    for name in ("lock", ".gitignore", "undo/1/record.json"):
        os.mkfifo(root / ".refactor" / name)
    return ["undo", "."]


def _fifos_of_git(root: Path, size: int) -> list[str]:
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / "d").mkdir()
    os.mkfifo(root / ".gitignore")
    (root / "d/.gitignore").symlink_to("/dev/zero")
    (root / "d/a.yaml").write_text(URL)
    return ["scan", "."]


def _sparse(path: Path, size: int) -> None:
    with path.open("ab") as file:
        file.truncate(size)


HOSTILE: dict[str, Hostile] = {
    "YAML aliases": Hostile(_file("a.yaml", _laughs), (9, 30), told=ADDRESS),
    "YAML depth, flow": Hostile(_file("a.yaml", lambda n: "[" * n + f"h: {ADDRESS}"), (3000, 1_000_000), told="does not parse"),
    "YAML depth, block": Hostile(_file("a.yaml", lambda n: "".join(f"{' ' * i}a:\n" for i in range(n)) + " " * n + f"h: {ADDRESS}"), (300, 3000), told=ADDRESS),
    "YAML keys": Hostile(_file("a.yaml", lambda n: "".join(f"k{i}: v\n" for i in range(n)) + f"h: {ADDRESS}\n"), (3000, 300_000), told=ADDRESS),
    "YAML key twice": Hostile(_file("a.yaml", lambda n: f"h: {ADDRESS}\n" * n), (30, 3000), told=ADDRESS),
    "YAML anchors": Hostile(_file("a.yaml", lambda n: "".join(f"k{i}: &a{i} *a{i - 1 if i else 0}\n" for i in range(n)) + f"h: {ADDRESS}\n"), (300, 30_000), told=ADDRESS),
    "YAML merge keys": Hostile(_file("a.yaml", lambda n: f"a: &a {{h: {ADDRESS}}}\n" + "".join(f"b{i}: {{<<: *a}}\n" for i in range(n))), (300, 30_000), told=ADDRESS),
    "YAML tags": Hostile(_file("a.yaml", lambda n: f"!!python/object/apply:os.system ['touch sprung']\n---\nh: !!python/name:os.system {ADDRESS}\n"), told=ADDRESS),
    "YAML documents": Hostile(_file("a.yaml", lambda n: "---\n" * n + f"h: {ADDRESS}\n"), (3000, 300_000), told=ADDRESS),
    "YAML block scalar in block scalar": Hostile(_file("a.yaml", lambda n: "".join(f"{'  ' * i}a.yaml: |\n" for i in range(n)) + "  " * n + f"h: {ADDRESS}\n"), (30, 300), told=ADDRESS),
    "JSON in JSON": Hostile(_file("a.json", lambda n: json.dumps({"a": _nested(n)})), (8, 16), told=ADDRESS.partition(":")[0]),
    "long line, text": Hostile(_file("a.conf", lambda n: f"h = {ADDRESS} " + "x" * n, "scan", "a.conf"), (1_000_000, 40_000_000), told=ADDRESS),
    "long line, YAML": Hostile(_file("a.yaml", lambda n: f"h: {ADDRESS} " + "x" * n, "scan", "a.yaml"), (1_000_000, 40_000_000), told=ADDRESS),
    "long line, Python": Hostile(_file("a.py", lambda n: f"h = '{ADDRESS}/' + '" + "x" * n + "'", "scan", "a.py"), (1_000_000, 40_000_000), told=ADDRESS),
    "long line, walked over": Hostile(_file("a.conf", lambda n: f"h = {ADDRESS} " + "x" * n), (6_000_000, 100_000_000), told="huge"),
    "long line, longer than is read": Hostile(_file("a.conf", lambda n: f"h = {ADDRESS} " + "x" * n, "scan", "a.conf"), (51_000_000, 100_000_000), told="is larger than 50 MB, and not read"),
    "many addresses, walked over": Hostile(_file("a.conf", lambda n: "h=10.0.0.1:80\n" * n), (400_000, 1_000_000), told="huge"),
    "many addresses, text": Hostile(_file("a.conf", lambda n: "".join(f"h{i}=10.{i >> 16}.{i >> 8 & 255}.{i & 255}:80\n" for i in range(n)), "scan", "a.conf"), (3000, 100_000), told="10.0.1.2:80"),
    "many addresses, one line": Hostile(_file("a.conf", lambda n: "h=" + ",".join(f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}:80" for i in range(n)), "scan", "a.conf"), (3000, 100_000), told="10.0.1.2:80"),
    "many addresses, YAML": Hostile(_file("a.yaml", lambda n: "".join(f"- 10.{i >> 16}.{i >> 8 & 255}.{i & 255}:80\n" for i in range(n)), "scan", "a.yaml"), (3000, 100_000), told="10.0.1.2:80"),
    "many addresses, Python": Hostile(_file("a.py", lambda n: "H = [\n" + "".join(f"  '10.{i >> 16}.{i >> 8 & 255}.{i & 255}:80',\n" for i in range(n)) + "]\n", "scan", "a.py"), (1000, 50_000), told="10.0.1.2:80"),
    "Python nesting": Hostile(_file("a.py", lambda n: f"h = {'(' * n}'{ADDRESS}'{')' * n}\n"), (3000, 1_000_000), told="nests too deep"),
    "Python operators": Hostile(_file("a.py", lambda n: f"h = '{ADDRESS}'" + " + x" * n), (3000, 100_000), told="nests too deep"),
    "Python blocks": Hostile(_file("a.py", lambda n: "".join(f"{' ' * i}if x:\n" for i in range(n)) + " " * n + f"h = '{ADDRESS}'\n"), (150, 1000), told=ADDRESS),
    "Python f-strings": Hostile(_file("a.py", lambda n: "h = " + "f'{" * n + f"'{ADDRESS}'" + "}'" * n), (30, 3000), told=ADDRESS),
    "Python decorators": Hostile(_file("a.py", lambda n: "@a\n" * n + f"def f(h='{ADDRESS}'): pass\n"), (300, 30_000), told=ADDRESS),
    "template depth": Hostile(_file("templates/a.yaml", lambda n: "{{ if x }}" * n + f"h: {ADDRESS}" + "{{ end }}" * n), (300, 30_000), told=ADDRESS),
    "template action that does not end": Hostile(_file("templates/a.yaml", lambda n: f"h: {ADDRESS} " + "{{ " * n), (3000, 300_000), told=ADDRESS),
    "template parentheses": Hostile(_file("templates/a.yaml", lambda n: "h: {{ " + "(" * n + f' default "{ADDRESS}" .x ' + ")" * n + " }}"), (300, 100_000), told=ADDRESS),
    "NUL bytes": Hostile(_file("a.yaml", lambda n: b"h: 10.42.1.11:8080\n" + b"\0" * n), (10, 1000), told="binary"),
    "NUL bytes, late": Hostile(_file("a.yaml", lambda n: b"#" * 9000 + b"\nh: 10.42.1.11:8080\0\n"), told="10.42.1.11"),
    "invalid UTF-8": Hostile(_file("a.yaml", lambda n: b"h: '\xff\xfe\xc3\x28 10.42.1.11:8080'\n" * n), (3, 3000), told=ADDRESS),
    "half a surrogate": Hostile(_file("a.yaml", lambda n: b"h: '\xed\xa0\x80 10.42.1.11:8080'\n"), told=ADDRESS),
    "UTF-16 cut off": Hostile(_file("a.yaml", lambda n: b"\xff\xfe" + f"h: {ADDRESS}".encode("utf-16-le") + b"x"), code=0),
    "coding cookie": Hostile(_file("a.py", lambda n: f"# coding: zlib\nh = '{ADDRESS}'\n"), told=ADDRESS),
    "link loop": Hostile(_link_loop, told=ADDRESS),
    "link out of the tree": Hostile(_link_out, told="2 link", untold="10.9.9.9"),
    "FIFO and device": Hostile(_special, told=ADDRESS),
    "FIFO that is named": Hostile(_named_special, told="special"),
    "names": Hostile(_odd_names, told="\\x1b[31m.yaml"),
    "names in a plan": Hostile(_named("text"), told="a\\nb.yaml\n@@ -1 +1 @@"),
    "names in Markdown": Hostile(_named("markdown"), told="+++ b/a\\nb.yaml"),
    "names in a patch": Hostile(_named("patch"), told='+++ "b/a\\nb.yaml"'),
    "names in JSON": Hostile(_named("json"), told="\\u001b[31m.yaml"),
    "names in SARIF": Hostile(_named("sarif"), told="%1B%5B31m.yaml"),
    "names in HTML": Hostile(_named("html"), told="[31m.yaml"),
    "control characters in a text": Hostile(_odd_text, told=ADDRESS),
    "directories": Hostile(_deep_directories, (300, 3000), code=0),
    "Services that select alike": Hostile(_many_services, (3000, 1_000_000), told="ambiguous"),
    "inventory: depth": Hostile(_inventory(lambda n: '{"items":' + "[" * n), (3000, 1_000_000), 2, "refactor: cluster.inventory"),
    "inventory: aliases": Hostile(_inventory(lambda n: _laughs(n) + "kind: List\nitems: [*a8]\n"), (9, 12), 2, "refactor: cluster.inventory"),
    "inventory: binary": Hostile(_inventory(lambda n: bytes(range(256)) * n), (1, 10_000), 2, "refactor: cluster.inventory"),
    "inventory: a number that is none": Hostile(_inventory(lambda n: '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"spec":{"replicas":' + "9" * n + "}}"), (5000, 1_000_000), 0),
    "inventory: a device": Hostile(lambda root, size: ["plan", ".", "-i", "/dev/zero"], code=2, told="not enough memory"),
    "inventory: a port that is none": Hostile(lambda root, size: _cluster(root, CLUSTER.replace('"port":80', '"port":-1')), told="-1 is not a port"),
    "inventory: a name that is none": Hostile(lambda root, size: _cluster(root, CLUSTER.replace('"orders"', r'"x\n  y: \u001b[31m"')), told="is not a DNS name"),
    "inventory: port of many digits": Hostile(lambda root, size: _cluster(root, CLUSTER.replace('"port":80', f'"port":{"9" * size}')), (5000, 1_000_000), told="nothing to change"),
    "inventory: tags": Hostile(_inventory(lambda n: "!!python/object/apply:os.system [touch sprung]\n"), code=2, told="refactor: cluster.inventory"),
    "plan: out by dots": Hostile(_plan("../owned"), code=2, told="is not a path within the repository"),
    "plan: far out by dots": Hostile(_plan("a/../../../../etc/passwd"), code=2, told="is not a path within the repository"),
    "plan: absolute": Hostile(_plan("/etc/passwd.new"), code=2, told="is not a path within the repository"),
    "plan: through a link": Hostile(_plan("linked/owned"), code=2, told="leads out of"),
    "plan: git's own": Hostile(_plan(".git/hooks/pre-commit"), code=2, told="belongs to version control"),
    "plan: our own": Hostile(_plan(".refactor/undo/1/record.json"), code=2, told="belongs to version control"),
    "plan: folded case": Hostile(_plan(".GIT/config"), code=2, told="belongs to version control"),
    "plan: what HFS+ takes for git's own": Hostile(_plan(".g\u200cit/config"), code=2, told="belongs to version control"),
    "plan: what NTFS takes for git's own": Hostile(_plan("x/GIT~1/config"), code=2, told="belongs to version control"),
    "plan: NUL": Hostile(_plan("a\0b"), code=2, told="is not a path within the repository"),
    "plan: escape sequences": Hostile(_plan("\x1b[31m/../x\n"), code=2, told="is not a path within the repository"),
    "plan: changes a file outside": Hostile(_change("../../etc/passwd"), code=2, told="is not a path within the repository"),
    "plan: no UTF-8": Hostile(_saved(b'{"tool_version": "\xff"}'), code=2, told="is not a plan file"),
    "plan: depth": Hostile(_saved(b'{"a":['), (3000, 1_000_000), code=2, told="is not a plan file"),
    "plan: depth, to report": Hostile(_saved(b"[", "report"), (3000, 1_000_000), code=2, told="is not a plan file"),
    "plan: a device": Hostile(lambda root, size: ["apply", "--plan", "/dev/zero", "--yes"], code=2, told="too large for a plan"),
    "plan: escape sequences in a stale one": Hostile(_change("\x1b[31mowned\nrefactor: all is well"), code=2, told="another repository"),
    "settings: tags": Hostile(_settings(lambda n: "ignore: !!python/object/apply:os.system [touch sprung]\n"), code=2, told=".refactor.yaml:1"),
    "settings: aliases": Hostile(_settings(_laughs), (9, 30), 2, ".refactor.yaml:1"),
    "settings: depth": Hostile(_settings(lambda n: "ignore: " + "[" * n), (3000, 300_000), 2, ".refactor.yaml"),
    "settings: paths outside": Hostile(_settings(lambda n: "inventories: [../../etc/passwd]\n"), code=2, told=".refactor.yaml:1"),
    "settings: an inventory that is a FIFO": Hostile(_named_inventory(os.mkfifo), code=2, told="`named` is neither a file nor a directory"),
    "settings: an inventory by a link": Hostile(_named_inventory(lambda path: path.symlink_to("../outside")), code=2, told="`named` leads out"),
    "settings: an inventory by a link to a device": Hostile(_named_inventory(lambda path: path.symlink_to("/dev/zero")), code=2, told="`named` leads out"),
    "settings: patterns": Hostile(_settings(lambda n: f"ignore: ['{'*a' * n}', '{'**/' * n}b', '[{'a' * n}]b']\n"), (300, 1300), told=ADDRESS),
    "settings: size": Hostile(_settings(lambda n: "#" * n), (2_000_000, 100_000_000), 2, "too large"),
    "chart: endless range": Hostile(_chart(lambda n: "{{ range until 1000000000 }}{{ . }}{{ end }}"), told="Plan: "),
    "chart: endless recursion": Hostile(_chart(lambda n: '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}'), told="Plan: "),
    "chart: growing text": Hostile(_chart(lambda n: '{{ $x := "xxxxxxxxxxxxxxxx" }}{{ range until 40 }}{{ $x = printf "%s%s" $x $x }}{{ end }}a: {{ $x }}'), told="Plan: "),
    "chart: reads files": Hostile(_chart(lambda n: 'a: {{ .Files.Get "/etc/passwd" }}{{ .Files.Get "../../../../etc/passwd" }}'), told="Plan: ", untold="root:x:"),
    "chart: turns without end": Hostile(_chart(lambda n: f"{{{{ range until {n} }}}}{{{{ range until {n} }}}}{{{{ end }}}}{{{{ end }}}}a: 1"), (100, 1_000_000), told="Plan: "),
    "chart: charts that need each other": Hostile(_charts_in_a_ring, (4, 20), told="is taken from c2"),
    "chart: needs one outside": Hostile(_chart_with(_needs_outside), told="dependency evil 1.0.0 is not vendored", untold="FromOutside"),
    "chart: links and devices": Hostile(_chart_with(_links), told="leads out of the repository", untold="root:x:"),
    "chart: values of any size": Hostile(_chart_with(lambda chart, n: _sparse(chart / "values.yaml", n)), (6_000_000, 1_000_000_000), told="huge"),
    "chart: values of aliases": Hostile(_chart_with(lambda chart, n: (chart / "values.yaml").write_text(URL + _laughs(n))), (9, 30), told="Plan: "),
    "chart: Chart.yaml of aliases": Hostile(_chart_with(lambda chart, n: (chart / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n" + _laughs(n) + "dependencies: *a8\n")), (9, 30), told="Plan: "),
    "chart: renders aliases": Hostile(_chart_with(lambda chart, n: (chart / "templates/a.yaml").write_text("kind: A\nu: {{ .Values.url }}\n" + _laughs(n))), (9, 30), told="Plan: "),
    "chart: a schema that leads out": Hostile(_chart_with(lambda chart, n: (chart / "values.schema.json").write_text('{"$ref": "file:///etc/passwd"}')), told="its references to other documents are left out", untold="failing loading"),
    "chart: a schema that forbids the edit": Hostile(_chart_with(lambda chart, n: (chart / "values.schema.json").write_text('{"properties": {"url": {"pattern": "^http://10"}}}')), told="values don't meet the specifications of the schema"),
    "chart: asks the network": Hostile(_chart_with(lambda chart, n: (chart / "templates/a.yaml").write_text('a: "{{ .Values.url }}/[{{ getHostByName "localhost" }}{{ lookup "v1" "Secret" "" "" }}]"\n')), told=":80/[map[]]"),
    "git that includes the tree's": Hostile(_included, code=0, told="wrote 1 file"),
    "a plan by a link": Hostile(_written("plan", "--out", "out.json"), code=2, told="leads out of the working directory"),
    "a report by a link": Hostile(_written("plan", "--format", "html", "--output", "out.json"), code=2, told="leads out of the working directory"),
    "a report through a link": Hostile(_written("plan", "--format", "json", "--output", "out/owned"), code=2, told="leads out of the working directory"),
    "a report beside the tree": Hostile(_written("plan", "--format", "json", "--output", "../report.json"), told=""),
    "a report to a device": Hostile(_written("plan", "--format", "json", "--output", "/dev/stdout"), told="format_version"),
    "FIFOs for our own files": Hostile(_fifos_of_ours, code=2, told="is not a journal of this tree"),
    "FIFOs for git's own files": Hostile(_fifos_of_git, told=ADDRESS),
    "git that runs programs": Hostile(_hooks, code=2, told="uncommitted changes"),
    "a journal that leads out": Hostile(_journal, code=2, told="is not a journal of this tree"),
}  # fmt: skip


def _nested(depth: int) -> str:
    return json.dumps({"h": ADDRESS}) if not depth else json.dumps({"a": _nested(depth - 1)})
