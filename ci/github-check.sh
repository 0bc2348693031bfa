#!/usr/bin/env bash
# The check step of action.yml: annotations on standard output, SARIF and Markdown in files.
# Exit 0 whether or not something was found (the output `found` says it), else the error's code.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=arguments.sh
source "$(dirname "${BASH_SOURCE[0]}")/arguments.sh"

sarif=$RUNNER_TEMP/kube-refactor.sarif
markdown=$RUNNER_TEMP/kube-refactor.md

common_arguments
each_line "${REFACTOR_BASELINE-}" --baseline
each_line "${REFACTOR_DIFF_BASE-}" --diff-base
arguments+=(--format sarif --output "$sarif" --format markdown --output "$markdown")
arguments+=(--format github)
path_arguments
code=0
"$REFACTOR" check "${arguments[@]}" || code=$?
if ((code > 1)); then
  exit "$code"
fi

case ${REFACTOR_REPORT:-check} in
  check) ;;
  plan)
    common_arguments
    arguments+=(--format markdown --output "$markdown")
    path_arguments
    "$REFACTOR" plan "${arguments[@]}"
    ;;
  *)
    echo "refactor: the input \`report\` is check or plan" >&2
    exit 2
    ;;
esac

cat "$markdown" >>"$GITHUB_STEP_SUMMARY"
{
  echo "found=$([[ $code == 1 ]] && echo true || echo false)"
  echo "sarif=$sarif"
  echo "markdown=$markdown"
} >>"$GITHUB_OUTPUT"
