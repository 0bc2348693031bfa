"""Texts of a stranger's repository that once took time or memory without end."""

from __future__ import annotations

import gzip
import io
import signal
import tarfile
from collections.abc import Callable, Iterator

import pytest

from refactor.errors import RefactorError
from refactor.helm.inline import flat
from refactor.helm.noise import _VARIES
from refactor.helm.schemas import harmless
from refactor.repository import consumers, outside
from refactor.repository.files import Files, matching, without_actions
from refactor.repository.installs import installs
from refactor.secret import values
from refactor.secret.mask import mask, mask_file
from refactor.text.actions import actions, open_blocks
from refactor.yaml.kustomizations import Kustomizations, is_target
from refactor.yaml.kustomize import Patch, read_kustomization

SECONDS = 30
"""Of a slow machine; each took minutes, or a gigabyte, before it was bounded."""


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def files(named: dict[str, str]) -> Files:
    return Files(frozenset(named), lambda path: named[path].encode(), {})


def selected(pattern: str, name: str) -> bool:
    patch = Patch("", "", {"kind": "Deployment", "name": pattern}, ())
    return is_target(patch, {"kind": "Deployment", "metadata": {"name": name}}, {})


HOSTILE: dict[str, Callable[[], object]] = {
    "actions that never end": lambda: without_actions("{{ " * 300_000, "*"),
    "functions in actions that never end": lambda: _VARIES.search(b"{{ a " * 99_000),
    "quotes in an action that never ends": lambda: list(actions("{{ " + r"\"" * 300_000)),
    "blocks that are never closed": lambda: open_blocks("{{ if .a }}" * 99_000 + "{{ " * 99_000),
    "actions in a helmfile": lambda: installs(files({"helmfile.yaml": "a: b\n" + "{{ " * 99_000})),
    "actions in a path": lambda: matching("{{ " * 300_000, files({})),
    "blank lines after no_proxy": lambda: consumers._not_proxied(
        "http_proxy no_proxy" + "\n" * 99_000
    ),
    "names before a chpasswd that never comes": lambda: mask("chpasswd" + ":a" * 60_000),
    "blanks behind a password": lambda: mask("password" + " \t" * 60_000 + "x"),
    "blanks within a setting": lambda: mask_file("a.env", "password=a" + " " * 60_000 + "b c\n"),
    "line ends in an element": lambda: mask_file("a.xml", "<password>" + "\n" * 60_000),
    "line ends behind a user": lambda: mask("user " + "\n" * 60_000),
    "slashes of a program": lambda: mask_file("a.py", "password" + "//" * 60_000),
    "hashes of a program": lambda: mask_file("a.go", "password" + "#" * 60_000),
    "comments that never end": lambda: mask_file("a.go", "password" + "/*" * 6_000),
    "a selector of many stars": lambda: selected(".*" * 14 + "b", "a" * 60),
    "a selector of many parts": lambda: selected(".*a" * 9 + ".*b", "a" * 5000),
    "a command of many options": lambda: list(
        outside._calls(("- " + "-a " * 320 + "a.sh " * 200 + "\n") * 50, "", frozenset())
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_is_read_in_time(what: str) -> None:
    HOSTILE[what]()


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("web", "web", True),
        ("web", "web-1", False),
        ("web.*", "web-1", True),
        ("web.+", "web", False),
        ("a|web", "web", True),
        ("we*", "weee", False),
        ("we[b]", "web", False),
        ("we?", "web", False),
    ],
)
def test_a_selector_picks_as_before(pattern: str, name: str, fits: bool) -> None:
    assert selected(pattern, name) is fits


@pytest.mark.parametrize("size", [1 << 20, 1 << 33, 1 << 45])
def test_a_file_with_gaps_in_an_archive_is_refused(size: int) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:", format=tarfile.PAX_FORMAT) as target:
        member = tarfile.TarInfo("kid/big")
        member.pax_headers = {
            "GNU.sparse.major": "0",
            "GNU.sparse.minor": "1",
            "GNU.sparse.name": "kid/big",
            "GNU.sparse.size": str(size),
            "GNU.sparse.map": "0,0",
        }
        target.addfile(member)
    made = harmless("charts/kid.tgz", gzip.compress(packed.getvalue()))

    assert made.data == b""
    assert "left out: it holds a file with gaps" in made.note


def test_an_application_set_names_so_many_files_only() -> None:
    listed = ",".join(['"/{{x}}*"'] * 300)
    said = (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n"
        "  generators: [{git: {directories: [{path: '*'}]}}]\n"
        f"  template: {{spec: {{source: {{path: x, helm: {{valueFiles: [{listed}]}}}}}}}}\n"
    )
    named = {"s.yaml": said, **{f"d{i}/a.yaml": "a: b" for i in range(1500)}}
    with pytest.raises(RefactorError, match=r"^s\.yaml: the repository describes more than"):
        installs(files(named))


def test_an_element_gives_so_many_parameters_only() -> None:
    element: dict[str, object] = {"a": "b"}
    for _ in range(6):
        element = dict.fromkeys("abcdefgh", element)

    assert len(flat(element)) < 10_000


def test_a_long_chain_of_kustomizations_ends() -> None:
    chain = {f"k{i}/kustomization.yaml": f"resources: [../k{i + 1}]" for i in range(3000)}
    known = Kustomizations(read_kustomization(f, t.encode()) for f, t in chain.items())

    assert max(map(len, known.ways("k3000"))) < 100


@pytest.mark.parametrize(
    ("body", "is_action"),
    [
        ("{{ .Values.a }}", True),
        (" {{ a }} {{ b }} ", True),
        ("{{ a }} b {{ c }}", True),
        ("{{ a }} b", False),
        ("x{{ a }}", False),
        ("{{}", False),
    ],
)
def test_what_is_all_action(body: str, is_action: bool) -> None:
    assert values._is_action(body.strip()) is is_action


def test_a_value_of_many_actions_is_masked_in_time() -> None:
    assert list(values.secret_of("{{a}} " * 300 + "x", 0, "password"))
