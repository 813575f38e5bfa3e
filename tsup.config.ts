import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Options } from "tsup";

interface Manifest {
  exports?: Record<string, string | { default: string }>;
  bin?: Record<string, string>;
}

/** Source files to build: one for each export and bin, and every child process entry under `src/children`. */
function entries(folder: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const source = existsSync(join(folder, "src")) ? join(folder, "src") : folder;
  const outputs = [
    ...Object.values(manifest.exports ?? {}).flatMap((target) =>
      typeof target === "string" ? [] : [target.default],
    ),
    ...Object.values(manifest.bin ?? {}),
  ].map((path) => path.replace("./dist/", "").replace(/\.js$/, ""));
  const children = join(source, "children");
  if (existsSync(children)) {
    outputs.push(...readdirSync(children).map((file) => `children/${file.replace(/\.ts$/, "")}`));
  }
  return Object.fromEntries(
    outputs.map((name) => [name, join(source, `${name}.ts`)] as const).filter(([, file]) => existsSync(file)),
  );
}

const folders = [...readdirSync("packages").map((name) => join("packages", name)), "benchmarks", "examples"];

export default defineConfig(
  folders
    .map(
      (folder): Options => ({
        name: folder,
        entry: entries(folder),
        outDir: join(folder, "dist"),
        format: "esm",
        target: "node20",
        platform: "node",
        sourcemap: true,
        splitting: true,
        clean: false,
        dts: false,
        silent: true,
        // The workspace's own tsconfig.json maps package names to sources, which would be copied into each dependant.
        tsconfig: "tsconfig.base.json",
        // Everything a package imports is resolved where it is installed, never copied in.
        skipNodeModulesBundle: true,
      }),
    )
    .filter((options) => Object.keys(options.entry as object).length > 0),
);
