"""Settings: what is read, and that everything else is refused with its line."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refactor.errors import RefactorError
from refactor.rules.row import CallPattern, ObjectIs, PlaceSetting
from refactor.settings.load import load
from refactor.settings.types import Environment, MappingSetting, Settings

EVERYTHING = Settings(
    inventories=("cluster.json", "more/"),
    context="prod-eu",
    inventory_max_age=72,
    inventory_index=False,
    namespace="shop",
    cluster_domain="corp.example",
    names="fqdn",
    python="env",
    environments=(
        Environment("prod", ("charts/**", "!charts/dev/**"), ("prod.json",), "shop", "shop-prod"),
        Environment("dev", values=("values.yaml", "dev.yaml"), context="dev-eu"),
    ),
    mappings=(
        MappingSetting("10.0.4.17:8080", "shop/orders", 80),
        MappingSetting("db.corp.example", "data/db", pod="db-0"),
    ),
    places=(
        PlaceSetting("node-ip", "it is a node", "needs-ip", path="spec.nodeIp", forms=("bare",)),
        PlaceSetting(
            "client",
            "it listens",
            "own",
            object=ObjectIs(("Hub",), ("acme.example",)),
            call=CallPattern(("hub.open",), ("at",)),
        ),
    ),
    ignore=("generated/", "!generated/keep.yaml"),
    ignore_addresses=("10.9.0.0/16", "fd00::1", "gateway.corp.example"),
    include=("cmd/**/*.go",),
    tests=True,
    public=True,
    ingress=True,
    daemonsets=True,
    default_ports="omit",
    chart_names="template",
    assume_services=True,
    wrap_tpl=True,
    services_dir="deploy/services",
)
YAML = """\
# settings
inventories: [cluster.json, more/]
context: prod-eu
inventory-max-age: 72
inventory-index: false
namespace: shop
cluster-domain: "corp.example"
names: fqdn
python: env
environments:
  - name: prod
    files: ['charts/**', '!charts/dev/**']
    inventories:
      - prod.json
    namespace: shop
    release: shop-prod
  - name: dev
    context: dev-eu
    values:
      - values.yaml
      - dev.yaml
mappings:
  - {address: "10.0.4.17:8080", service: shop/orders, port: 80}
  - address: db.corp.example
    service: data/db
    pod: db-0
places:
  - {id: node-ip, why: it is a node, role: needs-ip, path: spec.nodeIp, forms: [bare]}
  - id: client
    why: it listens
    role: own
    object: {kinds: [Hub], groups: [acme.example]}
    call: {function: [hub.open], argument: [at]}
ignore: [generated/, '!generated/keep.yaml']
ignore-addresses: [10.9.0.0/16, 'fd00::1', gateway.corp.example]
include: [cmd/**/*.go]
tests: true
public: true
ingress: true
daemonsets: true
default-ports: omit
chart-names: template
assume-services: true
wrap-tpl: true
services-dir: deploy/services
"""
TOML = """\
[project]
name = "shop"

[tool.refactor]
inventories = ["cluster.json", "more/"]
context = "prod-eu"
inventory-max-age = 72
inventory-index = false
namespace = "shop"
cluster-domain = "corp.example"
names = "fqdn"
python = "env"
ignore = ["generated/", "!generated/keep.yaml"]
ignore-addresses = ["10.9.0.0/16", "fd00::1", "gateway.corp.example"]
include = ["cmd/**/*.go"]
tests = true
public = true
ingress = true
daemonsets = true
default-ports = "omit"
chart-names = "template"
assume-services = true
wrap-tpl = true
services-dir = "deploy/services"

[[tool.refactor.environments]]
name = "prod"
files = ["charts/**", "!charts/dev/**"]
inventories = ["prod.json"]
namespace = "shop"
release = "shop-prod"

[[tool.refactor.environments]]
name = "dev"
context = "dev-eu"
values = ["values.yaml", "dev.yaml"]

[[tool.refactor.places]]
id = "node-ip"
why = "it is a node"
role = "needs-ip"
path = "spec.nodeIp"
forms = ["bare"]

[[tool.refactor.places]]
id = "client"
why = "it listens"
role = "own"
object = { kinds = ["Hub"], groups = ["acme.example"] }
call = { function = ["hub.open"], argument = ["at"] }

[[tool.refactor.mappings]]
address = "10.0.4.17:8080"
service = "shop/orders"
port = 80

