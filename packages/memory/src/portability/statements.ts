import MarkdownIt, { type Token } from "markdown-it";
import { htmlText, inlineText } from "./inline-text.js";
import {
  contextName,
  hasWords,
  type Line,
  NAME_CHARACTERS,
  type Part,
  partsTogether,
  type Statement,
} from "./parts.js";

/** What a text of Markdown says. */
export interface Statements {
  readonly statements: readonly Statement[];
  /** Paths behind an `@` outside code, in order, none twice. */
  readonly imports: readonly string[];
}

/** Lists and quotes that lie deeper in tokens than this are kept as they stand. Well under the 100 at which the parser drops. */
const DEEPEST = 40;

/**
 * Cuts Markdown into statements: a paragraph, an item of a list, a row of a table, code with the paragraph before it. `title`
 * stands before all headings, when the text has no heading of the first level.
 */
export function statementsOf(lines: readonly string[], firstLine: number, title?: string): Statements {
  const tokens = new MarkdownIt("default", { html: true }).parse(lines.join("\n"), {});
  const reader = new StatementReader(tokens, lines, firstLine);
  const first = tokens.some(({ type, tag }) => type === "heading_open" && tag === "h1") ? undefined : title;
  reader.readDocument(first === undefined ? [] : [contextName(first)]);
  return { statements: reader.statements, imports: [...reader.imports] };
}

/** Walks the flat list of tokens once. Depth is bounded, so it may recurse. */
class StatementReader {
  readonly statements: Statement[] = [];
  readonly imports = new Set<string>();
  readonly #tokens: readonly Token[];
  readonly #lines: readonly string[];
  readonly #firstLine: number;
  /** For each opening token the place of its closing one. */
  readonly #closes: Int32Array;

  constructor(tokens: readonly Token[], lines: readonly string[], firstLine: number) {
    this.#tokens = tokens;
    this.#lines = lines;
    this.#firstLine = firstLine;
    this.#closes = new Int32Array(tokens.length);
    const open: number[] = [];
    for (const [at, { nesting }] of tokens.entries()) {
      if (nesting === 1) open.push(at);
      else if (nesting === -1) this.#closes[open.pop() ?? 0] = at;
    }
  }

