import assert from "node:assert/strict";
import fc from "fast-check";
import { fromPlaceholders, type OwnNames, ownNames, sharedNames, toPlaceholders } from "./own-names";
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
