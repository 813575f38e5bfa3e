// pnpm test:cgroup2: the namespace driver on a machine that has control groups of version 2 alone. Boots Debian's kernel in
// qemu with a root file system made of this machine's own files, all in memory, and runs `inside.mjs` there as root.
// Needs Debian, qemu-system-x86_64, cpio and the network (for the kernel package, once). By hand, not in CI.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "../lib/setup.mjs";
import { fillRootFileSystem } from "./root-file-system.mjs";

const KERNEL = "linux-image-cloud-amd64";
/** A nested KVM may start and then stand still. */
const KVM_BOOT_MS = 60_000;
const LIMIT_MS = Number(process.env.AGENTOS_CGROUP2_MINUTES ?? 60) * 60_000;

if (process.arch !== "x64" || process.platform !== "linux") stop("It runs on Linux on x86-64 only.");
for (const [program, remedy] of [
  ["qemu-system-x86_64", "apt-get install --no-install-recommends qemu-system-x86"],
  ["cpio", "apt-get install cpio"],
  ["dpkg-query", "use Debian or Ubuntu"],
]) {
  if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0) stop(`${program} is missing: ${remedy}`);
}
run(process.execPath, [join(root, "scripts/build.mjs")]);

const cache = join(root, "node_modules/.cache/agentos-cgroup2");
const kernel = findKernel() ?? fetchKernel();
const folder = mkdtempSync(join(tmpdir(), "agentos-cgroup2-"));
let status = 1;
try {
  console.log("Root file system: this machine's own files…");
  const files = join(folder, "files");
  fillRootFileSystem(root, files);
  const archive = join(folder, "initramfs");
  const packed = spawnSync("sh", ["-c", "find . -print0 | cpio --null --create --format=newc --quiet"], {
    cwd: files,
    stdio: ["ignore", openSync(archive, "w"), "inherit"],
  });
  if (packed.status !== 0) stop("cpio failed.");
  status = await boot(archive);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status);

/** Boots, by KVM where that works, else emulated. Resolves to the status that `inside.mjs` printed. */
async function boot(archive) {
  const emulate = process.env.AGENTOS_CGROUP2_EMULATE === "1";
  if (!emulate && spawnSync("sh", ["-c", "test -w /dev/kvm"]).status === 0) {
    const status = await machine(
      archive,
      ["-accel", "kvm", "-cpu", "host,arch-capabilities=off"],
      KVM_BOOT_MS,
    );
    if (status !== undefined) return status;
    console.log("KVM does not work here.");
  }
  return (await machine(archive, ["-accel", "tcg", "-cpu", "max"], LIMIT_MS)) ?? 1;
}

/** A virtual machine whose console is shown. Undefined when its system did not start within `bootMs`. */
function machine(archive, accelerator, bootMs) {
  console.log(`Booting ${kernel} (${accelerator[1]})…`);
  const child = spawn("qemu-system-x86_64", [
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ...["-m", "3072", "-smp", "1", "-serial", "stdio", "-nic", "none", ...accelerator],
    ...["-kernel", kernel, "-initrd", archive],
    ...["-append", "console=ttyS0 rdinit=/init panic=-1 quiet no_timer_check cgroup_no_v1=all"],
  ]);
  let text = "";
  let booted = false;
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    process.stdout.write(chunk);
    text = (text + chunk).slice(-65_536);
    booted ||= text.includes("agentos-cgroup2 booted");
  });
  child.stderr.pipe(process.stderr);
  const kill = () => child.kill("SIGKILL");
  const boot = setTimeout(() => booted || kill(), bootMs);
  const whole = setTimeout(() => {
    console.error(
      `Ended after ${LIMIT_MS / 60_000} minutes. AGENTOS_CGROUP2_MINUTES sets how many it may take.`,
    );
    kill();
  }, LIMIT_MS);
  process.once("SIGINT", kill);
  return new Promise((resolve) => {
    child.once("close", () => {
      clearTimeout(boot);
      clearTimeout(whole);
      process.off("SIGINT", kill);
      const ended = /^agentos-cgroup2 ended with (\d+)\r?$/m.exec(text)?.[1];
      resolve(booted ? Number(ended ?? 1) : undefined);
    });
  });
}

function findKernel() {
  const boot = join(cache, "kernel/boot");
  const name = existsSync(boot) ? readdirSync(boot).find((file) => file.startsWith("vmlinuz-")) : undefined;
  return name && join(boot, name);
}

/** Downloads Debian's kernel package and unpacks it beside this repository; nothing is installed on this machine. */
function fetchKernel() {
  mkdirSync(cache, { recursive: true });
  const { stdout } = spawnSync("apt-cache", ["depends", "--important", KERNEL], { encoding: "utf8" });
  const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
  if (!name) stop(`apt-cache does not know ${KERNEL}: run apt-get update`);
  run("apt-get", ["download", "-qq", "-o", "APT::Sandbox::User=root", name], { cwd: cache });
  const file = readdirSync(cache).find((entry) => entry.startsWith(name) && entry.endsWith(".deb"));
  if (!file) stop(`apt-get downloaded no ${name}.`);
  run("dpkg", ["-x", join(cache, file), join(cache, "kernel")]);
  rmSync(join(cache, file));
  return findKernel() ?? stop(`${name} holds no kernel.`);
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
