import { ArmError } from "../../../control-plane/arm-error";
import type { ArmRequest, ArmRoute, LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import type { FunctionHost } from "../run/function-host";
import type { FunctionHosts } from "../run/function-hosts";
import type { FunctionInfo } from "../run/host-protocol";
import { SITE_PATH, siteOf } from "./site-request";

/** `sites/functions`, as the running app registered them, and `restart`. */
export function functionRoutes(context: LocalContext, hosts: FunctionHosts): ArmRoute[] {
  return [
    {
      method: "GET",
      path: `${SITE_PATH}/functions`,
      action: "Microsoft.Web/sites/functions/read",
      async handle(request) {
        const site = siteOf(context, request);
        const host = hosts.of(site);
        return {
          status: 200,
          body: { value: host.functions.map((info) => functionResource(site, host, info)) },
        };
      },
    },
    {
      method: "GET",
      path: `${SITE_PATH}/functions/:function`,
      action: "Microsoft.Web/sites/functions/read",
      async handle(request) {
        const site = siteOf(context, request);
        const host = hosts.of(site);
        return { status: 200, body: functionResource(site, host, functionOf(host, request)) };
      },
    },
    {
      method: "POST",
      path: `${SITE_PATH}/restart`,
      action: "Microsoft.Web/sites/restart/action",
      async handle(request) {
        await hosts.of(siteOf(context, request)).start();
        return { status: 200 };
      },
    },
  ];
}

/** The function of a request as the app registered it. @throws ArmError 503 if the host does not run, 404. */
export function functionOf(host: FunctionHost, { params }: ArmRequest): FunctionInfo {
  if (host.problem !== undefined) {
    throw new ArmError(
      503,
      "ServiceUnavailable",
      `Encountered an error (ServiceUnavailable) from host runtime: ${host.problem}`,
    );
  }
  const name = params.function ?? "";
  const info = host.functions.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (info === undefined) throw new ArmError(404, "NotFound", `Function with name '${name}' does not exist.`);
  return info;
}

function functionResource(
  site: ArmResource,
  host: FunctionHost,
  info: FunctionInfo,
): Record<string, unknown> {
  const address = [site.properties.defaultHostName, host.routePrefix, info.route]
    .filter((part) => part !== "")
    .join("/");
  return {
    id: `${site.id}/functions/${info.name}`,
    name: `${site.name}/${info.name}`,
    type: "Microsoft.Web/sites/functions",
    location: site.location,
    properties: {
      name: info.name,
      language: "node",
      isDisabled: false,
      invoke_url_template: `https://${address}`,
      config: { name: info.name, language: "node", bindings: info.bindings },
    },
  };
}