[[tool.refactor.mappings]]
address = "db.corp.example"
service = "data/db"
pod = "db-0"
"""


def refused(root: Path, explicit: Path | None = None) -> str:
    with pytest.raises(RefactorError) as caught:
        load(root, explicit)
    return str(caught.value)


class TestRead:
    @pytest.mark.parametrize(
        ("name", "text"), [(".refactor.yaml", YAML), ("pyproject.toml", TOML)], ids=["yaml", "toml"]
    )
    @pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "BOM"])
    def test_every_setting(self, tmp_path: Path, name: str, text: str, mark: str) -> None:
        (tmp_path / name).write_text(mark + text, "utf-8")

        assert load(tmp_path) == EVERYTHING

    def test_every_setting_is_in_that_example(self) -> None:
        """So that a new one cannot be left out of the tests above."""
        plain = Settings()
        names = [field.name for field in msgspec.structs.fields(Settings)]

        assert [n for n in names if getattr(EVERYTHING, n) == getattr(plain, n)] == []

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            (".refactor.yaml", ""),
            (".refactor.yaml", "# nothing\n"),
            (".refactor.yaml", "---\n"),
            (".refactor.yaml", "{}"),
            ("pyproject.toml", "[project]\nname = 'refactor'\n"),
            ("pyproject.toml", "[tool.refactor]\n"),
            ("pyproject.toml", "this is = = no TOML, and not ours"),
            ("setup.cfg", "[tool.refactor]\nnames = fqdn\n"),
            ("sub/.refactor.yaml", "names: fqdn\n"),
        ],
        ids=str,
    )
    def test_defaults(self, tmp_path: Path, name: str, text: str) -> None:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

        assert load(tmp_path) == Settings()

    def test_both_places_are_one_too_many(self, tmp_path: Path) -> None:
        (tmp_path / ".refactor.yaml").write_text("tests: true\n")
        (tmp_path / "pyproject.toml").write_text("[tool.refactor]\n")

        assert "both .refactor.yaml and [tool.refactor]" in refused(tmp_path)

    def test_the_other_ending_is_not_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / ".refactor.yml").write_text("tests: true\n")

        assert refused(tmp_path) == ".refactor.yml: is not read; rename it to .refactor.yaml"


class TestExplicit:
    @pytest.mark.parametrize(("name", "text"), [("my.conf", YAML), ("my.toml", TOML)])
    def test_instead_of_the_repositorys_own(self, tmp_path: Path, name: str, text: str) -> None:
        (tmp_path / ".refactor.yaml").write_text("no: such\n")
        (tmp_path / name).write_text(text)

        assert load(tmp_path, tmp_path / name) == EVERYTHING

    def test_gone(self, tmp_path: Path) -> None:
        assert "gone.yaml: cannot be read: No such file" in refused(
            tmp_path, tmp_path / "gone.yaml"
        )

    def test_without_the_table(self, tmp_path: Path) -> None:
        (tmp_path / "a.toml").write_text("[project]\n")

        assert refused(tmp_path, tmp_path / "a.toml").endswith("a.toml: has no [tool.refactor]")


REFUSED = [
    # unknown and ill-typed, with the line and the nearest name
    ("tests: true\nnamspace: shop\n", ":2: unknown setting `namspace`; did you mean `namespace`?"),
    ("cluster_domain: a\n", ":1: unknown setting `cluster_domain`; did you mean `cluster-domain`?"),
    ("environments:\n- name: a\n  file: [b]\n", ":3: unknown setting `file`; did you mean `files`?"),
    ("mappings:\n- adress: a\n", ":2: unknown setting `adress`; did you mean `address`?"),
    ("mappings:\n- qqq: a\n", ":2: unknown setting `qqq`; known: address, service, port, pod"),
    ("'': a\n", ":1: unknown setting ``; known: inventories"),
    ("names: short\npython: en\n", ":2: `python` cannot be `en`; did you mean `env`?"),
    ("names: qualifyed\n", ":1: `names` cannot be `qualifyed`; did you mean `qualified`?"),
    ("\ntests: yes\n", ":2: `tests`: expected true or false, got text"),
    ("inventories: cluster.json\n", ":1: `inventories`: expected a list, got text"),
    ("ignore:\n  - a\n  - 3\n", ":3: `ignore`: expected text, got a whole number"),
    ("namespace:\n", ":1: `namespace`: expected text, got nothing"),
    ("- a\n", ":1: expected a mapping, got a list"),
    ("just text\n", ":1: expected a mapping, got text"),
    ("mappings:\n- address: a\n", ":2: `mappings`: `service` is missing"),
    ("mappings:\n- {address: a, service: b/c,\n   port: '80'}\n", ":3: `port`: expected a whole number"),
    ("places:\n- id: a\n  why: b\n  rol: own\n", ":4: unknown setting `rol`; did you mean `role`?"),
    ("places:\n- id: a\n  why: b\n  role: owned\n", ":4: `role` cannot be `owned`; did you mean `own`?"),
    ("places:\n- id: a\n  why: b\n  path: c\n", ":2: place `a`: say its `role`: one of dialled, own"),
    ("places:\n- id: a\n  why: b\n  role: own\n", ":2: place `a`: say where it is: one of object, path"),
    ("places:\n- id: a\n  why: b\n  role: own\n  call: {function: []}\n", ":5: place `a`: `call` names no function"),
    ("places:\n- {id: '', why: b, role: own, key: c}\n", ":2: place ``: its id is empty or taken"),
    ("places:\n- id: a\n  why: b\n  role: own\n  before: '(a+)+$'\n", ":5: unknown setting `before`"),
    ("environments: [a]\n", ":1: `environments`: expected a mapping, got text"),
    # out of bounds
    ("mappings:\n- address: a\n  service: orders\n", ":3: `orders` must be NAMESPACE/NAME"),
    ("mappings:\n- address: a\n  service: a/b\n  port: 65536\n", ":4: 65536 is not a port"),
    ("mappings:\n- address: a\n  service: a/b\n  port: 0\n", ":4: 0 is not a port"),
    ("mappings:\n- address: 'a b'\n  service: a/b\n", ":2: `a b` is not an address"),
    ("mappings:\n- address: a\n  service: a/b\n  pod: 'x: y'\n", ":4: `x: y` is not the name of a pod"),
    ("namespace: Shop\n", ":1: `Shop` is not a valid namespace"),
    ('namespace: "shop\\n"\n', ":1: `shop\n` is not a valid namespace"),
    ('namespace: "a: b"\n', ":1: `a: b` is not a valid namespace"),
    ("cluster-domain: ''\n", ":1: `` is not a DNS domain"),
    ("cluster-domain: a..b\n", ":1: `a..b` is not a DNS domain"),
    ("ignore-addresses: [10.0.0.0/8,\n  10.0.0.300]\n", ":2: `10.0.0.300` is not an address or a CIDR"),
    ("ignore-addresses: [10.0.0.0/33]\n", ":1: `10.0.0.0/33` is not an address or a CIDR"),
    ("ignore: ['!']\n", ":1: `!` matches nothing"),
    ("include: ['a[']\n", ":1: `a[` matches nothing"),
    ("environments:\n- name: a\n- name: a\n", ":3: environment `a`: its name is empty or taken"),
    ("environments:\n- name: ''\n", ":2: environment ``: its name is empty or taken"),
    ("environments:\n- name: a\n  release: a b\n", ":3: `a b` is not a valid release"),
    # a stranger's repository names no file outside of it
    ("inventories: [/etc/passwd]\n", ":1: `/etc/passwd` leads out of the repository"),
    ("inventories:\n- a/../../x\n", ":2: `a/../../x` leads out of the repository"),
    ("inventories:\n- ok.json\n- link/passwd\n", ":3: `link/passwd` leads out of the repository"),
    ("environments:\n- name: a\n  inventories: [../x]\n", ":3: `../x` leads out of the repository"),
    ("environments:\n- name: a\n  values:\n  - b\n  - /x\n", ":5: `/x` leads out of the repository"),
    ('inventories: ["a\\0"]\n', ":1: `a\0` leads out of the repository"),
    # YAML that settings have no use for
    ("a: b: c\n", ":1: is not valid YAML"),
    ("tests: true\n a: [\n", ":2: is not valid YAML"),
    ("tests: \x07\n", ":1: is not valid YAML"),
    ("tests: true\ntests: false\n", ":2: `tests` is set twice"),
    ("tests: true\n---\ntests: false\n", ":2: holds a second document"),
    ("namespace: &a shop\n", ":1: settings have no anchors and aliases"),
    ("ignore: [a]\ninclude: *a\n", ":2: settings have no anchors and aliases"),
    ("namespace: !!python/object/apply:os.system [id]\n", ":1: settings have no tags"),
    ("namespace: !env HOME\n", ":1: settings have no tags"),
    ("? [a]\n: b\n", ":1: the name of a setting is plain text"),
    ("ignore: " + "[" * 50_000, ":1: nests deeper than settings do"),
    ("- " * 5000, ":1: nests deeper than settings do"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text[:40] for text, _ in REFUSED])
def test_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "link").symlink_to("/etc")
    (tmp_path / ".refactor.yaml").write_text(text)

    assert refused(tmp_path).startswith(f".refactor.yaml{message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.refactor]\ntests = true\nnamspace = 'a'\n", ":3: unknown setting `namspace`"),
        ("tool.refactor.tests = 3\n", ":1: `tests`: expected true or false, got a whole number"),
        ("[project]\ntests = 1\n[tool.refactor]\ntests = 2\n", ":4: `tests`: expected true"),
        ("[tool]\nrefactor = 3\n", ":2: expected a mapping, got a whole number"),
        (
            "[[tool.refactor.mappings]]\naddress = 'a'\nservice = 'a/b'\n"
            "[[tool.refactor.mappings]]\naddress = 'b'\nservice = 'b'\n",
            ":6: `b` must be NAMESPACE/NAME",
        ),
        ("[tool.refactor]\nenvironments = [\n {name = 'a', values = ['/x']}]\n", ":3: `/x` leads out"),
        ("[tool.refactor]\ninventories = [\n  'a.json',\n  '../b.json']\n", ":2: `../b.json` leads out"),
        ("[tool.refactor]\nnamespace = 1979-05-27\n", ":2: `namespace`: expected text"),
        ("[tool.refactor\n", ":1: is not valid TOML"),
        ("[tool.refactor]\na = [\n", ":3: is not valid TOML"),
        ("[tool.refactor]\na = " + "[" * 100_000, ": nests too deep to be read"),
    ],
    ids=lambda value: value[:40],
)  # fmt: skip
def test_refused_in_toml(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)

    assert refused(tmp_path).startswith(f"pyproject.toml{message}")


class TestHostileFiles:
    def test_not_utf_8(self, tmp_path: Path) -> None:
        (tmp_path / ".refactor.yaml").write_bytes(b"tests: true\nnamespace: \xff\n")

        assert refused(tmp_path) == ".refactor.yaml:2: is not UTF-8"

    def test_link_out_of_the_repository(self, tmp_path: Path) -> None:
        (tmp_path / "root").mkdir()
        (tmp_path / "settings").write_text("tests: true\n")
        (tmp_path / "root/.refactor.yaml").symlink_to("../settings")

        assert refused(tmp_path / "root") == ".refactor.yaml: leads out of the repository"

    def test_link_within_the_repository(self, tmp_path: Path) -> None:
        (tmp_path / "settings").write_text("tests: true\n")
        (tmp_path / ".refactor.yaml").symlink_to("settings")

        assert load(tmp_path) == Settings(tests=True)

    @pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
    def test_no_regular_file(self, tmp_path: Path, make: object) -> None:
        make(tmp_path / ".refactor.yaml")  # type: ignore[operator]

        assert refused(tmp_path) == ".refactor.yaml: cannot be read"

    def test_too_large(self, tmp_path: Path) -> None:
        (tmp_path / ".refactor.yaml").write_text("#" * 1_000_001)

        assert refused(tmp_path) == ".refactor.yaml: is too large for settings"

    def test_inventory_that_is_a_link_within_the_repository(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("real")
        (tmp_path / ".refactor.yaml").write_text("inventories: [link/a.json, ./b.json, c/../d]\n")

        assert load(tmp_path).inventories == ("link/a.json", "./b.json", "c/../d")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from("abefinrst:-[]{}'\"#&*!|>,? \n\t\\01\x00é"), max_size=60)
    | st.text(max_size=40)
)
def test_any_text_is_settings_or_one_error_with_a_line(tmp_path: Path, text: str) -> None:
    (tmp_path / ".refactor.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))

    try:
        assert isinstance(load(tmp_path), Settings)
    except RefactorError as error:
        assert re.match(r"\.refactor\.yaml:\d+: ", str(error))
