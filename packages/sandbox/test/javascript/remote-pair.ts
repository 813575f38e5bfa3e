import { types } from "node:util";
import { Remote } from "../../src/javascript/remote/remote.js";

/** Both halves in one process: what one sends, the other answers while the first waits. */
export interface Pair {
  readonly judge: Remote;
  readonly candidate: Remote;
  /** What the candidate answers to a request `object` with: the values under test. */
  give(value: unknown): unknown;
  readonly sent: readonly string[];
}

export function makePair(): Pair {
  const toJudge: string[] = [];
  const toCandidate: string[] = [];
  const sent: string[] = [];
  const answers = (text: string | undefined): boolean =>
    text !== undefined && (JSON.parse(text) as { t?: string }).t === undefined;
  let given: unknown;
  const serveCandidate = (): void => {
    const frame = candidate.serve();
    if (frame?.t === "object") candidate.answer(given);
  };
  const judge: Remote = new Remote({
    side: "judge",
    send: (text) => {
      sent.push(text);
      toCandidate.push(text);
    },
    receive: () => {
      if (toJudge.length === 0) serveCandidate();
      return toJudge.shift();
    },
  });
  const candidate: Remote = new Remote({
    side: "candidate",
    send: (text) => {
      sent.push(text);
      toJudge.push(text);
    },
    receive: () => {
      if (toCandidate.length === 0 && toJudge.length > 0 && !answers(toJudge[0])) judge.serve();
      return toCandidate.shift();
    },
    isProxy: types.isProxy,
  });
  return {
    judge,
    candidate,
    sent,
    give: (value) => {
      given = value;
      return judge.ask("object", () => ({}));
    },
  };
}
