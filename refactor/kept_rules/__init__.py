"""Fields that keep their address, as a table: SEMANTICS.md section 1, "Fields that need an IP".

A rule is data: each condition it states must hold, and the first rule that holds wins. The same
table makes the reference page and is tested row by row.
"""

from refactor.kept_rules.code import CODE
from refactor.kept_rules.fields import FIELDS
from refactor.kept_rules.named import NAMED
from refactor.kept_rules.nodes import NODES
from refactor.kept_rules.programs import PROGRAMS
from refactor.kept_rules.rule import Rule, fold

__all__ = ["KEY_RULE", "RULES", "Rule", "fold"]

RULES: tuple[Rule, ...] = (*CODE, *FIELDS, *NODES, *PROGRAMS, *NAMED)

KEY_RULE = Rule("key", "compared", "it is a key: another text is another entry")
"""A mapping's key."""
