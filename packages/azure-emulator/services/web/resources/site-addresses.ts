import type { LocalContext } from "../../../control-plane/local-service";

/** The addresses of the app and of its deployment endpoint. */
export async function addresses(context: LocalContext, name: string): Promise<Record<string, unknown>> {
  const host = `127.0.0.1:${await context.port(`site ${name.toLowerCase()}`)}`;
  const scm = `${new URL(context.httpsUrl).host}/scm/${name}`;
  const state = (hostName: string, hostType: string) => ({ name: hostName, sslState: "Disabled", hostType });
  return {
    state: "Running",
    enabled: true,
    availabilityState: "Normal",
    usageState: "Normal",
    repositorySiteName: name,
    reserved: true,
    sku: "FlexConsumption",
    defaultHostName: host,
    hostNames: [host],
    enabledHostNames: [host, scm],
    hostNameSslStates: [state(host, "Standard"), state(scm, "Repository")],
    outboundIpAddresses: "127.0.0.1",
    possibleOutboundIpAddresses: "127.0.0.1",
  };
}
