import type { Language } from "@agentos/core";
import { afterAll, describe, expect, test } from "vitest";
import { openNamespaceSandbox, task } from "../helpers.js";
import { FITTED_CHEATS } from "./own-tests.js";

const opened = await openNamespaceSandbox();

describe.skipIf(!opened)("cheats that fit their tests", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);

  test.each(FITTED_CHEATS)("$language: $name", async ({ language, files, test: file, right, cheat }) => {
    const asked = { ...task(language as Language, [file]), ...(files ? { files } : {}) };
    const separate = { integrity: "separate" } as const;
    const honest = await sandbox.verify(asked, { id: "right", files: right }, separate);
    expect(honest).toMatchObject({ passed: true, integrity: "separate" });
    const verdict = await sandbox.verify(asked, { id: "cheat", files: cheat }, separate);
    expect(verdict).toMatchObject({ passed: false, integrity: "separate" });
  });
});
