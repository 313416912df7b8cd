import type { ResourceTypeDescriptor } from "../descriptor";
import { joinSubnet } from "./network";
import { privateEndpointConnections } from "./private-endpoint-connections";

const site = "Microsoft.Web/sites/{name}";
const apiVersion = "2025-05-01";

export const webTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.Web/serverfarms",
    apiVersion,
    mutabilityFrom: "web/resource-manager/Microsoft.Web/stable/2025-05-01/CommonDefinitions.json",
    tokens: { "azure-native:web:AppServicePlan": "Microsoft.Web/serverfarms/{name}" },
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    location: true,
    createOnly: ["hostingEnvironmentProfile", "hyperV", "isXenon", "reserved"],
    polls: [
      "Microsoft.Web/locations/operationResults/read",
      "Microsoft.Web/serverfarms/operationresults/read",
    ],
    loss: { gone: "Deletes the plan on which the function app of {whose} runs" },
  },
  {
    type: "Microsoft.Web/sites",
    apiVersion,
    mutabilityFrom: "web/resource-manager/Microsoft.Web/stable/2025-05-01/CommonDefinitions.json",
    tokens: { "azure-native:web:WebApp": site },
    runs: "service",
    times: { changed: "lastModifiedTimeUtc" },
    putStatus: { created: 200, updated: 200 },
    oneChangeOf: "itself",
    location: true,
    createOnly: ["cloningInfo", "hostingEnvironmentProfile", "hyperV", "isXenon", "kind", "reserved"],
    writeOnly: ["cloningInfo", "siteConfig"],
    readsInto: { siteConfig: "config/web" },
    linked: [
      { path: "properties.serverFarmId", action: "Microsoft.Web/serverfarms/join/action" },
      // https://learn.microsoft.com/azure/app-service/overview-vnet-integration#permissions
      { path: "properties.virtualNetworkSubnetId", action: joinSubnet },
    ],
    polls: ["Microsoft.Web/locations/operationResults/read", "Microsoft.Web/sites/operationresults/read"],
    filledIn: {
      defaultHostName: ({ name }) => `${name}.azurewebsites.net`,
      hostNameSslStates: ({ name }) => [
        { name: `${name}.azurewebsites.net`, hostType: "Standard" },
        { name: `${name}.scm.azurewebsites.net`, hostType: "Repository" },
      ],
    },
    loss: {
      gone: "Deletes the function app of {whose}",
      replaced: "Replaces the function app of {whose}",
    },
  },
  {
    type: "Microsoft.Web/sites/config",
    apiVersion,
    tokens: { "azure-native:web:WebAppApplicationSettings": `${site}/config/appsettings` },
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    neverDeleted: true,
    resetTo: {},
    readByList: true,
    oneChangeOf: "parent",
    container: true,
  },
  {
    type: "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
    apiVersion,
    tokens: {
      "azure-native:web:WebAppFtpAllowed": `${site}/basicPublishingCredentialsPolicies/ftp`,
      "azure-native:web:WebAppScmAllowed": `${site}/basicPublishingCredentialsPolicies/scm`,
    },
    runs: "passive",
    putStatus: { created: 200, updated: 200 },
    neverDeleted: true,
    resetTo: { allow: true },
    oneChangeOf: "parent",
  },
  privateEndpointConnections("Microsoft.Web/sites", apiVersion),
];
