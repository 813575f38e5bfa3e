import { describe, expect, test } from "vitest";
import { checkUses, outline, symbols, type Use } from "./grammar.js";

const VIEW = `import { useState, type ReactNode } from "react";
import * as Parts from "./parts.js";
import { Button, theme } from "./parts.js";

/** What a list is given. */
export interface Props {
  readonly items: readonly Item[];
  readonly empty?: ReactNode;
  onPick(item: Item): void;
}
type Item = { id: string; label: string };

/** Lists. */
export function List({ items, empty, ...rest }: Props) {
  const [picked, setPicked] = useState<Item>();
  const pick = (item: Item) => {
    setPicked(item);
    rest.onPick(item);
  };
  if (items.length === 0) return <p className={theme.plain}>{empty}</p>;
  return (
    <ul {...rest}>
      {items.map((item) => (
        <Row key={item.id} item={item} onPick={() => pick(item)} />
      ))}
      <Parts.Footer count={items.length}>{picked}</Parts.Footer>
    </ul>
  );
}

const Row = ({ item, onPick }: { item: Item; onPick: () => void }) => (
  <li>
    <Button label={item.label} onClick={onPick} />
  </li>
);

export class Panel {
  private title = theme.title;
  render(props: Props) {
    return (
      <>
        <h1>{this.title}</h1>
        <List {...props} empty={<Row item={props.items[0]} onPick={this.reset} />} />
      </>
    );
  }
  reset = () => {
    this.title = theme.plain;
  };
}
export default Panel;
`;

const FILES = {
  "view.tsx": VIEW,
  "parts.tsx": `export const theme = {
  plain: "a",
  title: "b",
};
export function Button(props: { label: string; onClick(): void }) {
  return <button onClick={props.onClick}>{props.label}</button>;
}
export function Footer() { return null; }
`,
};

describe("TSX", () => {
  test("definitions", async () => {
    expect(await symbols("tsx", VIEW)).toEqual([
      "interface Props 6-10 public # What a list is given.",
      "method Props.onPick 9-9 public",
      "type Item 11-11 private",
      "function List 14-29 public # Lists.",
      "function List.pick 16-19 private",
      "function Row 31-35 private",
      "class Panel 37-50 public",
      "method Panel.render 39-46 public",
      "method Panel.reset 47-49 public",
    ]);
  });

  test("imports", async () => {
    expect((await outline("tsx", VIEW)).imports.map(({ specifier }) => specifier)).toEqual([
      "react",
      "./parts.js",
    ]);
  });

  const USES: readonly Use[] = [
    ["type", "readonly |Item[]", "type Item"],
    ["type", "empty?: |ReactNode", "import { useState"],
    ["type", "...rest }: |Props", "interface Props"],
    ["call", "= |useState<", "import { useState"],
    ["type", "useState<|Item>", "type Item"],
    ["call", "    |setPicked(", "const [picked"],
    ["read", "setPicked(|item)", "const pick"],
    ["read", "if (|items.length", "function List"],
    ["read", "{|theme.plain}", "import { Button", "parts.tsx > const theme"],
    ["read", "{theme.|plain}", "parts.tsx > plain:"],
    ["read", ">{|empty}<", "function List"],
    ["read", "<ul {...|rest}", "function List"],
    ["read", "{|items.map", "function List"],
    ["read", "<|Row key", "const Row"],
    ["read", "key={|item.id}", "{items.map"],
    ["read", "item.|id}", "type Item"],
    ["call", "=> |pick(item)", "const pick"],
    ["read", "pick(|item)}", "{items.map"],
    ["read", "<|Parts.Footer count", "import * as Parts"],
    ["read", "<Parts.|Footer count", "parts.tsx > function Footer"],
    ["read", ">{|picked}<", "const [picked"],
    ["type", "{ item: |Item; onPick", "type Item"],
    ["read", "<|Button label", "import { Button", "parts.tsx > function Button"],
    ["read", "label={item.|label}", "type Item"],
    ["read", "onClick={|onPick}", "const Row"],
    ["read", "title = |theme.title", "import { Button", "parts.tsx > const theme"],
    ["read", "= theme.|title;", "parts.tsx > title:"],
    ["type", "props: |Props)", "interface Props"],
    ["read", "{this.|title}", "private title"],
    ["read", "<|List {...props}", "function List"],
    ["read", "{...|props} empty", "render(props"],
    ["read", "props.|items[0]", "readonly items"],
    ["read", "this.|reset}", "reset = ()"],
    ["write", "    this.|title = theme", "private title"],
    ["read", "default |Panel", "class Panel"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("tsx", FILES, "view.tsx", USES);
    expect(seen).toEqual(expected);
  });

  test("a text that is broken gives what is around", async () => {
    const text = "export const A = () => <p>{a}</p>;\nconst B = () => <p>{</p>;\n";
    const { ok, symbols: found } = await outline("tsx", text);
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toContain("A");
  });
});
