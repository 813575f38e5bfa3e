// One run in Pyodide, or the making of its memory snapshot. Arguments: Pyodide's folder, that of the harness, and the snapshot's
// path or "make".
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { types } from "node:util";
import vm from "node:vm";
import {
  broken,
  dropPrivileges,
  end,
  endNow,
  print,
  readInput,
  receiveFrame,
  receiveJob,
  sendFrame,
  tell,
} from "../one-shot/child-side.js";
import type { ChildEnd, ChildJob } from "../one-shot/protocol.js";
import { pythonModules } from "../python/modules.js";
import { PYODIDE_REALM } from "../python/pyodide-realm.js";
import { SETUP } from "../python/setup.js";
import { openSnapshot } from "../python/snapshot.js";

/** After the host's own limit, in milliseconds: a child whose host was killed ends by itself. */
const GRACE_MS = 2000;
const ROOT = "/work";

/** What {@link PYODIDE_REALM} returns. */
interface PyodideRealm {
  /** Throws an error of the context's own, so that a program that asks for an import gets no object of the host. */
  refuse(): never;
  load(create: unknown, loadPyodide: unknown, snapshot: Uint8Array | undefined, make: boolean): Promise<void>;
  python(code: string): void;
  setup(modules: string): void;
  snapshot(): Uint8Array;
  connect(): void;
  limitMemory(bytes: number): void;
  memoryRefused(): boolean;
  file(path: string, content: string | Uint8Array): void;
  run(root: string, entry: string, args: string): string;
  /** \`half\`: the judge's half as JSON, or "". */
  test(root: string, plan: string, half: string): void;
  candidate(root: string, half: string): void;
}

const context = vm.createContext(Object.create(null) as object, {
  codeGeneration: { strings: false, wasm: true },
});

/** A view that a program handed over, as bytes of this realm. No code of the program's runs here. */
function bytesOf(value: unknown): Buffer {
  if (!types.isUint8Array(value)) throw new TypeError("not bytes");
  const copy = Buffer.alloc(Number(TYPED_LENGTH.call(value)));
  copy.set(value);
  return copy;
}

const TYPED_LENGTH = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "length")
  ?.get as () => number;

function createHost(folder: string): Record<string, unknown> {
  const timers = new Map<number, NodeJS.Timeout>();
  let nextTimer = 1;
  // Pyodide asks for its own files while it loads; later, nothing is given out.
  const files = new Set(["pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"]);
  const read = (name: string): Buffer => {
    const file = name.slice(name.lastIndexOf("/") + 1);
    if (!files.has(file)) throw new Error("no such file");
    return readFileSync(join(folder, file));
  };
  return {
    text: (name: string) => read(name).toString("utf8"),
    bytes: read,
    log: (text: string) => print(2, `${text}\n`),
    now: () => performance.now(),
    random: (count: number) => randomBytes(Math.min(65_536, Math.max(0, Number(count)))).toString("base64"),
    decode: (view: unknown) => bytesOf(view).toString("utf8"),
    encode: (text: string) => Buffer.from(text),
    write: (descriptor: number, bytes: unknown) => print(descriptor === 2 ? 2 : 1, bytesOf(bytes)),
    input: () => readInput(),
    report: (json: string) => report(json),
    send: (text: string) => sendFrame(text),
    receive: () => receiveFrame(),
    setTimeout: (run: () => void, ms: number) => {
      const id = nextTimer++;
      timers.set(id, setTimeout(run, ms));
      return id;
    },
    clearTimeout: (id: number) => clearTimeout(timers.get(id)),
  };
}

function report(json: string): void {
  const message = JSON.parse(json) as Readonly<Record<string, unknown>>;
  if (message["test"] !== undefined) tell({ type: "test", test: message["test"] as never });
  else if (message["finished"] !== undefined) tell({ type: "finished", file: String(message["finished"]) });
  else tell({ type: "note", note: message });
}

