import type { LocalContext, LocalService } from "../../control-plane/local-service";
import { scmApi } from "./data-plane/scm-api";
import { configType, settingsRoutes } from "./resources/app-settings";
import { serverFarmType } from "./resources/server-farm";
import { siteType } from "./resources/site";
import { functionRoutes } from "./rest/function-routes";
import { geoRegionRoute } from "./rest/geo-region-route";
import { keyRoutes } from "./rest/key-routes";
import { createFunctionHosts } from "./run/function-hosts";
import { RESPONSE_LIMIT_MS } from "./run/host-protocol";

/** The Web service, with its interface for other code in the process. */
export interface WebService extends LocalService {
  /** Highest memory use of a running app's process so far, in bytes; undefined if it does not run. */
  peakMemory(siteName: string): Promise<number | undefined>;
}

/**
 * App Service: Flex Consumption plans, Function apps, their settings, code and keys, and a process that runs each app.
 * @param responseLimitMs a response is cut off after this time, and an app that does not yield for so long is restarted
 */
export function createWebService(context: LocalContext, responseLimitMs = RESPONSE_LIMIT_MS): WebService {
  const hosts = createFunctionHosts(context, responseLimitMs);
  return {
    name: "web",
    resourceTypes: [
      serverFarmType(context),
      siteType(context, hosts),
      configType(context, (site) => hosts.of(site).start()),
    ],
    armRoutes: [
      ...settingsRoutes(context),
      ...functionRoutes(context, hosts),
      ...keyRoutes(context, hosts),
      geoRegionRoute(context),
    ],
    routes: (app) => scmApi(app, context, hosts),
    start: () => hosts.startAll(),
    stop: () => hosts.stopAll(),
    peakMemory: async (siteName) => hosts.byName(siteName)?.peakMemory(),
  };
}
