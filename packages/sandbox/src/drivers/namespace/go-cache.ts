import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { sandboxError } from "../../errors.js";

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

const run = promisify(execFile);

/**
 * The folder of a build cache that holds the compiled standard library, made when it is missing. It is built beside and
 * moved into place, so that several processes may do so at once and none sees half of one.
 */
export async function warmGoCache(cacheDir: string, program: string, version: string): Promise<string> {
  const folder = join(cacheDir, `go-build-${version.replaceAll(/[^\w.]+/g, "_")}`);
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
    await run(program, ["test", "-c", "-vet=off", "-o", join(work, "warm.test"), "."], {
      cwd: join(work, "warm"),
      env,
    });
    await makeReadable(cache);
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

/** Runs read the cache under user ids of their own. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else await chmod(path, 0o644);
  }
}
