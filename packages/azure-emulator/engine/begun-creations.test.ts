import assert from "node:assert/strict";
import { join } from "node:path";
import { temporaryFolder } from "../../kit/testing/temporary-folder";
import { openBegunCreations } from "./begun-creations";
import type { ResourceProvider } from "./resource-provider";

describe("Begun creations", () => {
  const folder = temporaryFolder();
  const resource = {
    urn: "urn:pulumi:dev::p::azure-native:sql:Server::s",
    type: "azure-native:sql:Server",
    name: "s",
  };
  let calls: string[];
  let exists: boolean;
  let answer: () => Promise<void>;

  beforeEach(() => {
    calls = [];
    exists = false;
    answer = async () => {};
  });

  const provider = {
    async create() {
      calls.push("create");
      if (exists) throw new Error("cannot create already existing resource");
      exists = true;
      await answer();
      return { id: "/s", outputs: { made: 1 } };
    },
    async update() {
      calls.push("update");
      return { made: 2 };
    },
    find: async () => (exists ? "/s" : undefined),
  } as unknown as ResourceProvider;

  /** Each run opens the file anew, as a new process does. */
  const create = (file: string, preview = false) =>
    openBegunCreations(join(folder(), file)).watch(provider).create(resource, {}, preview);

  it("completes what was being created when the process was killed", async () => {
    const made = new Promise<void>((resolve) => {
      answer = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    void create("killed");
    await made;
    assert.deepEqual(await create("killed"), { id: "/s", outputs: { made: 2 } });
    assert.deepEqual(calls, ["create", "update"]);
  });

  it("refuses what somebody else made, in each run", async () => {
    exists = true;
    for (const _run of [1, 2, 3]) await assert.rejects(create("foreign"), /already existing/);
    assert.deepEqual(calls, ["create", "create", "create"]);
  });

  it("refuses what exists once a run has ended well", async () => {
    await create("ended");
    openBegunCreations(join(folder(), "ended")).forget();
    await assert.rejects(create("ended"), /already existing/);
  });

  it("notes nothing in a preview", async () => {
    await create("preview", true);
    await assert.rejects(create("preview"), /already existing/);
  });
});
