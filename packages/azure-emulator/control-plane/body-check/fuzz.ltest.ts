import assert from "node:assert/strict";
import { azureResourceTypes, type ObjectShape, shapeOf } from "../../../azure-resource-types";
import { createAutomationService } from "../../services/automation";
import { createDataFactoryService } from "../../services/data-factory";
import { createKeyVaultService } from "../../services/key-vault";
import { createNetworkService } from "../../services/network";
import { createPassiveService } from "../../services/passive";
import { createSqlService } from "../../services/sql";
import { createStorageService } from "../../services/storage";
import { createWebService } from "../../services/web";
import { startTestEmulator, type TestEmulator } from "../testing/test-emulator";
import { type BaseResource, baseResources } from "./testing/base-bodies";
import { ALWAYS_REFUSED, type Fault, type FaultKind, faultsOf } from "./testing/faults";
import { type Random, randomOf } from "./testing/random";
import { validBody } from "./testing/valid-body";

/** `FUZZ_SEED=<number>` repeats a run. */
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const BODIES = 4;
/** Of one type and kind, so that a large type does not crowd out the others. */
const FAULTS = 10;

describe(`bodies made from the published types (FUZZ_SEED=${seed})`, () => {
  let emulator: TestEmulator;
  let bases: readonly BaseResource[];
  const random = randomOf(seed);

  before(async () => {
    emulator = await startTestEmulator((context) => {
      const sql = createSqlService(context);
      return [
        createPassiveService(context),
        createNetworkService(context),
        createKeyVaultService(context),
        createStorageService(context),
        sql,
        createWebService(context),
        createDataFactoryService(context, { sql: () => sql }),
        createAutomationService(context, { powerShell: null }),
      ];
    });
    bases = baseResources(emulator);
    for (const { id, body } of bases) {
      const reply = await emulator.arm("PUT", id, body);
      assert.ok(reply.status < 300, `${id}: ${reply.status} ${reply.text}`);
    }
  });
  after(() => emulator?.stop());

  const bodyOf = (base: BaseResource): ObjectShape => {
    const shape = shapeOf(base.type)?.body;
    assert.ok(shape, base.type);
    if (shape.variants?.key !== "name") return shape;
    const variant = shape.variants.of[base.id.split("/").at(-1) ?? ""];
    assert.ok(variant?.kind === "object", base.id);
    return { kind: "object", properties: { ...shape.properties, ...variant.properties } };
  };
  const made = (base: BaseResource) => validBody(bodyOf(base), base.body, base.leaves, random);

  it("are of every served type", () => {
    const covered = new Set(bases.map(({ type }) => type));
    // Only a private endpoint makes a connection.
    const missing = azureResourceTypes.types.filter(
      ({ type, runs }) =>
        runs !== "nowhere" && !covered.has(type) && !type.endsWith("/privateEndpointConnections"),
    );
    // A webhook needs a URI that is minted for it and a published runbook; automation.itest.ts has them.
    assert.deepEqual(
      missing.map(({ type }) => type),
      ["Microsoft.Automation/automationAccounts/webhooks"],
    );
  });

  it("are taken without a fault, and what a GET then answers is taken again", async () => {
    for (const base of bases)
      for (let count = 0; count < BODIES; count++) {
        const body = made(base);
        const reply = await emulator.arm("PUT", base.id, body);
        assert.ok(
          reply.status < 300,
          `${base.id}: ${reply.status} ${reply.text} for ${JSON.stringify(body)}`,
        );
        const answer = await emulator.arm("GET", base.id);
        if (answer.status === 405 || hasSecrets(base)) continue;
        const again = await emulator.arm("PUT", base.id, answer.json);
        assert.ok(again.status < 300, `${base.id}: ${again.status} ${again.text} for ${answer.text}`);
      }
  });

  it("are refused with a fault that every provider refuses, and never with a 5xx", async () => {
    const told = new Map<FaultKind, { refused: number; sent: number }>();
    const taken: string[] = [];
    for (const base of bases)
      for (const fault of someFaults(faultsOf(bodyOf(base), made(base)), random)) {
        const reply = await emulator.arm("PUT", base.id, fault.body);
        assert.ok(reply.status < 500, `${base.id} ${fault.path}: ${reply.text}`);
        const refused = reply.status === 400;
        const count = told.get(fault.kind) ?? { refused: 0, sent: 0 };
        told.set(fault.kind, { refused: count.refused + Number(refused), sent: count.sent + 1 });
        if (!refused) taken.push(`${fault.kind} ${base.type} ${fault.path}: ${reply.status}`);
        if (refused) assert.match(reply.json.error.message, /./, fault.path);
      }
    const always = [...told].filter(([kind]) => ALWAYS_REFUSED.has(kind)).map(([, count]) => count);
    const sum = (of: (count: { refused: number; sent: number }) => number) =>
      always.reduce((total, count) => total + of(count), 0);
    const [refused, sent] = [sum((count) => count.refused), sum((count) => count.sent)];
    assert.ok(sent > 300, String(sent));
    assert.ok(refused >= 0.95 * sent, `${refused} of ${sent} refused; taken:\n${taken.join("\n")}`);
    const unknown = told.get("unknown-property");
    assert.equal(unknown?.refused, unknown?.sent, taken.join("\n"));
  });
});

/** What a GET leaves out because it is secret must be there in the next PUT. */
function hasSecrets({ type }: BaseResource): boolean {
  return /\/(secrets|credentials)$/.test(type);
}

/** At most {@link FAULTS} of each kind. */
function someFaults(faults: readonly Fault[], random: Random): Fault[] {
  const kinds = [...new Set(faults.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const all = faults.filter((fault) => fault.kind === kind);
    return Array.from({ length: Math.min(FAULTS, all.length) }, () => random.pick(all));
  });
}
