import { describe, expect, test } from "vitest";
import { type Files, indexOf, positionOf } from "../resolution/places.js";
import { checkUses, leadingSomewhere, leadsTo, outline, parseHard, type Use } from "./grammar.js";

const TEXT = `#include <stdio.h>
#include "list.h"

/* Most entries of a table. */
#define MOST 64
#define AT(table, n) ((table)->entries[first_of(n)].value)

struct table;
typedef int (*visit_fn)(struct entry *entry, void *data);

/** An entry of a table. */
struct entry {
    const char *key;
    int value;
    struct entry *next;
    union {
        long whole;
        double part;
    };
    struct {
        int line;
    } place;
    enum { FRESH, STALE } state;
    visit_fn visit;
};

typedef struct {
    struct entry entries[MOST];
    struct list *names;
} table_t, *table_p;

enum color { RED, GREEN = 2 };

static int count = 0, *counter = &count;
extern int shared_total;
int exported;

#ifdef DEBUG
static void trace(const char *text) { printf("%s", text); }
#else
static void trace_nothing(void) {}
#endif

static int first_of(int n);
int prototype_only(table_t *table);

// Finds an entry by its key.
static struct entry *find(table_p table, const char *key) {
    for (int i = 0; i < MOST; i++) {
        struct entry *found = &table->entries[i];
        if (found->key == key) return found;
    }
    return NULL;
}

static int first_of(int n) { return n + count; }

int walk(table_t *table, visit_fn visit, enum color color)
{
    struct entry *entry = find(table, "a"), local = { .value = 1, .place = { .line = 2 } };
    int value = local.value;
    entry->next->whole = 3;
    (*entry).place.line += value;
    table->entries[0].key = "b";
    list_add(table->names, entry);
    if (entry->visit(entry, NULL) && visit(&local, NULL)) goto done;
    {
        int value = first_of(GREEN);
        count = value;
    }
    switch (color) {
    case RED:
        exported = AT(table, value);
        break;
    default:
        entry->state = STALE;
    }
    int sizes[MOST];
    sizes[0] = sizeof(struct entry) + ((table_p)table)->entries[1].value;
    unknown_call(entry->unknown_field);
done:
    return *counter + prototype_only(table) + list_size(table->names);
}

int old_style(a, b)
    int a;
    char *b;
{
    return a + b[0];
}
`;

const HEADER = `#ifndef LIST_H
#define LIST_H

typedef struct list list;

struct list {
    int size;
};

void list_add(struct list *list, void *item);
int list_size(const list *list);
extern int list_count;
#define LIST_EMPTY 0

#endif
`;

const FILES: Files = {
  "src/table.c": TEXT,
  "include/list.h": HEADER,
  "src/list.c": `#include "list.h"

int list_count;

static void grow(list *list) {
    list->size += 1;
}

void list_add(struct list *list, void *item) {
    grow(list);
    list_count++;
}

int list_size(const list *list) {
    return list->size;
}
`,
  "src/hidden.c": "static void list_add(void) {}\nint other(void) { list_add(); return 0; }\n",
  "test/test_list.c": `#include <list.h>
#include "../src/../include/missing.h"

int main(void) {
    struct list all = { LIST_EMPTY };
    list_add(&all, 0);
    return list_count + all.size;
}
`,
};

describe("outline", () => {
  test("definitions in all branches of conditions, with their lines, documentation and who may use them", async () => {
    const { symbols } = await outline("c", TEXT);
    const seen = symbols.map(
      ({ kind, parent, name, line, endLine, visibility, doc }) =>
        `${kind} ${parent === undefined ? "" : `${parent}.`}${name} ${line}-${endLine} ${visibility}${doc === undefined ? "" : `: ${doc}`}`,
    );
    expect(seen).toEqual([
      "variable MOST 5-5 public: Most entries of a table.",
      "function AT 6-6 public",
      "type visit_fn 9-9 public",
      "class entry 12-25 public: An entry of a table.",
      "variable entry.FRESH 23-23 public",
      "variable entry.STALE 23-23 public",
      "class table_t 27-30 public",
      "type table_p 27-30 public",
      "enum color 32-32 public",
      "variable color.RED 32-32 public",
      "variable color.GREEN 32-32 public",
      "variable count 34-34 internal",
      "variable counter 34-34 internal",
      "variable shared_total 35-35 public",
      "variable exported 36-36 public",
      "function trace 39-39 internal",
      "function trace_nothing 41-41 internal",
      "function prototype_only 45-45 public",
      "function find 48-54 internal: Finds an entry by its key.",
      "function first_of 56-56 internal",
      "function walk 58-83 public",
      "function old_style 85-90 public",
    ]);
  });

  test("the macro by which a header is read once is none of its names", async () => {
    const { symbols, imports } = await outline("c", HEADER);
    expect(symbols.map(({ name }) => name)).toEqual([
      "list",
      "list",
      "list_add",
      "list_size",
      "list_count",
      "LIST_EMPTY",
    ]);
    expect(imports).toEqual([]);
    expect((await outline("c", TEXT)).imports).toEqual([{ specifier: "<stdio.h>" }, { specifier: "list.h" }]);
  });
});

