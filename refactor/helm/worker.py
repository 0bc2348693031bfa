"""The process that holds Helm's library; run as a file by `package`, never imported.

It enters the cage and loads the library, then reads a question a line from standard input and
writes an answer a line, both JSON. Its argument is the directory that charts are in.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2]))

from refactor.helm import cage


def main() -> None:
    """Answer until the questions end."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the library prints is no answer

    def tell(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()

    cage.enter([Path(sys.argv[1]), *_library(), *cage.python()])
    try:
        import helm_python
    except Exception as error:  # noqa: BLE001 - whatever keeps it from loading is the answer
        tell({"error": str(error)})
        return
    tell({"version": helm_python.helm_sdk_version()})
    for line in sys.stdin.buffer:
        question = json.loads(line)
        cage.allow_seconds()
        try:
            tell(_answer(question))
        except (helm_python.HelmError, ValueError) as error:
            tell({"error": str(error)})


def _library() -> list[Path]:
    """Where the package lies, and a library that the user names in its stead."""
    found = find_spec("helm_python")
    places = list(found.submodule_search_locations or ()) if found else []
    named = os.environ.get("HELM_C_LIB")
    return [Path(place).resolve() for place in (*places, *([named] if named else []))]


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    import helm_python

    values: dict[str, Any] = {}
    for path in question["values"]:
        text = Path(path).read_bytes().decode("utf-8", "replace")
        values = _merged(values, helm_python.values_from_yaml(text))
    # A render takes the dependencies that are not enabled out of its chart: load it anew.
    with helm_python.Chart.load(question["chart"]) as chart:
        if problem := _refusal(chart):
            return {"error": problem}
        release, namespace = question["release"], question["namespace"]
        return {"files": chart.render(values, name=release, namespace=namespace)}


def _refusal(chart: Any) -> str:
    """Return what `helm template` looks at before it renders, in its words; "" for nothing."""
    metadata = chart.metadata
    if metadata.get("type") == "library":
        return "library charts are not installable"
    vendored = {dependency["name"] for dependency in chart.dependencies}
    declared = [dependency["name"] for dependency in metadata.get("dependencies") or ()]
    absent = [name for name in declared if name not in vendored]
    if not absent:
        return ""
    return (
        "an error occurred while checking for chart dependencies: found in Chart.yaml, "
        f"but missing in charts/ directory: {', '.join(absent)}"
    )


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay values over others, as Helm does with one `--values` after another."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _merged(below, value)
        else:
            merged[key] = value
    return merged


if __name__ == "__main__":
    main()
