/** An architecture for which there is a filter, by Node's name of it. */
export type FilteredArchitecture = "x64" | "arm64";

/** Numbers of a system call on x86-64 and on 64-bit Arm; undefined where there is no such call. */
type Numbers = readonly [x64: number | undefined, arm64: number | undefined];

/** Calls whose arguments decide. */
export const CHECKED_CALLS: Readonly<
  Record<"clone" | "clone3" | "ioctl" | "personality" | "socket", Numbers>
> = {
  clone: [56, 220],
  clone3: [435, 435],
  ioctl: [16, 29],
  personality: [135, 92],
  socket: [41, 198],
};

/**
 * Calls that no program of a run needs, and that have let programs out of sandboxes or speak to the machine as a whole.
 * They fail with EPERM. Numbers from the kernel's `unistd_64.h` and `asm-generic/unistd.h`.
 */
export const REFUSED_CALLS: Readonly<Record<string, Numbers>> = {
  // Keys are shared between namespaces.
  add_key: [248, 217],
  keyctl: [250, 219],
  request_key: [249, 218],
  // Other processes.
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  // Large interfaces of the kernel.
  bpf: [321, 280],
  fanotify_init: [300, 262],
  fanotify_mark: [301, 263],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  // Mounts and namespaces.
  chroot: [161, 51],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  listmount: [458, 458],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  open_tree_attr: [467, 467],
  pivot_root: [155, 41],
  setns: [308, 268],
  statmount: [457, 457],
  umount2: [166, 39],
  unshare: [272, 97],
  // The machine.
  _sysctl: [156, undefined],
  acct: [163, 89],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  clock_settime: [227, 112],
  create_module: [174, undefined],
  delete_module: [176, 106],
  finit_module: [313, 273],
  get_kernel_syms: [177, undefined],
  init_module: [175, 105],
  ioperm: [173, undefined],
  iopl: [172, undefined],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  modify_ldt: [154, undefined],
  query_module: [178, undefined],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  reboot: [169, 142],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  settimeofday: [164, 170],
  swapoff: [168, 225],
  swapon: [167, 224],
  sysfs: [139, undefined],
  syslog: [103, 116],
  uselib: [134, undefined],
  ustat: [136, undefined],
  vhangup: [153, 58],
};

/** A call's number, or undefined where the architecture has no such call. */
export function numberOf(numbers: Numbers, architecture: FilteredArchitecture): number | undefined {
  return numbers[architecture === "x64" ? 0 : 1];
}
