import assert from "node:assert/strict";
import type { ArmResource } from "../../../control-plane/resource";
import { sourceOfCopy } from "./create-mode";

describe("a database's create mode", () => {
  const type = "Microsoft.Sql/servers/databases";
  const source = { id: "/source", name: "source", type, properties: {} } as ArmResource;
  const server = { ...source, id: "/server", type: "Microsoft.Sql/servers" };
  const resources = { get: (id: string) => [source, server].find((one) => one.id === id) };
  const put = (properties: Record<string, unknown>, existing?: ArmResource, canCopy = true) =>
    sourceOfCopy(resources, { name: "d", body: { properties }, existing }, canCopy);
  const notFound = { status: 400, code: "SourceDatabaseNotFound" };

  it("needs a source that exists", () => {
    assert.throws(() => put({ createMode: "Copy" }), notFound);
    assert.throws(() => put({ createMode: "Copy", sourceDatabaseId: "/none" }), notFound);
  });

  it("needs a source that is a database", () => {
    assert.throws(() => put({ createMode: "Copy", sourceDatabaseId: server.id }), notFound);
  });

  it("is refused if it is neither the default nor a copy", () => {
    const secondary = { createMode: "Secondary", sourceDatabaseId: source.id };
    const copy = { createMode: "Copy", sourceDatabaseId: source.id };
    const invalid = { status: 400, code: "InvalidDatabaseCreateMode" };
    assert.throws(() => put(secondary), invalid);
    assert.throws(() => put(copy, undefined, false), invalid);
    assert.equal(put({}), undefined);
    assert.equal(put({ createMode: "Default" }), undefined);
    assert.equal(put(secondary, source), undefined);
    assert.equal(put(copy), source);
  });
});
