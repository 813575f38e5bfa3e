import { type Guarantee, LANGUAGES, type Language } from "@agentos/core";
import type { Availability, DriverContext, DriverFactory, SandboxDriver } from "../driver.js";
import { DRIVER_CONTRACT_VERSION } from "../driver.js";
import { sandboxError } from "../errors.js";
import { findHost, type Host } from "./namespace/host.js";
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
      languages: languagesOf(toolbox),
      notes: [
        ...(host.cgroups ? [] : [NO_CGROUP]),
        ...(host.forbidsNesting ? [] : [OLD_BUBBLEWRAP]),
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
      languages,
      testsIn: languages,
      projects: true,
      run: (job, signal) => runner.run(job, toolbox, signal),
      close: () => runner.close(),
    };
  },
};

const NO_CGROUP =
  "memory: no control group can be written here, so memory is bounded for each process only; start with: systemd-run --user --scope -p Delegate=yes <command>";

const OLD_BUBBLEWRAP =
  "bubblewrap: too old to forbid user namespaces inside a run; install version 0.8 or newer";

type Found =
  | { readonly ok: true; readonly host: Host; readonly runner: NamespaceRunner; readonly toolbox: Toolbox }
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
  if (host.root && !host.setpriv) {
    return {
      ok: false,
      reason: "setpriv, which gives up root, is not installed",
      remedy: "apt-get install util-linux",
    };
  }
  const runner = new NamespaceRunner(host, context.cacheDir);
  const first = await runner.trial([], NEEDS_TAR);
  if (!first.ok) return { ok: false, reason: first.reason, remedy: remedyFor(first.reason) };
  const toolbox = await findToolbox((toolchain, script) => runner.trial(toolchain.binds, script));
  return { ok: true, host, runner, toolbox };
}

/** Files are brought in by tar. */
const NEEDS_TAR = 'command -v tar >/dev/null || { echo "tar is not installed" >&2; exit 1; }; echo works';

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

/** `memory` is promised only where a control group holds all processes of a run together. */
function guaranteesOf(host: Host): readonly Guarantee[] {
  return ["filesystem", "network", ...(host.cgroups ? (["memory"] as const) : []), "processes"];
}

function languagesOf(toolbox: Toolbox): readonly Language[] {
  return LANGUAGES.filter((language) => toolchainOf(toolbox, language) !== undefined);
}
