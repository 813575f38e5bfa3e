import type { Language } from "@agentos/core";

/**
 * The message of a program that did not parse, read off what its interpreter printed; undefined when it did. Only the
 * entry file and what it loads by itself count: code that is parsed later, as JSON or by `eval`, is the program's own.
 */
export function syntaxErrorOf(language: Language, exitCode: number, stderr: string): string | undefined {
  if (exitCode !== 1) return undefined;
  if (language === "python") {
    // Python prints no "Traceback" before the error of the file that it was asked to run.
    const match =
      /^ {2}File "[^"]*", line \d+\n[\s\S]*?^(?:SyntaxError|IndentationError|TabError): .*$/m.exec(stderr);
    return match && !stderr.includes("Traceback (most recent call last)") ? clean(match[0]) : undefined;
  }
  if (language === "go") return undefined;
  const match =
    /^SyntaxError: .*\n\s+at (?:wrapSafe|compileSourceTextModule|compileForInternalLoader|ModuleLoader|new ModuleWrap)\b/m.exec(
      stderr,
    );
  if (!match) return undefined;
  const end = match.index + (match[0].indexOf("\n") ?? 0);
  return clean(stderr.slice(0, end));
}

function clean(text: string): string {
  return text.replaceAll("file:///work/", "").replaceAll("/work/", "").trim().slice(0, 4000);
}
