import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("Bash", async () => {
  const text = `#!/bin/bash
# Chooses.
choose() {
  local a=$1
  if [ "$a" = 1 ] && [[ $b == 2 || -z $c ]]; then
    one
  elif two; then
    three
  else
    four
  fi
  one || two && three
  a=$(( b ? 1 : 2 ))
}

function walk {
  for row in "$@"; do
    for ((i = 0; i < 3; i++)); do
      while read -r line; do
        continue 2
      done < "$row"
      break
    done
  done
  until one; do walk "$@"; done
}

kind() {
  case $1 in
    a | b) one ;;
    c)
      select x in a b; do break; done
      ;;
    *) two ;;
  esac
  cat <<END
text $1

more
END
}

empty() { :; }
if [ -n "$1" ]; then choose "$1"; fi
`;
  expect(await complexity("bash", text)).toEqual([
    // Decisions 7 + 4 + 3 and the if of the file, functions 4 and the file. Points 8 + 9 + 3 and 1.
    "file 1-44 cyclomatic 20 cognitive 21 nesting 3 parameters 0 code 39",
    // if, &&, ||, elif, ||, &&, ?:. if 1, && 1, || 1, elif 1, else 1, || 1, && 1, ?: 1.
    "choose 3-14 cyclomatic 8 cognitive 8 nesting 1 parameters 0 code 12",
    // for 1, for 2, while 3, continue 2 1, until 1, recursion 1.
    "walk 16-26 cyclomatic 5 cognitive 9 nesting 3 parameters 0 code 11",
    // Two items and select; the last item is what happens otherwise. case 1, select 2.
    "kind 28-41 cyclomatic 4 cognitive 3 nesting 2 parameters 0 code 14",
    "empty 43-43 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
  ]);
});
