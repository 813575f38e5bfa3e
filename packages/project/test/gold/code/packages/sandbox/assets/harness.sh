# Runs one test script in this shell and reports it: nonce, label, path. Functions that a script defines may replace the
# commands that are used here, but for those named by `builtin`.
__report() {
  builtin local status="$1" from="$2" outcome=passed message=""
  builtin trap - EXIT
  # Exiting with success is the right of the test alone: what it loads has left it unfinished.
  [[ $from == "./$__path" || $from == end || $status != 0 ]] || builtin return 0
  if ((status != 0)); then
    outcome=failed
    message="It ended with exit code $status."
    [[ -s /tmp/errors ]] && message="$message"$'\n'"$(</tmp/errors)"
    message=",\"message\":$(__quote "${message:0:4000}")"
  fi
  builtin printf '%s {"test":{"file":%s,"name":%s,"status":"%s"%s}}\n%s {"finished":%s}\n' \
    "$__nonce" "$__label" "$__label" "$outcome" "$message" "$__nonce" "$__label" >&3
}
__quote() {
  builtin local text="$1"
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\t'/\\t}
  builtin printf '"%s"' "${text//[[:cntrl:]]/ }"
}
__nonce=$1
__path=$3
__label=$(__quote "$2")
builtin readonly __nonce __path __label
__left=""
exit() {
  builtin local status="${1-$?}"
  __left="${BASH_SOURCE[1]}"
  builtin exit "$status"
}
builtin readonly -f __report __quote exit
builtin trap '__report "$?" "$__left"' EXIT
builtin set --
. "./$__path"
__report "$?" end
