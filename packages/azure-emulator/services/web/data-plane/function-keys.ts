import { randomBytes } from "node:crypto";
import type { LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import type { HostKeys } from "../run/host-protocol";

const FUNCTION_KEY_TYPE = "Microsoft.Web/sites/functions/keys";
const HOST_TYPE = "Microsoft.Web/sites/host";

interface HostSecrets {
  readonly masterKey: string;
  readonly functionKeys: Readonly<Record<string, string>>;
}

/** The host's own keys, created when first needed. */
export async function hostSecrets(context: LocalContext, siteId: string): Promise<HostSecrets> {
  const id = `${siteId}/host/default`;
  const known = context.resources.get(id);
  if (known !== undefined) return known.properties as unknown as HostSecrets;
  const secrets = { masterKey: newKey(), functionKeys: { default: newKey() } };
  await context.resources.set({ id, type: HOST_TYPE, name: "default", properties: secrets });
  return secrets;
}

/** Every key that the app's process must know. */
export async function allKeys(context: LocalContext, siteId: string): Promise<HostKeys> {
  const { masterKey, functionKeys } = await hostSecrets(context, siteId);
  const functions = new Map<string, string[]>();
  for (const key of context.resources.list({ type: FUNCTION_KEY_TYPE, under: siteId })) {
    const name = functionOf(key).toLowerCase();
    functions.set(name, [...(functions.get(name) ?? []), String(key.properties.value)]);
  }
  return { master: masterKey, host: Object.values(functionKeys), functions: Object.fromEntries(functions) };
}

/** The keys of one function by name; the first call creates its `default`. */
export async function keysOfFunction(
  context: LocalContext,
  functionId: string,
): Promise<Record<string, string>> {
  const stored = context.resources.list({ type: FUNCTION_KEY_TYPE, under: functionId });
  if (!stored.some(({ name }) => name === "default")) {
    stored.push(await setFunctionKey(context, functionId, "default", newKey()));
  }
  return Object.fromEntries(stored.map(({ name, properties }) => [name, String(properties.value)]));
}

export async function setFunctionKey(
  context: LocalContext,
  functionId: string,
  name: string,
  value: string,
): Promise<ArmResource> {
  const id = `${functionId}/keys/${name}`;
  const key: ArmResource = { id, type: FUNCTION_KEY_TYPE, name, properties: { name, value } };
  await context.resources.set(key);
  return key;
}

/** A key as the Functions host makes it: 42 random bytes. */
export function newKey(): string {
  return randomBytes(42).toString("base64url");
}

function functionOf(key: ArmResource): string {
  return key.id.split("/").at(-3) ?? "";
}
