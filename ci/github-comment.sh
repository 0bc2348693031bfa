#!/usr/bin/env bash
# The comment step of action.yml: one comment of a pull request, written anew on each run.
set -euo pipefail

marker='<!-- kube-refactor -->'
body=$RUNNER_TEMP/kube-refactor-comment.md
comments=repos/$GITHUB_REPOSITORY/issues/$REFACTOR_PULL_REQUEST/comments

# The forge takes 65,536 characters, of four bytes at most; the report keeps room for the marker.
{
  echo "$marker"
  cat "$REFACTOR_MARKDOWN"
} >"$body"

# shellcheck disable=SC2016 # $marker is jq's, from the environment
mine=$(MARKER=$marker gh api --paginate "$comments" \
  --jq '.[] | select(.user.type == "Bot" and (.body | startswith(env.MARKER))) | .id' | sed -n 1p)
if [[ -n $mine ]]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$mine" --field body=@"$body" >/dev/null
else
  gh api --method POST "$comments" --field body=@"$body" >/dev/null
fi
