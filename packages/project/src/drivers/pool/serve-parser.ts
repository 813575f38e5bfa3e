import type { MessagePort } from "node:worker_threads";
import { silentLogger } from "@agentos/core";
import { TreeSitterParser } from "../../tree-sitter-parser.js";
import { answerQuestion } from "./answer-question.js";
import { type ParserSettings, sendError, type WorkerAnswer, type WorkerRequest } from "./protocol.js";

/** Answers what comes through a port with a parser of its own, one after another, as long as the thread lives. */
export async function serveParser(port: MessagePort, settings: ParserSettings): Promise<void> {
  const send = (answer: WorkerAnswer): void => port.postMessage(answer);
  // The parser warns of nothing but crashes in WebAssembly.
  const warn = (_fields: unknown, reason?: string): void => send({ type: "worn", reason: reason ?? "" });
  const parser = await TreeSitterParser.open({ ...settings, logger: { ...silentLogger, warn } });

  async function answer({ id, question }: WorkerRequest): Promise<void> {
    try {
      const value = await answerQuestion(parser, question);
      if (question.method === "outline") send({ type: "outlined", id, json: JSON.stringify(value) });
      else send({ type: "done", id, value });
    } catch (error) {
      send({ type: "failed", id, error: sendError(error) });
    }
  }

  // While a grammar is loaded, what came later must not get ahead: a worker that dies dies of the oldest question.
  let last = Promise.resolve();
  port.on("message", (request: WorkerRequest) => {
    last = last.then(() => answer(request));
  });
  send({ type: "ready", outlineVersion: parser.outlineVersion });
}
