import { ArmError } from "../../../control-plane/arm-error";
import type { ArmRoute, LocalContext } from "../../../control-plane/local-service";
import type { ArmResource } from "../../../control-plane/resource";
import { armRules } from "../../../control-plane/rules/azure-rule";
import { hostSecrets, keysOfFunction, newKey, setFunctionKey } from "../data-plane/function-keys";
import type { FunctionHosts } from "../run/function-hosts";
import { functionOf } from "./function-routes";
import { SITE_PATH, siteOf } from "./site-request";

export const keyRules = armRules("Keys of functions", {
  listed: {
    what: "The keys of functions and of the host come from `listkeys` only; no GET shows one.",
    source:
      "https://github.com/Azure/azure-rest-api-specs/blob/main/specification/web/resource-manager/Microsoft.Web (functions/{functionName}/keys/{keyName}: PUT and DELETE only)",
    answer: { status: 404, code: "InvalidResourceType" },
    test: ["services/web/site-secrets.itest.ts", "gives keys out by listkeys only"],
  },
});

/** Keys of functions and of the host. A function's keys need the function: the app must run, as in Azure. */
export function keyRoutes(context: LocalContext, hosts: FunctionHosts): ArmRoute[] {
  const keyPath = `${SITE_PATH}/functions/:function/keys/:key`;
  const functionId = (site: ArmResource, name: string) => `${site.id}/functions/${name}`;
  return [
    {
      method: "PUT",
      path: keyPath,
      action: "Microsoft.Web/sites/functions/keys/write",
      async handle(request) {
        const site = siteOf(context, request);
        const host = hosts.of(site);
        const info = functionOf(host, request);
        const { properties } = (request.body ?? {}) as { properties?: { name?: string; value?: string } };
        const id = functionId(site, info.name);
        const name = request.params.key ?? "";
        const before = context.resources.get(`${id}/keys/${name}`);
        const value = properties?.value || newKey();
        const key = await setFunctionKey(context, id, name, value);
        await host.keysChanged();
        return { status: before === undefined ? 201 : 200, body: key };
      },
    },
    {
      method: "DELETE",
      path: keyPath,
      action: "Microsoft.Web/sites/functions/keys/delete",
      async handle(request) {
        const site = siteOf(context, request);
        const id = `${functionId(site, request.params.function ?? "")}/keys/${request.params.key}`;
        const before = context.resources.get(id);
        if (before === undefined)
          return {
            status: 404,
            body: new ArmError(404, "NotFound", `The key '${request.params.key}' does not exist.`).body,
          };
        await context.resources.remove(id);
        await hosts.of(site).keysChanged();
        return { status: 204 };
      },
    },
    {
      method: "POST",
      path: `${SITE_PATH}/functions/:function/listkeys`,
      action: "Microsoft.Web/sites/functions/listkeys/action",
      async handle(request) {
        const site = siteOf(context, request);
        const host = hosts.of(site);
        const keys = await keysOfFunction(context, functionId(site, functionOf(host, request).name));
        await host.keysChanged();
        return { status: 200, body: keys };
      },
    },
    {
      method: "POST",
      path: `${SITE_PATH}/host/default/listkeys`,
      action: "Microsoft.Web/sites/host/listkeys/action",
      async handle(request) {
        const { masterKey, functionKeys } = await hostSecrets(context, siteOf(context, request).id);
        return { status: 200, body: { masterKey, functionKeys, systemKeys: {} } };
      },
    },
  ];
}
