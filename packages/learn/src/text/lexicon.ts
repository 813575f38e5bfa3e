import type { Language } from "@agentos/core";

/** What the tokenizer and the renaming view must know of a language. */
export interface Lexicon {
  /** Words that are never names. */
  readonly keywords: ReadonlySet<string>;
  /** Whether indentation is part of the program. */
  readonly indented: boolean;
  /** Matches one comment, at `lastIndex`. */
  readonly comment: RegExp;
  /** Matches one string literal, at `lastIndex`; an unterminated one runs to the end of its line or of the text. */
  readonly string: RegExp;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const PYTHON: Lexicon = {
  keywords: words(
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return self cls try while with yield",
  ),
  indented: true,
  comment: /#[^\n]*/y,
  string:
    /[rRbBuUfF]{0,2}(?:"""(?:\\[\s\S]|[^\\])*?(?:"""|$)|'''(?:\\[\s\S]|[^\\])*?(?:'''|$)|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?)/y,
};

const JAVASCRIPT: Lexicon = {
  keywords: words(
    "abstract any arguments as async await boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface is keyof let namespace never new null number object of private protected public readonly return satisfies set static string super switch symbol this throw true try type typeof undefined unknown var void while with yield",
  ),
  indented: false,
  comment: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
  string:
    /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|`(?:\\[\s\S]|\$\{(?:[^{}`]|\{[^{}`]*\}|`[^`]*`)*\}|[^`\\])*`?/y,
};

const GO: Lexicon = {
  keywords: words(
    "any bool break byte case chan comparable complex64 complex128 const continue default defer else error fallthrough false float32 float64 for func go goto if import int int8 int16 int32 int64 interface iota map nil package range return rune select string struct switch true type uint uint8 uint16 uint32 uint64 uintptr var",
  ),
  indented: false,
  comment: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
  string: /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|`[^`]*`?/y,
};

const RUST: Lexicon = {
  keywords: words(
    "Self as async await bool box break char const continue crate dyn else enum extern f32 f64 false fn for i128 i16 i32 i64 i8 if impl in isize let loop match mod move mut pub ref return self static str struct super trait true type u128 u16 u32 u64 u8 union unsafe use usize where while",
  ),
  indented: false,
  comment: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
  // A quote alone starts a lifetime.
  string: /b?"(?:\\[\s\S]|[^"\\])*"?|b?r(#*)"[\s\S]*?(?:"\1|$)|b?'(?:\\[^\n]*?|[^'\\\n])'/y,
};

const JAVA: Lexicon = {
  keywords: words(
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for goto if implements import instanceof int interface long native new null package private protected public record return sealed short static strictfp super switch synchronized this throw throws transient true try var void volatile while yield",
  ),
  indented: false,
  comment: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
  string: /"""[\s\S]*?(?:"""|$)|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/y,
};

const BASH: Lexicon = {
  keywords: words(
    "break case continue declare do done elif else esac exit export fi for function if in local readonly return select set shift then time trap unset until while",
  ),
  indented: false,
  comment: /(?<![^\s;&|()])#[^\n]*/y,
  string: /"(?:\\[\s\S]|[^"\\])*"?|'[^']*'?/y,
};

/** The lexicon of each language. */
export const LEXICONS: Readonly<Record<Language, Lexicon>> = {
  python: PYTHON,
  javascript: JAVASCRIPT,
  typescript: JAVASCRIPT,
  go: GO,
  rust: RUST,
  java: JAVA,
  bash: BASH,
};
