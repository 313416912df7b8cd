import type { ResourceTypeDescriptor } from "../descriptor";
import { privateEndpointConnections } from "./private-endpoint-connections";

const factory = "Microsoft.DataFactory/factories/{factoryName}";
const apiVersion = "2018-06-01";

export const dataFactoryTypes: readonly ResourceTypeDescriptor[] = [
  {
    type: "Microsoft.DataFactory/factories",
    apiVersion,
    mutabilityFrom: "datafactory/resource-manager/Microsoft.DataFactory/stable/2018-06-01/datafactory.json",
    tokens: { "azure-native:datafactory:Factory": factory },
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    etag: "eTag",
    systemData: true,
    location: true,
    loss: {
      gone: "Deletes the data factory of {whose} with its pipelines and the history of their runs",
      replaced: "Replaces the data factory of {whose}: the history of its runs is lost, running loads end",
    },
  },
  {
    type: "Microsoft.DataFactory/factories/linkedservices",
    apiVersion,
    // The definition that its kinds extend: azure-native looks no deeper.
    mutabilityFrom:
      "datafactory/resource-manager/Microsoft.DataFactory/stable/2018-06-01/entityTypes/LinkedService.json",
    tokens: { "azure-native:datafactory:LinkedService": `${factory}/linkedservices/{linkedServiceName}` },
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    etag: "etag",
    systemData: true,
    container: true,
    studio: "linkedService",
  },
  {
    type: "Microsoft.DataFactory/factories/datasets",
    apiVersion,
    // The definition that its kinds extend: azure-native looks no deeper.
    mutabilityFrom:
      "datafactory/resource-manager/Microsoft.DataFactory/stable/2018-06-01/entityTypes/Dataset.json",
    tokens: { "azure-native:datafactory:Dataset": `${factory}/datasets/{datasetName}` },
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    etag: "etag",
    systemData: true,
    container: true,
    studio: "dataset",
  },
  {
    type: "Microsoft.DataFactory/factories/pipelines",
    apiVersion,
    // The definition that its kinds extend: azure-native looks no deeper.
    mutabilityFrom:
      "datafactory/resource-manager/Microsoft.DataFactory/stable/2018-06-01/entityTypes/Pipeline.json",
    tokens: { "azure-native:datafactory:Pipeline": `${factory}/pipelines/{pipelineName}` },
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    etag: "etag",
    systemData: true,
    studio: "pipeline",
    loss: { gone: "The pipeline of {whose} can no longer be started", configOnly: true },
  },
  {
    type: "Microsoft.DataFactory/factories/triggers",
    apiVersion,
    mutabilityFrom:
      "datafactory/resource-manager/Microsoft.DataFactory/stable/2018-06-01/entityTypes/Trigger.json",
    tokens: { "azure-native:datafactory:Trigger": `${factory}/triggers/{triggerName}` },
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    etag: "etag",
    systemData: true,
    container: true,
    studio: "trigger",
    filledIn: { runtimeState: "unknown" },
    loss: {
      gone: "The scheduled run of {whose} ends",
      replaced: "The scheduled run of {whose} pauses until the new trigger exists",
    },
  },
  {
    // Azure has no DELETE for it, so azure-native has no resource of it.
    type: "Microsoft.DataFactory/factories/managedVirtualNetworks",
    apiVersion,
    tokens: {},
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    etag: "etag",
    systemData: true,
    neverDeleted: true,
  },
  {
    type: "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints",
    apiVersion,
    mutabilityFrom:
      "datafactory/resource-manager/Microsoft.DataFactory/stable/2018-06-01/entityTypes/ManagedPrivateEndpoint.json",
    tokens: {
      "azure-native:datafactory:ManagedPrivateEndpoint": `${factory}/managedVirtualNetworks/{managedVirtualNetworkName}/managedPrivateEndpoints/{managedPrivateEndpointName}`,
    },
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    etag: "etag",
    systemData: true,
    container: true,
    loss: {
      gone: "Cuts off a managed private endpoint of {whose}: pipelines can no longer reach its target",
    },
  },
  {
    type: "Microsoft.DataFactory/factories/integrationRuntimes",
    apiVersion,
    // The definition that its kinds extend: azure-native looks no deeper.
    mutabilityFrom:
      "datafactory/resource-manager/Microsoft.DataFactory/stable/2018-06-01/entityTypes/IntegrationRuntime.json",
    tokens: {
      "azure-native:datafactory:IntegrationRuntime": `${factory}/integrationRuntimes/{integrationRuntimeName}`,
    },
    runs: "service",
    putStatus: { created: 200, updated: 200 },
    etag: "etag",
    systemData: true,
    container: true,
    studio: "integrationRuntime",
    loss: { gone: "Deletes an integration runtime of {whose}", configOnly: true },
  },
  privateEndpointConnections("Microsoft.DataFactory/factories", apiVersion),
];
