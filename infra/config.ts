import * as pulumi from "@pulumi/pulumi";
import { CLIENT_SECRET, NAMESPACE, parseTenantConfig } from "./config-check";
import type { TenantSettings } from "./config-schema";

/** All of a tenant's settings, as the program gets them. */
export interface TenantConfig extends TenantSettings {
  readonly location: string;
  /** Secret of the Quantemplate API client. */
  readonly clientSecret: pulumi.Output<string>;
}

/**
 * Reads the stack's configuration.
 * @throws QtError QT1001 with every mistake: its key and the expected value.
 */
export function readTenantConfig(): TenantConfig {
  const settings = parseTenantConfig(pulumi.runtime.allConfig(), pulumi.getStack());
  const clientSecret = new pulumi.Config(NAMESPACE).requireSecret(CLIENT_SECRET);
  return { ...settings, clientSecret };
}
