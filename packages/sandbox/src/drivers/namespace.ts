import { LANGUAGES, type Language, RUN_LIMITS } from "@agentos/core";
import type { Availability, DriverContext, DriverFactory, SandboxDriver } from "../driver.js";
import { DRIVER_CONTRACT_VERSION } from "../driver.js";
import { sandboxError } from "../errors.js";
import { LANGUAGE_FACTS } from "../languages.js";
import { findHost, guaranteesOf, type Host } from "./namespace/host.js";
import { NamespaceRunner } from "./namespace/runner.js";
import { findToolbox, type Toolbox, toolchainOf } from "./namespace/toolbox.js";

/** Linux namespaces by bubblewrap, as an unprivileged user, with control groups where they can be written. */
export const namespaceDriver: DriverFactory = {
  name: "namespace",
  async probe(context): Promise<Availability> {
    const found = await find(context);
    if (!found.ok) return { available: false, reason: found.reason, remedy: found.remedy };
    const { host, toolbox } = found;
    return {
      available: true,
      mechanism: "namespace",
      guarantees: guaranteesOf(host),
      limits: RUN_LIMITS,
      languages: languagesOf(toolbox),
      notes: [
        ...(host.cgroups ? [] : [NO_CGROUP]),
        ...(host.filters ? [] : [NO_FILTER]),
        ...(host.forbidsNesting ? [] : [OLD_BUBBLEWRAP]),
        ...(found.noOverlay === undefined ? [] : [noOverlayNote(found.noOverlay)]),
        ...toolbox.notes,
      ],
    };
  },
  async open(context): Promise<SandboxDriver> {
    const found = await find(context);
    if (!found.ok) {
      throw sandboxError(
        "SANDBOX_DRIVER_FAILED",
        `The namespace driver does not work here: ${found.reason}. ${found.remedy}`,
      );
    }
    const { runner, host, toolbox } = found;
    const languages = languagesOf(toolbox);
    return {
      contract: DRIVER_CONTRACT_VERSION,
      name: "namespace",
      mechanism: "namespace",
      guarantees: guaranteesOf(host),
      limits: RUN_LIMITS,
      languages,
      testsIn: languages,
      projects: true,
      separates: languages.filter((language) => LANGUAGE_FACTS[language].steps.half !== undefined),
      collects: true,
      run: (job, hooks = {}) => runner.run(job, toolbox, hooks),
      pool: () => runner.pool(),
      close: () => runner.close(),
    };
  },
};

const NO_CGROUP =
  "memory: no control group can be written here, so memory is bounded for each process only; start with: systemd-run --user --scope -p Delegate=yes <command>";

const NO_FILTER =
  "kernel: system calls could not be filtered, so it is not promised; use Linux 4.14 or newer with seccomp on x86-64 or 64-bit Arm";

const OLD_BUBBLEWRAP =
  "bubblewrap: too old to forbid user namespaces inside a run; install version 0.8 or newer";

function noOverlayNote(reason: string): string {
  return `projects: copied into memory for each run, since an overlay cannot be mounted here (${reason}); Linux 5.11 or newer lets ordinary users mount one, and the programs unshare and mount must be there`;
}

type Found =
  | {
      readonly ok: true;
      readonly host: Host;
      readonly runner: NamespaceRunner;
      readonly toolbox: Toolbox;
      /** Why a project cannot lie below a writable layer here. */
      readonly noOverlay: string | undefined;
    }
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

/** Finds out what works by starting sandboxes. */
async function find(context: DriverContext): Promise<Found> {
  if (process.platform !== "linux") {
    return {
      ok: false,
      reason: `namespaces are a feature of Linux, not of ${process.platform}`,
      remedy: "use another driver",
    };
  }
  const host = await findHost();
  if (!host) {
    return { ok: false, reason: "bubblewrap is not installed", remedy: "apt-get install bubblewrap" };
  }
  const tried = await tryOut(host, context);
  if (!tried.ok) return { ok: false, reason: tried.reason, remedy: remedyFor(tried.reason) };
  const runner = new NamespaceRunner(tried.host, context);
  const toolbox = await findToolbox((toolchain, script) => runner.trial(toolchain.binds, script));
  const noOverlay = await runner.tryOverlay();
  return { ok: true, host: tried.host, runner, toolbox, noOverlay };
}

/** Starts a sandbox with the filter of system calls, else without, and sees whether the filter holds. */
async function tryOut(
  host: Host,
  context: DriverContext,
): Promise<{ readonly ok: true; readonly host: Host } | { readonly ok: false; readonly reason: string }> {
  const trial = (of: Host): ReturnType<NamespaceRunner["trial"]> =>
    new NamespaceRunner(of, context).trial([], TRIAL);
  const filtered = await trial(host);
  if (filtered.ok) return { ok: true, host: { ...host, filters: filtered.output.includes("filtered") } };
  if (!host.filter) return filtered;
  const plain = { ...host, filter: undefined };
  const unfiltered = await trial(plain);
  return unfiltered.ok ? { ok: true, host: plain } : filtered;
}

/**
 * Files are brought in by tar. The filter holds when the kernel says that there is one, and no new privileges, and when a
 * call that is refused by it alone fails, while the same call with an allowed argument does not.
 */
const TRIAL = `command -v tar >/dev/null || { echo "tar is not installed" >&2; exit 1; }
echo works
while read -r name value rest; do
case $name in NoNewPrivs: | Seccomp:) states=$states$value ;; esac
done </proc/self/status
[ "$states" = 12 ] || exit 0
machine=$(uname -m)
if setarch "$machine" true 2>/dev/null; then setarch "$machine" -R true 2>/dev/null || echo filtered
else python3 -c 'import socket
socket.socket(16, 3).close()
try: socket.socket(40, 1)
except PermissionError: print("filtered")'
fi
exit 0`;

function remedyFor(reason: string): string {
  if (reason.includes("tar is not installed")) return "apt-get install tar";
  if (/Unknown option/.test(reason)) return "install bubblewrap 0.6 or newer";
  if (/user namespace|uid map|CLONE_NEWUSER|Operation not permitted|Permission denied/i.test(reason)) {
    return (
      "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1; on Ubuntu also " +
      "kernel.apparmor_restrict_unprivileged_userns=0); in a container, run it with --security-opt seccomp=unconfined " +
      "--security-opt systempaths=unconfined"
    );
  }
  return "run bwrap by hand to see why: bwrap --unshare-all --ro-bind / / true";
}

function languagesOf(toolbox: Toolbox): readonly Language[] {
  return LANGUAGES.filter((language) => toolchainOf(toolbox, language) !== undefined);
}
