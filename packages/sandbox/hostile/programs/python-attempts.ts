import type { Control, ProgramCase } from "../types.js";

/**
 * What each attempt may use. `attempt` runs an action in a process of its own, since a system call may be refused by
 * killing its caller, and prints the number and what came of it: an error of the system, `None`, `False` and -1 are
 * refusals.
 */
const PRELUDE = `import ctypes, os, platform, socket, struct, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
arm = platform.machine() == 'aarch64'
def attempt(number, action):
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            got = action()
            print(number, 'refused' if got is None or got is False or got == -1 else 'reached %r' % (got,))
        except (OSError, subprocess.SubprocessError): print(number, 'refused')
        except BaseException as error: print(number, 'broken', repr(error))
        sys.stdout.flush()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status): print(number, 'refused')
def syscall(x86, arm_number, *arguments): return libc.syscall(arm_number if arm else x86, *arguments)
`;

function attempts(numbers: readonly number[], name: string, body: string, control: Control): ProgramCase {
  return {
    kind: "program",
    drivers: ["namespace"],
    language: "python",
    numbers,
    name,
    program: PRELUDE + body,
    ends: ["exited", "policy", "processes"],
    attempts: true,
    control,
  };
}

const OWN_FILES: Control = {
  program:
    "import os\nopen('a', 'w').close()\nos.symlink('a', 'b')\nos.link('a', 'c')\nprint(*sorted(os.listdir('.'))[:3])",
  prints: "a b c",
};

