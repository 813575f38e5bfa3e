import type { Control, HostileCase, ProgramCase } from "../types.js";

const MEBIBYTE = 1024 * 1024;

type Rest = Omit<ProgramCase, "kind" | "drivers" | "language" | "name" | "numbers" | "program">;

/** A program whose class has the name of its file, which differs from run to run. */
function main(body: string, members = ""): string {
  return `import java.io.*;
import java.net.*;
import java.nio.*;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.zip.*;

class @CLASS@ {
  static Process again(String argument) throws Exception {
    return new ProcessBuilder("bash", "-c", argument).redirectErrorStream(true).start();
  }
${members}
  public static void main(String[] args) throws Exception {
${body}
  }
}
`;
}

function java(numbers: readonly number[], name: string, program: string, rest: Rest): ProgramCase {
  return { kind: "program", drivers: ["namespace"], language: "java", numbers, name, program, ...rest };
}

/** Java makes no system calls of its own, so that none of these can end the caller. */
function attempts(numbers: readonly number[], name: string, list: string, control: Control): ProgramCase {
  const members = `  interface Action { Object run() throws Exception; }
  static void attempt(int number, Action action) {
    try {
      Object got = action.run();
      System.out.println(number + (got == null || got.equals(false) ? " refused" : " reached " + got));
    } catch (IOException | UnsupportedOperationException error) {
      System.out.println(number + " refused");
    } catch (Throwable error) {
      System.out.println(number + " broken " + error);
    }
  }
  static Object connects(String host, int port) throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 2000);
      return true;
    }
  }
  static Object connects(String path) throws Exception {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) { return true; }
  }
  static Object runs(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor() == 0;
  }
  static Object writes(String path) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(path, "rw")) { return path; }
  }`;
  return java(numbers, name, main(list, members), { ends: ["exited", "policy"], attempts: true, control });
}

const WORKS: Control = {
  program: main('Thread.sleep(100);\nSystem.out.println("done");'),
  prints: "done",
};
const OWN_FOLDER: Control = {
  program: main(
    'Files.writeString(Path.of("a"), "mine");\nSystem.out.println(Files.readString(Path.of("/work/a")));',
  ),
  prints: "mine",
};
const SOME_CHILDREN: Control = {
  program: main('System.out.print(new String(again("echo child").getInputStream().readAllBytes()));'),
  prints: "child",
};
const ON = 'System.out.println("on");\n';
// The wall time covers the build and the start of the virtual machine.
const LOOPS: Rest = {
  ends: ["wall-time"],
  limits: { wallMs: 12_000 },
  waits: true,
  reports: "on",
  control: WORKS,
};
/** The heap is bounded below the limit of the run: it is the virtual machine that gives up. */
const HEAP: Rest = { ends: ["memory"], reports: "on", control: WORKS };

