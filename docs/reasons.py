"""A page for each reason and rule that reports name, which they link to."""

from __future__ import annotations

from docs import rules
from docs.tables import code, table
from refactor.model import REASONS, REMEDIES
from refactor.report.sarif import RULES
from refactor.rules.load import with_examples
from refactor.verify.model import HARMLESS, VERDICTS

WHERE = "reference/reasons"


def pages() -> dict[str, str]:
    """Return the text of each page by its path."""
    texts = {name: _reason(name) for name in REASONS}
    texts |= {name: _rule(text) for name, text in RULES.items()}
    texts |= {name: _verdict(name) for name in VERDICTS if name not in HARMLESS}
    return {f"{WHERE}/{name}.md": f"# {name}\n\n{text}" for name, text in texts.items()}


def _reason(name: str) -> str:
    means = REASONS[name]
    remedy = REMEDIES.get(name, "nothing: the address is correct as it is")
    parts = [
        f"A hard-coded address stays: {means}.",
        f"**What to do:** {remedy}.",
        f"For example: {rules.reason_example(name)}",
        _rows(name),
        "All reasons are listed under [why an address stays](../reasons.md).",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _rows(reason: str) -> str:
    """Return the places that have this reason, each with its source."""
    rows = [
        (f'<a id="{row.id}"></a>`{row.id}`', f"[{row.why}]({row.source})", _keeps(row.id))
        for row in rules.ROWS.values()
        if row.kept == reason
    ]
    head = ("row", "why, with its source", "keeps")
    return f"## Places that have it\n\n{table(head, rows)}" if rows else ""


def _keeps(row: str) -> str:
    examples = {one["id"]: one["keep"] for one in with_examples("place")}
    shown = examples[row][0] if examples[row] else ""
    text = shown if isinstance(shown, str) else next(iter(shown.values()))
    return code(text.strip())


def _rule(text: str) -> str:
    return (
        f"{text}\n\nAddresses of pods, nodes and load balancers change; the name of a Service does"
        " not.\n\n**What to do:** run `refactor plan` with an inventory of the cluster: it shows"
        " the name to write, or why there is none. `refactor apply` writes it. A comment"
        " `refactor: ignore[why]` on the line keeps the address.\n\n[What is found](../rules.md)"
        " lists the forms of an address.\n"
    )


def _verdict(name: str) -> str:
    return (
        f"`refactor verify` found the name of a Service that leads nowhere: {VERDICTS[name]}.\n\n"
        "**What to do:** correct the name or its port, or make the Service. The report names the"
        " nearest Service where one is likely. [How to check names](../../how-to/verify.md).\n"
    )
