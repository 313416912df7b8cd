import assert from "node:assert/strict";
import { isInterrupted, repairInterrupted, type StackResource, type StackState } from "./interrupted-stack";

const urnOf = (name: string) => `urn:pulumi:dev::p::t:m:T::${name}`;
const resource = (name: string, more: Partial<StackResource> = {}): StackResource => ({
  urn: urnOf(name),
  type: "t:m:T",
  ...more,
});
const kept = (name: string, more: Partial<StackResource> = {}) => resource(name, { id: `/${name}`, ...more });
const names = ({ resources = [] }: StackState) =>
  resources.map(({ urn, delete: isOld }) => `${urn.split("::").at(-1)}${isOld ? " (old)" : ""}`);
/** A cloud that has what was asked for. */
const everything = async ({ urn }: StackResource) => `/new/${urn.split("::").at(-1)}`;
const nothing = async () => undefined;

describe("The state of a killed deployment", () => {
  it("is interrupted only with pending operations", () => {
    assert.equal(isInterrupted({}), false);
    assert.equal(isInterrupted({ pending_operations: [] }), false);
    assert.equal(
      isInterrupted({ pending_operations: [{ type: "creating", resource: resource("a") }] }),
      true,
    );
  });

  it("knows a resource that was created, behind what it needs, and writes it again", async () => {
    const state: StackState = {
      resources: [kept("stack"), kept("provider"), kept("group"), kept("other", { parent: urnOf("stack") })],
      pending_operations: [
        {
          type: "creating",
          resource: resource("account", {
            parent: urnOf("stack"),
            provider: `${urnOf("provider")}::1`,
            propertyDependencies: { resourceGroupName: [urnOf("group")], nothing: null },
          }),
        },
      ],
    };
    const repair = await repairInterrupted(state, everything);
    assert.deepEqual(names(repair.state), ["stack", "provider", "group", "account", "other"]);
    const account = repair.state.resources?.[3];
    assert.equal(account?.id, "/new/account");
    assert.deepEqual(account?.initErrors, ["interrupted while creating"]);
    assert.deepEqual([repair.adopted, repair.again], [[urnOf("account")], [urnOf("account")]]);
    assert.ok(!("pending_operations" in repair.state));
  });

  it("forgets a creation of which the cloud has nothing", async () => {
    const state: StackState = {
      resources: [kept("stack")],
      pending_operations: [{ type: "creating", resource: resource("account") }],
    };
    const repair = await repairInterrupted(state, nothing);
    assert.deepEqual(names(repair.state), ["stack"]);
    assert.deepEqual([repair.adopted, repair.again], [[], []]);
  });

  it("leaves what a created replacement replaces to be deleted", async () => {
    const state: StackState = {
      resources: [kept("account"), kept("webhook"), kept("follower", { dependencies: [urnOf("webhook")] })],
      pending_operations: [
        { type: "creating", resource: resource("webhook", { dependencies: [urnOf("account")] }) },
      ],
    };
    const { resources = [] } = (await repairInterrupted(state, everything)).state;
    assert.deepEqual(names({ resources }), ["account", "webhook", "webhook (old)", "follower"]);
    assert.deepEqual([resources[1]?.id, resources[2]?.id], ["/new/webhook", "/webhook"]);
    assert.equal(resources[2]?.initErrors, undefined);
  });

  it("puts a created replacement in the place of what was deleted for it", async () => {
    const state: StackState = {
      resources: [kept("plan", { pendingReplacement: true }), kept("app", { dependencies: [urnOf("plan")] })],
      pending_operations: [{ type: "creating", resource: resource("plan") }],
    };
    const { state: repaired } = await repairInterrupted(state, everything);
    assert.deepEqual(names(repaired), ["plan", "app"]);
    assert.equal(repaired.resources?.[0]?.id, "/new/plan");
  });

  it("writes again what was being updated or deleted, and nothing that waits for its deletion", async () => {
    const state: StackState = {
      resources: [kept("a"), kept("b"), kept("b", { id: "/old", delete: true }), kept("c")],
      pending_operations: [
        { type: "updating", resource: kept("a") },
        { type: "deleting", resource: kept("b") },
        { type: "deleting", resource: kept("b", { id: "/old", delete: true }) },
        { type: "reading", resource: kept("c") },
      ],
    };
    const repair = await repairInterrupted(state, nothing);
    assert.deepEqual(
      repair.state.resources?.map(({ initErrors }) => initErrors),
      [["interrupted while updating"], ["interrupted while deleting"], undefined, undefined],
    );
    assert.deepEqual(repair.again, [urnOf("a"), urnOf("b")]);
  });
});
