"""The rules with their examples: every one is a row of a table that a test runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from docs.tables import code, table
from refactor.model import REASONS, REMEDIES
from refactor.rules.load import rules_with, with_examples
from tests import (
    test_addresses,
    test_addresses_bars,
    test_addresses_pairs,
    test_charted,
    test_forms,
    test_missing,
    test_python_env,
    test_reasons,
    test_resolve,
    test_resolve_services,
    test_rewrite,
)
from tests.test_samples import ROWS as SAMPLE_ROWS

ROOT = Path(__file__).resolve().parent.parent
ROWS = {row.id: row for row in rules_with().rows}
SHOP = ROOT / "samples" / "shop"

# What is found, by the rows of tests/test_addresses.py and tests/test_addresses_pairs.py.
_FORMS = (
    "1 IPv4", "2 host:port", "42 IPv6", "43 IPv6 in brackets", "3 URL", "4 URL, port implied",
    "5 user info", "6 nested scheme", "8 multi-host URL", "9 list", "list, chroot", "list of URLs",
    "15 URL without scheme", "12 nginx", "11 flag", "37 pod record",
    "38 pod record of a Service", "50 node and nodePort",
)  # fmt: skip
_APART = (
    "libpq", "libpq, a port for each host", "ADO, port behind a comma", "Oracle",
    "JDBC properties", "short flags", "long flags",
)  # fmt: skip


def found() -> str:
    """Return the forms of an address."""
    forms, apart = test_addresses.FORMS, test_addresses_pairs.PAIRED
    rows = [(_title(name), *_read(forms[name])) for name in _FORMS]
    rows += [(_title(name), *_read(apart[name])) for name in _APART]
    return table(("form", "text", "read as"), rows)


def _read(row: tuple[str, list[str]]) -> tuple[str, str]:
    text, shown = row
    return code(text), "<br>".join(code(_pair(one)) for one in shown)


def _pair(shown: str) -> str:
    host, port, scheme, *_ = shown.split()
    address = host if port == "-" else f"{host} port {port}"
    return address if scheme == "-" else f"{address} of {scheme}"


def never() -> str:
    """Return what looks like an address and is none, an example of each reason."""
    rows: dict[str, tuple[str, str, str]] = {}
    for name, (text, shown) in test_addresses_bars.BARRED.items():
        for bar in [one.split()[-1] for one in shown]:
            rows.setdefault(bar, (bar, code(text), _title(name)))
    nothing = list(test_addresses_bars.NOTHING.items())[:10]
    more = [("no address at all", code(text), _title(name)) for name, text in nothing]
    return table(("what it is", "text", ""), [*sorted(rows.values()), *more])


def _title(name: str) -> str:
    return re.sub(r"^\d+:? ", "", name)


def kept() -> str:
    """Return the rows that say what places are for, a table for each domain."""
    domains: dict[str, list[tuple[str, ...]]] = {}
    for shown in with_examples("place"):
        row = ROWS[shown["id"]]
        why = f"[{row.why}]({row.source})"
        anchor = f'<a id="{row.id}"></a>{row.role or ""}'
        kept = f"[`{row.kept}`](reasons/{row.kept}.md)" if row.kept else "may change"
        fields = (f"`{row.id}`", anchor, kept)
        domains.setdefault(shown["domain"], []).append(
            (*fields, why, _first(shown["keep"]), _first(shown["edit"]))
        )
    head = ("row", "role", "reason", "why, with its source", "keeps", "does not keep")
    parts = [f"### {name.capitalize()}\n\n{table(head, rows)}" for name, rows in domains.items()]
    return "\n\n".join((*parts, f"### Whole files\n\n{files()}"))


def files() -> str:
    """Return the files in which nothing is edited."""
    rows = [
        (f"`{t['id']}`", f"`{t['reason']}`", f"[{t['why']}]({t['source']})", code(t["keep"][0]))
        for t in with_examples("file")
    ]
    return table(("row", "reason", "why, with its source", "for example"), rows)


def _first(examples: list[str | dict[str, str]]) -> str:
    """Return an example, "" where there is none."""
    if not examples:
        return ""
    shown = examples[0]
    return code((shown if isinstance(shown, str) else next(iter(shown.values()))).strip())


def reasons() -> str:
    """Return why an address stays, what can be done about it, and an example of each reason."""
    rows = [
        (f"[`{name}`](reasons/{name}.md)", text, REMEDIES.get(name, ""), reason_example(name))
        for name, text in REASONS.items()
    ]
    return table(("reason", "what it means", "what to do", "for example"), rows)


def reason_example(reason: str) -> str:
    """Return a line whose address stays for a reason: of the sample, else of the tests."""
    if reason in test_reasons.GUARDS:
        return "a guard: no text is known that leads there"
    if example := test_reasons.EXAMPLES.get(reason):
        return code(example.shown)
    for row in SAMPLE_ROWS:
        if row["verdict"] == reason:
            return f"{code(row['line'])} in `samples/shop/{row['file']}`"
    name, row = next((n, row) for n, row in test_charted.KEPT.items() if row[2] == reason)
    return f"{code(row[1])} in a chart: {_title(name)}"


def resolved() -> str:
    """Return what each address stands for."""
    return _answers(
        (name, f"{host}:{port}" if port else host, answer)
        for name, host, port, _, answer in test_resolve.ROWS
        if host
    )


def choices() -> str:
    """Return which of several Services is meant."""
    return _cases((name, answer) for name, _, answer in test_resolve_services.CHOICE)


def ports() -> str:
    """Return which of several ports is meant."""
    rows = [
        (name, str(port or "none"), scheme or "none", _told(answer))
        for name, _, port, scheme, answer in test_resolve_services.PORTS
    ]
    return table(("case", "port dialled", "scheme", "stands for"), rows)


def identity() -> str:
    """Return when a pod keeps its own name."""
    return _cases((name, answer) for name, *_, answer in test_resolve_services.IDENTITY)


def owners() -> str:
    """Return whose a pod is."""
    return _cases((name, answer) for name, _, answer in test_resolve_services.OWNERS)


def _answers(rows: Iterable[tuple[str, str, tuple[Any, ...]]]) -> str:
    return table(
        ("the address is", "dialled", "it stands for"),
        [(name, code(dialled), _told(answer)) for name, dialled, answer in rows],
    )


def _cases(rows: Iterable[tuple[str, tuple[Any, ...]]]) -> str:
    return table(("case", "stands for"), [(name, _told(answer)) for name, answer in rows])


def _told(answer: tuple[Any, ...]) -> str:
    match answer:
        case ("to", service, port, pod):
            dialled = f", port {port}" if port else ""
            return f"Service `{service}`{dialled}{f', its pod `{pod}`' if pod else ''}"
        case ("tied", *names):
            return f"`ambiguous`: {', '.join(f'`{name}`' for name in names)}"
        case ("lacks", workload, port, protocol, extend):
            what = f"port of `{extend}`" if extend else "Service"
            return f"missing {what} for {workload}{f', {port}/{protocol}' if port else ''}"
        case (_, reason):
            return f"`{reason}`"
    raise AssertionError(answer)


def names() -> str:
    """Return how a Service is called."""
    rows = [
        (name, str(target.service), consumer or "not known", f"`{form}`", code(new))
        for name, target, consumer, form, new in test_rewrite.NAMES
    ]
    return table(("case", "Service", "consumer's namespace", "`names`", "name"), rows)


def edits(kind: str) -> str:
    """Return texts of a kind before and after."""
    table_of = {"YAML": test_forms.YAML, "Python": test_forms.PYTHON, "text": test_forms.TEXT}
    rows = {"template": test_forms.TEMPLATE, **table_of}[kind]
    return table(
        ("form", "before", "after"),
        [(name, code(old), code(new) if new else "stays") for name, old, new in rows],
    )


def moved() -> str:
    """Return Python with `--python env`."""
    rows = [(name, code(old), code(new)) for name, (old, new) in test_python_env.MOVED.items()]
    rows += [(name, code(old), "edited in place") for name, old in test_python_env.IN_PLACE.items()]
    return table(("form", "before", "after"), rows)


def values() -> str:
    """Return what becomes of a chart's values, by what the template does with them."""
    rows = [
        (_title(name), _last(template), code(old), code(new))
        for name, (template, old, new, _) in test_charted.VALUES.items()
    ]
    rows += [
        (_title(name), _last(template), code(old), f"`{reason}`")
        for name, (template, old, reason, *_) in test_charted.KEPT.items()
    ]
    return table(("case", "template", "value before", "after"), rows)


