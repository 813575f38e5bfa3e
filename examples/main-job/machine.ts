import { type Guarantee, LANGUAGES, type Language, type Needs, type RunLimits } from "@agentos/core";
import type { AgentOS } from "@agentos/sdk";

type Drivers = Awaited<ReturnType<AgentOS["sandbox"]["drivers"]>>;

/** How the candidates of a language are to be run here. */
export type LanguagePlan =
  | {
      readonly runs: true;
      readonly driver: string;
      readonly guarantees: readonly Guarantee[];
      /** Present where the driver cannot give what is needed by default: the weaker needs, asked for by name. */
      readonly needs?: Needs;
      readonly missing: readonly Guarantee[];
      readonly limits: RunLimits;
    }
  | { readonly runs: false; readonly reason: string };

/** What is known of this machine. */
export interface Machine {
  readonly plans: Readonly<Record<Language, LanguagePlan>>;
  /** What could be added, each with its remedy. */
  readonly remedies: readonly string[];
}

/** What a run must have unless its request says otherwise; it is the sandbox's own default. */
const WANTED: readonly Guarantee[] = ["filesystem", "network"];

/** Far above what a sound candidate needs, so that a busy machine fails none; some languages are compiled first. */
const WALL_MS: Readonly<Record<Language, number>> = {
  javascript: 6_000,
  typescript: 6_000,
  python: 6_000,
  go: 20_000,
  rust: 20_000,
  java: 20_000,
  bash: 6_000,
};

/** Decides for each language by what driver it runs: one that gives all that is wanted, else the one that gives most of it. */
export function planMachine(drivers: Drivers): Machine {
  const plans = LANGUAGES.map((language) => [language, planLanguage(language, drivers)] as const);
  const remedies = drivers.flatMap(({ name, availability }) =>
    availability.available
      ? availability.notes.map((note) => `${name}: ${note}`)
      : [`${name}: ${availability.reason} (${availability.remedy})`],
  );
  return { plans: Object.fromEntries(plans) as Record<Language, LanguagePlan>, remedies };
}

function planLanguage(language: Language, drivers: Drivers): LanguagePlan {
  const able = drivers.flatMap(({ name, availability }) =>
    availability.available && availability.mechanism !== "none" && availability.languages.includes(language)
      ? [
          {
            name,
            guarantees: availability.guarantees,
            given: WANTED.filter((one) => availability.guarantees.includes(one)),
          },
        ]
      : [],
  );
  const [best] = able.sort((one, other) => other.given.length - one.given.length);
  if (!best) return { runs: false, reason: `no sandbox driver of this machine runs ${language}` };
  const missing = WANTED.filter((guarantee) => !best.given.includes(guarantee));
  return {
    runs: true,
    driver: best.name,
    guarantees: best.guarantees,
    ...(missing.length > 0 && { needs: best.given.length > 0 ? best.given : ("none" as const) }),
    missing,
    limits: { wallMs: WALL_MS[language] },
  };
}
