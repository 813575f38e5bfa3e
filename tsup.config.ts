import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Options } from "tsup";

interface Manifest {
  exports?: Record<string, string | { default: string }>;
  bin?: Record<string, string>;
}

/** Source files to build: one for each export and bin. */
function entries(folder: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const source = existsSync(join(folder, "src")) ? join(folder, "src") : folder;
  const outputs = [
    ...Object.values(manifest.exports ?? {}).flatMap((target) =>
      typeof target === "string" ? [] : [target.default],
    ),
    ...Object.values(manifest.bin ?? {}),
  ].map((path) => path.replace("./dist/", "").replace(/\.js$/, ""));
  return Object.fromEntries(
    outputs.map((name) => [name, join(source, `${name}.ts`)] as const).filter(([, file]) => existsSync(file)),
  );
}

/** Programs under `src/children` that are modules: they share most of their code with the package, and start once for long. */
const MODULES: ReadonlySet<string> = new Set(["parser"]);

function modules(folder: string): Record<string, string> {
  const names = childNames(folder).filter((name) => MODULES.has(name));
  return Object.fromEntries(
    names.map((name) => [`children/${name}`, join(folder, "src", "children", `${name}.ts`)]),
  );
}

function childNames(folder: string): readonly string[] {
  const source = join(folder, "src", "children");
  return existsSync(source) ? readdirSync(source).map((file) => file.replace(/\.ts$/, "")) : [];
}

/** What is started as a process of its own under `src/children`, and the program of its contexts. */
function children(folder: string): readonly Options[] {
  const source = join(folder, "src", "children");
  const names = childNames(folder).filter((name) => !MODULES.has(name));
  const build = (name: string): Options => ({
    ...shared(folder),
    name: `${folder}: ${name}`,
    entry: { [`children/${name}`]: join(source, `${name}.ts`) },
    // Node starts one CommonJS file in two thirds of the time that it takes to load ES modules.
    format: "cjs",
    splitting: false,
    outExtension: () => ({ js: ".cjs" }),
  });
  return names.map(
    (name): Options =>
      name === "realm"
        ? { ...build(name), format: "iife", globalName: "realm", outExtension: () => ({ js: ".js" }) }
        : build(name),
  );
}

/** What Node starts inside the namespace driver's sandboxes: one file each, which find one another at /harness. */
function nodeHarness(folder: string): readonly Options[] {
  const source = join(folder, "assets", "javascript");
  if (!existsSync(source)) return [];
  return ["harness", "judge", "separate"].map((name) => ({
    ...shared(folder),
    name: `${folder}: ${name}`,
    entry: { [`harness/${name}`]: join(source, `${name}.mjs`) },
    format: "esm",
    splitting: false,
    sourcemap: false,
    external: [/^\/harness\//],
    // node:test has no name without it.
    removeNodeProtocol: false,
    outExtension: () => ({ js: ".mjs" }),
  }));
}

function shared(folder: string): Options {
  return {
    outDir: join(folder, "dist"),
    target: "node20",
    platform: "node",
    sourcemap: true,
    clean: false,
    dts: false,
    silent: true,
    // The workspace's own tsconfig.json maps package names to sources, which would be copied into each dependant.
    tsconfig: "tsconfig.base.json",
    // Everything a package imports is resolved where it is installed, never copied in.
    skipNodeModulesBundle: true,
  };
}

const folders = [...readdirSync("packages").map((name) => join("packages", name)), "benchmarks", "examples"];

export default defineConfig(
  folders
    .flatMap((folder): Options[] => [
      {
        ...shared(folder),
        name: folder,
        entry: { ...entries(folder), ...modules(folder) },
        format: "esm",
        splitting: true,
      },
      ...children(folder),
      ...nodeHarness(folder),
    ])
    .filter((options) => Object.keys(options.entry as object).length > 0),
);
