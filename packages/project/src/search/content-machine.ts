import type { AST } from "@eslint-community/regexpp";
import { characterExpression, type TextKind, wordExpression } from "./content-expression.js";
import type { Span } from "./content-matcher.js";

/** One step of a program. Steps are named by their place in it. */
type Step =
  | { readonly kind: "character"; readonly fits: (point: number) => boolean; readonly next: number }
  /** `next` comes first: what it finds is taken before what `other` finds. */
  | { readonly kind: "either"; next: number; other: number }
  | { readonly kind: "assert"; readonly holds: (beside: Beside) => boolean; readonly next: number }
  | { readonly kind: "match" };

/** The characters before and behind a place in a line; -1 where the line begins or ends. */
interface Beside {
  readonly before: number;
  readonly behind: number;
}

/** An expression as a program. */
interface Program {
  readonly steps: readonly Step[];
  readonly entry: number;
}

/** More steps than that are not run: repetition multiplies them. */
const MOST_STEPS = 10_000;

/**
 * Finds matches in a time that grows with the length of a line times the size of the expression, whatever they are; the engine of
 * JavaScript is faster on most and takes for ever on some. It follows all ways through the expression at once (Thompson 1968), in the
 * order in which JavaScript would try them (Pike's machine, as in Cox, "Regular Expression Matching: the Virtual Machine Approach",
 * 2009). Where a part is repeated that fits nothing, too, a match may end elsewhere than JavaScript's. Undefined for expressions that look around or back, and for those that are too large.
 */
export function lineMachine(
  pattern: AST.Pattern,
  kind: TextKind,
  options: { readonly caseSensitive: boolean; readonly word: boolean },
): ((text: string, from: number) => Span | undefined) | undefined {
  const program = programOf(pattern, kind, options);
  if (program === undefined) return undefined;
  const runner = lineRunner(program);
  return (text, from) => {
    for (let start = from; start <= text.length; ) {
      const feed = text.indexOf("\n", start);
      const end = feed < 0 ? text.length : feed;
      const found = runner(text, start, end);
      if (found !== undefined) return found;
      start = end + 1;
    }
    return undefined;
  };
}

/** Writes the steps from the last to the first, so that each knows what comes next. */
function programOf(
  pattern: AST.Pattern,
  kind: TextKind,
  { caseSensitive, word }: { readonly caseSensitive: boolean; readonly word: boolean },
): Program | undefined {
  const steps: Step[] = [];
  let isPossible = true;
  const tests = new Map<AST.Element, (point: number) => boolean>();
  const isWord = characterTest(wordExpression(kind), "v");
  const step = (added: Step): number => {
    isPossible &&= steps.length < MOST_STEPS;
    return steps.push(added) - 1;
  };
  const assert = (holds: (beside: Beside) => boolean, next: number): number =>
    step({ kind: "assert", holds, next });

  const choice = (alternatives: readonly AST.Alternative[], next: number): number => {
    const entries = alternatives.map(({ elements }) =>
      elements.reduceRight((behind, element) => write(element, behind), next),
    );
    return entries.reduceRight((other, entry) => step({ kind: "either", next: entry, other }));
  };

  const repeat = ({ element, min, max, greedy }: AST.Quantifier, next: number): number => {
    const optional = (body: number, behind: number): number =>
      step({ kind: "either", next: greedy ? body : behind, other: greedy ? behind : body });
    let entry = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop: Step = { kind: "either", next, other: next };
      entry = step(loop);
      const body = write(element, entry);
      if (greedy) loop.next = body;
      else loop.other = body;
    } else {
      for (let count = min; count < max && isPossible; count += 1)
        entry = optional(write(element, entry), next);
    }
    for (let count = 0; count < min && isPossible; count += 1) entry = write(element, entry);
    return entry;
  };

  const write = (element: AST.Element, next: number): number => {
    if (!isPossible) return next;
    switch (element.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
      case "ExpressionCharacterClass": {
        const fits =
          tests.get(element) ?? characterTest(characterExpression(element, kind), caseSensitive ? "v" : "iv");
        tests.set(element, fits);
        return step({ kind: "character", fits, next });
      }
      case "CapturingGroup":
        return choice(element.alternatives, next);
      case "Group":
        isPossible &&= element.modifiers === null;
        return choice(element.alternatives, next);
      case "Quantifier":
        return repeat(element, next);
      case "Assertion":
        if (element.kind === "start") return assert(({ before }) => before < 0, next);
        if (element.kind === "end") return assert(({ behind }) => behind < 0, next);
        if (element.kind === "word") {
          const { negate } = element;
          return assert(({ before, behind }) => (isWord(before) !== isWord(behind)) !== negate, next);
        }
        isPossible = false;
        return next;
      default:
        isPossible = false;
        return next;
    }
  };

  const match = step({ kind: "match" });
  const end = word ? assert(({ behind }) => !isWord(behind), match) : match;
  const inner = choice(pattern.alternatives, end);
  const entry = word ? assert(({ before }) => !isWord(before), inner) : inner;
  return isPossible ? { steps, entry } : undefined;
}