  readDocument(titles: readonly string[]): void {
    const headings: { readonly level: number; readonly text: string }[] = [];
    let from = 0;
    for (const [at, token] of this.#tokens.entries()) {
      if (token.type !== "heading_open" || token.level > 0) continue;
      this.#blocks(from, at, [...titles, ...headings.map(({ text }) => text)]);
      const level = Number(token.tag.slice(1));
      while ((headings.at(-1)?.level ?? 0) >= level) headings.pop();
      const { text } = this.#inline(this.#tokens[at + 1]);
      // Of a long heading only the beginning stands above what follows.
      if (text.length > NAME_CHARACTERS) {
        this.#say([...titles, ...headings.map((each) => each.text)], [{ text, lines: this.#linesOf(token) }]);
      }
      if (text !== "") headings.push({ level, text: contextName(text) });
      from = (this.#closes[at] ?? at) + 1;
    }
    this.#blocks(from, this.#tokens.length, [...titles, ...headings.map(({ text }) => text)]);
  }

  /** Says everything from one token up to another. */
  #blocks(from: number, to: number, context: readonly string[]): void {
    // A paragraph waits for the code that it introduces, or for the list, whose context it becomes.
    let waiting: Part[] = [];
    const say = (): void => {
      this.#say(context, waiting);
      waiting = [];
    };
    for (let at = from; at < to; at = this.#after(at)) {
      const token = this.#tokens[at];
      if (token === undefined) break;
      const part = this.#part(at);
      if (part?.code) {
        waiting.push(part);
      } else if (part !== undefined) {
        say();
        waiting = [part];
      } else if (token.nesting === 1 && token.level < DEEPEST) {
        const introduction = token.type === "blockquote_open" ? undefined : introductionOf(waiting);
        if (introduction === undefined || introduction.length > NAME_CHARACTERS) say();
        const inner = introduction === undefined ? context : [...context, contextName(introduction)];
        if (this.#container(at, inner)) waiting = [];
        else say();
      } else if (token.type === "hr") {
        say();
      }
    }
    say();
  }

  /** A list, a table, a quote, and whatever else holds blocks. Gives whether it said anything. */
  #container(at: number, context: readonly string[]): boolean {
    const before = this.statements.length;
    const token = this.#tokens[at];
    const end = this.#closes[at] ?? at;
    if (token?.type === "bullet_list_open" || token?.type === "ordered_list_open") {
      for (let item = at + 1; item < end; item = this.#after(item)) this.#item(item, context);
    } else if (token?.type === "table_open") {
      this.#table(at, end, context);
    } else {
      this.#blocks(at + 1, end, context);
    }
    return this.statements.length > before;
  }

  /** An item says its own blocks as one; the lists and quotes in it have them as context. */
  #item(at: number, context: readonly string[]): void {
    const end = this.#closes[at] ?? at;
    const number = this.#tokens[at]?.info ?? "";
    const own: Part[] = [];
    const inner: number[] = [];
    for (let child = at + 1; child < end; child = this.#after(child)) {
      const part = this.#part(child);
      if (part !== undefined) own.push(part);
      else if (this.#tokens[child]?.nesting === 1) inner.push(child);
    }
    const place = this.statements.length;
    const text = own.find(({ code }) => !code)?.text;
    const below = text === undefined ? context : [...context, contextName(text)];
    const said = inner.map((child) => this.#container(child, below)).includes(true);
    const introduction = introductionOf(own);
    if (said && introduction !== undefined && introduction.length <= NAME_CHARACTERS) return;
    const [first, ...rest] = own;
    const numbered = first && number !== "" ? [{ ...first, text: `${number}. ${first.text}` }, ...rest] : own;
    this.#say(context, numbered, place);
  }

  /** A row says its cells, each with the head of its column. */
  #table(at: number, end: number, context: readonly string[]): void {
    let heads: readonly string[] = [];
    for (let row = at + 1; row < end; row++) {
      const token = this.#tokens[row];
      if (token?.type !== "tr_open") continue;
      const cells: { readonly head: boolean; readonly text: string }[] = [];
      for (let cell = row + 1; cell < (this.#closes[row] ?? row); cell = this.#after(cell)) {
        const head = this.#tokens[cell]?.type === "th_open";
        cells.push({ head, text: this.#inline(this.#tokens[cell + 1]).text });
      }
      if (cells.every(({ head }) => head)) {
        heads = cells.map(({ text }) => contextName(text));
        continue;
      }
      const said = cells
        .map(({ text }, column) => ({ text, head: heads[column] ?? "" }))
        .filter(({ text }) => text !== "")
        .map(({ text, head }) => (head === "" ? text : `${head}: ${text}`));
      this.#say(context, [{ text: said.join("; "), lines: this.#linesOf(token) }]);
    }
  }

  /** The block at a token as one text, when it is one: a paragraph, code, a block of HTML, or what lies too deep. */
  #part(at: number): Part | undefined {
    const token = this.#tokens[at];
    if (token === undefined) return undefined;
    const lines = this.#linesOf(token);
    switch (token.type) {
      case "paragraph_open":
      // A heading in a list or a quote is not one of the document.
      case "heading_open": {
        const { text, bold, isImport } = this.#inline(this.#tokens[at + 1]);
        return isImport ? undefined : { text, lines, introduces: bold || text.endsWith(":") };
      }
      case "fence":
        return { text: fenced(token), lines, code: true };
      case "code_block":
        return { text: token.content.trimEnd(), lines, code: true };
      case "html_block": {
        const text = htmlText(token.content);
        return text === "" ? undefined : { text, lines };
      }
      default:
        return token.nesting === 1 && token.level >= DEEPEST
          ? { text: this.#source(lines), lines }
          : undefined;
    }
  }

  #inline(token: Token | undefined): {
    readonly text: string;
    readonly bold: boolean;
    readonly isImport: boolean;
  } {
    const { text, bold, imports } = inlineText(token?.children ?? []);
    for (const path of imports) this.imports.add(path);
    // A line that only brings in another file says nothing itself.
    const isImport = imports.length > 0 && text.split(/\s+/).every((word) => word.startsWith("@"));
    return { text, bold, isImport };
  }

  /** Adds a statement, at the end unless a place is given. */
  #say(context: readonly string[], parts: readonly Part[], place = this.statements.length): void {
    const together = partsTogether(parts);
    if (together === undefined || !hasWords(together.text)) return;
    this.statements.splice(place, 0, { context, ...together });
  }

  /** The place behind a block. */
  #after(at: number): number {
    return (this.#tokens[at]?.nesting === 1 ? (this.#closes[at] ?? at) : at) + 1;
  }

  #linesOf({ map }: Token): Line {
    const [from, to] = map ?? [0, 1];
    return { first: this.#firstLine + from, last: this.#firstLine + Math.max(from, to - 1) };
  }

  #source({ first, last }: Line): string {
    const lines = this.#lines.slice(first - this.#firstLine, last - this.#firstLine + 1);
    return lines.map((line) => line.trim()).join("\n");
  }
}

/** The sentence that is there for the list or the table behind it. */
function introductionOf(parts: readonly Part[]): string | undefined {
  const [part] = parts;
  return parts.length === 1 && part?.introduces ? part.text : undefined;
}

/** Code in a fence that is longer than any in it. */
function fenced({ content, info }: Token): string {
  const longest = Math.max(2, ...[...content.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${info.trim()}\n${content.trimEnd()}\n${fence}`;
}
