import { resourceNames } from "../../../../infra/naming";
import { readDefinitions } from "../../../../infra/studio-files";

/** A step for a preview of any tenant; its states may contain the tenant's own names. */
export interface TestStep {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly before?: State;
  readonly after?: State;
  readonly diff?: Readonly<Record<string, string>>;
}

export interface State {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
}

/** Values that must never be shown. */
export const planted = ["planted-secret-value", "planted-token", "planted-password"] as const;

/** What the engine writes in place of a secret: in events, and with `--show-secrets`. */
export const secret = (plaintext?: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ...(plaintext === undefined ? { ciphertext: "[secret]" } : { plaintext: JSON.stringify(plaintext) }),
});

/** The names of a tenant whose suffix is derived from its name. */
export function namesOf(stack: string) {
  const suffix = Buffer.from(`${stack}......`).toString("hex").slice(0, 6);
  return resourceNames({ stack, location: "westeurope", suffix });
}

const urn = (stack: string, type: string, name: string) =>
  `urn:pulumi:${stack}::quantemplate::${type}::${name}`;

/** A preview as `pulumi preview --json` writes it. It always includes the stack itself, with its outputs. */
export function digest(stack: string, steps: readonly TestStep[]): string {
  const root = { custom: false, outputs: { resourceGroupName: namesOf(stack).resourceGroup } };
  return JSON.stringify({
    config: { "quantemplate:clientSecret": "[secret]" },
    steps: [
      {
        op: "same",
        urn: urn(stack, "pulumi:pulumi:Stack", `quantemplate-${stack}`),
        oldState: root,
        newState: root,
      },
      ...steps.map(({ op, type, name, before, after, diff }) => ({
        op,
        urn: urn(stack, type, name),
        ...(before ? { oldState: { custom: true, ...before } } : {}),
        ...(after ? { newState: { custom: true, ...after } } : {}),
        ...(diff
          ? { detailedDiff: Object.fromEntries(Object.entries(diff).map(([path, kind]) => [path, { kind }])) }
          : {}),
      })),
    ],
    changeSummary: { same: 1 },
  });
}

/** The same preview as the engine's events. */
export function events(stack: string, steps: readonly TestStep[]): object[] {
  const metadata = steps.map(({ op, type, name, before, after, diff }) => ({
    op,
    urn: urn(stack, type, name),
    type,
    ...(before ? { old: { custom: true, ...before } } : {}),
    ...(after ? { new: { custom: true, ...after } } : {}),
    ...(diff
      ? {
          detailedDiff: Object.fromEntries(
            Object.entries(diff).map(([path, diffKind]) => [path, { diffKind, inputDiff: true }]),
          ),
        }
      : {}),
  }));
  return [
    ...metadata.map((one) => ({ resourcePreEvent: { metadata: one, planning: true } })),
    { summaryEvent: { resourceChanges: {} } },
  ].map((event, sequence) => ({ sequence, timestamp: 0, ...event }));
}

/** The pipeline QT_fetch_data as azure-native has it, before and after one timeout changed. */
export function pipelineStep(stack: string): TestStep {
  const pipeline = readDefinitions().objects.find(({ name }) => name === "QT_fetch_data");
  const { resourceGroup, dataFactory } = namesOf(stack);
  const place = { resourceGroupName: resourceGroup, factoryName: dataFactory, pipelineName: "QT_fetch_data" };
  const inputs = { ...pipeline?.properties, ...place };
  const text = JSON.stringify(inputs);
  const changed = JSON.parse(text.replace(/"timeout":"[^"]*"/, '"timeout":"0.00:42:00"')) as typeof inputs;
  return {
    op: "update",
    type: "azure-native:datafactory:Pipeline",
    name: "QT_fetch_data",
    before: { inputs },
    after: { inputs: changed },
    diff: { "activities[0].policy.timeout": "update" },
  };
}

export function databaseStep(stack: string, op: "update" | "replace"): TestStep {
  const inputs = (capacity: number, databaseName: string) => ({
    resourceGroupName: namesOf(stack).resourceGroup,
    databaseName,
    sku: { name: "GP_S_Gen5", capacity },
  });
  const replaced = op === "replace";
  return {
    op,
    type: "azure-native:sql:Database",
    name: "sql-database",
    before: { inputs: inputs(2, "quantemplate"), protect: true },
    after: { inputs: inputs(replaced ? 2 : 4, replaced ? "other" : "quantemplate"), protect: true },
    diff: replaced ? { databaseName: "update-replace" } : { "sku.capacity": "update" },
  };
}

export function migrationStep(stack: string): TestStep {
  const { sqlServer } = namesOf(stack);
  const inputs = (files: Readonly<Record<string, string>>) => ({
    step: "database-migration",
    inputs: { server: `${sqlServer}.database.windows.net`, files, datasets: [{ id: "d-1", table: "t" }] },
    __provider: "serialised",
  });
  return {
    op: "update",
    type: "pulumi-nodejs:dynamic/quantemplate:database-migration",
    name: "database-migration",
    before: {
      inputs: inputs({ "migrations/0001-a.sql": "a".repeat(64), "repeatable/p.sql": "b".repeat(64) }),
    },
    after: {
      inputs: inputs({
        "migrations/0001-a.sql": "a".repeat(64),
        "migrations/0002-b.sql": "c".repeat(64),
        "repeatable/p.sql": "d".repeat(64),
      }),
    },
  };
}

export function runbookStep(): TestStep {
  const inputs = (content: string) => ({
    step: "runbook-content",
    inputs: { runbookId: "/r", file: "runbooks/Start-QuantemplateLoad.ps1", content },
  });
  return {
    op: "update",
    type: "pulumi-nodejs:dynamic/quantemplate:runbook-content",
    name: "Start-QuantemplateLoad-content",
    before: { inputs: inputs("param()\n$seconds = 5\nWrite-Output 'x'\n") },
    after: { inputs: inputs("param()\n$seconds = 9\nWrite-Output 'x'\n") },
  };
}
