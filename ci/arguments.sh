# shellcheck shell=bash
# The options of a pipeline, from the environment to an array. To be sourced.

# Give each line of a text as an argument, after an option where one is named.
each_line() { # text [option]
  local line
  while IFS= read -r line; do
    if [[ -n $line ]]; then
      arguments+=(${2:+"$2"} "$line")
    fi
  done <<<"$1"
}

common_arguments() {
  arguments=()
  each_line "${REFACTOR_INVENTORY-}" --inventory
  each_line "${REFACTOR_CONFIG-}" --config
}

# After everything else: what follows `--` is no option, whatever it is called.
path_arguments() {
  arguments+=(--)
  each_line "${REFACTOR_PATHS-}"
}
