import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ended, Playground } from "./bin.js";

let at: Playground;
beforeEach(async () => {
  at = await Playground.open();
});
afterEach(() => at.close());

describe("index", () => {
  it("brings the index up to date and says what it holds", async () => {
    await at.put("src/a.ts", "export function one() {}\n");
    const { exitCode, value } = await at.json(["index"]);
    expect(exitCode, JSON.stringify(value)).toBe(0);
    expect(value).toMatchObject({ files: 1, symbols: 1, parsedSinceOpen: 1 });
    expect((await at.run(["index"])).stdout).toContain("1 files, 1 symbols; 0 files were parsed now");
  });

  it("says which files are without symbols, and why", async () => {
    await at.put("src/a.ts", "export function one() {}\n");
    await at.put("src/large.ts", "x;\n".repeat(400_000));
    await at.put("src/picture.png", "\0\0\0");
    const { stdout } = await at.run(["index"]);
    expect(stdout).toContain("3 files, 1 symbols; 1 files were parsed now\nwithout symbols: ");
    expect(stdout).toContain("1 too large");
    expect(stdout).toContain("1 binary");
  });

  it("leaves out what the user's git leaves out everywhere", async () => {
    await at.put("src/a.ts", "export function one() {}\n");
    await at.put("src/b.own", "");
    await at.put("../home/.config/git/ignore", "*.own\n");
    expect((await at.json(["index"])).value).toMatchObject({ files: 1 });
    await at.put("../home/.gitconfig", "[core]\n\texcludesFile = ~/mine\n");
    await at.put("../home/mine", "*.ts\n");
    expect((await at.json(["index"])).value).toMatchObject({ files: 1, symbols: 0 });
  });

  it("--watch says what changes until it is interrupted", async () => {
    await at.put("src/a.ts", "export function one() {}\n");
    const child = at.start(["index", "--watch"]);
    const end = ended(child);
    let shown = "";
    child.stderr?.on("data", (piece: string) => {
      shown += piece;
    });
    const says = (text: string): Promise<void> =>
      expect.poll(() => shown, { timeout: 20_000, interval: 20 }).toContain(text);
    await says(`watching ${at.root}`);
    await at.put("src/deep/b.ts", "export function two() {}\nexport function three() {}\n");
    await says("changed src/deep/b.ts");
    await rm(join(at.root, "src/a.ts"));
    await says("removed src/a.ts");
    child.kill("SIGINT");
    const { exitCode, stdout } = await end;
    expect(exitCode, shown).toBe(0);
    expect(stdout).toContain("1 files, 2 symbols");
  });
});
