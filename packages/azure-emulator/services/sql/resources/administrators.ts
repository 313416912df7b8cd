import type { ResourceType } from "../../../control-plane/local-service";
import {
  type ArmBody,
  type ArmResource,
  parentId,
  type ResourceStore,
} from "../../../control-plane/resource";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";
import { serverType } from "./logical-servers";

const SPEC =
  "https://github.com/Azure/azure-rest-api-specs/blob/main/specification/sql/resource-manager/Microsoft.Sql/stable/2023-08-01";
const test = (title: string) => ["services/sql/administrators.itest.ts", title] as const;

export const administratorRules = armRules("Azure SQL: administrators", {
  entraOnly: {
    what: "Entra-only authentication needs an administrator: it cannot be switched on or off without one.",
    source: `${SPEC}/ServerAzureADOnlyAuthentications.json (error responses)`,
    answer: { status: 400, code: "InvalidServerAADOnlyAuthNoAADAdminPropertyName" },
    test: test("are needed for Entra-only authentication"),
  },
  stays: {
    what: "The administrator cannot be removed while the server takes Entra's logins only.",
    source: `${SPEC}/ServerAzureADAdministrators.json (error responses)`,
    answer: { status: 400, code: "InvalidServerAzureADAdminDeleteOperation" },
    test: test("stay as long as only Entra's logins sign in"),
  },
  password: {
    what: "A server that takes Entra's logins only takes no password.",
    source: "https://github.com/hashicorp/terraform-provider-azurerm/issues/25755",
    answer: { status: 400, code: "AadOnlyAuthenticationIsEnabled" },
    test: test("alone sign in: the server takes no password"),
  },
  someAdministrator: {
    what: "A new server needs `administratorLogin` and `administratorLoginPassword`, or `administrators`.",
    source: `https://github.com/Azure/azure-service-operator/issues/4954; ${SPEC}/Servers.json (error responses)`,
    answer: { status: 400, code: "InvalidParameterValue" },
    test: test("or a login with its password are needed by a new server"),
  },
  externalLogin: {
    what: "The block `administrators` of a new server has a `login`.",
    source: `${SPEC}/Servers.json (error responses)`,
    answer: { status: 400, code: "InvalidExternalAdministratorLogin" },
    test: test("have a login and an object id in the block of a new server"),
  },
  externalSid: {
    what: "The block `administrators` of a new server has a `sid`.",
    source: `${SPEC}/Servers.json (error responses)`,
    answer: { status: 400, code: "InvalidExternalAdministratorSid" },
    test: test("have a login and an object id in the block of a new server"),
  },
  createOnly: {
    what: "The block `administrators` of a server counts for its creation only; later ones are ignored.",
    source: `${SPEC}/Servers.json (administrators: x-ms-mutability; "it will be ignored or it will result in an error")`,
    answer: { status: 202, code: "ignored" },
    test: test("of an existing server do not change with the server"),
  },
});

type Properties = Readonly<Record<string, unknown>>;
type Resources = Pick<ResourceStore, "get" | "set">;

const administratorsType = `${serverType}/administrators`;
const entraOnlyType = `${serverType}/azureADOnlyAuthentications`;
const administratorOf = (serverId: string) => `${serverId}/administrators/ActiveDirectory`;
const entraOnlyOf = (serverId: string) => `${serverId}/azureADOnlyAuthentications/Default`;

/**
 * A server's Entra administrator, and whether only Entra's logins sign in. Both come with a server whose creation says them, and change by
 * themselves afterwards. The server's own property `administrators` follows them.
 * Source: learn.microsoft.com/rest/api/sql/server-azure-ad-administrators, …/server-azure-ad-only-authentications.
 */
export function administratorTypes(resources: Resources): ResourceType[] {
  return [
    {
      type: administratorsType,
      put: async ({ id, body }) => {
        return {
          properties: administratorProperties(body.properties ?? {}, isEntraOnly(resources, parentId(id))),
        };
      },
      stored: (administrator) => keepInServer(resources, administrator),
      mayDelete({ id }, stays) {
        const serverId = parentId(id);
        if (stays(serverId) && isEntraOnly(resources, serverId)) throw administratorStays();
      },
      delete: ({ id }) => changeServer(resources, parentId(id), () => undefined),
    },
    {
      type: entraOnlyType,
      put: async ({ id, body }): Promise<ArmBody> => {
        if (resources.get(administratorOf(parentId(id))) === undefined) throw noAdministrator();
        return body;
      },
      stored: ({ id, properties }) => entraOnlyChanged(resources, parentId(id), properties),
      delete: ({ id }) => entraOnlyChanged(resources, parentId(id), { azureADOnlyAuthentication: false }),
    },
  ];
}

