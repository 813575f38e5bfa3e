/** Whether a test can run here. Says why when it cannot; fails when AGENTOS_REQUIRE (names with commas) asks for it. */
export function requirement(
  name: string,
  available: boolean,
  reason = "no driver of this machine runs it",
): boolean {
  if (available) return true;
  const required = (process.env["AGENTOS_REQUIRE"] ?? "").split(",").map((part) => part.trim());
  if (required.includes(name)) throw new Error(`AGENTOS_REQUIRE names ${name}, but: ${reason}`);
  console.warn(`skipped: needs ${name}: ${reason}`);
  return false;
}
