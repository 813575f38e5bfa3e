// A reporter of node:test that tells each test to the host as it ends.
import { describe, state, tellFinished, tellTest, WARM_UP } from "./report.mjs";

// biome-ignore lint/correctness/useYield: a reporter is a generator of text, and this one prints none
export default async function* reporter(source) {
  const path = [];
  for await (const { type, data } of source) {
    if (!state.warmedUp && data.name === WARM_UP) {
      state.warmedUp = type === "test:pass";
      continue;
    }
    if (type === "test:start") {
      state.framework = true;
      path.length = data.nesting;
      path[data.nesting] = data.name;
    } else if (type === "test:pass" || type === "test:fail") {
      const name = [...path.slice(0, data.nesting), data.name].join(" > ");
      const skipped = data.skip !== undefined && data.skip !== false;
      const todo = data.todo !== undefined && data.todo !== false;
      const duration = data.details?.duration_ms;
      const error = data.details?.error;
      // A suite stands for its tests; a failed one counts by itself only when a hook of its own failed.
      const onlyChildren = error?.failureType === "subtestsFailed";
      if (skipped || todo)
        tellTest(name, "skipped", typeof data.skip === "string" ? data.skip : undefined, duration);
      else if (type === "test:fail") {
        if (onlyChildren) state.failed = true;
        else tellTest(name, "failed", describe(error), duration);
      } else if (data.details?.type !== "suite") tellTest(name, "passed", undefined, duration);
    }
  }
  state.frameworkDone = true;
  if (state.whenDone) state.whenDone();
  else tellFinished();
}
