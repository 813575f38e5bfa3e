import { access } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isAgentOSError, validate } from "@agentos/core";
import { lilconfig } from "lilconfig";
import { type Config, configSchema } from "./config-schema.js";
import { cliError } from "./errors.js";

/** Where a value comes from. A later one goes before an earlier one. */
export type ConfigSource = "default" | "user file" | "project file" | "environment" | "flag";

/** One value with its source. */
export interface ConfigValue {
  /** Dotted, for example "limits.wallMs". */
  readonly key: string;
  readonly value: unknown;
  readonly source: ConfigSource;
  /** The file, variable or flag. */
  readonly where?: string;
}

/** Everything that a command needs to know. */
export interface LoadedConfig {
  readonly config: Config;
  /** Absolute path of the folder that everything is kept in. */
  readonly dir: string;
  /** Absolute path of the project's root. */
  readonly project: string;
  readonly values: readonly ConfigValue[];
}

/** Where to look. */
export interface ConfigPlaces {
  readonly cwd: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags: { readonly dir?: string; readonly project?: string };
}

const SEARCH_PLACES = ["agentos.config.json", ".agentosrc.json", "package.json"];
const DEFAULTS: readonly (readonly [string, unknown])[] = [
  ["needs", ["filesystem", "network"]],
  ["limits.wallMs", 10_000],
  ["limits.memoryBytes", 512 * 1024 * 1024],
  ["limits.outputBytes", 1024 * 1024],
  ["budget.tries", 8],
  ["briefTokens", 4_000],
  ["model.candidates", 1],
  ["model.timeoutMs", 120_000],
  ["model.maxRetries", 3],
];

/**
 * Gathers the configuration: defaults, the user's file, the project's file, the environment, flags.
 * Throws `CLI_CONFIG_INVALID` naming the file and each wrong key, and `CLI_CONFIG_REFUSED` for a key that a project's
 * file may not set.
 */
export async function loadConfig(places: ConfigPlaces): Promise<LoadedConfig> {
  const { environment, flags } = places;
  const start = resolve(places.cwd, flags.project ?? ".");
  const userFile = join(
    environment["XDG_CONFIG_HOME"] || join(places.home, ".config"),
    "agentos",
    "config.json",
  );
  const user = (await exists(userFile))
    ? await readConfig(userFile, () => searcher().load(userFile))
    : undefined;
  const found = await readConfig(start, () => searcher().search(start));
  const project = found && found.path !== userFile ? found : undefined;
  if (project) refuseUnsafe(project.config, project.path);
  const root =
    flags.project !== undefined
      ? start
      : project
        ? dirname(project.path)
        : await nearestRoot(start, places.home);

  const values = new Map<string, ConfigValue>();
  const set = (key: string, value: unknown, source: ConfigSource, where?: string) =>
    values.set(key, { key, value, source, ...(where !== undefined && { where }) });
  for (const [key, value] of DEFAULTS) set(key, value, "default");
  set("project", root, flags.project === undefined ? "default" : "flag", flags.project && "--project");
  set("dir", join(root, ".agentos"), "default");
  for (const [file, source] of [
    [user, "user file"],
    [project, "project file"],
  ] as const) {
    if (file === undefined) continue;
    for (const [key, value] of leaves(file.config)) {
      if (key === "$schema") continue;
      set(key, key === "dir" ? resolve(dirname(file.path), String(value)) : value, source, file.path);
    }
  }
  const fromEnvironment = environment["AGENTOS_DIR"];
  if (fromEnvironment) set("dir", resolve(places.cwd, fromEnvironment), "environment", "AGENTOS_DIR");
  if (flags.dir !== undefined) set("dir", resolve(places.cwd, flags.dir), "flag", "--dir");
  return {
    config: merge(user?.config ?? {}, project?.config ?? {}),
    dir: String(values.get("dir")?.value),
    project: root,
    values: [...values.values()].sort((one, other) => (one.key < other.key ? -1 : 1)),
  };
}

function searcher() {
  // Only JSON: reading a configuration must not run code.
  return lilconfig("agentos", {
    searchPlaces: SEARCH_PLACES,
    stopDir: "/",
    cache: false,
    loaders: { ".json": parse },
  });
}

function parse(path: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw cliError("CLI_CONFIG_INVALID", `${path} is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

async function readConfig(
  where: string,
  read: () => Promise<{ filepath: string; config: unknown; isEmpty?: boolean } | null>,
): Promise<{ config: Config; path: string } | undefined> {
  let path = where;
  try {
    const found = await read();
    if (found === null || found.isEmpty) return undefined;
    path = found.filepath;
    if (Array.isArray(found.config))
      throw cliError("CLI_CONFIG_INVALID", `${path} holds a list, not an object.`);
    return { config: validate(configSchema, found.config, { what: path, code: "CLI_CONFIG_INVALID" }), path };
  } catch (cause) {
    if (isAgentOSError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw cliError("CLI_CONFIG_INVALID", `The configuration at ${path} cannot be read: ${reason}.`, {
      cause,
    });
  }
}

/**
 * A project's file comes with a repository, perhaps a stranger's: it must not weaken the sandbox, send keys anywhere or
 * write elsewhere. The user's own file and flags may.
 */
function refuseUnsafe(config: Config, path: string): void {
  const refuse = (key: string, why: string): never => {
    throw cliError(
      "CLI_CONFIG_REFUSED",
      `${path} sets ${key}, which a project's file may not: ${why}. Set it in your own configuration file or by a flag.`,
      { details: { path, key } },
    );
  };
  const { needs } = config;
  if (
    needs !== undefined &&
    (needs === "none" || !needs.includes("filesystem") || !needs.includes("network"))
  ) {
    refuse("needs", "it would give up the guarantee of the file system or of the network");
  }
  if (config.model?.baseUrl !== undefined) refuse("model.baseUrl", "it says where code and keys are sent");
  if (config.model?.apiKeyEnv !== undefined) refuse("model.apiKeyEnv", "it says which secret is sent");
  if (config.dir !== undefined) {
    const inside = relative(dirname(path), resolve(dirname(path), config.dir));
    if (inside.split(/[\\/]/)[0] === ".." || isAbsolute(inside))
      refuse("dir", "it leads outside the project");
  }
}

/** The nearest folder upwards that is a project; the starting one when there is none. */
async function nearestRoot(start: string, home: string): Promise<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (
      folder !== home &&
      ((await exists(join(folder, ".agentos"))) || (await exists(join(folder, ".git"))))
    ) {
      return folder;
    }
    if (folder === dirname(folder)) return start;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Values by dotted key; lists and prices are one value. */
function leaves(value: object, prefix = ""): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? leaves(inner, `${prefix}${key}.`)
      : [[`${prefix}${key}`, inner] satisfies [string, unknown]],
  );
}

function merge(user: Config, project: Config): Config {
  return {
    ...user,
    ...project,
    ...((user.limits || project.limits) && { limits: { ...user.limits, ...project.limits } }),
    ...((user.budget || project.budget) && { budget: { ...user.budget, ...project.budget } }),
    ...((user.model || project.model) && { model: { ...user.model, ...project.model } }),
  };
}
