import assert from "node:assert/strict";
import type { FunctionInfo } from "../host-protocol";
import { createRouter } from "./routes";

describe("routes of the functions host", () => {
  const info = (name: string, route: string, methods = ["GET"]): FunctionInfo => ({
    name,
    route,
    methods,
    authLevel: "anonymous",
    bindings: [],
  });
  const find = createRouter(
    [
      info("rest", "files/{*path}"),
      info("one", "items/{id:int}"),
      info("special", "items/special"),
      info("any", "items/{name}"),
      info("maybe", "things/{kind}/{id?}"),
      info("post", "items", ["POST", "PUT"]),
      info("inherited", "{__proto__}/by/{constructor}/{*toString}"),
    ],
    "api",
  );
  const matched = (method: string, path: string) => {
    const match = find(method, path);
    return match && [match.info.name, match.params];
  };

  it("prefers text to parameters and parameters to a catch-all", () => {
    assert.deepEqual(matched("GET", "/api/items/special"), ["special", {}]);
    assert.deepEqual(matched("GET", "/API/Items/7"), ["one", { id: "7" }]);
    assert.deepEqual(matched("GET", "/api/items/a%20b"), ["any", { name: "a b" }]);
    assert.deepEqual(matched("GET", "/api/files/a/b.txt"), ["rest", { path: "a/b.txt" }]);
  });

  it("supports optional parameters and the methods of a function", () => {
    assert.deepEqual(matched("GET", "/api/things/a"), ["maybe", { kind: "a" }]);
    assert.deepEqual(matched("GET", "/api/things/a/1"), ["maybe", { kind: "a", id: "1" }]);
    assert.deepEqual(matched("put", "/api/items"), ["post", {}]);
  });

  it("takes parameters whose names every object inherits", () => {
    const params = Object.fromEntries([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["toString", "c/d"],
    ]);
    assert.deepEqual(matched("GET", "/api/a/by/b/c/d"), ["inherited", params]);
  });

  it("matches nothing else", () => {
    for (const path of ["/", "/items/1", "/api/items/1/2", "/api/things", "/apix/items/1"]) {
      assert.equal(find("GET", path), undefined, path);
    }
    assert.equal(find("GET", "/api/items"), undefined);
  });
});
