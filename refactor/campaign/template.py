"""Texts of branches, commits and pull requests, from templates that can do nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from refactor.campaign.extra import needed
from refactor.errors import RefactorError

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

COMMIT = "Name Services instead of addresses\n\n{{ summary }}\n"
TITLE = "Name Services instead of addresses"
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
{{ report }}
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
}
"""Every name that a template may use, with a value of its kind."""


def render(template: str, values: Mapping[str, Any]) -> str:
    """Return a template's text.

    Args:
        template: in Jinja's language, sandboxed: no attribute of Python's, no file, no change.
        values: as in `SAMPLE`.

    Raises:
        RefactorError: it fails with these values.
    """
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
        return f"is no template that works: {error}".replace("\n", " "), ""


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
