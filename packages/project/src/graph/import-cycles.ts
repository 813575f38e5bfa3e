/** Files that import one another in a circle. */
export interface ImportCycle {
  /** All files that reach one another by imports, sorted. */
  readonly files: readonly string[];
  /** One of the shortest circles among them: each imports the next, and the last the first. */
  readonly circle: readonly string[];
}

/**
 * The circles among imports, one for each set of files that reach one another (strongly connected components: Tarjan,
 * "Depth-first search and linear graph algorithms", 1972), the largest first.
 * @param importersOf who imports a file
 */
export function importCycles(
  paths: readonly string[],
  importersOf: (path: string) => Iterable<string>,
): readonly ImportCycle[] {
  return components(paths, importersOf)
    .filter((component) => component.length > 1)
    .map((component) => ({ files: component.sort(), circle: shortestCircle(component, importersOf) }))
    .sort((left, right) => right.files.length - left.files.length || (left.files < right.files ? -1 : 1));
}

interface Visit {
  readonly path: string;
  readonly order: number;
  lowest: number;
  onStack: boolean;
}

/** Without recursion: chains of imports may be as long as a project is large. */
function components(paths: readonly string[], next: (path: string) => Iterable<string>): string[][] {
  const visits = new Map<string, Visit>();
  const stack: Visit[] = [];
  const found: string[][] = [];
  const enter = (path: string): { visit: Visit; rest: Iterator<string> } => {
    const visit = { path, order: visits.size, lowest: visits.size, onStack: true };
    visits.set(path, visit);
    stack.push(visit);
    return { visit, rest: next(path)[Symbol.iterator]() };
  };
  for (const path of paths) {
    if (visits.has(path)) continue;
    const calls = [enter(path)];
    for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
      const step = call.rest.next();
      if (step.done !== true) {
        const known = visits.get(step.value);
        if (known === undefined) calls.push(enter(step.value));
        else if (known.onStack) call.visit.lowest = Math.min(call.visit.lowest, known.order);
        continue;
      }
      calls.pop();
      const { visit } = call;
      const caller = calls.at(-1)?.visit;
      if (caller !== undefined) caller.lowest = Math.min(caller.lowest, visit.lowest);
      if (visit.lowest === visit.order) found.push(takeComponent(stack, visit));
    }
  }
  return found;
}

function takeComponent(stack: Visit[], root: Visit): string[] {
  const component: string[] = [];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    visit.onStack = false;
    component.push(visit.path);
    if (visit === root) break;
  }
  return component;
}

/** Through the first file of the component: the way back to it along the importers is the circle, backwards. */
function shortestCircle(
  component: readonly string[],
  importersOf: (path: string) => Iterable<string>,
): readonly string[] {
  const [start] = component;
  if (start === undefined) return [];
  const members = new Set(component);
  const cameFrom = new Map<string, string>();
  let front: readonly string[] = [start];
  while (front.length > 0) {
    const following: string[] = [];
    for (const path of front) {
      for (const importer of importersOf(path)) {
        if (importer === start) return chain(path, start, cameFrom);
        if (!members.has(importer) || cameFrom.has(importer)) continue;
        cameFrom.set(importer, path);
        following.push(importer);
      }
    }
    front = following;
  }
  return [start];
}

function chain(last: string, start: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const circle: string[] = [];
  for (let path: string | undefined = last; path !== undefined; path = cameFrom.get(path)) {
    circle.push(path);
    if (path === start) break;
  }
  // `last` is imported by `start`, and each here imports the one after it.
  return [start, ...circle.filter((path) => path !== start)];
}
