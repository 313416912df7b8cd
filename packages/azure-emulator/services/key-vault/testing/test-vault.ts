import tls from "node:tls";
import { ClientSecretCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import {
  startTestEmulator,
  type TestEmulator,
  type TestReply,
} from "../../../control-plane/testing/test-emulator";
import { createKeyVaultService } from "..";

const ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483";

/** An emulator with vaults whose objects the deployer may use. */
export interface TestVaults {
  readonly emulator: TestEmulator;
  /** Makes a vault, and returns its address. */
  create(name: string, properties?: object): Promise<string>;
  put(name: string, properties?: object): Promise<TestReply>;
  idOf(name: string): string;
  secrets(address: string): SecretClient;
  readonly credential: ClientSecretCredential;
  stop(): Promise<void>;
}

/** Starts it; this process trusts its certificates until `stop`. */
export async function startTestVaults(): Promise<TestVaults> {
  const emulator = await startTestEmulator((context) => [createKeyVaultService(context)]);
  const { context } = emulator;
  const trusted = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...trusted, context.certificates.ca]);
  const { clientId, secret, objectId: principalId } = context.principals.deployer;
  const credential = new ClientSecretCredential(context.tenantId, clientId, secret, {
    authorityHost: context.httpsUrl,
    disableInstanceDiscovery: true,
  });
  const role = `${emulator.group}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
  await emulator.arm("PUT", role, { properties: { roleDefinitionId: `/x/${ADMINISTRATOR}`, principalId } });
  const idOf = (name: string) => `${emulator.group}/providers/Microsoft.KeyVault/vaults/${name}`;
  const put: TestVaults["put"] = (name, properties = {}) =>
    emulator.arm("PUT", idOf(name), {
      location: "westeurope",
      properties: {
        tenantId: context.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        ...properties,
      },
    });
  return {
    emulator,
    idOf,
    put,
    credential,
    async create(name, properties) {
      const { json, status, text } = await put(name, properties);
      if (status >= 300) throw new Error(`PUT ${name}: ${status} ${text}`);
      return json.properties.vaultUri;
    },
    secrets: (address) =>
      new SecretClient(address, credential, { disableChallengeResourceVerification: true }),
    async stop() {
      tls.setDefaultCACertificates(trusted);
      await emulator.stop();
    },
  };
}