/** Runs a program on one line of a text after another. */
function lineRunner({
  steps,
  entry,
}: Program): (text: string, start: number, end: number) => Span | undefined {
  /** At which turn each step was last added, so that none is twice in a list. */
  const added = new Float64Array(steps.length).fill(-1);
  const stack: number[] = [];
  let turn = 0;
  let current: Threads = { steps: [], starts: [] };
  let coming: Threads = { steps: [], starts: [] };

  /** Adds a step, and where it only leads on, what it leads to. */
  const add = (threads: Threads, first: number, start: number, beside: Beside): void => {
    stack.push(first);
    for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
      if (added[place] === turn) continue;
      added[place] = turn;
      const step = steps[place];
      if (step?.kind === "either") stack.push(step.other, step.next);
      else if (step?.kind === "assert") {
        if (step.holds(beside)) stack.push(step.next);
      } else {
        threads.steps.push(place);
        threads.starts.push(start);
      }
    }
  };

  return (text, lineStart, lineEnd) => {
    const pointAt = (at: number): number => (at < lineEnd ? (text.codePointAt(at) ?? -1) : -1);
    let found: Span | undefined;
    let before = -1;
    let point = pointAt(lineStart);
    current.steps.length = current.starts.length = 0;
    turn += 1;
    for (let at = lineStart; ; ) {
      if (found === undefined) add(current, entry, at, { before, behind: point });
      if (current.steps.length === 0 && found !== undefined) return found;
      const width = point > 0xffff ? 2 : 1;
      const beside = { before: point, behind: pointAt(at + width) };
      turn += 1;
      for (let index = 0; index < current.steps.length; index += 1) {
        const step = steps[current.steps[index] ?? 0];
        const start = current.starts[index] ?? 0;
        if (step?.kind === "match") {
          found = { start, end: at };
          break;
        }
        if (step?.kind === "character" && point >= 0 && step.fits(point))
          add(coming, step.next, start, beside);
      }
      [current, coming] = [coming, current];
      coming.steps.length = coming.starts.length = 0;
      if (point < 0) return found;
      at += width;
      before = point;
      point = beside.behind;
    }
  };
}

/** Steps that are followed at once, the preferred first, and where in the text each way began. */
interface Threads {
  readonly steps: number[];
  readonly starts: number[];
}

/** Whether a code point fits, as JavaScript's engine says; asked once for each. */
function characterTest(source: string, flags: string): (point: number) => boolean {
  const expression = new RegExp(`^(?:${source})$`, flags);
  const test = (point: number): boolean => expression.test(String.fromCodePoint(point));
  const plain = Uint8Array.from({ length: 128 }, (_, point) => Number(test(point)));
  const others = new Map<number, boolean>();
  return (point) => {
    if (point < 128) return plain[point] === 1;
    let fits = others.get(point);
    if (fits === undefined) {
      fits = test(point);
      others.set(point, fits);
    }
    return fits;
  };
}
