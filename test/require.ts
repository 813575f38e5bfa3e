/**
 * Whether a test that needs something of the machine can run. Prints why when it cannot; fails instead when the
 * variable AGENTOS_REQUIRE (names with commas) says that this machine must have it.
 */
export function requirement(name: string, available: boolean, reason = "not found on this machine"): boolean {
  if (available) return true;
  const required = (process.env["AGENTOS_REQUIRE"] ?? "").split(",").map((part) => part.trim());
  if (required.includes(name)) throw new Error(`AGENTOS_REQUIRE names ${name}, but: ${reason}`);
  console.warn(`skipped: needs ${name}: ${reason}`);
  return false;
}
