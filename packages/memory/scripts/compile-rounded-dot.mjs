// Compiles src/drivers/exact/rounded-dot.wat into rounded-dot.ts beside it, which is kept in the repository. With --check,
// only says by its exit status whether the two belong together.
import { readFileSync, writeFileSync } from "node:fs";
import openWabt from "wabt";

const source = new URL("../src/drivers/exact/rounded-dot.wat", import.meta.url);
const target = new URL("rounded-dot.ts", source);
const wabt = await openWabt();
const parsed = wabt.parseWat("rounded-dot.wat", readFileSync(source, "utf8"), { simd: true });
parsed.validate();
const code = Buffer.from(parsed.toBinary({}).buffer).toString("base64");
const text = `/** The WebAssembly that scripts/compile-rounded-dot.mjs makes of rounded-dot.wat, in base64. */
export const ROUNDED_DOT: string =
  "${code}";
`;
if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  console.error("rounded-dot.ts is not what rounded-dot.wat says. Run: node scripts/compile-rounded-dot.mjs");
  process.exitCode = 1;
}
