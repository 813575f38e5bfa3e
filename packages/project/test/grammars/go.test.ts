import { describe, expect, test } from "vitest";
import { checkUses, outline, symbols, type Use } from "./grammar.js";

const SHOP = `// Package shop sells.
package shop

import (
	"fmt"

	. "example.org/shop/dots"
	money "example.org/shop/prices"
)

// Most is the greatest number of things.
const Most, least = 8, iota

var (
	count int
	shops = map[string]*Shop{}
)

// Shop sells.
// And more.
type Shop[T Thing] struct {
	Owner
	things []T
	till   *Till
	hook   func(T) error
}

type Owner struct{ Name string }

type Till struct {
	sum money.Amount
	log []string
}

type Thing interface {
	comparable
	// Label names it.
	Label() string
}
type Label = string

// New makes one.
func New[T Thing](owner Owner, things ...T) (shop *Shop[T], err error) {
	shop = &Shop[T]{Owner: owner, things: things, till: &Till{}}
	count++
	return
}

func (s *Shop[T]) Sell(thing T) money.Amount {
	if err := s.hook(thing); err != nil && count > least {
		fmt.Println(err, s.Name)
	}
search:
	for index, each := range s.things {
		switch {
		case each == thing:
			s.till.add(each.Label(), index)
			continue search
		}
	}
	price := money.Of(thing.Label())
	s.Greet()
	defer func() { s.till.sum += price }()
	return s.till.sum.Twice() + Dot()
}

func (t *Till) add(label Label, at int) {
	t.log = append(t.log, label)
	t.log[at] = label
}

func (o Owner) Greet() string { return o.Name }

func kind(x any) int {
	switch v := x.(type) {
	case *Till:
		return len(v.log)
	case Owner:
		return len(v.Name) + Most
	}
	made, _ := New(Owner{Name: "a"})
	return helper(made.till) + unknown.Value
}
`;

const FILES = {
  "go.mod": "module example.org/shop\n\ngo 1.21\n",
  "shop.go": SHOP,
  "helper.go": "package shop\n\nfunc helper(till *Till) int { return len(till.log) }\n",
  "dots/dots.go":
    'package dots\n\nimport "example.org/shop/prices"\n\nfunc Dot() prices.Amount { return 1 }\n',
  "prices/prices.go":
    "package prices\n\ntype Amount int\n\nfunc (a Amount) Twice() Amount { return a * 2 }\n\nfunc Of(label string) Amount { return 1 }\n",
};

describe("Go", () => {
  test("definitions", async () => {
    expect(await symbols("go", SHOP)).toEqual([
      "variable Most 12-12 public # Most is the greatest number of things.",
      "variable least 12-12 internal # Most is the greatest number of things.",
      "variable count 15-15 internal",
      "variable shops 16-16 internal",
      "class Shop 21-26 public # Shop sells.",
      "class Owner 28-28 public",
      "class Till 30-33 public",
      "interface Thing 35-39 public",
      "method Thing.Label 38-38 public # Label names it.",
      "type Label 40-40 public",
      "function New 43-47 public # New makes one.",
      "method Shop.Sell 49-65 public",
      "method Till.add 67-70 internal",
      "method Owner.Greet 72-72 public",
      "function kind 74-83 internal",
    ]);
  });

  test("imports", async () => {
    expect((await outline("go", SHOP)).imports.map(({ specifier }) => specifier)).toEqual([
      "fmt",
      "example.org/shop/dots",
      "example.org/shop/prices",
    ]);
  });

  const USES: readonly Use[] = [
    ["type", "]*|Shop{}", "type Shop["],
    ["type", "[T |Thing] struct", "type Thing"],
    ["inherit", "\n\t|Owner\n", "type Owner"],
    ["type", "things []|T\n", "type Shop["],
    ["type", "till   *|Till", "type Till"],
    ["read", "sum |money.Amount", 'money "example'],
    ["type", "sum money.|Amount", "prices/prices.go > type Amount"],
    ["type", "New[T |Thing]", "type Thing"],
    ["type", "owner |Owner,", "type Owner"],
    ["write", "\t|shop = &Shop", "func New["],
    ["type", "= &|Shop[T]{Owner", "type Shop["],
    ["write", "{|Owner: owner", "\tOwner\n"],
    ["read", "Owner: |owner,", "func New["],
    ["write", "|till: &Till", "till   *Till"],
    ["write", "\t|count++", "count int"],
    ["type", "(s *|Shop[T]) Sell", "type Shop["],
    ["call", "s.|hook(thing)", "hook   func"],
    ["read", "; |err != nil", "if err :="],
    ["read", "&& |count > least", "count int"],
    ["read", "> |least {", "const Most"],
    ["read", "(err, s.|Name)", "type Owner"],
    ["read", "range s.|things {", "things []T"],
    ["read", "case |each == thing", "for index, each"],
    ["call", "s.till.|add(", "func (t *Till) add"],
    ["call", "each.|Label(), index", "\tLabel() string"],
    ["read", "Label(), |index)", "for index, each"],
    ["read", "continue |search", "search:"],
    ["call", "money.|Of(", "prices/prices.go > func Of"],
    ["call", "s.|Greet()", "func (o Owner) Greet"],
    ["write", "s.till.|sum += price", "sum money.Amount"],
    ["read", "+= |price }", "price :="],
    ["call", "till.sum.|Twice()", "prices/prices.go > func (a Amount) Twice"],
    ["call", "+ |Dot()", "dots/dots.go > func Dot"],
    ["type", "label |Label,", "type Label"],
    ["read", "append(t.|log,", "log []string"],
    ["type", "(o |Owner) Greet", "type Owner"],
    ["read", "return o.|Name }", "type Owner"],
    ["type", "case *|Till:", "type Till"],
    ["read", "len(v.|log)", "log []string"],
    ["read", "len(v.|Name)", "type Owner"],
    ["read", "+ |Most\n", "const Most"],
    ["call", ":= |New(", "func New["],
    ["write", 'Owner{|Name: "a"', "type Owner"],
    ["call", "return |helper(made", "helper.go > func helper"],
    ["read", "made.|till)", "till   *Till"],
    ["read", "+ |unknown.Value"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("go", FILES, "shop.go", USES);
    expect(seen).toEqual(expected);
  });

  test("a text that is broken gives what is around", async () => {
    const text = "package p\n\nfunc before() {}\n\nfunc broken( {\n}\n\nfunc after() { before() }\n";
    const { ok, symbols: found } = await outline("go", text);
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toContain("before");
    const { seen, expected } = await checkUses("go", { "a.go": text }, "a.go", [
      ["call", "{ |before()", "func before"],
    ]);
    expect(seen).toEqual(expected);
  });
});
