import type { Host } from "./host.js";
import { quote } from "./quote.js";

/** How an overlay is mounted in a private mount namespace, before bubblewrap starts. */
export interface OverlayMount {
  /** Lines of shell; the staging folder is a tmpfs by then. */
  readonly steps: readonly string[];
  /** The mounted folder. */
  readonly merged: string;
}

/**
 * Mounts a writable layer, in memory and of at most `bytes`, over a folder of the host that is never written. Only the
 * merged folder is shown to a run. bubblewrap's own overlays would do the same from version 0.11 on.
 */
export function overlayAt(host: Host, lower: string, bytes: number): OverlayMount {
  const mount = host.mount ?? "mount";
  const staging = host.staging ?? "/mnt";
  const layer = `${staging}/layer`;
  const merged = `${staging}/merged`;
  // A folder's name may hold what separates options; this one does not.
  const below = `${staging}/below`;
  // As an ordinary user the attributes by which a layer hides files are those that a user may set.
  const user = host.root ? "" : "userxattr,";
  return {
    merged,
    steps: [
      `mkdir ${layer} ${merged} ${below}`,
      `${mount} --bind ${quote(lower)} ${below}`,
      `${mount} -t tmpfs -o mode=755,size=${bytes} tmpfs ${layer}`,
      `mkdir ${layer}/upper ${layer}/work`,
      // The root of the merged folder has the mode of the upper one.
      `chmod 777 ${layer}/upper`,
      `${mount} -t overlay -o nosuid,nodev,${user}lowerdir=${below},upperdir=${layer}/upper,workdir=${layer}/work overlay ${merged}`,
    ],
  };
}