def _last(template: str) -> str:
    """Return the lines of a template that use the value."""
    lines = [line.strip() for line in template.splitlines() if "{{" in line]
    return code("\n".join(lines) or template.splitlines()[-1])


def templates() -> str:
    """Return what becomes of a chart's templates."""
    found = test_charted.TEMPLATES.items()
    rows = [(_title(name), code(old), code(new)) for name, (old, new, _) in found]
    return table(("case", "before", "after"), rows)


def missing() -> str:
    """Return the Services that are made."""
    rows = [
        (name, f"Service `{service}`, dialled as {code(new)}")
        for name, (_, service, _, new) in test_missing.KINDS.items()
    ]
    rows += [(f"in a chart, {n}", f"`{file}`") for n, (*_, file) in test_missing.CHARTS.items()]
    rows += [(name, f"not made: {why}") for name, (_, why) in test_missing.REFUSED.items()]
    return table(("for", "made"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "found": found,
    "never": never,
    "kept": kept,
    "reasons": reasons,
    "resolved": resolved,
    "choices": choices,
    "ports": ports,
    "identity": identity,
    "owners": owners,
    "names": names,
    "edits-yaml": lambda: edits("YAML"),
    "edits-python": lambda: edits("Python"),
    "edits-text": lambda: edits("text"),
    "edits-template": lambda: edits("template"),
    "moved": moved,
    "values": values,
    "templates": templates,
    "missing": missing,
}