/** Python programs that try one thing after another. */
export const PYTHON_ATTEMPTS: readonly ProgramCase[] = [
  attempts(
    [38, 40, 44, 46, 57, 58, 59, 60, 91],
    "files, descriptors and variables of the host",
    `secret = '@SECRET@'
os.symlink(secret, 'link')
attempt(38, lambda: open('link').read())
attempt(38, lambda: open('link', 'w').write('changed'))
attempt(38, lambda: os.chmod('link', 0o777) or 'mode')
attempt(40, lambda: os.link(secret, 'hard') or 'linked')
attempt(44, lambda: open('/proc/self/root' + secret).read())
attempt(44, lambda: open('/proc/1/root' + secret).read())
attempt(44, lambda: open('/proc/1/cwd' + secret).read())
def environment():
    for process in os.listdir('/proc'):
        if process.isdigit():
            for name in ('environ', 'cmdline', 'mountinfo'):
                try: text = open('/proc/%s/%s' % (process, name)).read()
                except OSError: continue
                if 'AGENTOS_PLANTED' in text or '--ro-bind' in text or '@FOLDER@' in text: return name
attempt(44, environment)
attempt(44, lambda: len([p for p in os.listdir('/proc') if p.isdigit()]) > 5)
attempt(91, lambda: dict(os.environ) if 'AGENTOS_PLANTED' in os.environ else None)
attempt(91, lambda: sorted(set(os.environ) & {'NODE_OPTIONS', 'VITEST', 'HTTP_PROXY', 'SSH_AUTH_SOCK', 'npm_config_registry'}) or None)
for path in ('@FOLDER@/.git/hooks/post-checkout', '@FOLDER@/.bashrc', '/root/.bashrc', '/etc/profile.d/x.sh', '/usr/local/bin/git', '/etc/ld.so.preload'):
    attempt(46, lambda: open(path, 'a').write('x'))
attempt(57, lambda: os.listdir('/sys/fs/cgroup'))
attempt(57, lambda: os.open('/sys/fs/cgroup/memory/memory.limit_in_bytes', os.O_WRONLY))
attempt(57, lambda: os.open('/sys/fs/cgroup/cgroup.procs', os.O_WRONLY))
for path in ('/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock', '/run/podman/podman.sock', '@SOCKET@'):
    attempt(58, lambda: socket.socket(socket.AF_UNIX).connect(path) or path)
loader = '/lib/ld-linux-aarch64.so.1' if arm else '/lib64/ld-linux-x86-64.so.2'
attempt(59, lambda: subprocess.check_output([loader, '/usr/bin/cat', secret], stderr=subprocess.DEVNULL))
def indirect():
    own = open('/proc/self/status').read()
    status = subprocess.check_output([loader, '/usr/bin/cat', '/proc/self/status'], text=True)
    facts = lambda text: [l for l in text.split('\\n') if l.split(':')[0] in ('Uid', 'Gid', 'CapEff', 'CapBnd', 'NoNewPrivs', 'Seccomp')]
    return None if facts(own) == facts(status) and 'NoNewPrivs:\\t1' in status else status
attempt(59, indirect)
def descriptors():
    found = []
    for f in os.listdir('/proc/self/fd'):
        try: target = os.readlink('/proc/self/fd/' + f)
        except OSError: continue
        if int(f) > 2 and target != '/dev/null' and not target.startswith('/proc/'): found.append((f, target))
    return found or None
attempt(60, descriptors)
`,
    OWN_FILES,
  ),
  attempts(
    [43, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 92, 93],
    "privileges and the kernel",
    `import fcntl, mmap, shutil, stat
attempt(43, lambda: os.mknod('device', 0o666 | stat.S_IFBLK, os.makedev(8, 0)) or 'device')
attempt(43, lambda: os.mknod('null', 0o666 | stat.S_IFCHR, os.makedev(1, 1)) or 'device')
def setuid_copy():
    shutil.copy('/usr/bin/id', 'id')
    os.chmod('id', 0o6755)
    who = subprocess.check_output(['./id', '-u'], text=True).strip()
    return None if who == str(os.getuid()) and who != '0' else who
attempt(47, setuid_copy)
attempt(47, lambda: os.setuid(0) or 'root')
attempt(47, lambda: os.setgroups([0]) or 'group')
# PTRACE_SEIZE, which does not stop what it takes.
attempt(48, lambda: libc.ptrace(0x4206, 1, 0, 0))
attempt(48, lambda: libc.ptrace(0x4206, os.getppid(), 0, 0))
attempt(48, lambda: libc.ptrace(0, 0, 0, 0))
attempt(48, lambda: syscall(310, 270, 1, 0, 0, 0, 0, 0))
attempt(49, lambda: libc.unshare(0x10000000))
attempt(49, lambda: libc.unshare(0x00020000))
attempt(49, lambda: subprocess.check_output(['unshare', '-Ur', 'id', '-u'], stderr=subprocess.DEVNULL))
attempt(50, lambda: libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))
attempt(50, lambda: libc.mount(b'/proc', b'/tmp', None, 4096, None))
attempt(50, lambda: libc.umount2(b'/proc', 2))
attempt(50, lambda: syscall(430, 430, b'tmpfs', 0))
attempt(50, lambda: syscall(155, 41, b'/tmp', b'/tmp'))
attempt(51, lambda: syscall(250, 219, 0, -3, 1))
attempt(51, lambda: syscall(248, 217, b'user', b'planted', b'x', 1, -2))
attempt(51, lambda: syscall(249, 218, b'user', b'planted', None, -2))
attempt(52, lambda: syscall(425, 425, 4, ctypes.create_string_buffer(256)))
attempt(53, lambda: socket.socket(40, socket.SOCK_STREAM).fileno())
def legacy():
    if arm: return None
    # mov eax, 20 (getpid in the 32-bit table); int 0x80; ret
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b'\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3')
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    got = call()
    return None if got < 0 else got
attempt(54, legacy)
# The x32 table: bit 30 of the number.
attempt(54, lambda: None if arm or libc.syscall(0x40000000 + 39) < 0 else 'x32')
def locks():
    # A lock of the host may not be seen.
    own = str(os.getpid())
    return [line for line in open('/proc/locks').read().split('\\n') if line and line.split()[4] != own] or None
attempt(55, locks)
# Would only turn ctrl-alt-del off.
attempt(56, lambda: libc.reboot(0))
attempt(56, lambda: syscall(246, 104, 0, 0, 0, 0))
attempt(92, lambda: fcntl.ioctl(0, 0x5412, b'x') and 'typed')
attempt(92, lambda: os.open('/dev/tty', os.O_RDWR))
attempt(92, lambda: os.open('/dev/console', os.O_RDWR))
# Only opened, never written.
for setting in ('kernel/core_pattern', 'kernel/modprobe', 'vm/overcommit_memory', 'kernel/hostname', 'kernel/ns_last_pid', 'net/ipv4/ip_forward'):
    attempt(93, lambda: os.open('/proc/sys/' + setting, os.O_WRONLY))
attempt(93, lambda: os.open('/proc/sysrq-trigger', os.O_WRONLY))
`,
    {
      program:
        "import ctypes, os, platform\nprint(ctypes.CDLL(None).getpid() == os.getpid(), ctypes.CDLL(None).syscall(172 if platform.machine() == 'aarch64' else 39) > 0)",
      prints: "True True",
    },
  ),
  attempts(
    [61, 62, 63, 64, 65, 66, 69],
    "the network",
    `attempt(61, lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).fileno())
attempt(61, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 1).sendto(b'\\x08\\0\\0\\0\\0\\0\\0\\0', ('8.8.8.8', 0)))
attempt(61, lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).fileno())
attempt(61, lambda: socket.create_connection(('1.1.1.1', 53), 2))
attempt(61, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('1.1.1.1', 53)))
attempt(61, lambda: socket.create_connection(('2606:4700:4700::1111', 53), 2))
attempt(62, lambda: socket.getaddrinfo('planted-secret.example.org', 80))
attempt(62, lambda: [line for line in open('/etc/resolv.conf') if line.strip()] or None)
attempt(63, lambda: subprocess.run(['bash', '-c', 'echo > /dev/tcp/127.0.0.1/@PORT@'], stderr=subprocess.DEVNULL).returncode == 0)
attempt(64, lambda: socket.create_connection(('169.254.169.254', 80), 2))
attempt(65, lambda: socket.create_connection(('127.0.0.1', @PORT@), 2))
attempt(65, lambda: socket.create_connection(('localhost', @PORT@), 2))
# A datagram into the void is no error: the host counts.
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', @UDP@))
attempt(66, lambda: socket.socket(socket.AF_UNIX).connect('\\0@ABSTRACT@') or 'connected')
for name in list(os.environ):
    if 'proxy' in name.lower(): del os.environ[name]
import urllib.request
attempt(69, lambda: urllib.request.build_opener(urllib.request.ProxyHandler({})).open('http://127.0.0.1:@PORT@/', timeout=2).read())
attempt(69, lambda: urllib.request.urlopen('http://192.0.2.1/', timeout=2).read())
`,
    {
      program:
        "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\nc = socket.create_connection(s.getsockname())\nprint('connected')",
      prints: "connected",
    },
  ),
  attempts(
    [95],
    "caches of the toolchain",
    `import site, sysconfig
places = [sysconfig.get_paths()['stdlib'], sysconfig.get_paths()['purelib'], '/usr/lib/python3/dist-packages', '/usr/local/lib']
for place in places:
    attempt(95, lambda: open(place + '/planted.pth', 'w').write('x'))
    attempt(95, lambda: os.makedirs(place + '/__pycache__/planted') or place)
`,
    { program: "import json\nprint(json.dumps([1]))", prints: "[1]" },
  ),
];
