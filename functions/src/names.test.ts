import assert from "node:assert/strict";
import fc from "fast-check";
import { normaliseName, normaliseTableName } from "./names";

describe("a name at the destination", () => {
  const names: [string, string][] = [
    ["policies", "policies"],
    ["Loss Notes", "loss_notes"],
    ["grossPremium", "gross_premium"],
    ["HTTPServer", "http_server"],
    ["Prämie (€)", "pramie_"],
    ["Straße", "strasse"],
    ["Ægir æ Øl ø Łódź ł", "aegir_ae_ol_o_lodz_l"],
    ["a--b__c", "a_b_c"],
    ["total2Date", "total2_date"],
    ["2026 total", "_2026_total"],
  ];
  for (const [name, normal] of names)
    it(`${name} → ${normal}`, () => assert.equal(normaliseName(name), normal));

  it("of a table has no _ before a letter", () => {
    assert.equal(normaliseTableName("_Claims"), "claims");
    assert.equal(normaliseTableName("_1claims"), "_1claims");
  });

  it("does not change if it is normalised again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        assert.equal(normaliseTableName(normaliseTableName(name)), normaliseTableName(name));
      }),
    );
  });
});