/**
 * The block of a PUT of a server: that of the creation, afterwards what the server has.
 * @throws ArmError 400 if a new server has no administrator, or if a SQL login is set on a server that takes Entra's only.
 */
export function keptAdministrators(
  resources: Pick<ResourceStore, "get">,
  {
    id,
    body,
    existing,
  }: { readonly id: string; readonly body: ArmBody; readonly existing: ArmResource | undefined },
): Properties {
  if (existing === undefined) {
    requireAdministrator(body.properties ?? {});
    return {};
  }
  if (isEntraOnly(resources, id) && body.properties?.administratorLoginPassword !== undefined)
    throw entraOnlyIsOn();
  return { administrators: existing.properties.administrators };
}

function requireAdministrator({ administrators, ...sql }: Properties): void {
  if (administrators === undefined || administrators === null) {
    if (!sql.administratorLogin) throw invalidParameter("Login");
    if (!sql.administratorLoginPassword) throw invalidParameter("Password");
    return;
  }
  const { login, sid } = administrators as Properties;
  if (!login) throw missing(rules.externalLogin, "login name", "login");
  if (!sid) throw missing(rules.externalSid, "object id", "sid");
}

/** Adds both resources of a new server, and of one that an earlier version stored. */
export async function addAdministrator(
  resources: Resources,
  { id, systemData, properties: { administrators } }: ArmResource,
): Promise<void> {
  const declared = administrators as Properties | undefined;
  if (declared?.sid === undefined) return;
  const add = async (type: string, child: string, properties: Properties) => {
    if (resources.get(child) !== undefined) return;
    const name = child.split("/").at(-1) ?? "";
    await resources.set({ id: child, type, name, ...(systemData && { systemData }), properties });
  };
  const entraOnly = declared.azureADOnlyAuthentication === true;
  await add(administratorsType, administratorOf(id), administratorProperties(declared, entraOnly));
  if (declared.azureADOnlyAuthentication !== undefined)
    await add(entraOnlyType, entraOnlyOf(id), { azureADOnlyAuthentication: entraOnly });
}

function administratorProperties({ login, sid, tenantId }: Properties, entraOnly: boolean): Properties {
  return { administratorType: "ActiveDirectory", login, sid, tenantId, azureADOnlyAuthentication: entraOnly };
}

function isEntraOnly(resources: Pick<ResourceStore, "get">, serverId: string): boolean {
  return resources.get(entraOnlyOf(serverId))?.properties.azureADOnlyAuthentication === true;
}

/** The kind of principal is no part of the resource, so it is kept for the same principal only. */
function keepInServer(resources: Resources, { id, properties }: ArmResource): Promise<void> {
  return changeServer(resources, parentId(id), (before) => ({
    ...properties,
    ...(before?.sid === properties.sid && before?.principalType !== undefined
      ? { principalType: before.principalType }
      : {}),
  }));
}

async function entraOnlyChanged(
  resources: Resources,
  serverId: string,
  { azureADOnlyAuthentication }: Properties,
) {
  const administrator = resources.get(administratorOf(serverId));
  if (administrator === undefined) return;
  const changed = { azureADOnlyAuthentication };
  await resources.set({ ...administrator, properties: { ...administrator.properties, ...changed } });
  await changeServer(resources, serverId, (before) => ({ ...before, ...changed }));
}

async function changeServer(
  resources: Resources,
  serverId: string,
  change: (before: Properties | undefined) => Properties | undefined,
): Promise<void> {
  const server = resources.get(serverId);
  if (server === undefined) return;
  const { administrators, ...properties } = server.properties;
  const after = change(administrators as Properties | undefined);
  await resources.set({ ...server, properties: { ...properties, ...(after && { administrators: after }) } });
}

const { rules } = administratorRules;

const invalidParameter = (name: "Login" | "Password") =>
  refusal(
    rules.someAdministrator,
    `Invalid value given for parameter ${name}. Specify a valid parameter value.`,
  );
const missing = (rule: typeof rules.externalLogin, what: string, property: "login" | "sid") =>
  refusal(
    rule,
    `Invalid or missing external administrator ${what}: 'properties.administrators.${property}' is needed.`,
  );
const noAdministrator = () =>
  refusal(
    rules.entraOnly,
    "AAD Admin is not configured, AAD Admin must be set before enabling/disabling AAD Only Authentication.",
  );
const administratorStays = () =>
  refusal(
    rules.stays,
    "The Azure Active Directory admin cannot be deleted while AzureADOnlyAuthentication is set; use the azureADOnlyAuthentications API first.",
  );
const entraOnlyIsOn = () =>
  refusal(rules.password, "Aad Only Authentication is enabled. Please contact your system administrator.");
