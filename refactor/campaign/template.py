"""Texts of branches, commits and pull requests, from templates that can do nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from refactor.campaign.extra import needed
from refactor.errors import RefactorError

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

COMMIT = "{{ headline }}\n\n{{ summary }}\n"
TITLE = "{{ headline }}"
CHANGES = "Name Services instead of addresses"
BODY = """\
{% for other in waits_for %}
> [!IMPORTANT]
> Needs the Service `{{ other.service }}` of {{ other.repository }}{% if other.url %}: \
{{ other.url }}{% endif %}{% if other.merged %}, which has it{% else %}. A draft until that is \
merged{% endif %}.
{% endfor %}
{% if cycle %}
> [!WARNING]
> Waits for one another, so none is a draft; merge them together: {{ cycle | join(", ") }}.
{% endif %}
{% if needed_by %}
> [!NOTE]
> Pull requests of other repositories wait for this one: {{ needed_by | join(", ") }}.
{% endif %}
{% if adds and not edited %}
## {{ headline }}

{% for added in adds %}
{% if added.extends %}
* The Service `{{ added.service }}` gains {{ added.ports }}.
{% else %}
* The Service `{{ added.service }}` ({{ added.ports }}) is added for the pods of \
{{ added.workload }}, which have none.
{% endif %}
{% endfor %}

Today {{ needed_by | join(", ") or "other programs" }} dial{{ "s" if needed_by | length == 1 }} \
these pods by their IP address, which changes with every restart. With the Service they can use a \
name. Nothing else in this repository changes.

{% endif %}
"""
"""What stands above the report in the default body."""
ABOUT = """\
### About this pull request

The campaign `{{ campaign }}`{% if contact %}, which {{ contact }} runs,{% endif %} opened it, \
because the IP addresses of pods, nodes and load balancers change and the names of Services stay. \
The names come from {% if inventories %}the inventory {{ inventories | join(", ") }}\
{% else %}the inventory that this repository's settings name{% endif %}.

* **If you merge it**, the names take effect with your next deployment\
{% if needed_by %}, and the pull requests that wait for it become ready{% endif %}.
* **If you close it**, you opt out: the campaign does not open another one here\
{% if contact %}, and {{ contact }} can exclude the repository{% endif %}. To keep a single \
address, write `refactor: ignore[why]` in a comment on its line.
* **If you edit it**, your edits stay: the campaign leaves a title, a description or a branch that \
you have changed as it is.

- [ ] {{ box }}: it is made again from `{{ base }}`, and commits by others on it are dropped.
"""

SAMPLE: dict[str, Any] = {
    "campaign": "sample",
    "repository": "shop/web",
    "base": "main",
    "summary": "2 of 3 addresses in 1 file.",
    "report": "## report",
    "found": 3,
    "edited": 2,
    "human": 1,
    "files": ["values.yaml"],
    "waits_for": [{"repository": "shop/orders", "service": "a/b", "url": "", "merged": False}],
    "cycle": ["shop/web", "shop/orders"],
    "needed_by": ["shop/checkout"],
    "headline": CHANGES,
    "adds": [
        {
            "service": "shop/orders",
            "ports": "port 80",
            "extends": False,
            "workload": "Deployment a/b",
        }
    ],
    "contact": "the platform team",
    "inventories": ["prod.json"],
}
"""Every name that a template may use, with a value of its kind."""


def render(template: str, values: Mapping[str, Any]) -> str:
    """Return a template's text."""
    problem, text = _render(template, values)
    if problem:
        raise RefactorError(problem, where="template")
    return text


def fault(template: str) -> str:
    """Say what is wrong with a template; "" for nothing."""
    return _render(template, SAMPLE)[0]


def _render(template: str, values: Mapping[str, Any]) -> tuple[str, str]:
    jinja2 = needed("jinja2")
    try:
        return "", _environment().from_string(template).render(values)
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        return f"is not a valid template: {error}".replace("\n", " "), ""


@lru_cache(1)
def _environment() -> ImmutableSandboxedEnvironment:
    sandbox = needed("jinja2.sandbox")
    environment: ImmutableSandboxedEnvironment = sandbox.ImmutableSandboxedEnvironment(
        undefined=needed("jinja2").StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # Markdown and commit messages: no HTML
    )
    return environment
