import { GUARANTEES, LANGUAGES, type Language, type Needs, SOURCE_EXTENSION } from "@agentos/core";
import { InvalidArgumentError } from "commander";
import { cliError } from "./errors.js";

/** Reads a whole number of at least 1. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1)
    throw new InvalidArgumentError("It must be a whole number of at least 1.");
  return value;
}

/** Reads a number of at least 0. */
export function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError("It must be a number of at least 0.");
  }
  return value;
}

/** Reads a number from 0 to 1. */
export function share(text: string): number {
  const value = amount(text);
  if (value > 1) throw new InvalidArgumentError("It must be from 0 to 1.");
  return value;
}

/** Reads `filesystem,network` or `none`. */
export function needs(text: string): Needs {
  if (text === "none") return "none";
  const names = text.split(",").map((name) => name.trim());
  const found = GUARANTEES.filter((guarantee) => names.includes(guarantee));
  if (found.length !== new Set(names).size) {
    throw new InvalidArgumentError(
      `It must be none, or some of ${GUARANTEES.join(",")} with commas between.`,
    );
  }
  return found;
}

/** Reads a list with commas. */
export function list(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const EXTENSIONS: Readonly<Record<string, Language>> = {
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".py": "python",
  ".go": "go",
  ".rs": "rust",
  ".java": "java",
  ".sh": "bash",
  ".bash": "bash",
};

/** The language of a file by its extension. Throws `CLI_LANGUAGE_UNKNOWN`. */
export function languageOf(path: string, named?: string): Language {
  if (named !== undefined) {
    const language = LANGUAGES.find((known) => known === named);
    if (language) return language;
    throw cliError(
      "CLI_LANGUAGE_UNKNOWN",
      `There is no language "${named}". Use one of ${LANGUAGES.join(", ")}.`,
    );
  }
  const extension = /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? "";
  const language = EXTENSIONS[extension];
  if (language) return language;
  throw cliError(
    "CLI_LANGUAGE_UNKNOWN",
    `The language of ${path} cannot be told from its name. Name it with --language, or use an extension such as ${Object.values(SOURCE_EXTENSION).join(", ")}.`,
  );
}
