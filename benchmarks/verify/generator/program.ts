import { COMPARISON } from "./comparison.js";
import { FACTS } from "./facts.js";
import { MUTATION } from "./mutation.js";

/** What the generator is given. */
export interface GeneratorInput {
  /** Decides every choice. */
  readonly seed: string;
  /** The published prompt and solution. */
  readonly program: string;
  /** The published tests, which define `check` and call it. */
  readonly tests: string;
  readonly entryPoint: string;
  /** How many inputs are wanted at most. */
  readonly wanted: number;
}

/** What the generator answers with, on its last line. */
export interface GeneratorAnswer {
  /** How results are compared; null when no inputs were generated. */
  readonly comparison: "equal" | "tuple" | "truth" | null;
  /** Why no inputs were generated. */
  readonly reason: string | null;
  /** Arguments and expected result, each as a Python literal. */
  readonly cases: readonly (readonly [args: string, expected: string])[];
}

const RUNNING = `
ATTEMPTS = 5000
LINES = 20000
LINES_KEPT = 1000000
LINES_TRIED = 5000000
CHARACTERS = 1000


class TooLong(BaseException):
    pass


def run_counted(function, args):
    """Its result and how many lines it executed. Lines are counted, not seconds, so that every machine says the same."""
    lines = 0

    def on_line(frame, event, argument):
        nonlocal lines
        lines += event == "line"
        if lines > LINES:
            raise TooLong()
        return on_line

    def on_call(frame, event, argument):
        return on_line if frame.f_code.co_filename == "solution.py" else None

    sys.settrace(on_call)
    try:
        result = function(*args)
        return (lines <= LINES, result, lines)
    except (Exception, TooLong):
        return (False, None, lines)
    finally:
        sys.settrace(None)


def written(value):
    """As repr, but that the elements of a set stand in a fixed order."""
    if type(value) is set and value:
        return "{" + ", ".join(sorted(written(one) for one in value)) + "}"
    if type(value) is list:
        return "[" + ", ".join(written(one) for one in value) + "]"
    if type(value) is tuple:
        return "(" + "".join(written(one) + ", " for one in value) + ")"
    if type(value) is dict:
        return "{" + ", ".join(written(key) + ": " + written(one) for key, one in value.items()) + "}"
    return repr(value)


def literal(value):
    """Its literal; None for what has none, and for what is long."""
    try:
        text = written(value)
        return text if len(text) <= CHARACTERS and written(ast.literal_eval(text)) == text else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def generate(data):
    def nothing(reason):
        return {"comparison": None, "reason": reason, "cases": []}

    tree = ast.parse(data["tests"])
    tree.body = [one for one in tree.body if not (isinstance(one, ast.Expr) and is_call(one.value, "check"))]
    checks = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "check"]
    comparison = comparison_of(checks[-1]) if checks else None
    if comparison is None:
        return nothing("the published tests do not compare results with a value")
    space = {"__name__": "__main__"}
    exec(compile(data["program"], "solution.py", "exec"), space)
    exec(compile(tree, "tests.py", "exec"), space)
    canonical = space[data["entryPoint"]]
    seeds = {}

    def recorder(*args):
        text = literal(args)
        if text is not None:
            seeds.setdefault(text, copy.deepcopy(args))
        return canonical(*args)

    random.seed(data["seed"])
    try:
        space["check"](recorder)
    except Exception as error:
        return nothing("the published solution fails its tests: " + type(error).__name__)
    widths = {len(args) for args in seeds.values()}
    if widths in (set(), {0}) or len(widths) > 1:
        return nothing("the published tests do not call it with literals, each time as many")
    pool = list(seeds.values())
    facts = Facts(pool)
    choices = random.Random(data["seed"])
    mutator = Mutator(facts.seen, choices)
    tried = set(seeds)
    cases = []
    lines_tried = lines_kept = 0
    for _ in range(ATTEMPTS):
        if len(cases) == data["wanted"] or lines_tried > LINES_TRIED or lines_kept > LINES_KEPT:
            break
        args = mutator.args(choices.choice(pool))
        text = literal(args)
        if text is None or text in tried or not facts.hold(args):
            continue
        tried.add(text)
        returned, result, lines = run_counted(canonical, copy.deepcopy(args))
        lines_tried += lines
        expected = literal(result) if returned else None
        if expected is None or literal(canonical(*copy.deepcopy(args))) != expected:
            continue
        lines_kept += lines
        pool.append(args)
        cases.append([text, expected])
    return {"comparison": comparison, "reason": None, "cases": cases}


with open("input.json", encoding="utf-8") as file:
    answer = generate(json.load(file))
print()
print(json.dumps(answer))
`;

/** The generator: a Python program that reads a {@link GeneratorInput} from `input.json` and prints its answer. */
export const GENERATOR_PROGRAM: string = FACTS + MUTATION + COMPARISON + RUNNING;
