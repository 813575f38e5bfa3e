import type { Control, HostileCase, ProgramCase } from "../types.js";

const MEBIBYTE = 1024 * 1024;

type Rest = Omit<ProgramCase, "kind" | "drivers" | "language" | "name" | "numbers" | "program">;

/** What the programs call of the C library, which every Rust program is linked with. */
const PRELUDE = `#![allow(dead_code, unused_imports, unused_must_use)]
use std::io::{Read, Write};
use std::process::Command;
use std::time::Duration;
extern "C" {
    fn fork() -> i32;
    fn setsid() -> i32;
    fn pause() -> i32;
    fn close(descriptor: i32) -> i32;
    fn dup(descriptor: i32) -> i32;
    fn kill(process: i32, signal: i32) -> i32;
    fn signal(number: i32, handler: usize) -> usize;
    fn syscall(number: i64, ...) -> i64;
}
fn again(argument: &str) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.arg(std::env::args().nth(1).unwrap()).arg(argument);
    command
}
fn child() -> Option<String> { std::env::args().nth(2) }
fn on() { println!("on"); }
`;

function main(body: string): string {
  return `${PRELUDE}\nfn main() {\n${body}\n}\n`;
}

function rust(numbers: readonly number[], name: string, program: string, rest: Rest): ProgramCase {
  return { kind: "program", drivers: ["namespace"], language: "rust", numbers, name, program, ...rest };
}

/** Runs each attempt in a process of its own, since a system call may be refused by killing its caller. */
function attempts(numbers: readonly number[], name: string, list: string, control: Control): ProgramCase {
  const program = `${PRELUDE}
use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::fs::{symlink, PermissionsExt};
use std::os::unix::net::UnixStream;

fn none() -> Result<()> { Err(Error::new(ErrorKind::NotFound, "none")) }
fn got(found: bool) -> Result<()> { if found { Ok(()) } else { none() } }
fn called(value: i64) -> Result<()> { got(value >= 0) }
fn writes(path: &str) -> Result<()> { fs::OpenOptions::new().write(true).open(path).map(|_| ()) }
fn connects(address: &str) -> Result<()> {
    let to = address.to_socket_addrs()?.next().unwrap();
    TcpStream::connect_timeout(&to, Duration::from_secs(2)).map(|_| ())
}

const ATTEMPTS: &[(i32, fn() -> Result<()>)] = &[
${list}
];

fn main() {
    if let Some(index) = child() {
        let (number, action) = ATTEMPTS[index.parse::<usize>().unwrap()];
        match action() {
            Ok(()) => println!("{} reached {}", number, index),
            Err(_) => println!("{} refused", number),
        }
        return;
    }
    for (index, (number, _)) in ATTEMPTS.iter().enumerate() {
        match again(&index.to_string()).output() {
            Ok(output) if !output.stdout.is_empty() => print!("{}", String::from_utf8_lossy(&output.stdout)),
            Ok(output) if output.status.code().is_none() => println!("{} refused", number),
            other => println!("{} broken {:?}", number, other),
        }
    }
}
`;
  return rust(numbers, name, program, { ends: ["exited", "policy"], attempts: true, control });
}

const WORKS: Control = {
  program: main('std::thread::sleep(Duration::from_millis(100));\nprintln!("done");'),
  prints: "done",
};
const OWN_FOLDER: Control = {
  program: main(
    'std::fs::write("a", "mine").unwrap();\nprintln!("{}", std::fs::read_to_string("/work/a").unwrap());',
  ),
  prints: "mine",
};
const SOME_CHILDREN: Control = {
  program: main(
    'print!("{}", String::from_utf8(Command::new("echo").arg("child").output().unwrap().stdout).unwrap());',
  ),
  prints: "child",
};
// The wall time covers the build.
const LOOPS: Rest = {
  ends: ["wall-time"],
  limits: { wallMs: 6000 },
  waits: true,
  reports: "on",
  control: WORKS,
};