async function importModule(
  folder: string,
  name: string,
  refuse: () => never,
): Promise<Record<string, unknown>> {
  const url = `file:///${name}`;
  const module = new vm.SourceTextModule(readFileSync(join(folder, name), "utf8"), {
    context,
    identifier: url,
    initializeImportMeta: (meta) => {
      meta.url = url;
    },
    importModuleDynamically: refuse,
  });
  await module.link(refuse);
  await module.evaluate();
  return module.namespace as Record<string, unknown>;
}

async function loadRealm(
  folder: string,
  assets: string,
  snapshot: Uint8Array | undefined,
  make: boolean,
): Promise<PyodideRealm> {
  const create = vm.runInContext(PYODIDE_REALM, context) as (host: object) => PyodideRealm;
  const realm = create(createHost(folder));
  const engine = await importModule(folder, "pyodide.asm.mjs", realm.refuse);
  const loader = await importModule(folder, "pyodide.mjs", realm.refuse);
  await realm.load(engine["default"], loader["loadPyodide"], snapshot, make);
  if (!snapshot) {
    realm.python(SETUP);
    realm.setup(pythonModules(assets));
  }
  return realm;
}

/** Runs the job under V8's own timer, as a second fence. */
function runJob(realm: PyodideRealm, job: ChildJob): ChildEnd {
  let result = '[0,""]';
  const work = (): void => {
    const half = job.half ? JSON.stringify(job.half) : "";
    if (job.tests) realm.test(ROOT, JSON.stringify({ files: job.tests.files }), half);
    else if (job.half) realm.candidate(ROOT, half);
    else result = realm.run(ROOT, job.entry, JSON.stringify(job.args));
  };
  const slot = ":run";
  Object.defineProperty(context, slot, { value: work, configurable: true });
  const script = new vm.Script(`{ const run = globalThis[":run"]; delete globalThis[":run"]; run(); }`);
  script.runInContext(context, { timeout: job.limits.wallMs + GRACE_MS });
  const [exitCode, problem] = JSON.parse(result) as [number, string];
  if (problem !== "") return { status: "invalid", message: problem };
  if (exitCode !== 0 && realm.memoryRefused()) return { status: "memory" };
  return { status: "exited", exitCode };
}

async function main(): Promise<void> {
  const [folder = "", assets = "", snapshotPath = ""] = process.argv.slice(2);
  for (const name of ["fetch", "WebSocket", "EventSource", "Request", "Response"]) {
    Object.defineProperty(globalThis, name, { value: undefined });
  }
  if (snapshotPath === "make") {
    const realm = await loadRealm(folder, assets, undefined, true);
    const bytes = bytesOf(realm.snapshot());
    print(1, bytes);
    tell({ type: "ready" });
    return endNow();
  }
  const snapshot = snapshotPath === "" ? undefined : openSnapshot(snapshotPath);
  const realm = await loadRealm(folder, assets, snapshot, false);
  realm.connect();
  dropPrivileges();
  const job = receiveJob();
  realm.limitMemory(job.limits.memoryBytes);
  for (const [path, content] of job.files) realm.file(`${ROOT}/${path}`, content);
  try {
    end(runJob(realm, job));
  } catch (error) {
    failed(realm, error);
  }
}

/** The interpreter itself ended: a fatal error of Python's, of its memory or of its stack. */
function failed(realm: PyodideRealm, error: unknown): never {
  const { message, code, status, name } = (error ?? {}) as Readonly<Record<string, unknown>>;
  // What `os._exit` throws through the interpreter.
  if (name === "ExitStatus" && typeof status === "number") end({ status: "exited", exitCode: status & 255 });
  if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT") end({ status: "wall-time" });
  print(2, `${String(message).slice(-4000)}\n`);
  if (realm.memoryRefused()) end({ status: "memory" });
  end({ status: "exited", exitCode: 1 });
}

main().catch(broken);
