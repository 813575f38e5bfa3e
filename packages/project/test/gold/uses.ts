/** A definition of the snapshot, and every use of it as `path:line role`; one that stands twice on a line is there twice. */
export interface KnownUses {
  readonly path: string;
  readonly line: number;
  readonly name: string;
  readonly uses: readonly string[];
}

const CORE = "packages/core/src";
const STORE = "packages/store/src";
const MEMORY = "packages/memory/src";
const LEARN = "packages/learn/src";
const PROJECT = "packages/project/src";
const CLI = "packages/cli/src";
const ASSETS = "packages/sandbox/assets";

export const KNOWN_USES: readonly KnownUses[] = [
  {
    path: `${CORE}/errors.ts`,
    line: 67,
    name: "abortedError",
    uses: [
      `${CORE}/errors.ts:63 call`,
      `${CORE}/index.ts:26 import`,
      "packages/sdk/src/model/retry.ts:1 import",
      "packages/sdk/src/model/retry.ts:66 call",
      "packages/sdk/src/model/retry.ts:69 call",
      `${STORE}/collection.ts:1 import`,
      `${STORE}/collection.ts:65 call`,
      `${STORE}/sharing/pending-requests.ts:1 import`,
      `${STORE}/sharing/pending-requests.ts:170 call`,
      `${STORE}/writer.ts:1 import`,
      `${STORE}/writer.ts:135 call`,
    ],
  },
  {
    path: `${CORE}/errors.ts`,
    line: 62,
    name: "throwIfAborted",
    uses: [
      `${CORE}/index.ts:31 import`,
      `${CORE}/loop/agent-loop.ts:4 import`,
      `${CORE}/loop/agent-loop.ts:106 call`,
      `${CORE}/loop/agent-loop.ts:119 call`,
      `${CORE}/loop/agent-loop.ts:137 call`,
      `${CORE}/loop/agent-loop.ts:168 call`,
      `${CORE}/loop/agent-loop.ts:193 call`,
      `${LEARN}/gate/gate.ts:12 import`,
      `${LEARN}/gate/gate.ts:53 call`,
      `${LEARN}/gate/gate.ts:61 call`,
      `${MEMORY}/drivers/hashed-embedder.ts:1 import`,
      `${MEMORY}/drivers/hashed-embedder.ts:35 call`,
      `${MEMORY}/keyed-mutex.ts:1 import`,
      `${MEMORY}/keyed-mutex.ts:24 call`,
      `${STORE}/sharing/pending-requests.ts:1 import`,
      `${STORE}/sharing/pending-requests.ts:70 call`,
      `${STORE}/store.ts:2 import`,
      `${STORE}/store.ts:71 call`,
      `${STORE}/writer.ts:1 import`,
      `${STORE}/writer.ts:74 call`,
    ],
  },
  {
    path: `${CORE}/lifecycle.ts`,
    line: 34,
    name: "guard",
    uses: [
      `${CORE}/lifecycle.ts:40 call`,
      `${STORE}/collection.ts:57 call`,
      `${STORE}/collection.ts:63 call`,
      `${STORE}/collection.ts:93 call`,
      `${STORE}/store.ts:112 call`,
      `${STORE}/store.ts:118 call`,
      `${STORE}/store.ts:127 call`,
    ],
  },
  {
    path: `${CORE}/events.ts`,
    line: 27,
    name: "emit",
    uses: [`${CORE}/loop/agent-loop.ts:174 call`, `${CORE}/loop/agent-loop.ts:202 call`],
  },
  {
    path: `${CORE}/loop/project-of.ts`,
    line: 6,
    name: "projectOf",
    uses: [`${CORE}/loop/agent-loop.ts:19 import`, `${CORE}/loop/agent-loop.ts:151 call`],
  },
  {
    path: `${STORE}/keys.ts`,
    line: 59,
    name: "requireKey",
    uses: [
      `${STORE}/collection.ts:3 import`,
      `${STORE}/collection.ts:39 call`,
      `${STORE}/collection.ts:47 call`,
      `${STORE}/collection.ts:53 call`,
      `${STORE}/collection.ts:66 call`,
      `${STORE}/collection.ts:70 call`,
      `${STORE}/writer.ts:6 import`,
      `${STORE}/writer.ts:207 call`,
    ],
  },
  {
    path: `${STORE}/keys.ts`,
    line: 64,
    name: "prefixBounds",
    uses: [`${STORE}/collection.ts:3 import`, `${STORE}/collection.ts:67 call`, `${STORE}/keys.ts:88 call`],
  },
  {
    path: `${STORE}/changes.ts`,
    line: 30,
    name: "Listeners",
    uses: [
      `${STORE}/store.ts:4 import`,
      `${STORE}/store.ts:43 type`,
      `${STORE}/store.ts:44 type`,
      `${STORE}/store.ts:76 call`,
      `${STORE}/store.ts:77 call`,
      `${STORE}/store.ts:226 type`,
      `${STORE}/store.ts:227 type`,
    ],
  },
  {
    path: `${STORE}/engine.ts`,
    line: 9,
    name: "StoreRole",
    uses: [
      `${STORE}/engine.ts:19 type`,
      `${STORE}/index.ts:11 import`,
      `${STORE}/store.ts:8 import`,
      `${STORE}/store.ts:44 type`,
      `${STORE}/store.ts:98 type`,
      `${STORE}/store.ts:117 type`,
      `${STORE}/store.ts:227 type`,
    ],
  },
  {
    path: `${STORE}/sharing/frames.ts`,
    line: 26,
    name: "tooLarge",
    uses: [
      `${STORE}/sharing/frames.ts:18 call`,
      `${STORE}/sharing/size.ts:2 import`,
      `${STORE}/sharing/size.ts:19 call`,
    ],
  },
  {
    path: `${STORE}/writer.ts`,
    line: 123,
    name: "#start",
    uses: [`${STORE}/writer.ts:88 call`, `${STORE}/writer.ts:100 call`],
  },
  { path: `${STORE}/drivers/crc32c.ts`, line: 41, name: "unmask", uses: [] },
  {
    path: `${MEMORY}/fusion.ts`,
    line: 42,
    name: "shares",
    uses: [`${MEMORY}/fusion.ts:31 call`, `${MEMORY}/fusion.ts:32 call`],
  },
  {
    path: `${MEMORY}/text/grams.ts`,
    line: 4,
    name: "GRAM",
    uses: [`${MEMORY}/text/grams.ts:18 read`, `${MEMORY}/text/grams.ts:19 read`],
  },
  {
    path: `${MEMORY}/text/hash.ts`,
    line: 2,
    name: "fnv1a",
    uses: [
      `${MEMORY}/drivers/hashed-embedder.ts:4 import`,
      `${MEMORY}/drivers/hashed-embedder.ts:63 call`,
      `${MEMORY}/text/grams.ts:1 import`,
      `${MEMORY}/text/grams.ts:19 call`,
    ],
  },
  {
    path: `${PROJECT}/drivers/pool/protocol.ts`,
    line: 38,
    name: "SentError",
    uses: [
      `${PROJECT}/drivers/pool/protocol.ts:33 type`,
      `${PROJECT}/drivers/pool/protocol.ts:45 type`,
      `${PROJECT}/drivers/pool/protocol.ts:51 type`,
    ],
  },
  {
    path: `${PROJECT}/resolution/found.ts`,
    line: 32,
    name: "boundIn",
    uses: [`${PROJECT}/resolution/owners.ts:1 import`, `${PROJECT}/resolution/owners.ts:47 call`],
  },
  {
    path: `${CLI}/output.ts`,
    line: 66,
    name: "printable",
    uses: [
      `${CLI}/commands/recall.ts:5 import`,
      `${CLI}/commands/recall.ts:38 call`,
      `${CLI}/commands/refs.ts:4 import`,
      `${CLI}/commands/refs.ts:36 read`,
      `${CLI}/run.ts:21 import`,
      `${CLI}/run.ts:118 call`,
      `${CLI}/run.ts:118 call`,
    ],
  },
  {
    path: "scripts/lib/addon.mjs",
    line: 10,
    name: "makeAddon",
    uses: ["scripts/build-hnsw.mjs:4 import", "scripts/build-hnsw.mjs:9 call"],
  },
  {
    path: `${ASSETS}/javascript/link.mjs`,
    line: 39,
    name: "readMore",
    uses: [`${ASSETS}/javascript/link.mjs:57 call`, `${ASSETS}/javascript/link.mjs:60 call`],
  },
  {
    path: `${ASSETS}/agentos_signs.py`,
    line: 73,
    name: "_module_reason",
    uses: [`${ASSETS}/agentos_signs.py:51 call`, `${ASSETS}/agentos_signs.py:63 call`],
  },
  {
    path: `${ASSETS}/go_link.go`,
    line: 224,
    name: "unreadable",
    uses: [
      `${ASSETS}/go_decode.go:108 call`,
      `${ASSETS}/go_decode.go:203 call`,
      `${ASSETS}/go_decode.go:269 call`,
      `${ASSETS}/go_link.go:301 call`,
    ],
  },
];
