import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LANGUAGES, type Language } from "@agentos/core";
import { AgentOS } from "@agentos/sdk";
import { afterAll, describe, expect, it } from "vitest";
import { requirement } from "../../test/require.js";
import { type Exercise, type LabelledCandidate, readExercises } from "../main-job/exercises.js";
import { forEachOf } from "../main-job/pool.js";

const exercises = await readExercises(fileURLToPath(new URL("../tasks/", import.meta.url)));
const dir = await mkdtemp(join(tmpdir(), "agentos-labels-"));
const os = await AgentOS.open({ dir });
const drivers = (await os.sandbox.drivers()).flatMap(({ name, availability }) =>
  availability.available ? [{ name, languages: availability.languages }] : [],
);

afterAll(async () => {
  await os.close();
  await rm(dir, { recursive: true });
});

function driversOf(language: Language): string[] {
  return drivers.filter(({ languages }) => languages.includes(language)).map(({ name }) => name);
}

async function verdictOf(
  { task }: Exercise,
  { candidate }: LabelledCandidate,
  driver: string,
  only?: "hidden",
) {
  // "none": every driver is tried here, also one that gives less than what is needed by default.
  const limits = { wallMs: task.language === "go" ? 30_000 : 8_000 };
  return os.verify(task, candidate, { driver, needs: "none", limits, ...(only && { only }) });
}

/** All candidates on the driver that comes first; on the others one that passes and one that fails. */
function candidatesFor({ candidates }: Exercise, all: boolean): readonly LabelledCandidate[] {
  const first = (label: string) => candidates.find(({ expected }) => expected === label);
  return all ? candidates : [first("pass"), first("fail")].filter((one) => one !== undefined);
}

for (const language of LANGUAGES) {
  const own = exercises.filter(({ task }) => task.language === language);
  if (own.length === 0) continue;
  const names = driversOf(language);
  describe.runIf(requirement(language, names.length > 0, "no driver of this machine runs it"))(
    `labels in ${language}`,
    () => {
      for (const driver of names) {
        it.each(own.map((exercise) => [exercise.task.id, exercise] as const))(
          `${driver} agrees with the labels of %s`,
          async (_id, exercise) => {
            const wrong: string[] = [];
            await forEachOf(candidatesFor(exercise, driver === names[0]), 2, async (labelled) => {
              const verdict = await verdictOf(exercise, labelled, driver);
              if (verdict.passed !== (labelled.expected === "pass")) {
                wrong.push(`${labelled.file} is labelled ${labelled.expected}: ${verdict.reason}`);
              }
              // The main job judges by hidden tests alone, so these must catch what visible ones catch.
              const visibleFailed = verdict.tests.every(({ visibility }) => visibility === "visible");
              if (!verdict.passed && visibleFailed && driver === names[0]) {
                const hidden = await verdictOf(exercise, labelled, driver, "hidden");
                if (hidden.passed) wrong.push(`${labelled.file} fails visible tests but passes hidden ones`);
              }
            });
            expect(wrong).toEqual([]);
          },
          180_000,
        );
      }
    },
  );
}
