import { rm } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { LocalContext } from "../../../control-plane/local-service";
import { type ArmResource, parentId } from "../../../control-plane/resource";
import { siteFolder } from "../data-plane/package-store";
import { addresses } from "../resources/site-addresses";
import { createFunctionHost, type FunctionHost } from "./function-host";
import { buildWorker } from "./worker-bundle";

export const SITE_TYPE = "Microsoft.Web/sites";

/** The hosts of all sites. */
export interface FunctionHosts {
  of(site: ArmResource): FunctionHost;
  byName(siteName: string): FunctionHost | undefined;
  /** Starts every deployed site, and then follows the changes that affect them. */
  startAll(): Promise<void>;
  stopAll(): Promise<void>;
  /** Stops a site's host and removes its files. */
  remove(site: ArmResource): Promise<void>;
}

/** The types that decide whether a host can use its storage and send telemetry. */
const WATCHED =
  /\/(roleAssignments|storageAccounts|containers|userAssignedIdentities|components|privateEndpointConnections|privateDnsZones\/A|virtualNetworkLinks)$/i;

export function createFunctionHosts(context: LocalContext, responseLimitMs: number): FunctionHosts {
  const hosts = new Map<string, FunctionHost>();
  let worker: Promise<string> | undefined;
  let unsubscribe = () => {};
  const program = () => {
    worker ??= buildWorker(context.folder);
    return worker;
  };
  const of = (site: ArmResource) => {
    const key = site.id.toLowerCase();
    let host = hosts.get(key);
    if (host === undefined) {
      host = createFunctionHost(context, site.id, program, responseLimitMs);
      hosts.set(key, host);
    }
    return host;
  };

  /** If another program has taken the port, the site gets and stores a new one. */
  const restore = async (site: ArmResource) => {
    const properties = { ...site.properties, ...(await addresses(context, site.name)) };
    if (!isDeepStrictEqual(properties, site.properties)) await context.resources.set({ ...site, properties });
    await of(site).start();
  };

  return {
    of,
    byName(siteName) {
      const site = context.resources
        .list({ type: SITE_TYPE })
        .find(({ name }) => name.toLowerCase() === siteName.toLowerCase());
      return site && hosts.get(site.id.toLowerCase());
    },
    async startAll() {
      unsubscribe = context.resources.subscribe(({ kind, resource }) => {
        if (kind === "removed" && /\/config\/appsettings$/i.test(resource.id)) {
          void hosts.get(parentId(resource.id).toLowerCase())?.start();
        }
        if (!WATCHED.test(resource.type)) return;
        for (const host of hosts.values()) void host.recheck();
      });
      await Promise.all(context.resources.list({ type: SITE_TYPE }).map(restore));
    },
    async stopAll() {
      unsubscribe();
      await Promise.all([...hosts.values()].map((host) => host.stop()));
      hosts.clear();
    },
    async remove(site) {
      await hosts.get(site.id.toLowerCase())?.stop();
      hosts.delete(site.id.toLowerCase());
      await rm(siteFolder(context, site.name), { recursive: true, force: true });
    },
  };
}
