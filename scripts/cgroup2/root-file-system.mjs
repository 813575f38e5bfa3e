import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** What the driver and its tests need of a machine. What these depend on comes along. */
const PACKAGES = [
  "bash",
  "dash",
  "bubblewrap",
  "coreutils",
  "mount",
  "python3",
  "tar",
  "util-linux",
  "libstdc++6",
];
const LEFT_OUT = /^\/usr\/share\/(doc|man|locale|info|lintian|bash-completion)\//;

/** What runs first. pivot_root, which bubblewrap needs, does not work from the first root: a second one is moved over it. */
const INIT = `#!/bin/sh
export PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
mount -t tmpfs tmpfs /mnt
mount --bind / /mnt
cd /mnt && mount --move . / && exec chroot . /init2
`;
const SECOND = `#!/bin/sh
export PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/root
echo "agentos-cgroup2 booted"
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /run
chmod 1777 /tmp
# A group of its own, as systemd would delegate it: the driver alone is in it.
echo "+memory +pids +cpu" > /sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/delegated
cd /agentos
sh -c 'echo $$ > /sys/fs/cgroup/delegated/cgroup.procs; exec node inside.mjs' </dev/null
echo "agentos-cgroup2 ended with $?"
sync
echo 1 > /proc/sys/kernel/sysrq
echo b > /proc/sysrq-trigger
sleep 60
`;

/** Fills a folder with a system that boots to the tests: Debian's packages as they are installed here, Node, the built packages. */
export function fillRootFileSystem(repository, folder) {
  for (const path of ["proc", "sys", "dev", "tmp", "run", "mnt", "root", "agentos", "etc", "usr/local/bin"]) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  for (const name of ["bin", "sbin", "lib", "lib64", "lib32", "libx32"]) {
    if (existsSync(`/${name}`) && lstatSync(`/${name}`).isSymbolicLink()) {
      symlinkSync(readlinkSync(`/${name}`), join(folder, name));
    }
  }
  for (const name of withDependencies(PACKAGES)) copyPackage(name, folder);
  for (const path of ["/etc/ld.so.cache", "/etc/alternatives", "/etc/ld.so.conf", "/etc/ld.so.conf.d"]) {
    if (existsSync(path)) cpSync(path, join(folder, path), { recursive: true, verbatimSymlinks: true });
  }
  writeFileSync(join(folder, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  writeFileSync(join(folder, "etc/group"), "root:x:0:\n");
  copyFileSync(realpathSync(process.execPath), join(folder, "usr/local/bin/node"));
  chmodSync(join(folder, "usr/local/bin/node"), 0o755);
  copyRepository(repository, join(folder, "agentos"));
  for (const [name, text] of [
    ["init", INIT],
    ["init2", SECOND],
  ]) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
}

function withDependencies(names) {
  const found = new Set();
  const queue = [...names];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (found.has(name)) continue;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
    const format = "-f=${Depends},${Pre-Depends}";
    const { status, stdout } = spawnSync("dpkg-query", ["-W", format, name], { encoding: "utf8" });
    // Another package stands in for it, or it is one of several that would do.
    if (status !== 0) continue;
    found.add(name);
    for (const part of stdout.split(/[,|]/)) {
      const dependency = /^\s*([a-z0-9][a-z0-9+.-]+)/.exec(part)?.[1];
      if (dependency) queue.push(dependency);
    }
  }
  return found;
}

function copyPackage(name, folder) {
  const { stdout } = spawnSync("dpkg-query", ["-L", name], { encoding: "utf8" });
  for (const path of stdout.split("\n")) {
    if (!path.startsWith("/") || LEFT_OUT.test(path) || !existsSync(path)) continue;
    const facts = lstatSync(path);
    // On a system with a merged /usr, /bin/x is /usr/bin/x.
    const target = join(folder, realParent(path));
    if (facts.isDirectory()) continue;
    mkdirSync(dirname(target), { recursive: true });
    if (existsSync(target) || isLink(target)) continue;
    if (facts.isSymbolicLink()) symlinkSync(readlinkSync(path), target);
    else if (facts.isFile()) {
      copyFileSync(path, target);
      chmodSync(target, facts.mode & 0o755);
    }
  }
}

function realParent(path) {
  return join(realpathSync(dirname(path)), path.slice(path.lastIndexOf("/") + 1));
}

function isLink(path) {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The built packages and what they import, as they would be installed. */
function copyRepository(repository, folder) {
  const modules = join(folder, "node_modules");
  for (const name of ["core", "sandbox"]) {
    const from = join(repository, "packages", name);
    const to = join(modules, "@agentos", name);
    for (const part of ["package.json", "dist", "assets"]) {
      if (existsSync(join(from, part))) cpSync(join(from, part), join(to, part), { recursive: true });
    }
    const { dependencies = {} } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
    for (const dependency of Object.keys(dependencies)) {
      // The engines of other drivers.
      if (/^@agentos\/|pyodide|quickjs/.test(dependency)) continue;
      const installed = realpathSync(join(from, "node_modules", dependency));
      cpSync(installed, join(modules, dependency), { recursive: true, dereference: true });
    }
  }
  copyFileSync(join(repository, "scripts/cgroup2/inside.mjs"), join(folder, "inside.mjs"));
}