/** Java programs. */
export const JAVA_CASES: readonly HostileCase[] = [
  java(
    [1, 3],
    "busy loop that will not end at a signal",
    main(
      `Runtime.getRuntime().addShutdownHook(new Thread(() -> { for (;;) {} }));\n${ON}for (int i = 0; ; i++) {}`,
    ),
    LOOPS,
  ),
  java([2], "sleeps for ever", main(`${ON}Thread.sleep(1L << 40);`), LOOPS),
  java(
    [4, 5, 6],
    "children that burn and outlive, with setsid",
    main(
      'for (int i = 0; i < 3; i++) again("setsid bash -c \'exec 0<&- 1>&- 2>&-; while :; do :; done\' &").waitFor();\nSystem.out.println("parent");',
    ),
    { ends: ["exited"], prints: "parent", control: SOME_CHILDREN },
  ),
  java(
    [7],
    "compiler bomb: types that double",
    `import java.util.*;\n\nclass @CLASS@ {\n  static <A> List<A> pair(A one, A two) { return List.of(one, two); }\n  public static void main(String[] args) {\n    var x0 = pair(1, "");\n${Array.from({ length: 24 }, (_, i) => `    var x${i + 1} = pair(x${i}, Map.of(x${i}, Set.of(x${i})));`).join("\n")}\n    System.out.println(x24);\n  }\n}\n`,
    { ends: ["memory", "wall-time", "invalid"], limits: { wallMs: 10_000 }, control: WORKS },
  ),
  java(
    [8],
    "catastrophic regex",
    main(`${ON}System.out.println(("a".repeat(60) + "b").matches("(a*)*\\\\1c"));`),
    LOOPS,
  ),
  java(
    [10],
    "touched allocation",
    main(`${ON}List<byte[]> kept = new ArrayList<>();\nfor (;;) kept.add(new byte[1 << 20]);`),
    HEAP,
  ),
  java(
    [11],
    "memory split over children",
    main(
      `${ON}List<Process> children = new ArrayList<>();\nfor (int i = 0; i < 6; i++) children.add(again("x=$(head -c 80000000 /dev/zero | tr '\\\\0' x); sleep 4; echo \${#x}"));\nboolean failed = false;\nfor (Process child : children) failed |= child.waitFor() != 0;\nif (failed) System.exit(1);`,
    ),
    { ends: ["memory"], reports: "on", waits: true, control: SOME_CHILDREN },
  ),
  java(
    [12],
    "hoards in /dev/shm and /tmp",
    main(
      `for (String folder : List.of("/dev/shm", "/tmp")) {
int n = 0;
try (OutputStream file = new FileOutputStream(folder + "/x")) {
for (byte[] block = new byte[1 << 20]; n < 400; n++) file.write(block);
} catch (IOException error) {}
new File(folder + "/x").delete();
System.out.println(n < 400);
}`,
    ),
    {
      ends: ["exited", "disk"],
      limits: { memoryBytes: 1024 * MEBIBYTE },
      prints: "true\ntrue",
      control: OWN_FOLDER,
    },
  ),
  java(
    [13],
    "infinite recursion",
    main(
      `try { f(0); } catch (StackOverflowError error) { System.out.println("caught"); }`,
      "  static int f(int n) { return 1 + f(n + 1); }",
    ),
    { ends: ["exited"], prints: "caught", control: WORKS },
  ),
  java(
    [14, 15],
    "a giant array, and collections that nest without end",
    main(
      `try { System.out.println(new int[Integer.MAX_VALUE].length); } catch (OutOfMemoryError error) {}\n${ON}Object nested = null;\nfor (;;) nested = new ArrayList<>(Arrays.asList(nested, new HashMap<>(Map.of(1, "x".repeat(1000)))));`,
    ),
    HEAP,
  ),
  java(
    [16],
    "native buffers",
    main(
      `${ON}List<ByteBuffer> kept = new ArrayList<>();\nfor (;;) { ByteBuffer block = ByteBuffer.allocateDirect(1 << 24); while (block.hasRemaining()) block.put((byte) 1); kept.add(block); }`,
    ),
    HEAP,
  ),
  java(
    [16],
    "mapped files",
    main(
      `${ON}List<ByteBuffer> kept = new ArrayList<>();\nfor (int i = 0; ; i++) {\ntry (RandomAccessFile file = new RandomAccessFile("/dev/shm/" + i, "rw")) {\nMappedByteBuffer block = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, 1 << 24);\nwhile (block.hasRemaining()) block.put((byte) 1);\nkept.add(block);\n}\n}`,
    ),
    {
      // The virtual machine takes a page that cannot be had for one to be tried again.
      ends: ["memory", "disk", "signal", "exited", "wall-time"],
      limits: { wallMs: 12_000 },
      reports: "on",
      control: WORKS,
    },
  ),
  java(
    [17],
    "a source nested too deeply",
    `class @CLASS@ {\n  public static void main(String[] args) {\n    System.out.println(${"(".repeat(400_000)}1${")".repeat(400_000)});\n  }\n}\n`,
    { ends: ["invalid", "memory", "wall-time"], control: WORKS },
  ),
  java(
    [19],
    "fork bomb",
    main(
      `${ON}for (;;) { try { new ProcessBuilder("bash", "-c", "f() { f | f & }; f; sleep 60").start(); } catch (IOException error) {} }`,
    ),
    {
      ends: ["processes", "wall-time", "memory"],
      limits: { wallMs: 12_000 },
      reports: "on",
      control: SOME_CHILDREN,
    },
  ),
  java(
    [20],
    "thread bomb",
    main(
      `int n = 0;\ntry {\nfor (; n < 5000; n++) {\nThread thread = new Thread(null, () -> { try { Thread.sleep(60000); } catch (InterruptedException error) {} }, "t", 65536);\nthread.setDaemon(true);\nthread.start();\n}\n} catch (OutOfMemoryError error) {}\nSystem.out.println(n < 5000 ? "bounded" : "unbounded");\nSystem.out.flush();\nRuntime.getRuntime().halt(0);`,
    ),
    { ends: ["exited", "processes"], reports: "bounded", control: WORKS },
  ),
  java(
    [22],
    "descriptor exhaustion",
    main(
      `List<Object> kept = new ArrayList<>();\ntry { while (kept.size() < 5000) kept.add(new FileInputStream("/dev/null")); } catch (IOException error) {}\nSystem.out.println(kept.size() < 1100 ? "bounded" : "unbounded");`,
    ),
    { ends: ["exited"], prints: "bounded", control: WORKS },
  ),
  java(
    [23],
    "signals to all, to the parent and to a process of the host",
    main(
      `${ON}System.out.println(ProcessHandle.of(@PROCESS@).map(ProcessHandle::destroyForcibly));\nProcessHandle.current().parent().ifPresent(ProcessHandle::destroyForcibly);\nProcessHandle.allProcesses().forEach(one -> { try { one.destroyForcibly(); } catch (IllegalStateException self) {} });\nagain("kill -9 @PROCESS@; kill -9 1; kill -9 -1").waitFor();`,
    ),
    { ends: ["exited", "signal"], reports: "on", control: SOME_CHILDREN },
  ),
  java(
    [25],
    "large files",
    main(
      'byte[] block = new byte[1 << 20];\nfor (int i = 0; i < 20; i++) {\ntry (OutputStream file = new FileOutputStream("large" + i)) { for (int n = 0; n < 100; n++) file.write(block); }\n}',
    ),
    { ends: ["disk"], limits: { memoryBytes: 1024 * MEBIBYTE }, control: OWN_FOLDER },
  ),
  java(
    [26, 28],
    "inodes and deep folders",
    main(
      'String folder = "";\ntry {\nfor (int i = 0; i < 1000000; i++) {\nnew File(folder + "f" + i).createNewFile();\nif (i % 100 == 0 && folder.length() < 3500) { folder += "d/"; new File(folder).mkdir(); }\n}\n} catch (IOException error) {}',
    ),
    { ends: ["exited", "disk", "memory", "wall-time"], limits: { wallMs: 12_000 }, control: OWN_FOLDER },
  ),
  java(
    [29],
    "zip bomb",
    main(
      `ByteArrayOutputStream packed = new ByteArrayOutputStream();\ntry (GZIPOutputStream out = new GZIPOutputStream(packed)) { for (int i = 0; i < 400; i++) out.write(new byte[1 << 20]); }\nSystem.out.println(packed.size() < 1 << 20);\nSystem.out.println(new GZIPInputStream(new ByteArrayInputStream(packed.toByteArray())).readAllBytes().length);`,
    ),
    { ends: ["memory"], prints: "true", control: WORKS },
  ),
  java(
    [30],
    "leftovers of one run seen by the next",
    main(
      'for (String path : List.of("/work/left", "/tmp/left", "/dev/shm/left")) if (new File(path).exists()) System.out.println(path);',
    ),
    {
      before: main(
        'for (String path : List.of("/work/left", "/tmp/left", "/dev/shm/left")) Files.writeString(Path.of(path), "x");',
      ),
      ends: ["exited"],
      prints: "",
      control: OWN_FOLDER,
    },
  ),
  java([31, 35], "endless stdout on one line", main('for (;;) System.out.print("y".repeat(999));'), {
    ends: ["output"],
    control: WORKS,
  }),
  java([32], "stderr flood", main('for (;;) System.err.print("y".repeat(999));'), {
    ends: ["output"],
    control: WORKS,
  }),
  java(
    [33, 34, 37],
    "invalid UTF-8, a split code point, NUL, terminal escapes",
    main(
      "System.out.write(0xc3);\nSystem.out.flush();\nThread.sleep(50);\nSystem.out.write(new byte[] { (byte) 0xa9, '|', (byte) 0xff, '|', 0, '|', 0x1b, '[', '3', '1', 'm' });\nSystem.out.flush();",
    ),
    { ends: ["exited"], prints: "é|\ufffd|\0|\u001b[31m", control: WORKS },
  ),
  java(
    [36],
    "closes its streams and goes on",
    main(`${ON}System.out.close();\nSystem.err.close();\nSystem.in.close();\nfor (int i = 0; ; i++) {}`),
    LOOPS,
  ),
  attempts(
    [27, 38, 40, 44, 46, 57, 58, 60, 91, 93, 95],
    "files, descriptors and variables of the host",
    `    Files.createSymbolicLink(Path.of("link"), Path.of("@SECRET@"));
    attempt(38, () -> Files.readString(Path.of("link")));
    attempt(38, () -> Files.writeString(Path.of("link"), "changed"));
    attempt(40, () -> Files.createLink(Path.of("hard"), Path.of("@SECRET@")));
    attempt(44, () -> Files.readString(Path.of("/proc/self/root@SECRET@")));
    attempt(44, () -> Files.readString(Path.of("/proc/1/root@SECRET@")));
    attempt(44, () -> Files.readString(Path.of("/proc/1/environ")).contains("AGENTOS_PLANTED"));
    attempt(46, () -> Files.writeString(Path.of("@FOLDER@/.git/hooks/post-checkout"), ""));
    attempt(46, () -> Files.writeString(Path.of("/root/.bashrc"), ""));
    attempt(46, () -> Files.writeString(Path.of("/etc/profile.d/x.sh"), ""));
    attempt(57, () -> Files.list(Path.of("/sys/fs/cgroup")).count());
    attempt(58, () -> connects("/var/run/docker.sock"));
    attempt(58, () -> connects("@SOCKET@"));
    attempt(60, () -> {
      for (File one : new File("/proc/self/fd").listFiles()) {
        String target = "";
        try { target = Files.readSymbolicLink(one.toPath()).toString(); } catch (IOException gone) { continue; }
        // The virtual machine reads its own modules and classes.
        boolean own = target.startsWith("/usr/lib/jvm/") || target.startsWith("/toolchain/") || target.startsWith("/tmp/classes");
        if (target.startsWith("/") && !own && !target.startsWith("/proc/") && !target.startsWith("/dev/")) return target;
      }
      return null;
    });
    attempt(91, () -> System.getenv().keySet().stream().anyMatch(name -> name.contains("PLANTED") || name.toLowerCase().contains("_proxy")));
    // Only opened, never written.
    attempt(93, () -> writes("/proc/sys/kernel/core_pattern"));
    attempt(93, () -> writes("/proc/sys/vm/overcommit_memory"));
    attempt(95, () -> Files.writeString(Path.of(System.getProperty("java.home") + "/planted"), ""));
    attempt(95, () -> Files.writeString(Path.of("/usr/lib/planted"), ""));
    attempt(27, () -> { try (RandomAccessFile file = new RandomAccessFile("sparse", "rw")) { file.setLength(1L << 40); return "sparse"; } });`,
    OWN_FOLDER,
  ),
  attempts(
    [43, 47, 49, 50, 92],
    "privileges, by programs of the system",
    `    attempt(43, () -> runs("mknod", "device", "b", "8", "0"));
    attempt(47, () -> {
      Files.copy(Path.of("/usr/bin/id"), Path.of("id"));
      runs("chmod", "6755", "id");
      byte[] who = new ProcessBuilder("./id", "-u").start().getInputStream().readAllBytes();
      byte[] before = new ProcessBuilder("/usr/bin/id", "-u").start().getInputStream().readAllBytes();
      return !Arrays.equals(who, before) || new String(who).trim().equals("0");
    });
    attempt(49, () -> runs("unshare", "-Ur", "true"));
    attempt(49, () -> runs("unshare", "-m", "true"));
    attempt(50, () -> runs("mount", "-t", "tmpfs", "none", "/tmp"));
    attempt(50, () -> runs("umount", "-l", "/proc"));
    attempt(92, () -> writes("/dev/tty"));
    attempt(92, () -> writes("/dev/console"));`,
    SOME_CHILDREN,
  ),
  attempts(
    [61, 62, 63, 64, 65, 66, 69],
    "the network",
    `    attempt(61, () -> connects("1.1.1.1", 53));
    attempt(61, () -> InetAddress.getByName("8.8.8.8").isReachable(500));
    attempt(62, () -> InetAddress.getByName("planted-secret.example.org"));
    attempt(63, () -> runs("bash", "-c", "echo > /dev/tcp/127.0.0.1/@PORT@"));
    attempt(64, () -> connects("169.254.169.254", 80));
    attempt(65, () -> connects("127.0.0.1", @PORT@));
    attempt(65, () -> { try (DatagramSocket socket = new DatagramSocket()) { socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("127.0.0.1"), @UDP@)); } return null; });
    attempt(66, () -> runs("python3", "-c", "import socket; socket.socket(socket.AF_UNIX).connect('\\\\0@ABSTRACT@')"));
    attempt(69, () -> new URL("http://localhost:@PORT@/").openConnection(Proxy.NO_PROXY).getInputStream().readAllBytes());`,
    {
      program: main(
        'ServerSocket server = new ServerSocket(0, 9, InetAddress.getByName("127.0.0.1"));\nSystem.out.println(new Socket("127.0.0.1", server.getLocalPort()).isConnected());',
      ),
      prints: "true",
    },
  ),
];
