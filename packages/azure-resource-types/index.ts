export { azureResourceTypes, catalogueOf, type ResourceTypeCatalogue } from "./catalogue";
export {
  type LossWords,
  type OperationAddresses,
  type ResourceTypeDescriptor,
  type Runs,
  type StudioKind,
  type TokenDescriptor,
  usualPutStatus,
} from "./descriptor";
export { dryRunClientId, dryRunPrincipalId, dryRunProperties } from "./dry-run";
export { normalRegion, regions } from "./regions";
export { isExtension, isTracked, nameInput, pathInputs, resourceId } from "./resource-path";
