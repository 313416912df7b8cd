import assert from "node:assert/strict";
import { dateMistakes, policyTagMistakes, regionMistakes, tagMistakes } from "./azure-limits";

const said = (mistakes: ReturnType<typeof tagMistakes>) =>
  mistakes.map(({ path, message }) => `${path.slice(1).map(String).join(".")} ${message}`.trim());

describe("tags", () => {
  const tags = (...names: string[]) =>
    said(tagMistakes(Object.fromEntries(names.map((name) => [name, "v"]))));

  it("are at most 12, because three are the program's", () => {
    const many = Array.from({ length: 13 }, (_, index) => `t${index}`);
    assert.deepEqual(tags(...many.slice(1)), []);
    assert.deepEqual(tags(...many), [
      "expects at most 12 tags: some resources take 15, and the program sets project, tenant, quantemplateClientId",
    ]);
  });

  it("are not the program's own, in any case", () => {
    assert.deepEqual(tags("Tenant", "PROJECT", "projects", "quantemplateclientid"), [
      "Tenant expects another name: the program sets the tag tenant itself, and case does not matter",
      "PROJECT expects another name: the program sets the tag project itself, and case does not matter",
      "quantemplateclientid expects another name: the program sets the tag quantemplateClientId itself, and case does not matter",
    ]);
  });

  it("have names that Azure takes", () => {
    for (const sign of ["<", ">", "%", "&", "\\", "?", "/", "\u0007"])
      assert.match(tags(`cost${sign}centre`)[0] ?? "", /without any of < > % & \\ \? \/ and control/, sign);
    assert.match(tags("Windows-patch")[0] ?? "", /does not begin with microsoft, azure or windows/);
    assert.match(tags("x".repeat(129))[0] ?? "", /a name of 1 to 128 characters/);
    assert.match(tags("")[0] ?? "", /a name of 1 to 128 characters/);
    assert.match(tags("Owner", "owner")[0] ?? "", /"Owner" and "owner" differ by case only/);
    assert.deepEqual(tags("cost centre", "hidden-title", "x".repeat(128), "größe"), []);
  });

  it("have values of at most 256 characters", () => {
    assert.deepEqual(tagMistakes({ a: "x".repeat(256) }), []);
    assert.deepEqual(said(tagMistakes({ a: "x".repeat(257) })), [
      "a expects a text of at most 256 characters",
    ]);
  });

  it("that are no tags are the schema's to refuse", () => {
    for (const value of [undefined, "a", ["a"], null]) assert.deepEqual(tagMistakes(value), []);
    assert.deepEqual(tagMistakes({ a: 1 }), []);
  });
});

describe("a policy's tags", () => {
  const left = (policyTags: unknown, tags: unknown = { owner: "v" }) =>
    said(policyTagMistakes(policyTags, tags));

  it("are none that the tenant or the program sets, in any case", () => {
    assert.deepEqual(left(["costCentre", "Cost owner (IT)"]), []);
    assert.deepEqual(left(["Owner", "x", "TENANT"]), [
      '0 expects a tag that the tenant does not set itself; quantemplate:tags has "owner"',
      "2 expects another name: the program sets the tag tenant itself, and case does not matter",
    ]);
  });

  it("have names that a tag can have", () => {
    assert.match(left(["a/b"])[0] ?? "", /^0 expects a name without any of/);
  });

  it("that are no names are the schema's to refuse", () => {
    for (const value of [undefined, "a", [1]]) assert.deepEqual(left(value), []);
    assert.deepEqual(left(["owner"], null), []);
  });
});

describe("dates", () => {
  const now = new Date("2027-05-15T12:00:00Z");
  const expiry = (webhookExpiry: string) => dateMistakes({ webhookExpiry }, now).length;

  it("of a webhook's end are ahead, by ten years at most", () => {
    for (const good of ["2027-05-16", "2027-05-15T12:00:01Z", "2037-05-15"])
      assert.equal(expiry(good), 0, good);
    for (const bad of ["2027-05-15", "2020-01-01", "2037-05-16", "2099-01-01"])
      assert.equal(expiry(bad), 1, bad);
    assert.equal(expiry("tomorrow"), 0, "the schema's");
  });

  it("of a budget's start are at most twelve months ahead", () => {
    const start = (startDate: string) => dateMistakes({ budget: { startDate } }, now).length;
    assert.deepEqual([start("2028-05-01"), start("2028-06-01"), start("2020-01-01")], [0, 1, 0]);
  });
});

describe("instances", () => {
  const few = (maximumInstances: unknown, location: string) =>
    said(regionMistakes({ function: { maximumInstances } }, location));

  it("are at least 40 but in the regions that take fewer", () => {
    assert.deepEqual(few(39, "northeurope"), [
      "maximumInstances expects at least 40 in northeurope: Azure takes fewer in westeurope, australiaeast, westus2 only, and there as a preview. Only instances that run are paid for",
    ]);
    assert.deepEqual(few(40, "northeurope"), []);
    assert.deepEqual(few(1, "westeurope"), []);
  });

  it("are not looked at if their number is refused anyway", () => {
    for (const wrong of [0, "many", 1.5, undefined]) assert.deepEqual(few(wrong, "northeurope"), []);
    assert.deepEqual(regionMistakes({ function: "text" }, "northeurope"), []);
  });
});

describe("backups", () => {
  const kept = (backupRedundancy: unknown, location: string) =>
    said(regionMistakes({ sql: { backupRedundancy } }, location));

  it("are copied to a paired region only if there is one", () => {
    assert.deepEqual(kept("Geo", "italynorth"), [
      "backupRedundancy expects Local or Zone in italynorth: Geo copies backups to the paired region, and it has none",
    ]);
    assert.deepEqual(kept("Geo", "northeurope"), []);
    for (const other of ["Zone", "Local", undefined, 1]) assert.deepEqual(kept(other, "italynorth"), []);
    assert.deepEqual(regionMistakes({ sql: "text" }, "italynorth"), []);
  });
});
