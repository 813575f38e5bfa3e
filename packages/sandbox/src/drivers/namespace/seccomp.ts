import { Buffer } from "node:buffer";
import { CHECKED_CALLS, type FilteredArchitecture, numberOf, REFUSED_CALLS } from "./syscalls.js";

// A filter of system calls as a program for the kernel's classic BPF machine. It reads `struct seccomp_data`: the number
// at 0, the architecture at 4, arguments of 8 bytes each from 16 on (little-endian on both architectures).

const NUMBER = 0;
const ARCHITECTURE = 4;
const lowHalfOf = (argument: number): number => 16 + 8 * argument;

// Instructions: load a word of the data, compare with k (equal, at least, any bit in common), return k.
const LOAD = 0x20;
const EQUAL = 0x15;
const AT_LEAST = 0x35;
const ANY_BIT = 0x45;
const RETURN = 0x06;

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const failWith = (errno: number): number => 0x00050000 | errno;
const EPERM = 1;
const ENOSYS = 38;

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64. */
const AUDIT: Readonly<Record<FilteredArchitecture, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };
/** Calls of the x32 interface carry this bit. */
const X32 = 0x40000000;
/** Every CLONE_NEW… flag that clone takes; 0x80, for time namespaces, is part of the exit signal there. */
const NEW_NAMESPACES = 0x7e020000;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: what is left of them without a network is harmless. */
const FAMILIES = [1, 2, 10, 16];
/** Linux, Linux with UNAME26, their forms without address randomisation left alone, and the question. */
const PERSONALITIES = [0, 0x8, 0x20000, 0x20008, 0xffffffff];
/** TIOCSTI and TIOCLINUX put words into a terminal's mouth. */
const TERMINAL_INPUT = [0x5412, 0x541c];

interface Instruction {
  readonly code: number;
  /** How many instructions are skipped when a comparison holds, and when it does not. */
  readonly yes: number;
  readonly no: number;
  readonly k: number;
}

const load = (offset: number): Instruction => ({ code: LOAD, yes: 0, no: 0, k: offset });
const give = (action: number): Instruction => ({ code: RETURN, yes: 0, no: 0, k: action });
/** Goes on with the next instruction when it holds, else leaves out `skip`. */
const when = (code: number, k: number, skip: number): Instruction => ({ code, yes: 0, no: skip, k });

/** A call by number, and what becomes of it: a block that always returns. */
function call(number: number | undefined, block: readonly Instruction[]): readonly Instruction[] {
  return number === undefined ? [] : [when(EQUAL, number, block.length), ...block];
}

/** Returns one action for values in a list, another for the rest. Only the low half counts, as in the kernel. */
function byValue(argument: number, values: readonly number[], listed: number, rest: number): Instruction[] {
  const tests = values.flatMap((value) => [when(EQUAL, value, 1), give(listed)]);
  return [load(lowHalfOf(argument)), ...tests, give(rest)];
}

/** The filter for an architecture, as `struct sock_filter[]`; undefined where there is none. */
export function seccompProgram(architecture: string): Buffer | undefined {
  if (architecture !== "x64" && architecture !== "arm64") return undefined;
  const refused = give(failWith(EPERM));
  const numbers = (name: keyof typeof CHECKED_CALLS): number | undefined =>
    numberOf(CHECKED_CALLS[name], architecture);
  const instructions = [
    load(ARCHITECTURE),
    { code: EQUAL, yes: 1, no: 0, k: AUDIT[architecture] },
    give(KILL_PROCESS),
    load(NUMBER),
    ...(architecture === "x64" ? [when(AT_LEAST, X32, 1), give(KILL_PROCESS)] : []),
    ...call(numbers("ioctl"), byValue(1, TERMINAL_INPUT, failWith(EPERM), ALLOW)),
    ...call(numbers("clone"), [load(lowHalfOf(0)), when(ANY_BIT, NEW_NAMESPACES, 1), refused, give(ALLOW)]),
    // Its flags are in memory, which a filter cannot read. Who gets ENOSYS falls back to clone.
    ...call(numbers("clone3"), [give(failWith(ENOSYS))]),
    ...call(numbers("socket"), byValue(0, FAMILIES, ALLOW, failWith(EPERM))),
    ...call(numbers("personality"), byValue(0, PERSONALITIES, ALLOW, failWith(EPERM))),
    ...Object.values(REFUSED_CALLS).flatMap((pair) => call(numberOf(pair, architecture), [refused])),
    give(ALLOW),
  ];
  return assemble(instructions);
}

function assemble(instructions: readonly Instruction[]): Buffer {
  const program = Buffer.alloc(8 * instructions.length);
  instructions.forEach(({ code, yes, no, k }, index) => {
    program.writeUInt16LE(code, 8 * index);
    program.writeUInt8(yes, 8 * index + 2);
    program.writeUInt8(no, 8 * index + 3);
    program.writeUInt32LE(k >>> 0, 8 * index + 4);
  });
  return program;
}
