// An agent with everything open on a shared folder, which works without end and says what was acknowledged.
import { AgentOS } from "../../dist/index.js";

const [dir, project, name] = process.argv.slice(2);
const SCOPE = { level: "user" };

const agentos = await AgentOS.open({ dir, project, memory: { nearDuplicates: "keep" } });
process.send({ role: agentos.store.role, project: agentos.identity.id });
agentos.store.onRole((role) => process.send({ role }));

async function solving() {
  for (let n = 0; ; n++) {
    const id = `${name}-${n}`;
    const task = {
      id,
      prompt: `Export value${n}(): ${n}. Money is formatted in cents.`,
      language: "javascript",
      tests: {
        visible: [
          {
            path: "value.test.js",
            content: `import { test } from "node:test";\nimport assert from "node:assert";\nimport * as solution from "./solution.js";\ntest("value", () => assert.equal(solution.value${n}(), ${n}));\n`,
          },
        ],
      },
    };
    const code = (value) => ({ "solution.js": `export const value${n} = () => ${value};\n` });
    const solution = await agentos.solve(task, async (_brief, _feedback, { round }) =>
      round === 1
        ? [
            { id: "wrong", files: code(n + 1) },
            { id: "right", files: code(n) },
          ]
        : [],
    );
    if (solution.status !== "passed") throw new Error(`solve ${id} ended as ${solution.status}`);
    for (const outcome of solution.outcomes) process.send({ outcome: outcome.id });
    process.send({ solve: solution.solveId });
  }
}

async function remembering() {
  for (let n = 0; ; n++) {
    const content = `said ${name} ${n}`;
    const { id } = await agentos.memory.remember({ content, scope: SCOPE, metadata: { said: true } });
    process.send({ memory: id });
    const found = await agentos.memory.recall(content, { scopes: [SCOPE], limit: 3 });
    if (!found.some(({ memory }) => memory.id === id)) throw new Error(`"${content}" is not found`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function looking() {
  for (;;) {
    const memories = await agentos.memory.recall("said", { scopes: [SCOPE], limit: 500 });
    let outcomes = 0;
    for await (const { task } of agentos.learner.outcomes()) if (!task.id.startsWith(`${name}-`)) outcomes++;
    process.send({
      seen: {
        memories: memories.filter(({ memory }) => !memory.content.startsWith(`said ${name} `)).length,
        outcomes,
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

Promise.all([solving(), remembering(), looking()]).catch((error) => {
  process.send({ error: `${name}: ${error.stack}` }, () => process.exit(1));
});
