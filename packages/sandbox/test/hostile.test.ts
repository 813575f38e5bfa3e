import { createSocket } from "node:dgram";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Language, RunLimits, RunResult, RunStatus } from "@agentos/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCgroups } from "../src/drivers/namespace/cgroup.js";
import { openNamespaceSandbox } from "./helpers.js";

// Numbers are those of the list of hostile programs that the sandbox suite covers, by threat.

const opened = await openNamespaceSandbox();
const cgroups = findCgroups();
const MEBIBYTE = 1024 * 1024;
/** A limit in bytes holds as `memory` where a control group does; elsewhere a process just fails to allocate. */
const overMemory: readonly RunStatus[] = cgroups ? ["memory"] : ["exited", "signal", "wall-time"];

describe.skipIf(!opened)("hostile programs in the namespace driver", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  let planted = "";
  let server: Server;
  let connections = 0;
  let port = 0;

  beforeAll(async () => {
    planted = mkdtempSync(join(tmpdir(), "agentos-planted-"));
    chmodSync(planted, 0o777);
    writeFileSync(join(planted, "secret.txt"), "planted-secret");
    chmodSync(join(planted, "secret.txt"), 0o666);
    server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as { port: number }).port;
  });

  afterAll(async () => {
    await close();
    server.close();
    rmSync(planted, { recursive: true });
    const leaves = cgroups
      ? readdirSync(cgroups.memory).filter((name) => name.startsWith(`agentos.${process.pid}.`))
      : [];
    expect(leaves).toEqual([]);
  });

  let count = 0;
  /** Runs a program under a name that all its processes carry, and holds that none of them is left. */
  async function attack(language: Language, program: string, limits: RunLimits = {}): Promise<RunResult> {
    const name = `hostile_${process.pid}_${count++}`;
    const extension = { python: "py", javascript: "js", typescript: "ts", go: "go" }[language];
    const entry = `${name}.${extension}`;
    const before = process.memoryUsage().rss;
    const result = await sandbox.run({
      language,
      files: { [entry]: program },
      entry,
      limits: { wallMs: 5000, memoryBytes: 256 * MEBIBYTE, outputBytes: 64 * 1024, ...limits },
    });
    expect(result.guarantees).toEqual(expect.arrayContaining(["filesystem", "network", "processes"]));
    await delay(alive(name).length > 0 ? 1000 : 0);
    expect(alive(name)).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * MEBIBYTE + 4 * 64 * 1024);
    return result;
  }

  /** Processes of this machine whose command line holds that name. */
  function alive(name: string): readonly string[] {
    return readdirSync("/proc").filter((id) => {
      if (!/^\d+$/.test(id) || Number(id) === process.pid) return false;
      try {
        return readFileSync(`/proc/${id}/cmdline`, "utf8").includes(name);
      } catch {
        return false;
      }
    });
  }

  async function printed(language: Language, program: string): Promise<string> {
    const result = await attack(language, program);
    expect(result).toMatchObject({ status: "exited", exitCode: 0 });
    return result.stdout;
  }

  describe("CPU and time", () => {
    test.each([
      ["2 sleeps for ever", "import time\ntime.sleep(10**6)"],
      [
        "3 ignores SIGTERM",
        "import signal, time\nfor s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: time.sleep(1)",
      ],
      ["4 a child burns CPU", "import os\nif os.fork() == 0:\n  while True: pass\nos.wait()"],
      ["8 catastrophic regex", "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')"],
    ])("%s", async (_name, program) => {
      expect((await attack("python", program, { wallMs: 700 })).status).toBe("wall-time");
    });

    test("9 microtask starvation", async () => {
      const program = "(function again() { Promise.resolve().then(again); })()";
      expect((await attack("javascript", program, { wallMs: 700 })).status).toBe("wall-time");
    });

    test.each([
      [
        "5 a child outlives its parent",
        "import os, time\nif os.fork() == 0:\n  time.sleep(10**6)\nprint('parent')",
      ],
      [
        "6 a daemon with setsid that closes its streams",
        "import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    os.closerange(0, 100)\n    time.sleep(10**6)\n  os._exit(0)\nprint('parent')",
      ],
    ])("%s", async (_name, program) => {
      const result = await attack("python", program);
      expect(result).toMatchObject({ status: "exited", exitCode: 0, stdout: "parent\n" });
    });

    test("control: a program that works for a while ends by itself", async () => {
      expect(await printed("python", "import time\ntime.sleep(0.3)\nprint(sum(range(10**6)))")).toBe(
        "499999500000\n",
      );
    });
  });

  describe("memory", () => {
    test.each([
      ["10 touches an allocation", "python", "x = bytearray(b'x') * (600 * 2**20)\nprint(len(x))"],
      [
        "11 splits it over forks",
        "python",
        "import os, time\nfor i in range(8):\n  if os.fork() == 0:\n    x = bytearray(b'x') * (80 * 2**20)\n    time.sleep(3)\n    os._exit(0)\nfor i in range(8): os.wait()",
      ],
      [
        "12 hoards in memfd",
        "python",
        "import os\nf = os.memfd_create('x')\nfor i in range(600): os.write(f, b'x' * 2**20)",
      ],
      ["16 native buffers", "javascript", "const kept = []; for (;;) kept.push(Buffer.alloc(2 ** 20, 1));"],
    ] as const)("%s", async (_name, language, program) => {
      const result = await attack(language, program);
      if (cgroups || _name.startsWith("10")) expect(overMemory).toContain(result.status);
      if (result.status === "exited" && _name.startsWith("10")) expect(result.exitCode).not.toBe(0);
    });

    test("12 /dev/shm and /tmp are bounded", async () => {
      const program =
        "for folder in ('/dev/shm', '/tmp', '/work'):\n  try:\n    with open(folder + '/x', 'wb') as f:\n      for i in range(400): f.write(b'x' * 2**20)\n    print('unbounded')\n  except OSError as e:\n    print('bounded')\n  import os\n  os.remove(folder + '/x')";
      const result = await attack("python", program, { memoryBytes: 1024 * MEBIBYTE });
      expect(result.stdout).toBe("bounded\nbounded\nbounded\n");
    });

    test("13 infinite recursion fails by itself", async () => {
      expect(await attack("python", "def f(): return f()\nf()")).toMatchObject({
        status: "exited",
        exitCode: 1,
      });
      expect((await attack("javascript", "(function f() { f(); })()")).stderr).toContain("RangeError");
    });

    test("control: memory below the limit is there", async () => {
      expect(await printed("python", "x = bytearray(b'x') * (100 * 2**20)\nprint(len(x))")).toBe(
        "104857600\n",
      );
    });
  });

  describe("processes and handles", () => {
    test("19 fork bomb", async () => {
      const result = await attack(
        "python",
        "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass",
        { wallMs: 1500 },
      );
      expect(["wall-time", "memory"]).toContain(result.status);
    });

    test("20 thread bomb", async () => {
      const program =
        "import threading, time\nn = 0\ntry:\n  while n < 5000:\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n    n += 1\nexcept RuntimeError: pass\nprint(n < 5000, flush=True)\nimport os\nos._exit(0)";
      const result = await attack("python", program);
      expect(result.status === "memory" || result.stdout === "True\n").toBe(true);
    });

    test("21 zombie farm, 22 descriptors", async () => {
      const program =
        "import os\nn = 0\ntry:\n  while n < 5000:\n    if os.fork() == 0: os._exit(0)\n    n += 1\nexcept OSError: print('forks', n < 5000)\nkept = []\ntry:\n  while True: kept.append(os.dup(0))\nexcept OSError: print('descriptors', len(kept) < 1100)";
      expect(await printed("python", program)).toBe("forks True\ndescriptors True\n");
    });

    test("23 kill(-1) reaches nothing outside", async () => {
      const result = await attack(
        "python",
        "import os, signal\nos.kill(-1, signal.SIGKILL)\nprint('still here')",
      );
      expect(["exited", "signal"]).toContain(result.status);
    });

    test("processes of the host are not to be seen", async () => {
      const seen = await printed(
        "python",
        "import os\nprint(sorted(int(p) for p in os.listdir('/proc') if p.isdigit()))",
      );
      expect((JSON.parse(seen) as number[]).length).toBeLessThan(5);
    });

    test("control: a few children work", async () => {
      const program =
        "import subprocess\nprint(subprocess.run(['echo', 'child'], capture_output=True, text=True).stdout, end='')";
      expect(await printed("python", program)).toBe("child\n");
    });
  });

  describe("disk and output", () => {
    test("25 a large file, 27 a sparse one", async () => {
      const program =
        "import os\ntry:\n  with open('large', 'wb') as f:\n    for i in range(2000): f.write(b'x' * 2**20)\nexcept OSError: print('large')\nfinally: os.remove('large')\ntry:\n  with open('sparse', 'wb') as f: f.truncate(2**40)\nexcept OSError: print('sparse')";
      const result = await attack(
        "python",
        `import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n${program}`,
        {
          memoryBytes: 1024 * MEBIBYTE,
        },
      );
      expect(result.stdout).toBe("large\nsparse\n");
    });

    test("26 many inodes, 28 deep folders", async () => {
      const program =
        "import os\ni = 0\nwhile True:\n  open('f%d' % i, 'w').close()\n  i += 1\n  if i % 1000 == 0: os.mkdir('d'); os.chdir('d')";
      expect(["wall-time", "memory", "exited"]).toContain(
        (await attack("python", program, { wallMs: 1500 })).status,
      );
    });

    test("32 stderr flood, 35 one line of 100 MB", async () => {
      const flood = await attack("python", "import sys\nwhile True: sys.stderr.write('x' * 65536)");
      expect(flood).toMatchObject({ status: "output", truncated: true });
      const line = await attack("python", "import sys\nsys.stdout.write('x' * 100_000_000)");
      expect(line.status).toBe("output");
      expect(line.stdout.length).toBeLessThan(70_000);
    });

    test("33 invalid UTF-8 and a split code point, 34 NUL, 37 escapes", async () => {
      const program =
        "import os, time\nos.write(1, b'\\xc3')\ntime.sleep(0.05)\nos.write(1, b'\\xa9|\\xff|\\0|\\x1b[31m')";
      expect(await printed("python", program)).toBe("é|\ufffd|\0|\u001b[31m");
    });

    test("36 closes its output and goes on", async () => {
      const program = "import os, time\nos.closerange(0, 100)\ntime.sleep(10**6)";
      expect((await attack("python", program, { wallMs: 700 })).status).toBe("wall-time");
    });
  });

  describe("file system and environment", () => {
    test("38 a link writes nothing out, 40 hard links, 44 /proc", async () => {
      const secret = join(planted, "secret.txt");
      const program = `import os
def attempt(name, action):
    try: print(name, action())
    except (OSError, ValueError) as error: print(name, 'refused')
os.symlink(${JSON.stringify(secret)}, 'link')
attempt('read', lambda: open('link').read())
attempt('write', lambda: open('link', 'w').write('changed'))
attempt('hard', lambda: os.link(${JSON.stringify(secret)}, 'hard'))
attempt('root', lambda: open('/proc/self/root' + ${JSON.stringify(secret)}).read())
attempt('first', lambda: open('/proc/1/root' + ${JSON.stringify(secret)}).read())
attempt('usr', lambda: open('/usr/planted', 'w').write('x'))
attempt('etc', lambda: open('/etc/planted', 'w').write('x'))
attempt('cgroup', lambda: os.listdir('/sys/fs/cgroup'))
attempt('docker', lambda: os.stat('/var/run/docker.sock'))
attempt('home', lambda: os.listdir('/root'))
`;
      const output = await printed("python", program);
      expect(output.split("\n").filter((line) => line !== "" && !line.endsWith(" refused"))).toEqual([]);
      expect(readFileSync(secret, "utf8")).toBe("planted-secret");
    });

    test("91 the environment, /proc/1/environ and command lines give nothing away", async () => {
      process.env["PLANTED_VARIABLE"] = "planted-variable";
      try {
        const program =
          "import os\nprint(dict(os.environ))\nfor p in os.listdir('/proc'):\n  if p.isdigit():\n    for f in ('environ', 'cmdline', 'mountinfo'):\n      try: print(open('/proc/%s/%s' % (p, f)).read())\n      except OSError: pass";
        const output = await printed("python", program);
        expect(output).not.toContain("planted-variable");
        expect(output).not.toContain(process.cwd());
        expect(output).not.toContain("--ro-bind");
      } finally {
        delete process.env["PLANTED_VARIABLE"];
      }
    });

    test("60 no descriptor of the host is inherited", async () => {
      const program =
        "import os\nfor f in os.listdir('/proc/self/fd'):\n  try:\n    target = os.readlink('/proc/self/fd/' + f)\n    if int(f) > 2 and target != '/dev/null' and not target.startswith('/proc/'): print(f, target)\n  except OSError: pass";
      expect(await printed("python", program)).toBe("");
    });

    test("47 setuid, 49 nested namespaces, 50 mount, 43 mknod, 93 kernel settings", async () => {
      const program = `import ctypes, os, stat, subprocess
libc = ctypes.CDLL(None, use_errno=True)
print('unshare', libc.unshare(0x10000000))
print('mount', libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))
def attempt(name, action):
    try:
        action()
        print(name, 'worked')
    except OSError: print(name, 'refused')
attempt('mknod', lambda: os.mknod('device', 0o666 | stat.S_IFBLK, os.makedev(8, 0)))
attempt('setuid', lambda: os.setuid(0))
# Only opened, never written.
for setting in ('kernel/core_pattern', 'vm/overcommit_memory', 'kernel/hostname'):
    attempt(setting, lambda: os.close(os.open('/proc/sys/' + setting, os.O_WRONLY)))
print('no new privileges', [line.split()[1] for line in open('/proc/self/status') if line.startswith('NoNewPrivs')])
print('capabilities', [line.split()[1] for line in open('/proc/self/status') if line.startswith('CapEff')])
`;
      expect(await printed("python", program)).toBe(
        "unshare -1\nmount -1\nmknod refused\nsetuid refused\nkernel/core_pattern refused\nvm/overcommit_memory refused\nkernel/hostname refused\nno new privileges ['1']\ncapabilities ['0000000000000000']\n",
      );
    });

    test("95 the build cache cannot be poisoned", async () => {
      const program =
        'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n\terr := os.WriteFile("/gocache/00/poison", nil, 0o644)\n\tfmt.Println(err != nil)\n}\n';
      expect(await printed("go", program)).toBe("true\n");
    });

    test("control: its own folder can be written and read", async () => {
      expect(await printed("python", "open('a', 'w').write('mine')\nprint(open('/work/a').read())")).toBe(
        "mine\n",
      );
    });
  });

  describe("network", () => {
    test("61 sockets, 62 DNS, 63 /dev/tcp, 64 metadata, 65 loopback", async () => {
      const udp = createSocket("udp4");
      let datagrams = 0;
      udp.on("message", () => datagrams++);
      await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
      const program = `import socket, subprocess
def attempt(name, action):
    try:
        action()
        print(name, 'worked')
    except OSError: print(name, 'refused')
attempt('tcp', lambda: socket.create_connection(('127.0.0.1', ${port}), 2))
attempt('metadata', lambda: socket.create_connection(('169.254.169.254', 80), 2))
attempt('dns', lambda: socket.getaddrinfo('example.org', 80))
attempt('raw', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt('packet', lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
try: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', ${udp.address().port}))
except OSError: pass
print('bash', subprocess.run(['bash', '-c', 'echo > /dev/tcp/127.0.0.1/${port}'], stderr=subprocess.DEVNULL).returncode != 0)
`;
      const output = await printed("python", program);
      await delay(100);
      udp.close();
      expect(output).toBe(
        "tcp refused\nmetadata refused\ndns refused\nraw refused\npacket refused\nbash True\n",
      );
      expect({ connections, datagrams }).toEqual({ connections: 0, datagrams: 0 });
    });

    test("66 abstract unix sockets", async () => {
      const name = `\0agentos-planted-${process.pid}`;
      let reached = 0;
      const local = createServer((socket) => {
        reached++;
        socket.destroy();
      });
      await new Promise<void>((resolve) => local.listen(name, resolve));
      const program = `import socket\ns = socket.socket(socket.AF_UNIX)\ntry:\n  s.connect('\\0${name.slice(1)}')\n  print('worked')\nexcept OSError: print('refused')`;
      const output = await printed("python", program);
      local.close();
      expect(output).toBe("refused\n");
      expect(reached).toBe(0);
    });

    test("control: its own loopback works", async () => {
      const program =
        "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\nc = socket.create_connection(s.getsockname())\nprint('connected')";
      expect(await printed("python", program)).toBe("connected\n");
    });
  });
});
