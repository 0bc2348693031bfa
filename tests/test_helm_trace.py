"""Where an address ends up: the fixture charts, asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from refactor.helm.planting import Candidate, plant, plant_templates, stand_ins
from refactor.helm.sentinels import HOST, Sentinels, is_evaluated, with_templates
from refactor.helm.trace import trace
from refactor.helm.traced import Trace, Traced
from refactor.helm.tree import Tree
from refactor.text.view import Span
from tests.helm_bench import ROOT, candidates, case, rendering, write


def traced(chart: str, *files: str, values: Iterable[str] = (), engine: str = "package") -> Traced:
    asked = candidates(*(f"{chart}/{file}" for file in files or ("values.yaml",)))
    with rendering(engine=engine) as renders:
        return trace(renders, case(chart, *values), asked)


def shown(found: Trace) -> list[str]:
    """Each field with what is known of it."""
    lines = []
    for use in found.uses:
        flags = {"whole": use.whole, "quoted": use.quoted, "port": use.with_port, "tpl": use.tpl}
        lines.append(" ".join([f"{use.object}, {use.path}", *(k for k, v in flags.items() if v)]))
    return lines


DEPLOYMENT = "Deployment store/web, spec.template.spec.containers[web].env"
USES: dict[str, tuple[str, str, str, list[str]]] = {
    "a plain field": ("plain", "10.0.4.17", "no", [f"{DEPLOYMENT}[ORDERS_HOST].value whole"]),
    "no field at all": ("plain", "10.0.4.99", "unknown", []),
    "through tpl": ("tpl-one", "10.0.1.1", "yes", ["ConfigMap store/settings, data.evaluated whole tpl"]),
    "not through tpl": ("tpl-one", "10.0.1.2", "no", ["ConfigMap store/settings, data.literal whole quoted"]),
    "once with tpl, once without": (
        "tpl-one",
        "10.0.1.3",
        "some",
        [
            "ConfigMap store/settings, data.both whole quoted tpl",
            "ConfigMap store/settings, data.again whole quoted",
        ],
    ),
    "a whole URL through tpl": (
        "tpl-one",
        "10.0.1.4",
        "yes",
        ["ConfigMap store/settings, data.url whole quoted port tpl"],
    ),
    "an item of a list that is joined": (
        "tpl-one",
        "10.0.1.5",
        "yes",
        ["ConfigMap store/settings, data.list quoted tpl"],
    ),
    "twice through tpl": ("tpl-one", "10.0.1.7", "yes", ["ConfigMap store/settings, data.twice whole quoted tpl"]),
    "a list through tpl and toYaml": (
        "tpl-list",
        "10.0.2.1",
        "yes",
        ["Deployment store/shop, spec.template.spec.containers[app].env[REDIS_HOST].value whole tpl"],
    ),
    "a whole INI file in one value": (
        "ini",
        "10.0.3.1",
        "no",
        ['ConfigMap store/shop-config, data["app.ini"] whole port'],
    ),
    "a Secret, encoded": ("ini", "10.0.3.3", "no", ["Secret store/shop-secret, data.dsn whole port"]),
    "a global value, in a subchart": ("umbrella", "10.0.5.1", "no", ["ConfigMap store/shop-kid, data.bus whole port"]),
    "a subchart's value, also inside quotes of a hook": (
        "umbrella",
        "10.0.5.2",
        "no",
        [
            "ConfigMap store/shop-kid, data.upstream whole",
            "Job store/shop-kid-hook, spec.template.spec.containers[hook].args[0] quoted",
        ],
    ),
    "a subchart that is not enabled": ("umbrella", "10.0.5.3", "unknown", []),
    "a dependency of this repository": ("by-name", "10.0.6.2", "no", ["ConfigMap store/shop-by-name, data.host whole"]),
    "an absent dependency": ("orphan", "10.0.6.4", "no", ["ConfigMap store/shop, data.host whole"]),
    "an object of a random name": (
        "random",
        "10.0.8.1",
        "no",
        [
            "Job store/*, spec.template.spec.containers[migrate].args[0] whole quoted",
            "Secret store/password, data.host whole quoted",
        ],
    ),
    "built with its port by printf": (
        "built",
        "10.0.10.1",
        "no",
        [
            "ConfigMap store/settings, data.endpoint port",
            'ConfigMap store/settings, data["nginx.conf"] port',
        ],
    ),
    "taken apart": ("built", "10.0.10.2", "no", ["ConfigMap store/settings, data.brokerHost"]),
    "left whole": ("built", "10.0.10.3", "no", ["ConfigMap store/settings, data.url whole quoted port"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def all_traced() -> dict[str, Traced]:
    return {chart: traced(chart) for chart in dict.fromkeys(row[0] for row in USES.values())}


@pytest.mark.parametrize(("chart", "host", "tpl", "uses"), USES.values(), ids=USES)
def test_where_a_value_ends_up(
    chart: str, host: str, tpl: str, uses: list[str], all_traced: dict[str, Traced]
) -> None:
    found = all_traced[chart].traces[host]

    assert (shown(found), found.tpl, found.problem) == (uses, tpl, "")


RENDERS = {
    "plain": 2, "tpl-one": 3, "tpl-list": 3, "umbrella": 2, "by-name": 2, "orphan": 2,
    "ini": 2, "built": 2, "random": 3,
}  # fmt: skip


@pytest.mark.parametrize(("chart", "expected"), RENDERS.items(), ids=RENDERS)
def test_few_renders_serve_for_all_values(
    chart: str, expected: int, all_traced: dict[str, Traced]
) -> None:
    """One plain, one with stand-ins; one with templates where there is `tpl`, one for noise."""
    assert all_traced[chart].renders == expected


def test_the_binary_says_the_same(all_traced: dict[str, Traced]) -> None:
    for chart in ("plain", "tpl-one", "umbrella"):
        assert traced(chart, engine="binary") == all_traced[chart]


def test_the_port_is_followed_too(all_traced: dict[str, Traced]) -> None:
    built = all_traced["built"].traces
    plain = all_traced["plain"].traces["10.0.4.17"]

    assert [use.path for use in plain.ports] == [
        "spec.template.spec.containers[web].env[ORDERS_PORT].value"
    ]
    assert "Service store/api, spec.ports[8080].port" in [
        f"{use.object}, {use.path}" for use in built["10.0.10.1"].ports
    ]
    assert [use.path for use in built["10.0.10.2"].ports] == ["data.brokerPort"]


def test_host_and_port_of_one_value_taken_apart_are_split(all_traced: dict[str, Traced]) -> None:
    split = {key for found in all_traced.values() for key, one in found.traces.items() if one.split}

    assert split == {"10.0.10.2"}


def test_a_condition_on_a_value_is_seen_and_blamed_on_it_alone() -> None:
    found = traced("conditions")

    assert {key: one.conditions for key, one in found.traces.items()} == {
        "10.0.9.1": True,
        "10.0.9.2": False,
    }
    assert [f"{o}, {path}" for o, path in found.derived] == ["ConfigMap store/internal, "]
    assert shown(found.traces["10.0.9.2"]) == ["ConfigMap store/settings, data.other whole"]
    assert found.traces["10.0.9.2"].tpl == "no"


def test_a_port_that_a_schema_refuses_does_not_lose_the_host() -> None:
    found = traced("schema").traces["10.0.7.2"]

    assert shown(found) == ["ConfigMap store/settings, data.host whole"]
    assert (found.tpl, found.ports) == ("no", ())
    assert "'/port': value must be one of 8080, 9090" in found.problem


def test_checksums_of_what_a_value_is_in_are_derived(all_traced: dict[str, Traced]) -> None:
    assert [f"{o}, {path}" for o, path in all_traced["ini"].derived] == [
        'StatefulSet store/shop-app, spec.template.metadata.annotations["checksum/config"]'
    ]
    assert all_traced["random"].derived == frozenset()


READERS = {
    ("plain", "10.0.4.17"): [("Deployment store/web", "web", "env ORDERS_HOST")],
    ("ini", "10.0.3.1"): [
        ("StatefulSet store/shop-app", "app", "ConfigMap shop-config, key app.ini")
    ],
    ("ini", "10.0.3.3"): [
        ("StatefulSet store/shop-app", "wait", "Secret shop-secret, key dsn"),
        ("CronJob store/shop-nightly", "job", "Secret shop-secret, key dsn"),
    ],
    ("umbrella", "10.0.5.1"): [],
}


@pytest.mark.parametrize(("place", "expected"), READERS.items(), ids=map(str, READERS))
def test_the_workloads_that_read_it(
    place: tuple[str, str], expected: list[tuple[str, str, str]], all_traced: dict[str, Traced]
) -> None:
    use = all_traced[place[0]].traces[place[1]].uses[0]

    assert [(str(r.workload), r.container, r.how) for r in use.readers] == expected


def test_an_address_in_a_template_is_followed() -> None:
    found = traced("plain", "templates/deployment.yaml").traces["10.0.4.44"]

    assert shown(found) == [f"{DEPLOYMENT}[LEGACY].value port"]
    assert (found.tpl, found.uses[0].tpl) == ("unknown", None)


def test_an_overlay_decides_in_its_case() -> None:
    """The same value in `values.yaml` reaches nothing where an overlay lies over it."""
    overlay = "plain/values-prod.yaml"
    found = traced("plain", "values.yaml", "values-prod.yaml", values=[overlay])

    assert shown(found.traces["10.9.4.17"]) == [f"{DEPLOYMENT}[ORDERS_HOST].value whole"]
    assert found.traces["10.0.4.17"].uses == ()
    assert [use.path for use in found.traces["10.0.4.17"].ports] == [
        "spec.template.spec.containers[web].env[ORDERS_PORT].value"
    ]


def test_a_chart_that_does_not_render_says_so_of_every_value() -> None:
    found = traced("required", "ci/test-values.yaml")

    assert "set host to where orders live" in found.error
    assert found.traces["10.0.7.1"].problem == found.error
    assert found.renders == 1


def test_a_value_that_is_only_hashed_may_be_used_unseen(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
            "c/values.yaml": "hashed: 10.0.0.1\nshown: 10.0.0.2\n",
            "c/templates/a.yaml": "kind: X\nmetadata: {name: x}\nh: {{ sha256sum .Values.hashed }}\ns: {{ .Values.shown }}\n",
        },
    )
    with rendering(tmp_path) as renders:
        found = trace(renders, case("c"), candidates("c/values.yaml", root=tmp_path))

    assert {key: one.hidden for key, one in found.traces.items()} == {
        "10.0.0.1": True,
        "10.0.0.2": False,
    }
    assert [path for _, path in found.derived] == ["h"]


def test_the_one_to_blame_is_found_by_halves(tmp_path: Path) -> None:
    """40 addresses, one of which a template does not take another of: 14 renders, not 42."""
    values = "".join(f"h{n}: 10.0.0.{n}\n" for n in range(40))
    shown_ = "".join(f"  h{n}: {{{{ .Values.h{n} }}}}\n" for n in range(40))
    check = '{{ if ne .Values.h23 "10.0.0.23" }}{{ fail "must be 23" }}{{ end }}\n'
    write(
        tmp_path,
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
            "c/values.yaml": values,
            "c/templates/a.yaml": f"{check}kind: X\nmetadata: {{name: x}}\ndata:\n{shown_}",
        },
    )
    with rendering(tmp_path) as renders:
        found = trace(renders, case("c"), candidates("c/values.yaml", root=tmp_path))

    lost = {key: one.problem for key, one in found.traces.items() if one.problem}
    assert lost == {"10.0.0.23": "execution error at (c/templates/a.yaml:1:38): must be 23"}
    assert sum(len(one.uses) for one in found.traces.values()) == 39
    assert found.renders == 14


def test_two_hosts_that_share_a_port_share_its_stand_in() -> None:
    tree = Tree(ROOT)
    port = Span(0, 4)
    pair = [
        Candidate("a", "x/values.yaml", Span(5, 6), port),
        Candidate("b", "x/values.yaml", Span(7, 8), port),
    ]
    tree = tree.changed({"x/values.yaml": b"8080 1 2"})
    stands = stand_ins(tree, pair, Sentinels([]))

    assert stands["a"].port == stands["b"].port
    assert stands["a"].host != stands["b"].host
    assert plant(tree, pair, stands) == {"x/values.yaml": b"20011 198.18.101.101 198.18.101.102"}
    assert plant(tree, pair[:1], stands, ports=False) == {"x/values.yaml": b"8080 198.18.101.101 2"}


SHAPES = {
    "10.0.4.17": r"198\.18\.\d{3}\.\d{3}",
    "fd00:10:244::5": r"2001:2::[0-9a-f]{4}",
    "[fd00::5]": r"2001:2::[0-9a-f]{4}",
    "node-7": r"zq\d{4}",
    "ip-10-0-4-17.ec2.internal": r"zq\d{4}\.example\.invalid",
}


@pytest.mark.parametrize(("host", "pattern"), SHAPES.items(), ids=SHAPES)
def test_a_stand_in_has_the_shape_of_what_it_stands_for(host: str, pattern: str) -> None:
    stand = Sentinels([]).host(host)

    assert re.fullmatch(pattern, stand)
    assert HOST.fullmatch(stand)


def test_stand_ins_are_unique_and_not_what_a_render_already_holds() -> None:
    sentinels = Sentinels(["at 198.18.101.101:20011", "zq1000"])
    hosts = [sentinels.host("10.0.0.1") for _ in range(500)]

    assert hosts[0] == "198.18.101.102"
    assert len(set(hosts)) == 500
    assert (sentinels.port(), sentinels.host("node")) == ("20012", "zq1001")


PLANTED = {
    "a plain scalar is quoted": ("h: 198.18.101.101\n", "h: '198.18.101.101{{/**/}}'\n"),
    "a single-quoted one": ("h: '198.18.101.101:80'\n", "h: '198.18.101.101{{/**/}}:80'\n"),
    "a double-quoted one": ('h: "198.18.101.101"\n', 'h: "198.18.101.101{{/**/}}"\n'),
    "a block": ("h: |\n  it's 198.18.101.101\n  x\n", "h: |\n  it's 198.18.101.101{{/**/}}\n  x\n"),
    "an item of a flow list": ("h: [198.18.101.101, b]\n", "h: ['198.18.101.101{{/**/}}', b]\n"),
    "after an anchor": ("h: &a 198.18.101.101\ni: *a\n", "h: &a '198.18.101.101{{/**/}}'\ni: *a\n"),
    "with an apostrophe": ("h: it's 198.18.101.101\n", "h: 'it''s 198.18.101.101{{/**/}}'\n"),
    "not in a comment": ("h: x # 198.18.101.101\n", "h: x # 198.18.101.101\n"),
    "not over several lines": ("h: a\n  198.18.101.101\n", "h: a\n  198.18.101.101\n"),
    "not another's": ("h: 198.18.101.109\n", "h: 198.18.101.109\n"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLANTED.values(), ids=PLANTED)
def test_a_template_is_planted_after_a_stand_in(text: str, expected: str) -> None:
    hosts = frozenset({"198.18.101.101"})

    assert plant_templates("v.yaml", text.encode(), hosts).decode() == expected


EVALUATED = {
    "evaluated": ("http://zq1000:80", True),
    "not evaluated": ("http://zq1000{{/**/}}:80", False),
    "not there": ("http://zq1001{{/**/}}", None),
}


@pytest.mark.parametrize(("text", "expected"), EVALUATED.values(), ids=EVALUATED)
def test_what_is_evaluated(text: str, expected: bool | None) -> None:
    assert is_evaluated(text, "zq1000") is expected
    assert with_templates("zq1000", ["zq1000"]) == "zq1000{{/**/}}"


def test_a_chart_that_holds_every_stand_in_is_not_asked(tmp_path: Path) -> None:
    """No stand-in is taken for what the chart itself writes."""
    ports = "{{ range untilStep 20000 30000 1 }} {{ . }}{{ end }}"
    write(
        tmp_path,
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
            "c/values.yaml": "host: 10.0.0.1:80\n",
            "c/templates/a.yaml": f"kind: X\nmetadata: {{name: x}}\nports: [{{name: a}}]\nall: {ports}\n",
        },
    )
    with rendering(tmp_path) as renders:
        found = trace(renders, case("c"), candidates("c/values.yaml", root=tmp_path))

    assert found.traces["10.0.0.1"].problem == "the chart itself holds every stand-in there is"
    assert found.error == ""


def test_line_ends_and_byte_order_marks_do_not_matter(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
            "c/templates/a.yaml": "kind: X\nmetadata: {name: x}\nhost: {{ tpl .Values.host . }}\n",
        },
    )
    (tmp_path / "c/values.yaml").write_bytes("\ufeff# ü\r\nhost: 10.0.0.1 # x\r\n".encode())
    one = Candidate("host", "c/values.yaml", Span(11, 19))
    with rendering(tmp_path) as renders:
        found = trace(renders, case("c"), [one])

    assert one.host.of(Tree(tmp_path).source("c/values.yaml").text) == "10.0.0.1"
    assert (shown(found.traces["host"]), found.traces["host"].tpl) == (
        ["X store/x, host whole tpl"],
        "yes",
    )
