import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seccompProgram } from "../../../src/drivers/namespace/seccomp.js";
import {
  CHECKED_CALLS,
  type FilteredArchitecture,
  numberOf,
  REFUSED_CALLS,
} from "../../../src/drivers/namespace/syscalls.js";

const AUDIT = { x64: 0xc000003e, arm64: 0xc00000b7, i386: 0x40000003, arm: 0x40000028 } as const;
const ARCHITECTURES: readonly FilteredArchitecture[] = ["x64", "arm64"];

/** Runs a classic BPF program on one system call, as the kernel would, and says what becomes of the call. */
function decide(program: Buffer, audit: number, number: number, args: readonly bigint[] = []): string {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number >>> 0, 0);
  data.writeUInt32LE(audit, 4);
  args.forEach((value, index) => void data.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + 8 * index));
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at++) {
    const code = program.readUInt16LE(8 * at);
    const k = program.readUInt32LE(8 * at + 4);
    const jump = (holds: boolean): void => {
      at += program.readUInt8(8 * at + (holds ? 2 : 3));
    };
    if (code === 0x20) accumulator = data.readUInt32LE(k);
    else if (code === 0x15) jump(accumulator === k);
    else if (code === 0x35) jump(accumulator >= k);
    else if (code === 0x45) jump((accumulator & k) !== 0);
    else if (code === 0x06) return action(k);
    else throw new Error(`instruction ${code} at ${at}`);
  }
  throw new Error("the program has no end");
}

function action(value: number): string {
  if (value === 0x7fff0000) return "allow";
  if (value === 0x80000000) return "kill";
  const errors: Record<number, string> = { 1: "EPERM", 38: "ENOSYS" };
  return errors[value & 0xffff] ?? String(value);
}

function filter(architecture: FilteredArchitecture): Buffer {
  return seccompProgram(architecture) ?? Buffer.alloc(0);
}

