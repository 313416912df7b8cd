import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { inheritedNames } from "../../../../../kit/testing/inherited-names";
import type { FunctionInfo, HostKeys } from "../host-protocol";
import { isAuthorised } from "./authorization";

describe("The keys of a function", () => {
  const opens = (key: string, name: string, functions: HostKeys["functions"]) => {
    const request = { headers: { "x-functions-key": key } } as unknown as IncomingMessage;
    const info: FunctionInfo = { name, route: "", methods: [], authLevel: "function", bindings: [] };
    return isAuthorised(request, new URLSearchParams(), info, { master: "m", host: ["h"], functions });
  };

  it("open it, whatever its name, and no other function", () => {
    for (const name of ["Greet", ...inheritedNames]) {
      const keys = Object.fromEntries([[name.toLowerCase(), ["its own"]]]);
      for (const key of ["m", "h", "its own"]) assert.ok(opens(key, name, keys), name);
      assert.ok(opens("h", name, {}), name);
      assert.ok(!opens("its own", name, {}), name);
    }
  });
});
