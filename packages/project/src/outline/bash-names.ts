import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";

/** A name in the text. */
interface Written {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The command that a node calls by a plain word; undefined for others. */
export function commandName(tree: SourceTree, node: SourceNode): Written | undefined {
  const name = node.type === "command" ? childOf(node, "name") : undefined;
  const [word, ...more] = name?.children ?? [];
  if (word?.type !== "word" || more.length > 0) return undefined;
  return { name: tree.textOf(word), start: word.start, end: word.end };
}

/** The arguments of a command, in their order. */
export function argumentsOf(command: SourceNode): readonly SourceNode[] {
  return command.children.filter(({ field }) => field === "argument");
}

/** The name that an assignment gives a value: also of an element of an array. */
export function assignedName(assignment: SourceNode): SourceNode | undefined {
  const name = childOf(assignment, "name");
  return name?.type === "subscript" ? childOf(name, "name") : name;
}

/** The names that `alias a='b'` defines. */
export function aliasNames(tree: SourceTree, command: SourceNode): readonly Written[] {
  return argumentsOf(command).flatMap(({ start, end }) => {
    const [, name] = /^([\w.:@%+-]+)=/.exec(tree.text.slice(start, Math.min(end, start + 200))) ?? [];
    return name === undefined ? [] : [{ name, start, end: start + name.length }];
  });
}

/** What `declare`, `local` and their like do with names, by the word that they begin with and its options. */
export interface Declaration {
  /** Whether it makes the names local to the function around. */
  readonly isLocal: boolean;
  /** Whether its names are those of functions: `export -f`. */
  readonly ofFunctions: boolean;
}

/** Reads a `declaration_command`. */
export function declarationOf(tree: SourceTree, node: SourceNode): Declaration {
  const keyword = node.children[0]?.type ?? "";
  const options = node.children
    .filter(({ type }) => type === "word")
    .map((word) => tree.textOf(word))
    .filter((word) => word.startsWith("-"))
    .join("");
  const isLocal =
    keyword === "local" || ((keyword === "declare" || keyword === "typeset") && !options.includes("g"));
  return { isLocal, ofFunctions: /[fF]/.test(options) };
}

/** Where a variable stands for a folder: the path to it from that of the file. */
export type Folders = ReadonlyMap<string, string>;

/** `$(dirname "$0")`, `${BASH_SOURCE%/*}`: the folder of the file. */
const OWN_FILE = String.raw`"?\$(?:0|BASH_SOURCE|\{(?:0|BASH_SOURCE)(?:\[0\])?(?::-\$0)?\})"?`;
const OWN_FOLDER = String.raw`(?:\$\(dirname\s+(?:--\s+)?${OWN_FILE}\)|\$\{(?:0|BASH_SOURCE)(?:\[0\])?%\/\*\})`;
/** `$(cd "$(dirname "$0")/.." && pwd)` */
const ENTERED = String.raw`\$\(\s*(?:unset CDPATH\s*(?:;|&&)\s*)?(?:CDPATH=\S*\s+)?cd\s+(?:-P\s+)?(?:--\s+)?"?${OWN_FOLDER}((?:\/[\w.-]+)*)"?(?:\s*>\s*\/dev\/null(?:\s+2>&1)?)?\s*(?:&&|;)\s*pwd(?:\s+-P)?\s*\)`;
const PLACED = new RegExp(`^"?(?:${ENTERED}|${OWN_FOLDER})`);
const VARIABLE = /^"?\$(?:\{(\w+)\}|(\w+))/;
/** Longer paths say nothing. */
const LONGEST = 1_000;

/** The path of a text that begins with a place that is known: `.` for the folder of the file, `./a` for what is in it. */
function placed(text: string, folders: Folders): string | undefined {
  const own = PLACED.exec(text);
  if (own !== null) return rest(`.${own[1] ?? ""}`, text.slice(own[0].length));
  const variable = VARIABLE.exec(text);
  const folder = folders.get(variable?.[1] ?? variable?.[2] ?? "");
  return variable === null || folder === undefined ? undefined : rest(folder, text.slice(variable[0].length));
}

function rest(folder: string, text: string): string | undefined {
  const plain = text.replace(/"/g, "");
  return /^(?:\/[\w.+@~ -]+)*\/?$/.test(plain) ? folder + plain : undefined;
}

/** The variables of a file that stand for a folder whose place is known. */
export function foldersOf(tree: SourceTree): Folders {
  const folders = new Map<string, string>();
  for (const node of tree.nodes) {
    if (node.type !== "variable_assignment") continue;
    const name = assignedName(node);
    const value = childOf(node, "value");
    if (name === undefined || value === undefined || value.end - value.start > LONGEST) continue;
    const folder = placed(tree.textOf(value), folders);
    if (folder !== undefined && !folders.has(tree.textOf(name))) folders.set(tree.textOf(name), folder);
  }
  return folders;
}

/** The file that `source` or `.` reads. */
export interface SourcedFile {
  /** `./a` from the folder of the file, `a` from wherever the program runs. */
  readonly specifier: string;
  /** Its last name, where the text gives it. */
  readonly place: Written;
}

/** What a command reads in as a part of itself; undefined for other commands, and where the text does not say what. */
export function sourcedFile(
  tree: SourceTree,
  command: SourceNode,
  folders: Folders,
): SourcedFile | undefined {
  const name = commandName(tree, command)?.name;
  const [argument] = argumentsOf(command);
  if ((name !== "source" && name !== ".") || argument === undefined) return undefined;
  if (argument.end - argument.start > LONGEST) return undefined;
  const text = tree.textOf(argument);
  const specifier = text.includes("$") ? placed(text, folders) : text.replace(/^(["'])(.*)\1$/s, "$2");
  if (specifier === undefined || !/^[\w.+@-][\w./+@ -]*$/.test(specifier)) return undefined;
  const last = specifier.slice(specifier.lastIndexOf("/") + 1);
  const start = argument.start + text.lastIndexOf(last);
  if (last === "" || start < argument.start) return undefined;
  return { specifier, place: { name: last, start, end: start + last.length } };
}
