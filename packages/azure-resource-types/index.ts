export { apiVersionsOf, newestApiVersion, otherFormUntil } from "./api-versions";
export { azureResourceTypes, catalogueOf, type ResourceTypeCatalogue } from "./catalogue";
export {
  type HoistedKind,
  type LinkedRight,
  type LossWords,
  type OperationAddresses,
  type ResourceTypeDescriptor,
  type Runs,
  type StudioKind,
  type TokenDescriptor,
  usualPutStatus,
} from "./descriptor";
export { dryRunClientId, dryRunPrincipalId, dryRunProperties } from "./dry-run";
export { FEWEST_INSTANCES, fewInstanceRegions, takesFewInstances } from "./flex-instances";
export { type NameRule, nameRuleOf } from "./name-rules";
export { pairedRegion } from "./region-pairs";
export { normalRegion, regions, sovereignCloudOf } from "./regions";
export { isReservedName } from "./reserved-names";
export { isExtension, isTracked, nameInput, pathInputs, resourceId } from "./resource-path";
export {
  actionOf,
  type Grant,
  grantsAction,
  identityLink,
  matchesAction,
  pollAction,
  rightsOf,
  type TypeRights,
  waitAction,
} from "./rights";
export type { ArrayShape, NumberShape, ObjectShape, Shape, StringShape, TypeShape } from "./shape/shape";
export { shapeOf, typesWithShape } from "./shape/type-shapes";
export {
  isSqlPoolSku,
  type SqlPoolSize,
  type SqlPoolSizes,
  type SqlPoolSku,
  sqlPoolSize,
  sqlPoolSizes,
} from "./sql-pool-sizes";
export { type SqlSize, type SqlSku, sqlSize, sqlSizes } from "./sql-sizes";
export { TAG_VALUE_LENGTH, tagLimits, tagNameFault } from "./tag-limits";
