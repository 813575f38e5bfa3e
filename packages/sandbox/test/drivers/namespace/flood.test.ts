import { afterAll, describe, expect, test } from "vitest";
import { openNamespaceSandbox } from "../../helpers.js";

const MEBIBYTE = 1024 * 1024;
const opened = await openNamespaceSandbox();

/** Writes a number of bytes to stdout, faster than anybody could read them. */
const writes = (bytes: number): string =>
  `import os\nchunk = b'x' * 65536\nleft = ${bytes}\nwhile left > 0: left -= os.write(1, chunk[:left])`;

describe.skipIf(!opened)("a flood of output", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);
  const run = (bytes: number, outputBytes: number) =>
    sandbox.run({
      language: "python",
      files: { "main.py": writes(bytes) },
      entry: "main.py",
      limits: { outputBytes, wallMs: 60_000 },
    });

  test("of 1 GB costs the host at most 20 MB of memory beside what is kept", async () => {
    await run(MEBIBYTE, MEBIBYTE);
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 5);
    let result: Awaited<ReturnType<typeof run>> | undefined;
    const seen: number[] = [];
    const ended = run(1_000_000_000, 256 * MEBIBYTE).then((value) => {
      clearInterval(watch);
      // What making text of 256 MiB takes is not the reading's.
      seen.push(most);
      result = value;
    });
    await ended;
    expect(result).toMatchObject({ status: "exited", exitCode: 0, truncated: true });
    expect(result?.usage.outputBytes).toBe(1_000_000_000);
    expect((seen[0] ?? 0) - 256 * MEBIBYTE).toBeLessThan(20_000_000);
  }, 120_000);

  test("is ended at four times what is kept, at once", async () => {
    const result = await run(1_000_000_000, MEBIBYTE);
    expect(result).toMatchObject({ status: "output", truncated: true });
    expect(result.usage.outputBytes).toBeLessThan(8 * MEBIBYTE);
  });

  test("is held back by a slow reader, who gets every byte as it was", async () => {
    const bytes = 3 * MEBIBYTE;
    const live = sandbox.start({
      language: "python",
      files: { "main.py": `import os\nfor i in range(${bytes} // 256):\n  os.write(1, bytes(range(256)))` },
      entry: "main.py",
      limits: { outputBytes: 4 * MEBIBYTE, wallMs: 60_000 },
    });
    let at = 0;
    for await (const event of live) {
      if (event.type !== "stdout") continue;
      for (const byte of event.bytes) {
        if (byte !== at % 256) throw new Error(`byte ${at} is ${byte}`);
        at++;
      }
    }
    expect(at).toBe(bytes);
  }, 120_000);
});
