import type { StepInputs, StepName, StepResult, StepSecret } from "../../infra/steps/registry";
import { diff, refusalsOf } from "../../infra/steps/run-step";
import type { ResourceProvider } from "../../packages/azure-emulator/engine/resource-provider";
import type { WireProperties } from "../../packages/azure-emulator/engine/wire-values";
import { dryRunClientId, dryRunPrincipalId } from "../../packages/azure-resource-types";
import { sha256 } from "../../packages/kit/sha256";

type Outcomes = {
  readonly [Name in StepName]: (inputs: StepInputs<Name>) => {
    readonly result: StepResult<Name>;
    readonly secret?: StepSecret<Name>;
  };
};

/** The outcome of each step, predicted from its inputs alone. */
const outcomes: Outcomes = {
  "webhook-uri": ({ accountId, expiry }) => ({
    result: { name: "dataset-updated-00000000", expiryTime: expiry || "2100-01-01T00:00:00.000Z" },
    secret: { uri: `https://webhook.example/${sha256(accountId)}` },
  }),
  "webhook-address": ({ accountId, name }) => ({
    result: { url: `https://management.azure.com${accountId}/webhooks/${name}` },
  }),
  "runbook-content": ({ content }) => ({ result: { sha256: sha256(content) } }),
  "trigger-stopped": ({ definition }) => ({ result: { definition } }),
  "trigger-started": ({ definition }) => ({ result: { definition } }),
  "function-code": ({ sha256: code }) => ({ result: { sha256: code } }),
  "function-key": ({ keyName }) => ({ result: { keyName } }),
  "sql-administrator": ({ objectId }) => ({ result: { objectId } }),
  "sql-auditing": () => ({ result: {} }),
  "existing-resource": () => ({ result: {} }),
  "managed-network": () => ({ result: {} }),
  "endpoint-approval": () => ({ result: {} }),
  "function-allow-list": () => ({ result: {} }),
  placement: () => ({ result: {} }),
  "budget-start": ({ earliest }) => ({ result: { startDate: `${earliest}T00:00:00Z` } }),
  "identity-client-id": ({ resourceId }) => ({ result: { clientId: dryRunClientId(resourceId) } }),
  "known-role": ({ roleDefinitionId }) => ({ result: { roleDefinitionId } }),
  "database-migration": ({ files }) => ({ result: { files: Object.keys(files).length } }),
};

/** Pulumi's dynamic provider without its process: steps are compared as always, but never run. */
export function createDryRunSteps(): ResourceProvider {
  return {
    name: "pulumi-nodejs",
    version: "",
    configure() {},
    async check(_resource, olds, news) {
      const failures = refusalsOf(olds && stateOf(olds), stateOf(news));
      // The reason unchanged: it says what is safe and what to do next.
      if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
      return { inputs: observed(news), failures: [] };
    },
    async diff(_resource, _id, _oldInputs, oldOutputs, news) {
      const { changes, replaces, deleteBeforeReplace } = await diff(stateOf(oldOutputs), stateOf(news));
      const kind = replaces.length > 0 ? "updateReplace" : "update";
      return { differences: changes ? { inputs: kind } : {}, deleteBeforeReplace };
    },
    async create(resource, inputs, preview) {
      if (preview) return { id: "", outputs: inputs };
      return { id: resource.name, outputs: done(inputs) };
    },
    update: async (_resource, _id, _oldOutputs, news, preview) => (preview ? news : done(news)),
    read: async (_resource, id, inputs, outputs) => ({ id, inputs, outputs }),
    async delete() {},
    invoke: async (token) => Promise.reject(new Error(`No step is invoked: ${token}`)),
  };
}

/** What a step would see in Azure, predicted. */
function observed(news: WireProperties): WireProperties {
  const { step, inputs } = stateOf(news);
  if (step !== "existing-resource") return news;
  const { id } = inputs as unknown as StepInputs<"existing-resource">;
  const facts = {
    clientId: dryRunClientId(id),
    principalId: dryRunPrincipalId(id),
    host: `${id.slice(id.lastIndexOf("/") + 1)}.database.windows.net`,
    uri: `https://${id.slice(id.lastIndexOf("/") + 1)}.vault.azure.net/`,
  };
  return { ...news, inputs: { ...inputs, facts } };
}

function done(inputs: WireProperties): WireProperties {
  const { step, inputs: given } = stateOf(inputs);
  // A step that only the other program has: resources that read its result see nothing.
  const outcome = (outcomes as Readonly<Record<string, (inputs: never) => object>>)[step];
  return { ...inputs, ...(outcome?.(given as never) ?? { result: {} }) };
}

function stateOf(properties: WireProperties): Parameters<typeof diff>[0] {
  return properties as unknown as Parameters<typeof diff>[0];
}