const USES: readonly Use[] = [
  ["call", "entries[|first_of(n)].value)", "static int first_of(int n);", "static int first_of(int n) {"],
  ["read", "struct entry entries[|MOST]", "#define MOST"],
  ["type", "struct |entry *next", "struct entry {"],
  ["type", "    |visit_fn visit;", "typedef int (*visit_fn)"],
  ["read", "counter = &|count", "static int count"],
  ["type", "find(|table_p table", "} table_t, *table_p"],
  ["read", "|i < MOST", "for (int i"],
  ["write", "MOST; |i++", "for (int i"],
  ["read", "&table->|entries[i]", "struct entry entries[MOST]"],
  ["read", "if (found->|key == key", "const char *key;"],
  ["read", "found->key == |key", "static struct entry *find("],
  ["read", "return |found", "struct entry *found"],
  ["read", "return n + |count", "static int count"],
  ["type", "enum |color color)", "enum color { RED"],
  ["call", "entry = |find(table", "static struct entry *find("],
  ["write", "{ .|value = 1", "int value;"],
  ["write", ".place = { .|line = 2", "int line;"],
  ["read", "value = |local.value", "local = { .value"],
  ["read", "entry->|next->whole", "struct entry *next"],
  ["write", "next->|whole = 3", "long whole"],
  ["read", "(*|entry).place", "struct entry *entry = find"],
  ["write", "place.|line += value", "int line;"],
  ["read", "line += |value", "int value = local.value"],
  ["write", "entries[0].|key", "const char *key;"],
  ["call", "entry->|visit(entry", "visit_fn visit;"],
  ["call", "&& |visit(&local", "int walk(table_t"],
  ["read", "goto |done", "done:"],
  ["read", "first_of(|GREEN)", "enum color { RED"],
  ["read", "count = |value;", "int value = first_of"],
  ["read", "case |RED:", "enum color { RED"],
  ["call", "exported = |AT(table", "#define AT"],
  ["read", "AT(table, |value)", "int value = local.value"],
  ["write", "entry->|state = STALE", "enum { FRESH"],
  ["read", "state = |STALE", "enum { FRESH"],
  ["type", "sizeof(struct |entry)", "struct entry {"],
  ["read", "((table_p)table)->entries[1].|value", "int value;"],
  ["read", "*|counter + prototype", "static int count = 0, *counter"],
  ["call", "|prototype_only(table) + list", "int prototype_only"],
  ["read", "return a + |b[0]", "char *b;"],
];

const NOWHERE: readonly string[] = [
  "|printf(",
  "|unknown_call(",
  "entry->|unknown_field",
  "struct |table;",
  "|NULL;\n}",
];

describe("names", () => {
  test("of one file lead to where they are defined", async () => {
    const { seen, expected } = await checkUses("c", FILES, "src/table.c", USES);
    expect(seen).toEqual(expected);
  });

  test("that nothing of the project defines lead nowhere", async () => {
    expect(await leadingSomewhere(FILES, "src/table.c", NOWHERE)).toEqual([]);
  });

  test.each([
    ["src/table.c", "    |list_add(table", ["include/list.h:10", "src/list.c:9"]],
    ["src/table.c", "struct |list *names", ["include/list.h:4", "include/list.h:6"]],
    ["src/table.c", "|list_size(table->names)", ["include/list.h:11", "src/list.c:14"]],
    ["src/list.c", "list->|size += 1", ["include/list.h:7"]],
    ["src/list.c", "    |grow(list)", ["src/list.c:5"]],
    ["src/list.c", "|list_count++", ["src/list.c:3"]],
    ["test/test_list.c", "|list_add(&all", ["include/list.h:10", "src/list.c:9"]],
    ["test/test_list.c", "{ |LIST_EMPTY }", ["include/list.h:13"]],
    ["test/test_list.c", "all.|size", ["include/list.h:7"]],
    ["test/test_list.c", "return |list_count", ["include/list.h:12", "src/list.c:3"]],
    ["src/hidden.c", "{ |list_add()", ["src/hidden.c:1"]],
  ])("of other files: %s %s", async (path, piece, expected) => {
    expect(await leadsTo(await indexOf(FILES), FILES, path, piece)).toEqual(expected);
  });

  test("are used where the header is included, and not where another has the same name", async () => {
    const index = await indexOf(FILES);
    const found = await index.references(
      "src/list.c",
      positionOf(FILES["src/list.c"] ?? "", "void |list_add"),
    );
    expect(found.map((one) => `${one.path}:${one.line} ${one.role}`)).toEqual([
      "src/table.c:65 call",
      "test/test_list.c:6 call",
    ]);
  });

  test("of structs, types and values are apart", async () => {
    const text =
      "struct a { int b; };\nint a(struct a *a) { return a->b; }\nint c(void) { struct a d; return a(&d); }\n";
    const files = { "a.c": text };
    const index = await indexOf(files);
    expect(await leadsTo(index, files, "a.c", "return |a->")).toEqual(["a.c:2"]);
    expect(await leadsTo(index, files, "a.c", "return |a(&d")).toEqual(["a.c:2"]);
    expect(await leadsTo(index, files, "a.c", "{ struct |a d")).toEqual(["a.c:1"]);
  });
});

