import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { RunRequest } from "@agentos/core";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { Sandbox } from "../src/index.js";
import { openNamespaceSandbox } from "./helpers.js";

const opened = await openNamespaceSandbox();

describe.skipIf(!opened)("what a run hands back", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);

  const run = (code: string, more: Partial<RunRequest>) =>
    sandbox.run({ language: "python", files: { "main.py": code }, entry: "main.py", ...more });
  const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("latin1");

  test("files and folders, as they are when the program has ended, with its exit code", async () => {
    const long = `${"n".repeat(150)}/${"m".repeat(200)}`;
    const result = await run(
      `import os
os.makedirs('out/deep'); os.makedirs('${"n".repeat(150)}')
open('out/a.bin', 'wb').write(bytes(range(256)))
open('out/deep/ü b', 'w').write('x')
open('out/empty', 'w'); open('one', 'w').write('1'); open('-rf', 'w').write('dash')
open('${long}', 'w').write('long')
open('other', 'w').write('not asked for')
raise SystemExit(3)
`,
      { artifacts: ["out", "one", "-rf", long, "main.py", "none/such"] },
    );
    expect(result).toMatchObject({ status: "exited", exitCode: 3 });
    expect(Object.keys(result.artifacts ?? {}).sort()).toEqual(
      ["-rf", "main.py", long, "one", "out/a.bin", "out/deep/ü b", "out/empty"].sort(),
    );
    expect(
      Buffer.from(result.artifacts?.["out/a.bin"] ?? []).equals(
        Buffer.from(Uint8Array.from({ length: 256 }, (_, index) => index)),
      ),
    ).toBe(true);
    expect(text(result.artifacts?.["-rf"])).toBe("dash");
    expect(result.refusedArtifacts).toEqual([
      { path: "none/such", reason: "is not there, or lies behind a link" },
    ]);
    expect(result.patch).toBeUndefined();
  });

  test("what a program that is ended leaves is not handed back; one that fails or is killed by itself still does", async () => {
    const hung = await run("open('a', 'w').write('1')\nwhile True: pass\n", {
      artifacts: ["a"],
      limits: { wallMs: 500 },
    });
    expect(hung.status).toBe("wall-time");
    expect(hung.artifacts).toBeUndefined();
    const killed = await run("import os\nopen('a', 'w').write('1')\nos.kill(os.getpid(), 11)\n", {
      artifacts: ["a"],
    });
    expect(killed).toMatchObject({ status: "signal", signal: "SIGSEGV" });
    expect(text(killed.artifacts?.["a"])).toBe("1");
  });

  test("more than the limit is refused, by file; a huge sparse file costs nothing", async () => {
    const result = await run(
      "open('a', 'wb').write(b'x' * 900)\nopen('b', 'wb').write(b'x' * 200)\nopen('c', 'wb').write(b'x' * 100)\n",
      { artifacts: ["a", "b", "c"], artifactBytes: 1000 },
    );
    expect(Object.keys(result.artifacts ?? {})).toEqual(["a", "c"]);
    expect(result.refusedArtifacts).toEqual([{ path: "b", reason: "is over the limit of 1000 bytes" }]);
    const sparse = await run(
      "open('small', 'w').write('1')\nopen('sparse', 'wb').truncate(200 * 1024 * 1024)\n",
      {
        artifacts: ["small", "sparse"],
        artifactBytes: 1000,
      },
    );
    expect(sparse.status).toBe("exited");
    expect(Object.keys(sparse.artifacts ?? {})).toEqual(["small"]);
    expect(sparse.refusedArtifacts?.[0]).toMatchObject({
      path: "sparse",
      reason: expect.stringContaining("limit"),
    });
  });

  test("a driver without a file system says so", async () => {
    const cacheDir = mkdtempSync(join(tmpdir(), "agentos-artifacts-"));
    const other = await Sandbox.open({ cacheDir });
    try {
      await expect(
        other.run({
          language: "javascript",
          files: { "a.js": "" },
          entry: "a.js",
          artifacts: ["a.js"],
          driver: "quickjs",
        }),
      ).rejects.toMatchObject({
        code: "SANDBOX_GUARANTEE_UNAVAILABLE",
        message: expect.stringContaining("no file system"),
      });
    } finally {
      await other.close();
      rmSync(cacheDir, { recursive: true });
    }
  });

  test.each(["../x", "/etc/passwd", "a/../../x", "a//b", ".", ""])(
    "45: the artifact path %j is refused before anything runs",
    async (path) => {
      await expect(run("", { artifacts: [path] })).rejects.toMatchObject({ code: "SANDBOX_REQUEST_INVALID" });
      await expect(run("", { files: { "main.py": "", [path]: "" } })).rejects.toMatchObject({
        code: "SANDBOX_REQUEST_INVALID",
      });
    },
  );

  describe("hostile programs", () => {
    // A file of the host that nothing may read or change.
    let outside = "";
    let root = "";
    beforeEach(() => {
      outside = mkdtempSync(join(tmpdir(), "agentos-sentinel-"));
      writeFileSync(join(outside, "secret"), "SENTINEL");
      root = mkdtempSync(join(tmpdir(), "agentos-project-"));
      execFileSync("git", ["init", "-q", root]);
      for (const [path, content] of Object.entries({ "a.txt": "mine\n", "folder/b.txt": "mine\n" })) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
    });
    afterEach(() => {
      expect(readFileSync(join(outside, "secret"), "utf8")).toBe("SENTINEL");
      expect(readdirSync(outside)).toEqual(["secret"]);
      expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("mine\n");
      expect(readdirSync(root).sort()).toEqual([".git", "a.txt", "folder"]);
      rmSync(outside, { recursive: true });
      rmSync(root, { recursive: true });
    });
    const inProject = (
      code: string,
      artifacts: readonly string[] = ["out"],
      more: Partial<RunRequest> = {},
    ) => run(code, { project: root, artifacts, patch: true, ...more });
    const nothingLeaked = (result: unknown) => expect(JSON.stringify(result)).not.toContain("SENTINEL");

    test("control: what is honestly written comes back, and as a patch", async () => {
      const result = await inProject(
        "import os\nos.mkdir('out')\nopen('out/x', 'w').write('1')\nopen('a.txt', 'a').write('more\\n')\nos.remove('folder/b.txt')\n",
      );
      expect(text(result.artifacts?.["out/x"])).toBe("1");
      expect(result.refusedArtifacts).toBeUndefined();
      expect(result.patch).toBe(`diff --git a/a.txt b/a.txt
--- a/a.txt
+++ b/a.txt
@@ -1,1 +1,2 @@
 mine
+more
diff --git a/folder/b.txt b/folder/b.txt
deleted file mode 100644
--- a/folder/b.txt
+++ /dev/null
@@ -1,1 +0,0 @@
-mine
diff --git a/out/x b/out/x
new file mode 100644
--- /dev/null
+++ b/out/x
@@ -0,0 +1,1 @@
+1
\\ No newline at end of file
`);
    });

    test("38: writing through a link to a file of the host", async () => {
      const result = await inProject(
        `import os\nos.symlink(${JSON.stringify(join(outside, "secret"))}, 'link')\ntry: open('link', 'w').write('changed')\nexcept OSError as error: print(error)\nos.symlink(${JSON.stringify(outside)}, 'folder2')\ntry: open('folder2/new', 'w')\nexcept OSError as error: print(error)\n`,
        ["link"],
      );
      expect(result).toMatchObject({ status: "exited", exitCode: 0, artifacts: {} });
      expect(result.stdout.match(/No such file/g)).toHaveLength(2);
      nothingLeaked(result);
    });

    test("38: a link of the project that leads out is not followed by the host, and dangles inside", async () => {
      symlinkSync(outside, join(root, "way-out"));
      symlinkSync(join(outside, "secret"), join(root, "way-out-file"));
      try {
        const result = await inProject(
          "import os\nprint(os.path.lexists('way-out'), os.path.exists('way-out/secret'), os.path.exists('way-out-file'))\n",
          ["way-out/secret", "way-out-file"],
        );
        expect(result.stdout).toBe("True False False\n");
        expect(result.artifacts).toEqual({});
        expect(result.patch).toBe(patchOfMain);
        nothingLeaked(result);
      } finally {
        rmSync(join(root, "way-out"));
        rmSync(join(root, "way-out-file"));
      }
    });

    test("39 and 40: an artifact that is a link, lies behind one, or has a second name", async () => {
      const result = await inProject(
        `import os\nos.mkdir('out')\nos.symlink(${JSON.stringify(join(outside, "secret"))}, 'out/link')\nos.symlink('/usr/bin', 'bin')\nos.symlink('/etc/ld.so.cache', 'top')\nopen('out/real', 'w').write('1')\nos.link('out/real', 'out/second')\ntry: os.link(${JSON.stringify(join(outside, "secret"))}, 'out/host')\nexcept OSError: print('refused')\n`,
        ["out", "bin/env", "top"],
      );
      expect(result.stdout).toBe("refused\n");
      expect(Object.keys(result.artifacts ?? {}).sort()).toEqual(["out/real", "out/second"]);
      expect(text(result.artifacts?.["out/second"])).toBe("1");
      expect(result.refusedArtifacts).toEqual(
        expect.arrayContaining([
          { path: "out/link", reason: "is a link" },
          { path: "top", reason: "is a link" },
          { path: "bin/env", reason: "is not there, or lies behind a link" },
        ]),
      );
      nothingLeaked(result);
    });

    test("41: processes that swap files, folders and links while they would be read are gone by then", async () => {
      const result = await inProject(
        `import os, time
os.mkdir('out'); open('out/x', 'w').write('good'); os.mkdir('real'); open('real/x', 'w').write('good')
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        if os.fork() > 0: os._exit(0)
        null = os.open('/dev/null', os.O_RDWR)
        for stream in (0, 1, 2): os.dup2(null, stream)
        n = 0
        while True:
            n += 1
            name = 'l%d.%d' % (os.getpid(), n)
            try:
                os.symlink('/etc', name); os.rename('out', name + 'o'); os.rename(name, 'out')
                os.rename('out', name); os.rename(name + 'o', 'out'); os.unlink(name)
            except OSError: pass
time.sleep(0.3)
`,
      );
      expect(result.status).toBe("exited");
      for (const [path, bytes] of Object.entries(result.artifacts ?? {}))
        expect([path, text(bytes)]).toEqual(["out/x", "good"]);
      expect(
        Object.keys(result.artifacts ?? {}).length + (result.refusedArtifacts?.length ?? 0),
      ).toBeGreaterThan(0);
      nothingLeaked(result);
    });

    test("42 and 43: FIFOs, sockets and devices are refused and do not block", async () => {
      const started = performance.now();
      const result = await inProject(
        "import os, socket, stat\nos.mkdir('out')\nos.mkfifo('out/fifo')\nsocket.socket(socket.AF_UNIX).bind('out/socket')\nfor kind, number in ((stat.S_IFCHR, os.makedev(1, 3)), (stat.S_IFBLK, os.makedev(8, 0)), (stat.S_IFCHR, 0)):\n    try: os.mknod('out/device%d' % number, kind | 0o666, number)\n    except OSError as error: print('refused')\nopen('out/file', 'w').write('1')\n",
      );
      expect(performance.now() - started).toBeLessThan(8000);
      // A character device 0:0 is a whiteout: an ordinary user may make one, and it hides nothing but a name.
      expect(result.stdout).toMatch(/^refused\nrefused\n(?:refused\n)?$/);
      expect(Object.keys(result.artifacts ?? {})).toEqual(["out/file"]);
      expect(result.refusedArtifacts).toEqual(
        expect.arrayContaining([{ path: "out/fifo", reason: "is a FIFO" }]),
      );
    });

    test("43 and 47: set-user-id bits and attributes in the layer give nothing, and trusted attributes cannot be set", async () => {
      const result = await inProject(
        "import os, shutil, subprocess\nshutil.copy('/usr/bin/id', 'id')\nos.chmod('id', 0o6755)\nprint(subprocess.check_output(['./id', '-u']).decode().strip())\nfor name in ('trusted.overlay.opaque', 'security.capability', 'user.overlay.redirect'):\n    try: os.setxattr('folder', name, b'/'); print('set', name)\n    except OSError: print('refused')\nprint(sorted(os.listdir('folder')))\n",
        [],
      );
      expect(result.stdout.startsWith("1000\n")).toBe(true);
      expect(result.stdout).not.toContain("set trusted");
      expect(result.stdout).not.toContain("set security");
      expect(result.stdout).toContain("['b.txt']");
    });

    test("44: no way to the lower folder, its parents or the other layers", async () => {
      const result = await inProject(
        `import os
print(sorted(os.listdir('/')))
for path in ('/proc/1/root/mnt/below', '/proc/1/root/mnt/layer', '/proc/self/root/mnt', '/work/../mnt/below', '/proc/1/environ', ${JSON.stringify(outside)}):
    try: print('open', path, os.listdir(path) if not path.endswith('environ') else open(path).read())
    except OSError: pass
print('overlay line', [line.split(' - ')[1].split()[0] for line in open('/proc/self/mountinfo') if ' /work ' in line])
`,
        [],
      );
      expect(result.stdout).not.toContain("open /proc/1/root/mnt");
      expect(result.stdout).not.toContain("mnt'");
      expect(result.stdout).toContain("overlay line ['overlay']");
      nothingLeaked(result);
    });

    test("46: git hooks, editor and agent settings that a run plants stay in its layer, and are shown in the patch", async () => {
      const result = await inProject(
        "import os\nos.makedirs('.git/hooks')\nopen('.git/hooks/pre-commit', 'w').write('#!/bin/sh')\nopen('.bashrc', 'w').write('x')\nos.makedirs('.vscode')\nopen('.vscode/settings.json', 'w').write('{}')\n",
        [],
      );
      expect(result.patch).toContain("+++ b/.git/hooks/pre-commit");
      expect(result.patch).toContain("+++ b/.bashrc");
      expect(existsSync(join(root, ".git/hooks/pre-commit"))).toBe(false);
      expect((await inProject("import os\nprint(sorted(os.listdir('.')))\n", [])).stdout).toBe(
        "['a.txt', 'folder', 'main.py']\n",
      );
    });

    test("names that are not UTF-8, or would not be safe elsewhere, are refused and said", async () => {
      const result = await inProject(
        "import os\nos.mkdir('out')\nopen(b'out/\\xff', 'w').write('1')\nopen('out/a\\\\b', 'w').write('1')\nopen('out/new\\nline', 'w').write('1')\nopen('out/good', 'w').write('1')\n",
      );
      expect(Object.keys(result.artifacts ?? {})).toEqual(["out/good"]);
      expect(result.refusedArtifacts).toHaveLength(3);
    });

    test("the limit of the disk holds for the layer", async () => {
      const result = await inProject(
        "try:\n    with open('big', 'wb') as file:\n        for _ in range(600): file.write(b'x' * 1024 * 1024)\nexcept OSError as error: print(error.errno)\nimport os\nos.remove('big')\n",
        [],
        { limits: { memoryBytes: 1024 * 1024 * 1024 } },
      );
      expect(result.stdout.trim()).toMatch(/^(?:27|28)$/);
    });
  });
});

/** What `main.py`, which is handed over and not changed, looks like in a patch: nothing. */
const patchOfMain = "";
