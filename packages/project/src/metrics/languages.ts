import type { Dialect } from "../source-parser.js";
import type { Role } from "./roles.js";

/** How one grammar names what is measured. */
export interface LanguageRules {
  readonly roles: ReadonlyMap<string, Role>;
  /** Roles of tokens, by the node around them. */
  readonly tokens?: ReadonlyMap<string, ReadonlyMap<string, Role>>;
  /** The node between an `if` and the one that is its `else if`, where the grammar has one. */
  readonly elseClause?: string;
  /** Jumps that count when they name a label: the types that labels have. */
  readonly jumps: ReadonlyMap<string, string>;
  /** Functions and methods, which have names of their own. */
  readonly functions: ReadonlySet<string>;
  /** Closures, which may be given a name by what they are assigned to. */
  readonly closures: ReadonlySet<string>;
  /** What members belong to: the field of its name. */
  readonly containers: ReadonlyMap<string, string>;
  /** Those of them that are no classes. */
  readonly namespaces: ReadonlySet<string>;
  /** Calls: the field of what is called. */
  readonly calls: ReadonlyMap<string, string>;
  /** What a method writes before its own name to call itself. */
  readonly selves: readonly string[];
  /** Whether a method may leave that out. */
  readonly bareSelf: boolean;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** `loop: while for` → each word with the role before it. */
function roles(text: string): ReadonlyMap<string, Role> {
  return new Map(
    text
      .trim()
      .split("\n")
      .flatMap((line) => {
        const [role, types] = line.trim().split(": ");
        return [...words(types ?? "")].map((type): [string, Role] => [type, role as Role]);
      }),
  );
}

function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(text === "" ? [] : text.split(" ").map((pair) => pair.split("=") as [string, string]));
}

/** `else` stands in its `if` as a token, and an `if` behind it is its `alternative`. */
const ELSE_TOKEN: ReadonlyMap<string, ReadonlyMap<string, Role>> = new Map([
  ["else", new Map<string, Role>([["if_statement", "else"]])],
]);

const NONE: ReadonlySet<string> = new Set();

const JAVASCRIPT: LanguageRules = {
  roles: roles(`
    if: if_statement
    else: else_clause
    loop: for_statement for_in_statement while_statement do_statement
    switch: switch_statement
    case: switch_case
    catch: catch_clause
    conditional: ternary_expression`),
  elseClause: "else_clause",
  jumps: pairs("break_statement=statement_identifier continue_statement=statement_identifier"),
  functions: words("function_declaration generator_function_declaration method_definition"),
  closures: words("arrow_function function_expression generator_function"),
  containers: pairs(
    "class_declaration=name abstract_class_declaration=name class=name internal_module=name module=name",
  ),
  namespaces: words("internal_module module"),
  calls: pairs("call_expression=function"),
  selves: ["this."],
  bareSelf: false,
};

const C: LanguageRules = {
  roles: roles(`
    if: if_statement
    else: else_clause
    loop: for_statement for_range_loop while_statement do_statement
    switch: switch_statement
    case: case_statement
    catch: catch_clause seh_except_clause
    conditional: conditional_expression
    jump: goto_statement`),
  elseClause: "else_clause",
  jumps: new Map(),
  functions: words("function_definition"),
  closures: words("lambda_expression"),
  containers: pairs("class_specifier=name struct_specifier=name union_specifier=name"),
  namespaces: NONE,
  calls: pairs("call_expression=function"),
  selves: ["this->"],
  bareSelf: true,
};

