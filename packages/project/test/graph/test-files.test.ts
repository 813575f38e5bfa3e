import { expect, test } from "vitest";
import { isTestFile, testSubject } from "../../src/graph/test-files.js";

test.each([
  [
    "javascript",
    ["a.test.js", "src/a.spec.jsx", "a-test.mjs", "a_test.cjs", "test/a.js", "src/__tests__/a.jsx"],
  ],
  [
    "typescript",
    ["a.test.ts", "a.e2e-spec.ts", "cypress/a.cy.tsx", "login.e2e.ts", "test/fixtures/a.test.ts"],
  ],
  ["python", ["test_a.py", "pkg/a_test.py", "shop/tests.py", "tests/deep/a.py"]],
  ["go", ["a_test.go"]],
  [
    "java",
    ["src/main/a/ParserTest.java", "TestParser.java", "ParserTests.java", "ParserIT.java", "ShopITCase.java"],
  ],
  ["rust", ["tests/shop.rs", "src/cart/tests.rs", "src/test.rs", "src/cart_tests.rs", "cart_test.rs"]],
  ["c", ["test_list.c", "test-list.c", "list_test.c", "tests/list.c", "src/list-test.c"]],
  ["cpp", ["list_unittest.cc", "ListTest.cpp", "TestList.cxx", "list_tests.cpp", "test/list.c++"]],
  [
    "csharp",
    [
      "CartTests.cs",
      "CartSpec.cs",
      "Shop.Tests/Cart.cs",
      "src/Shop.UnitTests/Carts/Empty.cs",
      "Tests/Cart.cs",
    ],
  ],
  ["ruby", ["test_cart.rb", "cart_test.rb", "spec/cart_spec.rb", "test/models/cart.rb"]],
  ["php", ["tests/Unit/CartTest.php", "spec/CartSpec.php", "CheckoutCest.php", "tests/Feature/checkout.php"]],
  [
    "bash",
    [
      "test_deploy.sh",
      "test-deploy.sh",
      "deploy_test.sh",
      "spec/deploy_spec.sh",
      "deploy.test.bash",
      "test/a.bash",
    ],
  ],
])("tests of %s are known", (_language, paths) => {
  expect(paths.filter((path) => !isTestFile(path))).toEqual([]);
});

test.each([
  [
    "javascript",
    [
      "a.ts",
      "contest/a.ts",
      "a.tests.ts",
      "test.md",
      "test/helpers.ts",
      "test/fixtures/a.js",
      "latest.js",
      "-test.js",
    ],
  ],
  ["javascript's settings", ["test/vitest.config.ts", "test/types.d.ts", "spec/index.js"]],
  ["python", ["latest.py", "tests/conftest.py", "tests/__init__.py", "contests.py"]],
  ["go", ["test/a.go", "_test.go"]],
  ["java", ["Contest.java", "Testing.java", "src/test/java/Orders.java"]],
  ["rust", ["src/latest.rs", "tests/common/mod.rs", "src/contests.rs"]],
  ["c", ["contest.c", "latest.cpp", "tests/list.h", "test/helpers.c", "LATEST.c"]],
  [
    "csharp",
    ["Contest/Cart.cs", "Shop.Tests/GlobalUsings.cs", "Shop.Tests/Fixtures/Cart.cs", "Shop.Testing/Cart.cs"],
  ],
  [
    "ruby",
    [
      "test/test_helper.rb",
      "spec/spec_helper.rb",
      "spec/rails_helper.rb",
      "spec/support/a.rb",
      "spec/factories/a.rb",
    ],
  ],
  ["php", ["tests/TestCase.php", "tests/bootstrap.php", "tests/Pest.php", "tests/Fixtures/Cart.php"]],
  ["bash", ["latest.sh", "test/test_helper.bash", "test/setup.sh"]],
  ["none", ["tests/data.json", "a_test.txt"]],
])("what is no test of %s is not taken for one", (_language, paths) => {
  expect(paths.filter((path) => isTestFile(path))).toEqual([]);
});

test.each([
  ["a/parse.test.ts", "parse"],
  ["a/parse.e2e-spec.ts", "parse"],
  ["cypress/parse.cy.ts", "parse"],
  ["test_parse.py", "parse"],
  ["parse_test.go", "parse"],
  ["__tests__/parse.tsx", "parse"],
  ["a/ParserTest.java", "Parser"],
  ["a/TestParser.java", "Parser"],
  ["ParserITCase.java", "Parser"],
  ["parse_tests.rs", "parse"],
  ["parse_unittest.cc", "parse"],
  ["ParserTest.cpp", "Parser"],
  ["test-parse.c", "parse"],
  ["ParserSpecs.cs", "Parser"],
  ["parse_spec.rb", "parse"],
  ["ParserCest.php", "Parser"],
  ["test_parse.sh", "parse"],
])("%s is named after %s", (path, subject) => {
  expect(testSubject(path)).toBe(subject);
});

test("the longest path that a system allows is judged at once", { timeout: 2_000 }, () => {
  for (const part of [".", "a", "test_", "Tests", ".Tests", "_", "test/"]) {
    expect(isTestFile(`${part.repeat(4_096 / part.length)}.zig`)).toBe(false);
  }
});
