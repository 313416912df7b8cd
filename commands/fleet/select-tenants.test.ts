import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ringsOf, selectTenants } from "./select-tenants";

describe("The selection of tenants", () => {
  const root = mkdtempSync(join(tmpdir(), "qt-select-"));
  const file = (name: string, tags: string) =>
    writeFileSync(join(root, `Pulumi.${name}.yaml`), `config:\n  quantemplate:tags: ${tags}\n`);
  before(() => {
    writeFileSync(
      join(root, "Pulumi.yaml"),
      "name: quantemplate\nruntime: nodejs\nconfig:\n  quantemplate:tags:\n    value: {team: data}\n",
    );
    file("acme", "{ring: canary, size: 2}");
    file("beta", "{ring: early}");
    file("gamma", "{size: 2}");
    writeFileSync(join(root, "Pulumi.plain.yaml"), "config: {}\n");
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const names = (selection: Parameters<typeof selectTenants>[1]) =>
    selectTenants(root, selection).map(({ name }) => name);
  const tag = (key: string, value: string) => ({ key, value, isNot: false });

  it("takes all tenants, the named ones, or those with every tag", () => {
    assert.deepEqual(names({}), ["acme", "beta", "gamma", "plain"]);
    assert.deepEqual(names({ tenants: ["gamma", "acme", "acme"] }), ["acme", "gamma"]);
    assert.deepEqual(names({ tags: [tag("size", "2")] }), ["acme", "gamma"]);
    assert.deepEqual(names({ tags: [tag("size", "2"), tag("ring", "canary")] }), ["acme"]);
    assert.deepEqual(names({ tags: [tag("ring", "general")] }), ["gamma", "plain"]);
    assert.deepEqual(names({ tenants: ["beta"], tags: [tag("size", "2")] }), []);
  });

  it("takes tenants without a tag, so that ring=canary and ring!=canary together cover every tenant once", () => {
    const not = (key: string, value: string) => ({ ...tag(key, value), isNot: true });
    assert.deepEqual(names({ tags: [not("ring", "canary")] }), ["beta", "gamma", "plain"]);
    assert.deepEqual(names({ tags: [not("size", "2")] }), ["beta", "plain"]);
    assert.deepEqual(names({ tags: [not("ring", "canary"), tag("size", "2")] }), ["gamma"]);
  });

  it("refuses a tenant without a file", () => {
    assert.throws(() => names({ tenants: ["acme", "nobody"] }), /nobody/);
  });

  it("puts canary first and general last", () => {
    const rings = ringsOf(selectTenants(root, {})).map(({ ring, tenants }) => [ring, tenants.join()]);
    assert.deepEqual(rings, [
      ["canary", "acme"],
      ["early", "beta"],
      ["general", "gamma,plain"],
    ]);
  });

  it("puts other rings between them by name, whatever their tenants' order", () => {
    const tenants = ["general", "late", "canary", "early", "middle"].map((ring) => ({
      name: ring,
      tags: { ring },
    }));
    for (const all of [tenants, [...tenants].reverse()])
      assert.deepEqual(
        ringsOf(all).map(({ ring }) => ring),
        ["canary", "early", "late", "middle", "general"],
      );
  });

  it("ignores tags that are not a map", () => {
    file("odd", "null");
    try {
      assert.deepEqual(selectTenants(root, { tenants: ["odd"] })[0]?.tags, { ring: "general" });
    } finally {
      rmSync(join(root, "Pulumi.odd.yaml"));
    }
  });

  it("takes only the named rings, in their order", () => {
    const rings = ringsOf(selectTenants(root, {}), ["general", "none", "canary"]);
    assert.deepEqual(
      rings.map(({ ring }) => ring),
      ["general", "canary"],
    );
  });
});