const RULES: Readonly<Record<Dialect, LanguageRules>> = {
  javascript: JAVASCRIPT,
  typescript: JAVASCRIPT,
  tsx: JAVASCRIPT,
  c: C,
  cpp: C,
  python: {
    roles: roles(`
      if: if_statement
      elseIf: elif_clause
      else: else_clause
      loop: for_statement while_statement
      switch: match_statement
      case: case_clause
      catch: except_clause
      conditional: conditional_expression
      decision: for_in_clause if_clause`),
    jumps: new Map(),
    functions: words("function_definition"),
    closures: words("lambda"),
    containers: pairs("class_definition=name"),
    namespaces: NONE,
    calls: pairs("call=function"),
    selves: ["self.", "cls."],
    bareSelf: false,
  },
  go: {
    roles: roles(`
      if: if_statement
      loop: for_statement
      switch: expression_switch_statement type_switch_statement select_statement
      case: expression_case type_case communication_case
      jump: goto_statement`),
    tokens: ELSE_TOKEN,
    jumps: pairs("break_statement=label_name continue_statement=label_name"),
    functions: words("function_declaration method_declaration"),
    closures: words("func_literal"),
    containers: new Map(),
    namespaces: NONE,
    calls: pairs("call_expression=function"),
    // A receiver has the name that its method gives it.
    selves: [],
    bareSelf: false,
  },
  java: {
    roles: roles(`
      if: if_statement
      loop: for_statement enhanced_for_statement while_statement do_statement
      switch: switch_expression
      case: switch_label
      catch: catch_clause
      conditional: ternary_expression
      decision: guard`),
    tokens: ELSE_TOKEN,
    jumps: pairs("break_statement=identifier continue_statement=identifier"),
    functions: words("method_declaration constructor_declaration compact_constructor_declaration"),
    closures: words("lambda_expression"),
    containers: pairs(
      "class_declaration=name record_declaration=name interface_declaration=name enum_declaration=name class_body=",
    ),
    namespaces: NONE,
    calls: pairs("method_invocation=name"),
    selves: ["this."],
    bareSelf: true,
  },
  csharp: {
    roles: roles(`
      if: if_statement
      loop: for_statement foreach_statement while_statement do_statement
      switch: switch_statement switch_expression
      case: switch_section switch_expression_arm
      catch: catch_clause
      conditional: conditional_expression
      decision: when_clause catch_filter_clause
      jump: goto_statement`),
    tokens: ELSE_TOKEN,
    jumps: new Map(),
    functions: words(
      `method_declaration constructor_declaration destructor_declaration operator_declaration
      conversion_operator_declaration local_function_statement accessor_declaration property_declaration
      indexer_declaration`,
    ),
    closures: words("lambda_expression anonymous_method_expression"),
    containers: pairs(
      "class_declaration=name struct_declaration=name interface_declaration=name record_declaration=name",
    ),
    namespaces: NONE,
    calls: pairs("invocation_expression=function"),
    selves: ["this."],
    bareSelf: true,
  },
  php: {
    roles: roles(`
      if: if_statement
      elseIf: else_if_clause
      else: else_clause
      loop: for_statement foreach_statement while_statement do_statement
      switch: switch_statement match_expression
      case: case_statement match_conditional_expression
      catch: catch_clause
      conditional: conditional_expression
      jump: goto_statement`),
    elseClause: "else_clause",
    jumps: pairs("break_statement=integer continue_statement=integer"),
    functions: words("function_definition method_declaration"),
    closures: words("anonymous_function arrow_function"),
    containers: pairs(
      "class_declaration=name trait_declaration=name interface_declaration=name enum_declaration=name anonymous_class=",
    ),
    namespaces: NONE,
    calls: pairs("function_call_expression=function member_call_expression=name scoped_call_expression=name"),
    selves: ["$this->", "self::", "static::"],
    bareSelf: false,
  },
  ruby: {
    roles: roles(`
      if: if unless if_modifier unless_modifier
      elseIf: elsif
      else: else
      loop: while until for while_modifier until_modifier
      switch: case case_match
      case: when in_clause
      catch: rescue rescue_modifier
      conditional: conditional
      decision: if_guard unless_guard`),
    jumps: new Map(),
    functions: words("method singleton_method"),
    closures: words("lambda block do_block"),
    containers: pairs("class=name module=name"),
    namespaces: NONE,
    calls: pairs("call=method"),
    selves: ["self."],
    bareSelf: true,
  },
  rust: {
    roles: roles(`
      if: if_expression
      else: else_clause
      loop: for_expression while_expression loop_expression
      switch: match_expression
      case: match_arm
      decision: try_expression`),
    tokens: new Map([
      ["if", new Map<string, Role>([["match_pattern", "decision"]])],
      ["else", new Map<string, Role>([["let_declaration", "fallback"]])],
    ]),
    elseClause: "else_clause",
    jumps: pairs("break_expression=label continue_expression=label"),
    functions: words("function_item"),
    closures: words("closure_expression"),
    containers: pairs("impl_item=type trait_item=name mod_item=name"),
    namespaces: words("mod_item"),
    calls: pairs("call_expression=function"),
    selves: ["self.", "Self::"],
    bareSelf: false,
  },
  bash: {
    roles: roles(`
      if: if_statement
      elseIf: elif_clause
      else: else_clause
      loop: for_statement c_style_for_statement while_statement
      switch: case_statement
      case: case_item
      conditional: ternary_expression`),
    // `break 2` is a command, whose argument says how far it goes.
    jumps: pairs("command=number"),
    functions: words("function_definition"),
    closures: NONE,
    containers: new Map(),
    namespaces: NONE,
    calls: pairs("command=name"),
    selves: [],
    bareSelf: true,
  },
};

/** The rules of a grammar. */
export function rulesOf(dialect: Dialect): LanguageRules {
  return RULES[dialect];
}
