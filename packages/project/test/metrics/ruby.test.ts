import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("Ruby", async () => {
  const text = `# Chooses.
class Shop < Base
  def choose(a, b = 1, *c, key:, &block)
    if a && b or c
      1
    elsif b
      2
    else
      3
    end
    one unless a
    two while b
    unless a then three else four end
  end

  def self.walk(rows)
    until rows.empty? do
      for row in rows do
        next if row
      end
    end
    walk(rows)
  end

  def kind(thing)
    case thing
    when 1, 2 then 3
    when 4
    else 5
    end
    case thing
    in {x: 1} if open then 6
    in [1, *] | 2 then 7
    else 8
    end
    value = thing ? 1 : 2
    value ||= thing&.size
  end

  def read(path)
    text = load(path) rescue nil
    begin
      text.each { |line| return line if line }
    rescue A, B => error
      retry
    else
      1
    ensure
      2
    end
  rescue C
    self.read(path)
  end

  def twice = 2
end
add = ->(a, b) { a > b ? a : b }
`;
  expect(await complexity("ruby", text)).toEqual([
    // Decisions 7 + 3 + 7 + 4 + 1 = 22, functions 6 and the file. Points 9 + 7 + 3 + 7 + 1.
    "file 1-57 cyclomatic 29 cognitive 27 nesting 3 parameters 0 code 52",
    // if, &&, or, elsif, unless, while, unless. if 1, && 1, or 1, elsif 1, else 1, unless 1, while 1, unless 1, else 1.
    "Shop.choose 3-14 cyclomatic 8 cognitive 9 nesting 1 parameters 5 code 12",
    // until 1, for 2, if 3, recursion 1.
    "Shop.walk 16-23 cyclomatic 4 cognitive 7 nesting 3 parameters 1 code 8",
    // Two of when, two of in, a guard, ?:, ||=. case 1, case 1, ?: 1.
    "Shop.kind 25-38 cyclomatic 8 cognitive 3 nesting 1 parameters 1 code 14",
    // rescue, if, rescue, rescue. 1, if in a block 2, rescue 1, else 1, rescue 1, recursion 1.
    "Shop.read 40-53 cyclomatic 5 cognitive 7 nesting 2 parameters 1 code 14",
    "Shop.twice 55-55 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
    "add 57-57 cyclomatic 2 cognitive 1 nesting 1 parameters 2 code 1",
  ]);
});