describe("the filter of system calls", () => {
  test.each([
    ["x64", AUDIT.x64, 0, [], "allow"], // read
    ["x64", AUDIT.x64, 59, [], "allow"], // execve
    ["x64", AUDIT.x64, 250, [], "EPERM"], // keyctl
    ["x64", AUDIT.x64, 101, [], "EPERM"], // ptrace
    ["x64", AUDIT.x64, 425, [], "EPERM"], // io_uring_setup
    ["x64", AUDIT.x64, 321, [], "EPERM"], // bpf
    ["x64", AUDIT.x64, 165, [], "EPERM"], // mount
    ["x64", AUDIT.x64, 169, [], "EPERM"], // reboot
    ["x64", AUDIT.x64, 435, [], "ENOSYS"], // clone3
    ["x64", AUDIT.x64, 56, ["0x11"], "allow"], // fork
    ["x64", AUDIT.x64, 56, ["0x3d0f00"], "allow"], // a thread
    ["x64", AUDIT.x64, 56, ["0x10000011"], "EPERM"], // a user namespace
    ["x64", AUDIT.x64, 56, ["0x20011"], "EPERM"], // a mount namespace
    ["x64", AUDIT.x64, 56, ["0xffffffff00000011"], "allow"], // the kernel reads the low half only
    ["x64", AUDIT.x64, 41, ["1", "1"], "allow"], // AF_UNIX
    ["x64", AUDIT.x64, 41, ["2", "1"], "allow"],
    ["x64", AUDIT.x64, 41, ["10", "2"], "allow"],
    ["x64", AUDIT.x64, 41, ["16", "3"], "allow"], // AF_NETLINK
    ["x64", AUDIT.x64, 41, ["17", "3"], "EPERM"], // AF_PACKET
    ["x64", AUDIT.x64, 41, ["38", "5"], "EPERM"], // AF_ALG
    ["x64", AUDIT.x64, 41, ["40", "1"], "EPERM"], // AF_VSOCK
    ["x64", AUDIT.x64, 41, ["0x100000028", "1"], "EPERM"],
    ["x64", AUDIT.x64, 16, ["0", "0x5412"], "EPERM"], // TIOCSTI
    ["x64", AUDIT.x64, 16, ["0", "0x100005412"], "EPERM"],
    ["x64", AUDIT.x64, 16, ["0", "0x541c"], "EPERM"], // TIOCLINUX
    ["x64", AUDIT.x64, 16, ["0", "0x5401"], "allow"], // TCGETS
    ["x64", AUDIT.x64, 135, ["0xffffffff"], "allow"],
    ["x64", AUDIT.x64, 135, ["0x40000"], "EPERM"], // ADDR_NO_RANDOMIZE
    ["x64", AUDIT.x64, 0x40000000, [], "kill"], // x32
    ["x64", AUDIT.x64, 0x40000000 + 520, [], "kill"],
    ["x64", AUDIT.i386, 20, [], "kill"],
    ["x64", AUDIT.arm64, 0, [], "kill"],
    ["arm64", AUDIT.arm64, 63, [], "allow"], // read
    ["arm64", AUDIT.arm64, 219, [], "EPERM"], // keyctl
    ["arm64", AUDIT.arm64, 117, [], "EPERM"], // ptrace
    ["arm64", AUDIT.arm64, 220, ["0x10000011"], "EPERM"],
    ["arm64", AUDIT.arm64, 220, ["0x11"], "allow"],
    ["arm64", AUDIT.arm64, 435, [], "ENOSYS"],
    ["arm64", AUDIT.arm64, 198, ["40"], "EPERM"],
    ["arm64", AUDIT.arm64, 29, ["0", "0x5412"], "EPERM"],
    ["arm64", AUDIT.arm, 20, [], "kill"],
    ["arm64", AUDIT.x64, 0, [], "kill"],
  ] as const)("%s: architecture %i, call %i with %j: %s", (architecture, audit, number, args, expected) => {
    expect(decide(filter(architecture), audit, number, args.map(BigInt))).toBe(expected);
  });

  test("every call has the fate that the tables say, whatever its arguments, and other architectures have none", () => {
    const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const numbers = fc.oneof(fc.nat(500), fc.nat(2 ** 32 - 1));
    const audits = fc.oneof(fc.constantFrom(...Object.values(AUDIT)), fc.nat(2 ** 32 - 1));
    fc.assert(
      fc.property(
        fc.constantFrom(...ARCHITECTURES),
        audits,
        numbers,
        fc.array(word, { minLength: 6, maxLength: 6 }),
        (architecture, audit, number, args) => {
          const fate = decide(filter(architecture), audit, number, args);
          expect(fate).toBe(fateByTables(architecture, audit, number, args));
        },
      ),
      { numRuns: 5000 },
    );
  });

  test("every call of the tables is met by number", () => {
    for (const architecture of ARCHITECTURES) {
      for (const [name, pair] of Object.entries(REFUSED_CALLS)) {
        const number = numberOf(pair, architecture);
        if (number === undefined) continue;
        expect([name, decide(filter(architecture), AUDIT[architecture], number)]).toEqual([name, "EPERM"]);
      }
    }
  });

  test("there is none for an architecture that it was not written for", () => {
    expect(seccompProgram("riscv64")).toBeUndefined();
    expect(seccompProgram("ia32")).toBeUndefined();
  });
});

/** The same rules, said plainly. */
function fateByTables(
  architecture: FilteredArchitecture,
  audit: number,
  number: number,
  args: readonly bigint[],
): string {
  if (audit !== AUDIT[architecture]) return "kill";
  if (architecture === "x64" && number >= 0x40000000) return "kill";
  const low = (index: number): number => Number(BigInt.asUintN(32, args[index] ?? 0n));
  const is = (name: keyof typeof CHECKED_CALLS): boolean =>
    numberOf(CHECKED_CALLS[name], architecture) === number;
  if (is("clone3")) return "ENOSYS";
  if (is("clone")) return (low(0) & 0x7e020000) === 0 ? "allow" : "EPERM";
  if (is("socket")) return [1, 2, 10, 16].includes(low(0)) ? "allow" : "EPERM";
  if (is("ioctl")) return [0x5412, 0x541c].includes(low(1)) ? "EPERM" : "allow";
  if (is("personality")) return [0, 8, 0x20000, 0x20008, 0xffffffff].includes(low(0)) ? "allow" : "EPERM";
  const refused = Object.values(REFUSED_CALLS).some((pair) => numberOf(pair, architecture) === number);
  return refused ? "EPERM" : "allow";
}
