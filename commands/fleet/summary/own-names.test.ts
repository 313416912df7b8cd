import assert from "node:assert/strict";
import fc from "fast-check";
import {
  fromPlaceholders,
  type OwnNames,
  ownNames,
  placeholdersIn,
  sharedNames,
  toPlaceholders,
} from "./own-names";
import { namesOf } from "./testing/preview";

const names: fc.Arbitrary<OwnNames> = fc
  .uniqueArray(fc.stringMatching(/^[a-z]{1,4}(-[a-z0-9]{1,4})?$/), { minLength: 1, maxLength: 5 })
  .map((values) => Object.fromEntries(values.map((value, index) => [`name${index}`, value])));
const words = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[a-z]{1,4}$/),
      fc.constantFrom("-", " ", "‹", "›", "‹name0›", "‹‹›", ".", "a-b", "ab-c1", "$&"),
    ),
  )
  .map((parts) => parts.join(""));

describe("A tenant's own names", () => {
  it("are restored without loss in any text", () => {
    fc.assert(
      fc.property(words, names, (text, own) => {
        assert.equal(fromPlaceholders(toPlaceholders(text, own), own), text);
      }),
    );
  });

  it("never make two different texts of one tenant equal", () => {
    fc.assert(
      fc.property(words, words, names, (a, b, own) => {
        assert.equal(toPlaceholders(a, own) === toPlaceholders(b, own), a === b);
      }),
    );
  });

  it("are derived from the resource group's name, each with its kind in infra/naming.ts", () => {
    const { resourceGroup, sqlServer, storageAccount } = namesOf("acme");
    const id = `/subscriptions/6f9619ff-8b86-d011-b42d-00cf4fc964ff/resourceGroups/${resourceGroup}`;
    const own = ownNames("acme", { "sql.principalId": "p-1" }, [id, "something else"]);
    assert.equal(own.sqlServer, sqlServer);
    assert.equal(own.storageAccount, storageAccount);
    assert.equal(own["sql.principalId"], "p-1");
    assert.equal(
      toPlaceholders(`${id}/x/${sqlServer}.database.windows.net/acme/acmeish/xacme`, own),
      "/subscriptions/‹subscription›/resourceGroups/‹resourceGroup›/x/‹sqlServer›.database.windows.net/‹tenant›/acmeish/xacme",
    );
  });

  it("include those of both regions if a tenant moves", () => {
    const own = ownNames("acme", {}, ["rg-qt-acme-westeurope-aaaaaa", "rg-qt-acme-northeurope-aaaaaa"]);
    assert.equal(own["sqlServer in northeurope"], "sql-qt-acme-northeurope-aaaaaa");
    assert.equal(own["storageAccount in westeurope"], "stqtacmewesteuropeaaaaaa");
  });

  it("are not replaced if they are uncertain: two groups, two subscriptions", () => {
    const ids = ["rg-qt-acme-westeurope-aaaaaa", "rg-qt-acme-westeurope-bbbbbb"].map(
      (group, index) => `/subscriptions/6f9619ff-8b86-d011-b42d-00cf4fc964f${index}/resourceGroups/${group}`,
    );
    assert.deepEqual(ownNames("acme", {}, ids), { tenant: "acme" });
    assert.deepEqual(ownNames("cme", {}, ids), { tenant: "cme" });
  });

  it("are replaced as a whole: the longest first, whatever the order of names, and only as whole words", () => {
    const own = { short: "ab", long: "ab-cd", longest: "ab-cd-ef", "with.dot": "a.b" };
    for (const names of [own, Object.fromEntries(Object.entries(own).reverse())]) {
      assert.equal(
        toPlaceholders("ab ab-cd ab-cd-ef x-ab abc a.b axb", names),
        "‹short› ‹long› ‹longest› x-‹short› abc ‹with.dot› axb",
      );
      assert.equal(fromPlaceholders(toPlaceholders("a.b ‹ab›", names), names), "a.b ‹ab›");
    }
    // Of two placeholders with the same name, always the same one is used.
    for (const twice of [
      { a: "xyz", b: "xyz" },
      { b: "xyz", a: "xyz" },
    ])
      assert.equal(toPlaceholders("xyz", twice), "‹b›");
    assert.equal(toPlaceholders("a ‹b", {}), "a ‹‹›b");
  });

  it("are found again by their placeholders, each once and sorted", () => {
    assert.deepEqual(placeholdersIn("‹b› ‹a› ‹‹›c› ‹b› plain"), ["a", "b"]);
    assert.deepEqual(placeholdersIn("plain"), []);
  });

  it("are not taken if they are too short or taken already", () => {
    const own = ownNames(
      "acme",
      { first: "id-1", second: "id-1", short: "ab", three: "abc", tenant: "x-y", same: "acme" },
      [],
    );
    assert.deepEqual(own, { tenant: "acme", first: "id-1", three: "abc" });
  });

  it("are found for a tenant whose name has other characters than a resource group's", () => {
    const own = ownNames("Acme__1", {}, ["rg-qt-acme-1-westeurope-aaaaaa"]);
    assert.equal(own.resourceGroup, "rg-qt-acme-1-westeurope-aaaaaa");
    assert.equal(own.suffix, "aaaaaa");
  });

  it("are in the order of the regions' names, whatever the order of the texts", () => {
    const groups = ["rg-qt-acme-westeurope-aaaaaa", "rg-qt-acme-northeurope-aaaaaa"];
    assert.deepEqual(
      Object.entries(ownNames("acme", {}, groups)),
      Object.entries(ownNames("acme", {}, groups.reverse())),
    );
  });

  it("need a placeholder if one of several tenants has another", () => {
    assert.deepEqual(sharedNames([{ a: "1" }, { a: "1" }, { a: "2" }]), {});
    assert.deepEqual(sharedNames([]), {});
  });

  it("need no placeholder if all tenants share them", () => {
    assert.deepEqual(
      sharedNames([
        { a: "1", b: "2" },
        { a: "1", b: "3" },
      ]),
      { a: "1" },
    );
    assert.equal(fromPlaceholders("‹a› ‹b›", { a: "1" }), "1 ‹b›");
  });
});
