import { QtError } from "../errors/qt-error";
import type { FlatConfig } from "./config-check";

/**
 * Refuses the other clouds by name: pipelines, the runbook, the function and the portal's links have public Azure's addresses.
 * @param env Where azure-native reads the cloud too: ARM_ENVIRONMENT, ARM_METADATA_HOSTNAME. Any other metadata host is an emulator's.
 * @throws QtError QT1003
 */
export function refuseOtherClouds(
  config: FlatConfig,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const named = config["azure-native:environment"] || env.ARM_ENVIRONMENT || "public";
  const host = config["azure-native:metadataHost"] || env.ARM_METADATA_HOSTNAME || "";
  const cloud = /^(public|azurecloud)$/i.test(named) ? /usgovcloudapi|chinacloudapi/.exec(host)?.[0] : named;
  if (cloud !== undefined) throw new QtError("QT1003", { cloud });
}
