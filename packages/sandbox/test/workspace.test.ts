import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Task } from "@agentos/core";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { openNamespaceSandbox } from "./helpers.js";

const opened = await openNamespaceSandbox();

describe.skipIf(!opened)("a project below a writable layer", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "agentos-workspace-"));
    execFileSync("git", ["init", "-q", root]);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (files: Record<string, string>): void => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  const task = (): Task => ({ id: "p", prompt: "Change it.", language: "python", project: root });
  const judge = (files: Record<string, string | null>, check: string) =>
    sandbox.verify(
      { ...task(), tests: { visible: [{ path: "test_it.py", content: check }] } },
      { id: "c", files },
    );
  const reason = async (check: string, files: Record<string, string | null> = { "x.py": "" }) =>
    (await judge(files, check)).reason;

  test("what changes between two verdicts is seen: edits, new, deleted, linked and executable files", async () => {
    write({ "a.txt": "1", "b/c.txt": "1", "d.txt": "1" });
    expect(await reason("assert open('a.txt').read() == '1'\n")).toBe("The test passed.");
    write({ "a.txt": "2", "e/f.txt": "new" });
    rmSync(join(root, "d.txt"));
    expect(
      await reason(
        "import os\nassert open('a.txt').read() == '2'\nassert open('e/f.txt').read() == 'new'\nassert not os.path.exists('d.txt')\n",
      ),
    ).toBe("The test passed.");
    write({ "a.txt": "1", run: "#!/bin/sh\necho ran\n" });
    execFileSync("chmod", ["+x", join(root, "run")]);
    symlinkSync("a.txt", join(root, "link"));
    expect(
      await reason(
        "import subprocess\nassert open('link').read() == '1'\nassert subprocess.check_output(['./run']) == b'ran\\n'\n",
      ),
    ).toBe("The test passed.");
    // A file becomes a folder, and the other way.
    rmSync(join(root, "b"), { recursive: true });
    rmSync(join(root, "e"), { recursive: true });
    write({ b: "file", "a.txt": "1", "link2/x": "y" });
    expect(await reason("assert open('b').read() == 'file'\nassert open('link2/x').read() == 'y'\n")).toBe(
      "The test passed.",
    );
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`many/${index}`, "x"]));
    write(many);
    expect(await reason("import os\nassert len(os.listdir('many')) == 300\n")).toBe("The test passed.");
  });

  test("a run may write, replace and delete every file; the project and the next run do not see it", async () => {
    write({ "a.txt": "old", "b/c.txt": "old" });
    const vandal =
      "import os, shutil\nopen('a.txt', 'a').write('new')\nshutil.rmtree('b')\nos.mkdir('b')\nassert os.listdir('b') == []\nos.rename('a.txt', 'b/a.txt')\n";
    const verdict = await judge({ "x.py": "" }, vandal);
    expect(verdict.reason).toBe("The test passed.");
    expect(verdict.runs[0]?.enforced).toContain("project below a writable layer");
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("old");
    expect(existsSync(join(root, "b/c.txt"))).toBe(true);
    expect(await reason("assert open('a.txt').read() == open('b/c.txt').read() == 'old'\n")).toBe(
      "The test passed.",
    );
  });

  test("a candidate's deletions and folders in the place of files", async () => {
    write({ name: "a file", "keep/a.txt": "1", "keep/b.txt": "1" });
    const files = { name: null, "name/inner.txt": "x", "keep/a.txt": null };
    expect(
      await reason(
        "import os\nassert os.listdir('name') == ['inner.txt']\nassert os.listdir('keep') == ['b.txt']\n",
        files,
      ),
    ).toBe("The test passed.");
    expect(await reason("", { "keep/a.txt/x": "" })).toContain("needs a folder there");
    expect(await reason("", { keep: "" })).toContain("needs a folder there");
  });

  test("what git ignores, and git's own folder, are not there", async () => {
    write({ ".gitignore": ".env\n", ".env": "SECRET=1", "a.txt": "" });
    symlinkSync(".env", join(root, "settings"));
    expect(
      await reason(
        "import os\nassert sorted(os.listdir('.')) == ['.gitignore', 'a.txt', 'settings', 'test_it.py', 'x.py'], os.listdir('.')\nassert not os.path.exists('settings')\n",
      ),
    ).toBe("The test passed.");
  });

  test("where git cannot say what is ignored, nothing is shown", async () => {
    write({ ".gitignore": "secret.txt\n", "secret.txt": "s", "a.py": "" });
    writeFileSync(join(root, ".git", "index"), "no index");
    await expect(judge({ "x.py": "" }, "pass")).rejects.toMatchObject({
      code: "SANDBOX_PROJECT_UNREADABLE",
      message: expect.stringContaining("git ls-files"),
    });
  });

  test("a file for a run that cannot be put into the project is told", async () => {
    write({ "lib/a.py": "" });
    const request = { language: "python", project: root, entry: "lib/a.py" } as const;
    await expect(sandbox.run({ ...request, files: { lib: "x" } })).rejects.toMatchObject({
      code: "SANDBOX_REQUEST_INVALID",
    });
  });

  test("a tracked path behind a folder that became a link is not read", async () => {
    const outside = mkdtempSync(join(tmpdir(), "agentos-outside-"));
    try {
      writeFileSync(join(outside, "a.txt"), "SECRET");
      write({ "folder/a.txt": "mine", "b.txt": "" });
      execFileSync("git", ["-C", root, "add", "."]);
      rmSync(join(root, "folder"), { recursive: true });
      symlinkSync(outside, join(root, "folder"));
      expect(await reason("import os\nassert not os.path.exists('folder/a.txt')\n")).toBe("The test passed.");
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  describe("Go modules", () => {
    const go = goCommand();
    const project = {
      "go.mod": "module example\n\ngo 1.18\n\nrequire example.org/dep v1.0.0\n",
      "a.go": 'package example\n\nimport "example.org/dep"\n\nfunc Two() int { return dep.One() }\n',
      "a_test.go":
        'package example\n\nimport "testing"\n\nfunc TestTwo(t *testing.T) { if Two() != 2 { t.Fatal(Two()) } }\n',
    };
    const right = {
      "a.go": 'package example\n\nimport "example.org/dep"\n\nfunc Two() int { return 2 * dep.One() }\n',
    };
    const dep = {
      "go.mod": "module example.org/dep\n",
      "dep.go": "package dep\n\nfunc One() int { return 1 }\n",
    };
    const verify = () =>
      sandbox.verify(
        { ...task(), language: "go" },
        { id: "c", files: right },
        { affectedTests: ["a_test.go"] },
      );

    test.skipIf(!go)(
      "a project with copies of its modules uses them",
      async () => {
        write({
          ...project,
          "vendor/modules.txt": "# example.org/dep v1.0.0\n## explicit\nexample.org/dep\n",
          "vendor/example.org/dep/dep.go": dep["dep.go"],
        });
        expect(await verify()).toMatchObject({ passed: true, tests: [{ change: "fixed" }] });
      },
      180_000,
    );

    test.skipIf(!go)(
      "one without reads the host's module cache, and cannot change it",
      async () => {
        const home = mkdtempSync(join(tmpdir(), "agentos-home-"));
        const before = process.env["HOME"];
        try {
          const proxy = join(home, "proxy/example.org/dep/@v");
          mkdirSync(proxy, { recursive: true });
          writeFileSync(join(proxy, "list"), "v1.0.0\n");
          writeFileSync(join(proxy, "v1.0.0.info"), '{"Version":"v1.0.0"}');
          writeFileSync(join(proxy, "v1.0.0.mod"), dep["go.mod"]);
          const zip = `import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n  for name, text in json.loads(sys.argv[2]).items(): z.writestr("example.org/dep@v1.0.0/" + name, text)\n`;
          execFileSync("python3", ["-c", zip, join(proxy, "v1.0.0.zip"), JSON.stringify(dep)]);
          write(project);
          const env = {
            HOME: home,
            PATH: "/usr/bin:/bin",
            GOPROXY: `file://${join(home, "proxy")}`,
            GOSUMDB: "off",
            GOFLAGS: "-mod=mod",
          };
          execFileSync(go, ["mod", "download"], { cwd: root, env, stdio: "pipe" });
          execFileSync(go, ["mod", "tidy"], { cwd: root, env, stdio: "pipe" });
          process.env["HOME"] = home;
          expect(await verify()).toMatchObject({ passed: true, tests: [{ change: "fixed" }] });
        } finally {
          process.env["HOME"] = before;
          execFileSync("chmod", ["-R", "u+w", home]);
          rmSync(home, { recursive: true });
        }
      },
      180_000,
    );
  });
});

function goCommand(): string {
  const found = ["/usr/bin/go", "/usr/local/go/bin/go", "/usr/local/bin/go"].find(existsSync) ?? "";
  return requirement("go", found !== "") ? found : "";
}
