import assert from "node:assert/strict";
import { catalogue } from "../../errors/catalogue";
import { activityKinds } from "../../packages/azure-emulator/services/data-factory/activities";
import type { ActivityNode } from "../../packages/azure-emulator/services/data-factory/model/activity";
import { parseDataset } from "../../packages/azure-emulator/services/data-factory/model/dataset";
import { parseLinkedService } from "../../packages/azure-emulator/services/data-factory/model/linked-service";
import { parsePipeline } from "../../packages/azure-emulator/services/data-factory/model/pipeline";
import { checkPipeline } from "../../packages/azure-emulator/services/data-factory/model/static-checks";
import { parseTrigger } from "../../packages/azure-emulator/services/data-factory/model/trigger";
import { definitionFolders, definitions } from "./testing/definitions";

const folders = ["dataset", "factory", "linkedService", "pipeline", "trigger"];
const all = folders.flatMap(definitions);

/** The checks of Test-AdfCode in Azure.DataFactory.Tools, and some of our own. */
describe("adf-definitions", () => {
  it("has Studio's folders, none empty", () => {
    assert.deepEqual([...definitionFolders].sort(), folders);
    for (const folder of folders) assert.notEqual(definitions(folder).length, 0, folder);
  });

  for (const { folder, file, name, properties } of all) {
    it(`${folder}/${file} is valid`, () => {
      assert.equal(file, `${name}.json`, "the file is named as its object");
      if (folder === "dataset" || folder === "linkedService") assert.match(name, /^\w+$/, "no dashes");
      parse(folder, name, properties);
    });
  }

  it("gives no two objects of a kind the same name", () => {
    for (const folder of folders) {
      const names = definitions(folder).map(({ name }) => name.toLowerCase());
      assert.equal(new Set(names).size, names.length, folder);
    }
  });

  it("references only objects that exist, and every object is referenced", () => {
    const kinds: Record<string, string> = {
      LinkedServiceReference: "linkedService",
      DatasetReference: "dataset",
      PipelineReference: "pipeline",
    };
    const named = new Set(
      all
        .flatMap(({ properties }) => [...references(properties)])
        .map(([type, name]) => `${kinds[type]}/${name}`),
    );
    const existing = new Set(all.map(({ folder, name }) => `${folder}/${name}`));
    for (const reference of named) assert.ok(existing.has(reference), `${reference} exists`);
    for (const object of existing) {
      // The reconcile pipeline references QT_fetch_data too; nothing references factories and triggers.
      if (/^(factory|trigger)\//.test(object)) continue;
      assert.ok(named.has(object), `${object} is used`);
    }
  });

  it("uses exactly the global parameters that the factory declares, without dashes", () => {
    const declared = definitions("factory").flatMap(({ properties }) =>
      Object.keys(Object(properties.globalParameters)),
    );
    const text = JSON.stringify(definitions("pipeline"));
    const used = new Set([...text.matchAll(/globalParameters\.(\w+)/g)].map(([, name]) => name));
    assert.deepEqual([...used].sort(), [...declared].sort());
    for (const name of declared) assert.match(name, /^\w+$/);
  });

  it("holds no address, id or secret of an environment outside the factory's global parameters", () => {
    const objects = all.filter(({ folder }) => folder !== "factory").map(({ properties }) => properties);
    const urls = JSON.stringify(objects).match(/https?:\/\/[^"']+/g) ?? [];
    // What the factory's tokens are for, the same in every environment.
    assert.deepEqual([...new Set(urls)], ["https://vault.azure.net", "https://management.azure.com/"]);
  });

  it("ends failed runs with a code of the catalogue", () => {
    const codes = [...JSON.stringify(definitions("pipeline")).matchAll(/"errorCode":"(\w+)"/g)].map(
      ([, code]) => code,
    );
    assert.deepEqual([...new Set(codes)], ["QT3001", "QT3002"]);
    for (const code of codes) assert.ok(Object.hasOwn(catalogue, code ?? ""), code);
  });

  it("gives the same cause in FailLoad and in FailRun", () => {
    const nodes = fetchData();
    assert.match(
      JSON.stringify(nodes.get("FailLoad")?.properties),
      /@take\(variables\('FirstError'\), 4000\)/,
    );
    assert.match(JSON.stringify(nodes.get("FailRun")?.properties), /"@variables\('FirstError'\)"/);
  });

  it("keeps secrets out of the runs: every activity that sees one is secure", () => {
    const policy = Object.fromEntries([...fetchData()].map(([name, node]) => [name, node.policy]));
    assert.equal(policy.GetSecret?.secureOutput, true);
    assert.equal(policy.Login?.secureInput && policy.Login.secureOutput, true);
    assert.equal(policy.CopyDataset?.secureInput, true);
  });

  it("repeats no activity whose token would be too old: Login and CopyDataset are repeated together", () => {
    const nodes = fetchData();
    assert.deepEqual(
      ["Login", "CopyDataset"].map((name) => nodes.get(name)?.policy.retry),
      [0, 0],
    );
    const inner = nodes
      .get("Download")
      ?.branches.flat()
      .map(({ name }) => name);
    assert.deepEqual(inner, ["Login", "CopyDataset", "KeepOutcome", "WaitToRepeat"]);
  });

  it("repeats no call of the database by policy that the database may refuse for good", () => {
    const nodes = fetchData();
    for (const name of ["BeginLoad", "Publish", "PublishAgain"])
      assert.equal(nodes.get(name)?.policy.retry, 0, name);
  });

  it("publishes a second time just as the first", () => {
    const raw = JSON.stringify(definitions("pipeline").find(({ name }) => name === "QT_fetch_data"));
    const calls = [
      ...raw.matchAll(
        /"storedProcedureName":"qt.publish","storedProcedureParameters":(.*?)},"linkedServiceName"/g,
      ),
    ];
    assert.equal(calls.length, 2);
    assert.equal(calls[1]?.[1], calls[0]?.[1]);
  });
});

/** Every activity of QT_fetch_data, nested ones too, by name. */
function fetchData(): ReadonlyMap<string, ActivityNode> {
  const pipeline = definitions("pipeline").find(({ name }) => name === "QT_fetch_data");
  const all = (nodes: readonly ActivityNode[]): ActivityNode[] =>
    nodes.flatMap((node) => [node, ...all(node.branches.flat())]);
  const { activities } = parsePipeline("QT_fetch_data", pipeline?.properties, activityKinds);
  return new Map(all(activities).map((node) => [node.name, node]));
}

function parse(folder: string, name: string, properties: unknown): void {
  switch (folder) {
    case "dataset":
      parseDataset(name, properties);
      break;
    case "linkedService":
      parseLinkedService(name, properties);
      break;
    case "trigger":
      parseTrigger(name, properties);
      break;
    case "pipeline":
      checkPipeline(parsePipeline(name, properties, activityKinds));
      break;
  }
}

function* references(value: unknown): Generator<[type: string, name: string]> {
  if (typeof value !== "object" || value === null) return;
  if ("referenceName" in value && "type" in value) yield [String(value.type), String(value.referenceName)];
  for (const item of Object.values(value)) yield* references(item);
}
