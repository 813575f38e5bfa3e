import { join, relative, sep } from "node:path";
import ts from "typescript";

/** A place that TypeScript names; without a path where it lies outside of the repository or in a dependency. */
export interface TruePlace {
  readonly path?: string;
  /** 1-based. */
  readonly line: number;
}

/** What TypeScript's language service says of the files of a repository's `tsconfig.json`. */
export class TypeScriptTruth {
  /** Absolute paths of the sources, without declarations. */
  readonly files: readonly string[];
  readonly #repo: string;
  readonly #service: ts.LanguageService;

  /** Throws when the repository has no `tsconfig.json` that can be read. */
  constructor(repo: string) {
    this.#repo = repo;
    const read = ts.readConfigFile(join(repo, "tsconfig.json"), ts.sys.readFile);
    if (read.error)
      throw new Error(`${join(repo, "tsconfig.json")} cannot be read. Give a TypeScript repository.`);
    const { fileNames, options } = ts.parseJsonConfigFileContent(read.config, ts.sys, repo);
    this.files = fileNames.filter((file) => !file.endsWith(".d.ts")).sort();
    this.#service = ts.createLanguageService({
      ...ts.sys,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getScriptFileNames: () => fileNames,
      getScriptVersion: () => "1",
      getScriptSnapshot: (file) => {
        const text = ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => repo,
      getCompilationSettings: () => options,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
    });
  }

  /** The line, 1-based, and the column, 0-based, of an offset. */
  position(file: string, offset: number): { readonly line: number; readonly column: number } {
    const at = this.#source(file)?.getLineAndCharacterOfPosition(offset);
    return { line: (at?.line ?? 0) + 1, column: at?.character ?? 0 };
  }

  /** Where the name at an offset is defined. */
  definitions(file: string, offset: number): readonly TruePlace[] {
    return (this.#service.getDefinitionAtPosition(file, offset) ?? []).map(({ fileName, textSpan }) => {
      const { line } = this.position(fileName, textSpan.start);
      const path = relative(this.#repo, fileName).split(sep).join("/");
      const isOutside = path.startsWith("..") || path.includes("node_modules/");
      return isOutside ? { line } : { path, line };
    });
  }

  close(): void {
    this.#service.dispose();
  }

  #source(file: string): ts.SourceFile | undefined {
    return this.#service.getProgram()?.getSourceFile(file);
  }
}
