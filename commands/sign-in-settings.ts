import type { StackConfig } from "../infra/steps/sign-in-environment";

type Settings = Readonly<Record<string, { readonly value?: string; readonly secret?: boolean }>>;

/**
 * The stack's settings; of its secrets only those of the sign-in are worth the right to decrypt.
 * @param pulumi runs the CLI for the stack and parses what it prints
 */
export async function signInSettings(
  pulumi: (...args: readonly string[]) => Promise<unknown>,
): Promise<StackConfig> {
  const closed = (await pulumi("config", "--json")) as Settings;
  const isNeeded = Object.entries(closed).some(([key, { secret }]) => secret && /^azure-native:/.test(key));
  const settings = isNeeded ? ((await pulumi("config", "--json", "--show-secrets")) as Settings) : closed;
  return { get: (key) => settings[key]?.value };
}
