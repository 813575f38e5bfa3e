import { validate } from "@agentos/core";
import ignore from "ignore";
import * as v from "valibot";
import { withoutRuns } from "../files/ignore-rules.js";
import { type TextQuery, textQuerySchema } from "../options.js";
import type { Wanted } from "./content-matcher.js";
import type { ContentScope } from "./content-search.js";
import { isWithin } from "./symbol-index.js";

/** A search as it was asked for. */
export interface ContentQuery {
  readonly wanted: Wanted;
  readonly scope: ContentScope;
  /** Lines before and behind each that are shown. */
  readonly context: number;
}

const LIMIT = 50;
const textSchema = v.pipe(v.string(), v.nonEmpty("must not be empty"));

/** Reads the arguments of a search. Throws `INPUT_INVALID` and what `relative` throws. @param relative a path within the root */
export function contentQuery(
  text: string,
  options: TextQuery,
  relative: (path: string) => string,
): ContentQuery {
  const valid = validate(textQuerySchema, options, { what: "Options of searchText" });
  const wanted = validate(textSchema, text, { what: "Text of searchText" });
  const { path, glob = [], limit = LIMIT, regex = false, word = false, context = 0, signal } = valid;
  const caseSensitive =
    valid.caseSensitive === "smart" ? /\p{Lu}/u.test(withoutEscapes(wanted, regex)) : valid.caseSensitive;
  const folder = path === undefined ? "" : relative(path);
  const fits = globFilter(typeof glob === "string" ? [glob] : glob);
  return {
    wanted: { text: wanted, regex, caseSensitive: caseSensitive ?? false, word },
    scope: { accepts: (file) => isWithin(file, folder) && fits(file), limit, signal },
    context,
  };
}

/** `\W` is no capital, and neither are the digits of `\u00E9` nor the names of groups. */
function withoutEscapes(text: string, regex: boolean): string {
  if (!regex) return text;
  return text.replace(
    /\\(?:[pPu]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|k<[^>]*>|.)|\(\?<(?![=!])[^>]*>/gsu,
    "",
  );
}

/** Files that fit one of the patterns, where there are any without `!`, and none of those that begin with it. */
function globFilter(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => true;
  const rules = (patterns: readonly string[]) => ignore({ ignorecase: false }).add(patterns.map(withoutRuns));
  const wanted = globs.filter((glob) => !glob.startsWith("!"));
  const taken = rules(wanted);
  const refused = rules(globs.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1)));
  return (path) => (wanted.length === 0 || taken.ignores(path)) && !refused.ignores(path);
}