describe("includes", () => {
  test("whoever includes a header is affected by it and by the source that has its bodies", async () => {
    const index = await indexOf(FILES);
    expect(await index.affectedTests(["include/list.h"])).toEqual(["test/test_list.c"]);
    expect(await index.affectedTests(["src/list.c"])).toEqual(["test/test_list.c"]);
    expect(await index.affectedTests(["src/hidden.c"])).toEqual([]);
  });

  test("a header is found beside the file, in the usual folders, or by the end of its path where that is one alone", async () => {
    const files: Files = {
      "app/main.c":
        '#include "near.h"\n#include <lib/far.h>\n#include <string.h>\n#include "twice.h"\nint a = NEAR + FAR + STRING + TWICE;\n',
      "app/near.h": "#define NEAR 1\n",
      "other/near.h": "#define NEAR 2\n",
      "vendor/deep/lib/far.h": "#define FAR 1\n",
      "vendor/string.h": "#define STRING 1\n",
      "x/twice.h": "#define TWICE 1\n",
      "y/twice.h": "#define TWICE 2\n",
    };
    const index = await indexOf(files);
    expect(await leadsTo(index, files, "app/main.c", "= |NEAR")).toEqual(["app/near.h:1"]);
    expect(await leadsTo(index, files, "app/main.c", "+ |FAR")).toEqual(["vendor/deep/lib/far.h:1"]);
    expect(await leadsTo(index, files, "app/main.c", "+ |STRING")).toEqual([]);
    expect(await leadsTo(index, files, "app/main.c", "+ |TWICE")).toEqual([]);
  });
});

describe("broken input", () => {
  test("what stands around an error is still there", async () => {
    const { symbols, ok } = await outline(
      "c",
      "int before(void) { return 1; }\nint broken(int a) { = ; )( }\nstruct after { int a; };\nint last;\n",
    );
    expect(ok).toBe(false);
    expect(symbols.map(({ name }) => name)).toEqual(expect.arrayContaining(["before", "after", "last"]));
  });

  test.each([
    ["nothing", "", 0],
    ["brackets", `int f(void) { return ${"(".repeat(100_000)}; }`, undefined],
    ["closed brackets", `int f(void) { return ${"(".repeat(20_000)}x${")".repeat(20_000)}; }`, 1],
    ["blocks", `int f(void) ${"{".repeat(20_000)}${"}".repeat(20_000)}`, 1],
    ["pointers", `int ${"*".repeat(20_000)}f;`, undefined],
    ["structs in structs", `${"struct a {".repeat(5_000)}int b;${"} c;".repeat(5_000)}`, undefined],
    ["braces", `int f[] = ${"{".repeat(20_000)}1${"}".repeat(20_000)};`, 1],
    ["a long line", `const char *f = "${"a".repeat(2_000_000)}";\nint g;`, 2],
    ["a long macro", `#define A ${"b(c) ".repeat(50_000)}\n`, 1],
    ["a long list", `int a${", b".repeat(50_000)};`, 50_001],
    ["a long chain", `int f(struct a *b) { return b${"->c".repeat(20_000)}; }`, 1],
    ["many variables of a name", `int f(void) { ${"{ int a = a; } ".repeat(20_000)} }`, 1],
    ["conditions in conditions", `${"#if A\n".repeat(5_000)}int a;\n${"#endif\n".repeat(5_000)}`, 1],
  ])("%s", { timeout: 60_000 }, async (_name, text, count) => {
    const symbols = await parseHard("c", text);
    if (count !== undefined) expect(symbols).toHaveLength(count);
  });
});
