import assert from "node:assert/strict";
import { inheritedNames } from "../../../../kit/testing/inherited-names";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { allKeys, setFunctionKey } from "./function-keys";

describe("The keys of an app", () => {
  it("belong to its functions, also to one whose name every object inherits", async () => {
    const stored = new Map<string, ArmResource>();
    const resources = {
      get: (id: string) => stored.get(id),
      set: async (resource: ArmResource) => stored.set(resource.id, resource),
      list: ({ type }: { type: string }) => [...stored.values()].filter((resource) => resource.type === type),
    };
    const context = { resources } as unknown as LocalContext;
    for (const name of inheritedNames)
      await setFunctionKey(context, `/sites/a/functions/${name}`, "default", name);
    const { functions } = await allKeys(context, "/sites/a");
    assert.deepEqual(
      Object.entries(functions),
      inheritedNames.map((name) => [name.toLowerCase(), [name]]),
    );
  });
});
