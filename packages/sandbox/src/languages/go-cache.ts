import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readAsset } from "../assets.js";
import { sandboxError } from "../errors.js";
import type { FoundToolchain } from "./language.js";

/** Packages of the standard library that programs and tests commonly use: compiled once, shown read-only to every run. */
const PACKAGES: readonly string[] = [
  "bufio bytes container/heap container/list container/ring context crypto/md5 crypto/rand crypto/sha1 crypto/sha256",
  "encoding/base64 encoding/binary encoding/csv encoding/hex encoding/json encoding/xml errors flag fmt hash/crc32",
  "hash/fnv hash/maphash html io io/fs log math math/big math/bits math/cmplx math/rand net/http/httptest net/url os",
  "os/exec path path/filepath reflect regexp runtime runtime/debug sort strconv strings sync sync/atomic testing",
  "testing/fstest testing/iotest testing/quick text/scanner text/tabwriter text/template time unicode unicode/utf16",
  "unicode/utf8 unsafe",
].flatMap((line) => line.split(" "));

/** Settings of the go command in every build: no network, no C compiler, and what makes small builds quick. */
export const GO_ENVIRONMENT: Readonly<Record<string, string>> = {
  CGO_ENABLED: "0",
  GOENV: "off",
  GOFLAGS: "-mod=mod -buildvcs=false",
  GO111MODULE: "on",
  GOPROXY: "off",
  GOSUMDB: "off",
  GOTELEMETRY: "off",
  GOTOOLCHAIN: "local",
  // Compiles and tests of one candidate end long before collecting garbage would pay.
  GOGC: "off",
};

const SPLIT: readonly string[] = [
  "go_split.go",
  "go_split_candidate.go",
  "go_split_judge.go",
  "go_split_standin.go",
];
const SPLIT_PROGRAM = "agentos-split";
const EVENTS_PROGRAM = "agentos-test2json";

const run = promisify(execFile);

/**
 * The folder of a build cache that holds the compiled standard library, made when it is missing. It is built beside and
 * moved into place, so that several processes may do so at once and none sees half of one.
 */
export async function warmGoCache(
  cacheDir: string,
  { program, version }: FoundToolchain,
  signal: AbortSignal,
): Promise<string> {
  const sources = await Promise.all(SPLIT.map(async (name) => [name, await readAsset(name)] as const));
  const mark = createHash("sha256").update(JSON.stringify(sources)).digest("hex").slice(0, 8);
  const folder = join(cacheDir, `go-build-${version.replaceAll(/[^\w.]+/g, "_")}-${mark}`);
  if (existsSync(folder)) return folder;
  const work = join(cacheDir, `.go-${randomUUID()}`);
  const cache = join(work, "cache");
  try {
    await mkdir(join(work, "warm"), { recursive: true });
    await writeFile(join(work, "warm", "go.mod"), "module warm\n");
    const imports = PACKAGES.map((name) => `import _ "${name}"`).join("\n");
    await writeFile(join(work, "warm", "warm.go"), `package warm\n\n${imports}\n`);
    await writeFile(
      join(work, "warm", "warm_test.go"),
      'package warm\n\nimport "testing"\n\nfunc TestWarm(t *testing.T) {}\n',
    );
    const env = {
      ...GO_ENVIRONMENT,
      PATH: "/usr/bin:/bin",
      HOME: work,
      GOCACHE: cache,
      GOPATH: join(work, "path"),
    };
    const standard = run(program, ["test", "-c", "-vet=off", "-o", join(work, "warm.test"), "."], {
      cwd: join(work, "warm"),
      env,
      signal,
    });
    const own = ownPrograms(program, sources, work, cache, env, signal);
    // Both are over before the folder that they write to is removed.
    for (const ended of await Promise.allSettled([standard, own]))
      if (ended.status === "rejected") throw ended.reason;
    await makeReadable(cache);
    for (const name of [SPLIT_PROGRAM, EVENTS_PROGRAM]) await chmod(join(cache, name), 0o755);
    await rename(cache, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was quicker; its cache is as good.
      if (!existsSync(folder)) throw error;
    });
  } catch (cause) {
    throw sandboxError(
      "SANDBOX_DRIVER_FAILED",
      `The build cache for Go could not be made in ${cacheDir}. Check that it can be written and has 200 MB free. ${(cause as Error).message}`,
      { cause },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Programs that runs need beside the go command, in the cache's folder: the one that makes the halves of separated
 * verdicts, which runs inside since it parses code from outside, and `test2json`, which starts sooner without `go tool`.
 */
async function ownPrograms(
  program: string,
  sources: readonly (readonly [name: string, text: string])[],
  work: string,
  cache: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  const split = join(work, "split");
  await mkdir(split);
  await mkdir(cache, { recursive: true });
  await writeFile(join(split, "go.mod"), "module split\n\ngo 1.19\n");
  for (const [name, text] of sources) await writeFile(join(split, name), text);
  // What they need of the standard library is of no use to candidates.
  const options = { cwd: split, env: { ...env, GOCACHE: join(work, "own-cache") }, signal };
  const flags = ["build", "-ldflags", "-s -w", "-o"];
  await run(program, [...flags, join(cache, SPLIT_PROGRAM), "."], options);
  await run(program, [...flags, join(cache, EVENTS_PROGRAM), "cmd/test2json"], options);
}

/** Runs read the cache under user ids of their own. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else await chmod(path, 0o644);
  }
}
