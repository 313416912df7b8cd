import assert from "node:assert/strict";
import { toJson } from "./json";
import { UNKNOWN } from "./json-value";
import { renderMarkdown } from "./markdown";
import { readPreviewJson } from "./read";
import { summarise } from "./summarise";
import { renderTerminal } from "./terminal";
import { digest, type TestStep } from "./testing/preview";

const preview = (...steps: readonly TestStep[]) => readPreviewJson(digest("acme", steps));

/** A factory of which only a tag changes; the preview forgets its identity. */
const factory = (op: "update" | "replace" = "update"): TestStep => ({
  op,
  type: "azure-native:datafactory:Factory",
  name: "data-factory",
  before: {
    inputs: { factoryName: "adf", tags: { owner: "a" } },
    outputs: { name: "adf", identity: { principalId: "principal-1" } },
  },
  after: { inputs: { factoryName: op === "update" ? "adf" : "other", tags: { owner: "b" } } },
  diff: { "tags.owner": "update", ...(op === "replace" && { factoryName: "update-replace" }) },
});

/** The right of the factory's identity. */
const right = (after: object, diff: Readonly<Record<string, string>>): TestStep => ({
  op: "replace",
  type: "azure-native:authorization:RoleAssignment",
  name: "factory-reads-secret",
  before: {
    inputs: {
      principalId: "principal-1",
      roleAssignmentName: "guid-1",
      scope: "/vault",
      condition: ["/a", "/b"],
    },
    outputs: { name: "guid-1" },
  },
  after: {
    inputs: {
      principalId: "principal-1",
      roleAssignmentName: "guid-1",
      scope: "/vault",
      condition: ["/a", "/b"],
      ...after,
    },
  },
  diff,
});
const byPrincipal = right(
  { principalId: UNKNOWN, roleAssignmentName: UNKNOWN },
  { principalId: "update-replace", roleAssignmentName: "update-replace" },
);

const awaits = (...steps: readonly TestStep[]) =>
  preview(...steps).steps.find(({ name }) => name === "factory-reads-secret")?.awaits;

describe("A replacement that is not certain", () => {
  it("is told apart in text, Markdown and JSON, with the resource that it waits for", () => {
    const summary = summarise([preview(factory(), byPrincipal)]);
    const text = renderTerminal(summary);
    assert.match(text, /acme: 1 replace \(1 only possible\), 1 update/);
    assert.match(text, /± may replace authorization RoleAssignment factory-reads-secret/);
    assert.match(
      text,
      /It may be replaced: principalId, roleAssignmentName are known after the deployment of data-factory\./,
    );
    assert.match(
      text,
      /principalId: "principal-1" → \(known after the deployment\) \(may force the replacement\)/,
    );
    const markdown = renderMarkdown(summary);
    assert.match(markdown, /\| 1 \(1 only possible\) \| 1 \|/);
    assert.match(markdown, /\*\*± may replace\*\*/);
    assert.match(markdown, /It may be replaced: .* known after the deployment of data-factory/);
    const json = JSON.parse(toJson(summary)) as {
      stacks: { uncertain: number }[];
      sections: { changes: { op: string; name: string; awaits?: string[] }[] }[];
    };
    assert.equal(json.stacks[0]?.uncertain, 1);
    assert.deepEqual(
      json.sections[0]?.changes.map(({ op, name, awaits }) => [op, name, awaits]),
      [
        ["replace", "factory-reads-secret", ["data-factory"]],
        ["update", "data-factory", undefined],
      ],
    );
  });

  it("says what the replacement would mean", () => {
    const text = renderTerminal(summarise([preview(factory(), byPrincipal)]));
    assert.match(text, /If not: /);
  });

  it("is one whose every cause is unknown, also inside a list", () => {
    assert.deepEqual(awaits(factory(), byPrincipal), ["data-factory"]);
    assert.deepEqual(
      awaits(right({ condition: ["/a", UNKNOWN] }, { "condition[1]": "update-replace" })),
      [],
      "nobody shows the value",
    );
    const alsoKnown = { ...byPrincipal.diff, scope: "update-replace" };
    const moved = { principalId: UNKNOWN, roleAssignmentName: UNKNOWN, scope: "/other" };
    assert.equal(awaits(factory(), right(moved, alsoKnown)), undefined);
    assert.equal(
      awaits(right({ condition: ["/c", UNKNOWN] }, { "condition[0]": "update-replace" })),
      undefined,
    );
    assert.equal(
      awaits(right({ added: UNKNOWN }, { added: "add-replace" })),
      undefined,
      "there was no value",
    );
  });

  it("is none if it waits for what is certainly replaced", () => {
    assert.equal(awaits(factory("replace"), byPrincipal), undefined);
  });
});