/** Rust programs. */
export const RUST_CASES: readonly HostileCase[] = [
  rust(
    [1, 3],
    "busy loop that ignores signals",
    main("for number in 1..32 { unsafe { signal(number, 1); } }\non();\nloop {}"),
    LOOPS,
  ),
  rust([2], "sleeps for ever", main("on();\nstd::thread::sleep(Duration::from_secs(1 << 30));"), LOOPS),
  rust(
    [4, 5, 6],
    "children that burn and outlive, with setsid",
    main(
      'for _ in 0..3 {\nif unsafe { fork() } == 0 {\nunsafe { setsid(); }\nif unsafe { fork() } != 0 { std::process::exit(0); }\nfor number in 0..100 { unsafe { close(number); } }\nloop {}\n}\n}\nprintln!("parent");',
    ),
    { ends: ["exited"], prints: "parent", control: SOME_CHILDREN },
  ),
  rust(
    [7],
    "compiler bomb: macros that double",
    "macro_rules! twice { ($($x:tt)*) => { twice!($($x)* $($x)*) } }\nfn main() { twice!(1 1); }\n",
    { ends: ["memory", "wall-time", "invalid"], limits: { wallMs: 10_000 }, control: WORKS },
  ),
  rust(
    [7],
    "compiler bomb: an endless device is included",
    'static ZERO: &[u8] = include_bytes!("/dev/zero");\nfn main() { println!("{}", ZERO.len()); }\n',
    { ends: ["memory", "wall-time", "invalid"], limits: { wallMs: 10_000 }, control: WORKS },
  ),
  rust(
    [10, 16],
    "touched allocation",
    main("on();\nlet mut kept = Vec::new();\nloop { kept.push(vec![1u8; 1 << 24]); }"),
    { ends: ["memory"], reports: "on", control: WORKS },
  ),
  rust(
    [11],
    "memory split over children",
    main(
      `if child().is_some() {
let block = vec![1u8; 80 << 20];
std::thread::sleep(Duration::from_secs(4));
println!("{}", block[7]);
return;
}
on();
let children: Vec<_> = (0..6).map(|_| again("child").spawn().unwrap()).collect();
let failed = children.into_iter().map(|mut one| !one.wait().unwrap().success()).filter(|failed| *failed).count();
std::process::exit((failed > 0) as i32);`,
    ),
    { ends: ["memory"], reports: "on", waits: true, control: SOME_CHILDREN },
  ),
  rust(
    [12],
    "hoards in /dev/shm and /tmp",
    main(
      `for folder in ["/dev/shm", "/tmp"] {
let path = format!("{}/x", folder);
let mut file = std::fs::File::create(&path).unwrap();
let block = vec![0u8; 1 << 20];
let mut n = 0;
while n < 400 && file.write_all(&block).is_ok() { n += 1; }
std::fs::remove_file(&path);
println!("{}", n < 400);
}`,
    ),
    {
      ends: ["exited", "disk"],
      limits: { memoryBytes: 1024 * MEBIBYTE },
      prints: "true\ntrue",
      control: OWN_FOLDER,
    },
  ),
  rust(
    [13],
    "infinite recursion",
    `${PRELUDE}\n#[allow(unconditional_recursion)]\nfn f(n: u64) -> u64 { let block = [n; 1024]; f(n + 1) + block[(n % 1024) as usize] }\nfn main() { on(); println!("{}", f(0)); }\n`,
    { ends: ["signal", "memory"], prints: "on", control: WORKS },
  ),
  rust(
    [17],
    "a source nested too deeply",
    `fn main() { println!("{}", ${"(".repeat(400_000)}1${")".repeat(400_000)}); }\n`,
    { ends: ["invalid", "memory", "wall-time"], control: WORKS },
  ),
  rust([19], "fork bomb", main("on();\nloop { unsafe { fork(); } }"), {
    ends: ["processes", "wall-time", "memory"],
    limits: { wallMs: 6000 },
    reports: "on",
    control: SOME_CHILDREN,
  }),
  rust(
    [20, 21, 22],
    "threads, zombies, descriptors",
    main(
      `let mut zombies = 0;
while zombies < 2000 {
let process = unsafe { fork() };
if process == 0 { std::process::exit(0); }
if process < 0 { break; }
zombies += 1;
}
println!("21 {}", if zombies < 2000 { "refused" } else { "reached" });
let kept = (0..5000).take_while(|_| unsafe { dup(0) } >= 0).count();
println!("22 {}", if kept < 1100 { "refused" } else { "reached" });
let threads = (0..5000).take_while(|_| std::thread::Builder::new().stack_size(16384).spawn(|| unsafe { pause() }).is_ok()).count();
println!("20 {}", if threads < 5000 { "refused" } else { "reached" });
std::process::exit(0);`,
    ),
    { ends: ["exited", "processes"], attempts: true, control: WORKS },
  ),
  rust(
    [23],
    "kill(-1), the parent, and a process of the host",
    main(
      "on();\nunsafe { for signal in [15, 19, 9] { kill(-1, signal); kill(1, signal); kill(@PROCESS@, signal); } }",
    ),
    { ends: ["exited", "signal"], reports: "on", control: WORKS },
  ),
  rust(
    [24],
    "a fork bomb that only memory bounds",
    main("on();\nloop { if unsafe { fork() } == 0 { std::mem::forget(vec![1u8; 1 << 20]); } }"),
    {
      ends: ["memory", "processes", "wall-time"],
      limits: { wallMs: 6000, processes: 4096 },
      control: SOME_CHILDREN,
    },
  ),
  rust(
    [25],
    "large files",
    main(
      'let block = vec![0u8; 1 << 20];\nfor i in 0..20 {\nlet mut file = std::fs::File::create(format!("large{}", i)).unwrap();\nfor _ in 0..100 { file.write_all(&block).unwrap(); }\n}',
    ),
    { ends: ["disk"], limits: { memoryBytes: 1024 * MEBIBYTE }, control: OWN_FOLDER },
  ),
  rust(
    [26, 28],
    "inodes and deep folders",
    main(
      'for i in 0..1000000 {\nif std::fs::File::create(format!("f{}", i)).is_err() { break; }\nif i % 100 == 0 { std::fs::create_dir("d"); std::env::set_current_dir("d"); }\n}',
    ),
    { ends: ["exited", "disk", "memory", "wall-time"], limits: { wallMs: 6000 }, control: OWN_FOLDER },
  ),
  rust(
    [30],
    "leftovers of one run seen by the next",
    main(
      'for path in ["/work/left", "/tmp/left", "/dev/shm/left"] {\nif std::path::Path::new(path).exists() { println!("{}", path); }\n}',
    ),
    {
      before: main(
        'for path in ["/work/left", "/tmp/left", "/dev/shm/left"] { std::fs::write(path, "").unwrap(); }',
      ),
      ends: ["exited"],
      prints: "",
      control: OWN_FOLDER,
    },
  ),
  rust([31, 35], "endless stdout on one line", main('loop { print!("{}", "y".repeat(999)); }'), {
    ends: ["output"],
    control: WORKS,
  }),
  rust([32], "stderr flood", main('loop { eprint!("{}", "y".repeat(999)); }'), {
    ends: ["output"],
    control: WORKS,
  }),
  rust(
    [33, 34, 37],
    "invalid UTF-8, a split code point, NUL, terminal escapes",
    main(
      'let mut out = std::io::stdout();\nout.write_all(b"\\xc3");\nout.flush();\nstd::thread::sleep(Duration::from_millis(50));\nout.write_all(b"\\xa9|\\xff|\\x00|\\x1b[31m");\nout.flush();',
    ),
    { ends: ["exited"], prints: "é|\ufffd|\0|\u001b[31m", control: WORKS },
  ),
  rust(
    [36],
    "closes its streams and goes on",
    main("on();\nfor number in 0..100 { unsafe { close(number); } }\nloop {}"),
    LOOPS,
  ),
  attempts(
    [27, 38, 40, 44, 46, 57, 58, 60, 91, 93, 95],
    "files, descriptors and variables of the host",
    `    (38, || { symlink("@SECRET@", "link"); fs::read("link").map(|_| ()) }),
    (38, || fs::write("link", "changed")),
    (40, || fs::hard_link("@SECRET@", "hard")),
    (44, || fs::read("/proc/self/root@SECRET@").map(|_| ())),
    (44, || fs::read("/proc/1/root@SECRET@").map(|_| ())),
    (44, || got(String::from_utf8_lossy(&fs::read("/proc/1/environ")?).contains("AGENTOS_PLANTED"))),
    (46, || fs::write("@FOLDER@/.git/hooks/post-checkout", "")),
    (46, || fs::write("/root/.bashrc", "")),
    (46, || fs::write("/etc/profile.d/x.sh", "")),
    (57, || fs::read_dir("/sys/fs/cgroup").map(|_| ())),
    (58, || UnixStream::connect("/var/run/docker.sock").map(|_| ())),
    (58, || UnixStream::connect("@SOCKET@").map(|_| ())),
    (60, || {
        let found = (3..100).filter_map(|number| fs::read_link(format!("/proc/self/fd/{}", number)).ok()).any(|path| {
            let path = path.to_string_lossy().to_string();
            path.starts_with('/') && !path.starts_with("/proc/") && path != "/dev/null"
        });
        got(found)
    }),
    (91, || got(std::env::vars().any(|(name, _)| name.contains("PLANTED") || name.to_lowercase().contains("_proxy")))),
    // Only opened, never written.
    (93, || writes("/proc/sys/kernel/core_pattern")),
    (93, || writes("/proc/sys/vm/overcommit_memory")),
    (95, || fs::write("/usr/lib/rustlib/planted", "")),
    (95, || fs::write("/toolchain/rust/planted", "")),
    (27, || fs::File::create("sparse")?.set_len(1 << 40)),`,
    OWN_FOLDER,
  ),
  attempts(
    [43, 47, 48, 49, 50, 51, 52, 53, 54, 56, 92],
    "privileges and the kernel",
    `    // By the numbers of x86-64; those of other machines are tried in Python.
    (43, || got(cfg!(target_arch = "x86_64") && unsafe { syscall(133, b"device\\0".as_ptr(), 0o060666, 8i64 << 8) } >= 0)),
    (47, || called(unsafe { syscall(105, 0i64) })),
    (47, || {
        fs::copy("/usr/bin/id", "id")?;
        fs::set_permissions("id", fs::Permissions::from_mode(0o6755))?;
        let before = Command::new("/usr/bin/id").arg("-u").output()?.stdout;
        got(Command::new("./id").arg("-u").output()?.stdout != before)
    }),
    // PTRACE_SEIZE, which does not stop what it takes.
    (48, || called(unsafe { syscall(101, 0x4206i64, 1i64, 0i64, 0i64) })),
    (48, || called(unsafe { syscall(101, 0i64, 0i64, 0i64, 0i64) })),
    (49, || called(unsafe { syscall(272, 0x10000000i64) })),
    (49, || called(unsafe { syscall(272, 0x00020000i64) })),
    (50, || called(unsafe { syscall(165, b"none\\0".as_ptr(), b"/tmp\\0".as_ptr(), b"tmpfs\\0".as_ptr(), 0i64, 0i64) })),
    (50, || called(unsafe { syscall(166, b"/proc\\0".as_ptr(), 2i64) })),
    (51, || called(unsafe { syscall(250, 0i64, -3i64, 1i64) })),
    (52, || { let mut params = [0u8; 256]; called(unsafe { syscall(425, 4i64, params.as_mut_ptr()) }) }),
    (53, || called(unsafe { syscall(41, 40i64, 1i64, 0i64) })),
    (54, || called(unsafe { syscall(0x40000000 + 39) })),
    // Would only turn ctrl-alt-del off.
    (56, || called(unsafe { syscall(169, 0xfee1deadi64, 672274793i64, 0i64, 0i64) })),
    (92, || called(unsafe { syscall(16, 0i64, 0x5412i64, b"x\\0".as_ptr()) })),
    (92, || writes("/dev/tty")),`,
    {
      program: main('println!("{}", unsafe { syscall(39) } == std::process::id() as i64);'),
      prints: "true",
    },
  ),
  attempts(
    [61, 62, 63, 64, 65, 66, 69],
    "the network",
    `    (61, || called(unsafe { syscall(41, 2i64, 3i64, 1i64) })),
    (61, || connects("1.1.1.1:53")),
    (62, || connects("planted-secret.example.org:80")),
    (63, || got(Command::new("bash").args(["-c", "echo > /dev/tcp/127.0.0.1/@PORT@"]).status()?.success())),
    (64, || connects("169.254.169.254:80")),
    (65, || connects("127.0.0.1:@PORT@")),
    (65, || { std::net::UdpSocket::bind("0.0.0.0:0")?.send_to(b"x", "127.0.0.1:@UDP@"); none() }),
    (66, || {
        let name = b"\\x01\\x00\\0@ABSTRACT@";
        let socket = unsafe { syscall(41, 1i64, 1i64, 0i64) };
        called(unsafe { syscall(42, socket, name.as_ptr(), name.len() as i64) })
    }),
    (69, || { for (name, _) in std::env::vars() { std::env::remove_var(name); } connects("localhost:@PORT@") }),`,
    {
      program: main(
        'let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();\nprintln!("{}", std::net::TcpStream::connect(server.local_addr().unwrap()).is_ok());',
      ),
      prints: "true",
    },
  ),
];
