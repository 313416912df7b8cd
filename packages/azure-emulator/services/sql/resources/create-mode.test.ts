import assert from "node:assert/strict";
import type { ArmResource } from "../../../control-plane/resource";
import { requireEmptyDatabase } from "./create-mode";

describe("a database's create mode", () => {
  const source = { id: "/source", name: "source", type: "t", properties: {} } as ArmResource;
  const resources = { get: (id: string) => (id === source.id ? source : undefined) };
  const put = (properties: Record<string, unknown>, existing?: ArmResource) =>
    requireEmptyDatabase(resources, { name: "d", body: { properties }, existing });

  it("needs a source that exists", () => {
    const code = "SourceDatabaseNotFound";
    assert.throws(() => put({ createMode: "Copy" }), { status: 400, code });
    assert.throws(() => put({ createMode: "Copy", sourceDatabaseId: "/none" }), { status: 400, code });
  });

  it("is refused if it is not the default", () => {
    const copy = { createMode: "Secondary", sourceDatabaseId: source.id };
    assert.throws(() => put(copy), { status: 400, code: "InvalidDatabaseCreateMode" });
    put({});
    put({ createMode: "Default" });
    put(copy, source);
  });
});
