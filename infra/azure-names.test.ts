import assert from "node:assert/strict";
import { patternMistakes, refusedNames } from "./azure-names";

describe("the names of a tenant's resources", () => {
  it("fit Azure's rules for every length of a tenant's name", () => {
    for (const stack of ["a", "Upper_Case", "a-b_c--d", "x".repeat(64), `${"long-".repeat(19)}name`, "42"])
      assert.deepEqual(refusedNames(stack, "germanywestcentral"), [], stack);
  });

  it("are refused with a reserved word in them, also one that only a name without hyphens has", () => {
    assert.deepEqual(refusedNames("windows-uk", "uksouth"), [
      "kv-qt-windows-uk-000000",
      "stqtwindowsuk000000",
      "sql-qt-windows-uk-uksouth-000000",
      "func-qt-windows-uk-000000",
    ]);
    assert.deepEqual(refusedNames("micro-soft", "uksouth"), ["stqtmicrosoft000000"]);
  });

  it("are a tenant's own, each by its kind's rule, and then no longer its name's fault", () => {
    const mistakes = (patterns: Parameters<typeof patternMistakes>[2]) =>
      patternMistakes("windows-uk", "uksouth", patterns).map(({ path, message }) => [path.at(-1), message]);
    assert.deepEqual(mistakes({ keyVault: "kv-claims-{region}", sqlServer: "sql-{suffix}" }), []);
    assert.deepEqual(
      mistakes({
        keyVault: "kv-claims-platform-{suffix}",
        storageAccount: "st-claims",
        functionApp: "func-{tenant}",
        plan: "a".repeat(41),
      }),
      [
        ["keyVault", "expects another pattern: kv-claims-platform-000000 has 25 characters, and may have 24"],
        [
          "storageAccount",
          "expects another pattern: st-claims is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only",
        ],
        [
          "functionApp",
          "expects another pattern: func-windows-uk holds a word that Azure reserves, such as microsoft",
        ],
        ["plan", `expects another pattern: ${"a".repeat(41)} has 41 characters, and may have 40`],
      ],
    );
    const patterns = { keyVault: "kv-1", storageAccount: "st1", sqlServer: "sql-1", functionApp: "f-1" };
    assert.deepEqual(refusedNames("windows-uk", "uksouth", patterns), []);
  });
});
