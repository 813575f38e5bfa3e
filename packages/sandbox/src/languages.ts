import type { Language } from "@agentos/core";
import { BASH } from "./languages/bash.js";
import { GO } from "./languages/go.js";
import { JAVA_LANGUAGE } from "./languages/java.js";
import { JAVASCRIPT, TYPESCRIPT } from "./languages/javascript.js";
import type { LanguageFacts } from "./languages/language.js";
import { PYTHON } from "./languages/python.js";
import { RUST } from "./languages/rust.js";

/** Every language that can be judged. */
export const LANGUAGE_FACTS: Readonly<Record<Language, LanguageFacts>> = {
  javascript: JAVASCRIPT,
  typescript: TYPESCRIPT,
  python: PYTHON,
  go: GO,
  rust: RUST,
  java: JAVA_LANGUAGE,
  bash: BASH,
};

/** Whether a path holds TypeScript that is to be stripped of its types. Declarations hold nothing to run. */
export function isTypeScript(path: string): boolean {
  return /\.[mc]?ts$/.test(path) && !/\.d\.[mc]?ts$/.test(path);
}
