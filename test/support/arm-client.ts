import type { ArmBody, ArmResource } from "../../packages/azure-emulator/control-plane/resource";
import { parseResourceId } from "../../packages/azure-emulator/control-plane/resource-id";
import { azureResourceTypes } from "../../packages/azure-resource-types";
import type { TestEmulator } from "./emulator";

/** ARM over REST as an Owner, and a way around ARM for tests that need a state that no client can create. */
export function armClient({ environment, running }: TestEmulator) {
  const { arm, subscriptionId, resourceGroup, automation, dataFactory } = environment;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const { resources } = running.azure.context;

  async function request(method: string, path: string, body?: unknown): Promise<Response> {
    const type = parseResourceId(path)?.type ?? parseResourceId(path.replace(/\/[^/]+$/, ""))?.type ?? "";
    const version = azureResourceTypes.byType(type)?.apiVersion ?? "2024-01-01";
    const url = `${arm.endpoint}${path}${path.includes("?") ? "&" : "?"}api-version=${version}`;
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${arm.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
    return response;
  }
  const account = `${group}/providers/Microsoft.Automation/automationAccounts/${automation.accountName}`;
  const factory = `${group}/providers/Microsoft.DataFactory/factories/${dataFactory.factoryName}`;

  return {
    group,
    account,
    factory,
    request,
    /** Resources of a type, as stored. */
    list: (type: string): ArmResource[] => resources.list({ type }),
    async put(id: string, body: ArmBody): Promise<void> {
      await request("PUT", id, body);
    },
    async delete(id: string): Promise<void> {
      await request("DELETE", id);
    },
    async putText(path: string, body: string): Promise<void> {
      const url = `${arm.endpoint}${path}?api-version=2023-11-01`;
      const headers = { authorization: `Bearer ${arm.token}`, "content-type": "text/powershell" };
      const response = await fetch(url, { method: "PUT", headers, body });
      if (!response.ok) throw new Error(`PUT ${url}: ${response.status} ${await response.text()}`);
    },
    async webhook(): Promise<ArmResource> {
      const [webhook] = resources.list({ type: "Microsoft.Automation/automationAccounts/webhooks" });
      if (webhook === undefined) throw new Error("No webhook is deployed.");
      return webhook;
    },
    /** Changes stored properties behind ARM's back; returns a function that restores them. */
    async setStored(id: string, properties: Record<string, unknown>): Promise<() => Promise<void>> {
      const before = resources.get(id);
      if (before === undefined) throw new Error(`No resource ${id}.`);
      await resources.set({ ...before, properties: { ...before.properties, ...properties } });
      return () => resources.set(before);
    },
    async jobOutput(job: string): Promise<string> {
      return (await request("GET", `${account}/jobs/${job}/output`)).text();
    },
    async pipelineRuns(): Promise<{ runId: string; status: string; message: string }[]> {
      const body = { lastUpdatedAfter: "2000-01-01T00:00:00Z", lastUpdatedBefore: "2100-01-01T00:00:00Z" };
      const answer = await request("POST", `${factory}/queryPipelineRuns`, body);
      return ((await answer.json()) as { value: { runId: string; status: string; message: string }[] }).value;
    },
  };
}
