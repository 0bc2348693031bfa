"""The tables of what changes and what stays: a third of each, and a bit more, says what stays."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from tests import (
    test_chart_ports,
    test_charted,
    test_forms,
    test_judge,
    test_kept_by_name,
    test_plans_whole,
    test_reader_verdicts,
    test_review_rules,
)

LEAST = 0.35
STAYS = {
    "forms of Python": [after is None for *_, after in test_forms.PYTHON],
    "forms of YAML": [after is None for *_, after in test_forms.YAML],
    "forms of text": [after is None for *_, after in test_forms.TEXT],
    "forms of templates": [after is None for *_, after in test_forms.TEMPLATE],
    "values and templates of charts": [
        *(True for _ in test_charted.KEPT),
        *(False for _ in (*test_charted.VALUES, *test_charted.TEMPLATES)),
    ],
    "ports of charts": [not changed for _, changed in test_chart_ports.ROWS.values()],
    "plans of whole repositories": [not after for _, after in test_plans_whole.ROWS.values()],
    "names of fields": [bool(reason) for reason in test_kept_by_name.NAMES.values()],
    "addresses in their places": [reason != "" for *_, reason in test_judge.ROWS],
    "lines of a reviewer": [reason != "edit" for _, reason in test_review_rules.LINES.values()],
    "readers": [":" not in result for _, result in test_reader_verdicts.ROWS.values()],
}


@pytest.mark.parametrize("stays", STAYS.values(), ids=STAYS)
def test_enough_rows_say_what_must_not_change(stays: Collection[bool]) -> None:
    assert len(stays) >= 9
    assert sum(stays) >= LEAST * len(stays)


@pytest.mark.parametrize("stays", STAYS.values(), ids=STAYS)
def test_some_rows_say_what_changes(stays: Collection[bool]) -> None:
    assert not all(stays)
