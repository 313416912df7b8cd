import { stackRequest } from "../../local/deploy-stack";
import { readTenantStack } from "../../local/tenant-stack";
import { registerApplication } from "../../packages/azure-emulator/control-plane/graph/register-application";
import { projectRoot, type TestEmulator } from "./emulator";

/** The service principal that starts the pipeline in place of the Automation account. */
export const starter = {
  clientId: "00000000-0000-0000-0000-0000000000c1",
  objectId: "00000000-0000-0000-0000-0000000000c2",
};

/** Registers the service principal with the secret, and deploys the tenant with it. Without a secret: as it was. */
export async function deployStarter({ running }: TestEmulator, secret: string | undefined): Promise<void> {
  const { context } = running.azure;
  const tenant = readTenantStack(projectRoot, "dev", context);
  if (secret === undefined) {
    await running.engine.up(stackRequest(tenant));
    return;
  }
  await registerApplication(context.directory, { ...starter, displayName: "starter", secret });
  const value = JSON.stringify({ credential: { ...starter, clientSecret: secret } });
  const config = { ...tenant.config, "quantemplate:runbook": { value, secret: true } };
  await running.engine.up(stackRequest({ ...tenant, config }));
}
