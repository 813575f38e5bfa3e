import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("PHP", async () => {
  const text = `<?php
// Chooses.
function choose(int $a, &$b, ...$c) {
    if ($a && $b || $c and $d xor $e) {
    } elseif ($b) {
    } else if ($c) {
    } else {
    }
    if ($a): one(); elseif ($b): two(); else: three(); endif;
    return choose(1);
}

# Loops.
class Box extends Base {
    public function __construct(private int $size = 0) {}

    public function walk(array $rows): int {
        foreach ($rows as $key => $row) {
            for ($i = 0; $i < 3; $i++) {
                if ($row[$i] === 0) continue 2;
                break;
            }
        }
        do { $key ??= 1; } while ($key?->next);
        return $this->walk([]) + self::walk([]);
    }

    abstract function draw();
}

function kind($thing) {
    switch ($thing) {
        case 1:
        case 2:
            break;
        default:
    }
    $kind = match (true) { 1, 2 => 'a', $thing > 3 => "b $thing", default => 'c' };
    try {
    } catch (A | B $error) {
    } finally {
    }
    $pick = function ($x) use ($kind) { return $x ?: 1; };
    $next = fn($x) => $x ?? 1;
    array_map(fn($x) => $x ? 1 : 2, []);
    goto end;
    end:
}
?>
<p>Not code</p>
`;
  expect(await complexity("php", text)).toEqual([
    // Decisions 8 + 5 + 6, and 1 + 1 of closures; functions 6 and the file. Points 11 + 9 + 8.
    // The marks of PHP and what is outside of them are no code.
    "file 1-50 cyclomatic 28 cognitive 28 nesting 3 parameters 0 code 41",
    // if, &&, ||, and, elseif, else if, if, elseif. 1, && 1, || 1, and 1, 1, 1, else 1; 1, 1, 1; recursion 1.
    "choose 3-11 cyclomatic 9 cognitive 11 nesting 1 parameters 3 code 9",
    "Box.__construct 15-15 cyclomatic 1 cognitive 0 nesting 0 parameters 1 code 1",
    // foreach, for, if, do, ??=. 1, 2, 3, continue 2 1, do 1, recursion 1.
    "Box.walk 17-26 cyclomatic 6 cognitive 9 nesting 3 parameters 1 code 10",
    // Two labels, two arms, catch, ?: in a closure. switch 1, match 1, catch 1, ?: of pick 2, ?: 2, goto 1.
    "kind 31-48 cyclomatic 7 cognitive 8 nesting 2 parameters 1 code 18",
    "kind.$pick 43-43 cyclomatic 2 cognitive 1 nesting 1 parameters 1 code 1",
    "kind.$next 44-44 cyclomatic 2 cognitive 0 nesting 0 parameters 1 code 1",
  ]);
});
