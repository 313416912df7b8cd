import { ArmError } from "../../../control-plane/arm-error";

/**
 * Codes of Blob storage with status and words.
 * Source: learn.microsoft.com/rest/api/storageservices/blob-service-error-codes and …/common-rest-api-error-codes.
 */
const errors = {
  BlobAlreadyExists: [409, "The specified blob already exists."],
  BlobNotFound: [404, "The specified blob does not exist."],
  ConditionNotMet: [412, "The condition specified using HTTP conditional header(s) is not met."],
  NotModified: [304, "The condition specified using HTTP conditional header(s) is not met."],
  UnsatisfiableCondition: [400, "The request includes an unsatisfiable condition for this operation."],
  ContainerAlreadyExists: [409, "The specified container already exists."],
  ContainerNotFound: [404, "The specified container does not exist."],
  Crc64Mismatch: [
    400,
    "The CRC64 value specified in the request did not match with the CRC64 value calculated by the server.",
  ],
  EmptyMetadataKey: [400, "The key for one of the metadata key-value pairs is empty."],
  InvalidBlobOrBlock: [400, "The specified blob or block content is invalid."],
  InvalidBlockId: [400, "The specified block ID is invalid. The block ID must be Base64-encoded."],
  InvalidBlockList: [400, "The specified block list is invalid."],
  InvalidHeaderValue: [400, "The value for one of the HTTP headers is not in the correct format."],
  InvalidInput: [400, "One of the request inputs is not valid."],
  InvalidMd5: [
    400,
    "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64 encoded.",
  ],
  InvalidMetadata: [400, "The metadata specified is invalid. It has characters that are not permitted."],
  InvalidQueryParameterValue: [
    400,
    "Value for one of the query parameters specified in the request URI is invalid.",
  ],
  InvalidRange: [416, "The range specified is invalid for the current size of the resource."],
  InvalidResourceName: [400, "The specified resource name contains invalid characters."],
  InvalidUri: [400, "The requested URI does not represent any resource on the server."],
  InvalidXmlDocument: [400, "The specified XML is not syntactically valid."],
  LeaseAlreadyBroken: [409, "The lease has already been broken and cannot be broken again."],
  LeaseAlreadyPresent: [409, "There is already a lease present."],
  LeaseIdMismatchWithBlobOperation: [412, "The lease ID specified did not match the lease ID for the blob."],
  LeaseIdMismatchWithLeaseOperation: [
    409,
    "The lease ID specified did not match the lease ID for the blob/container.",
  ],
  LeaseIdMissing: [
    412,
    "There is currently a lease on the blob and no lease ID was specified in the request.",
  ],
  LeaseIsBreakingAndCannotBeAcquired: [
    409,
    "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken.",
  ],
  LeaseIsBreakingAndCannotBeChanged: [
    409,
    "The lease ID matched, but the lease is currently in breaking state and cannot be changed.",
  ],
  LeaseIsBrokenAndCannotBeRenewed: [
    409,
    "The lease ID matched, but the lease has been broken explicitly and cannot be renewed.",
  ],
  LeaseLost: [412, "A lease ID was specified, but the lease for the blob has expired."],
  LeaseNotPresentWithBlobOperation: [412, "There is currently no lease on the blob."],
  LeaseNotPresentWithLeaseOperation: [409, "There is currently no lease on the blob/container."],
  Md5Mismatch: [
    400,
    "The MD5 value specified in the request did not match with the MD5 value calculated by the server.",
  ],
  MetadataTooLarge: [400, "The metadata specified exceeds the maximum permissible limit (8KB)."],
  MissingRequiredHeader: [400, "An HTTP header that's mandatory for this request is not specified."],
  MissingRequiredQueryParameter: [
    400,
    "A query parameter that's mandatory for this request is not specified.",
  ],
  OutOfRangeInput: [400, "One of the request inputs is out of range."],
  OutOfRangeQueryParameterValue: [
    400,
    "One of the query parameters specified in the request URI is outside the permissible range.",
  ],
  ResourceNotFound: [404, "The specified resource does not exist."],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

/** An error of Blob storage. `detail` names what is wrong, after Azure's own words. */
export function blobError(code: keyof typeof errors, detail?: string): ArmError {
  const [status, words] = errors[code];
  // Azure sends a 304 with the code of the condition.
  const shown = code === "NotModified" ? "ConditionNotMet" : code;
  return new ArmError(status, shown, detail === undefined ? words : `${words} ${detail}`);
}

/** What the emulator does not have: refused by name, so that nobody takes it for a blob that is missing. */
export function notSupported(what: string): ArmError {
  return new ArmError(501, "NotImplemented", `The emulator's Blob storage does not have: ${what}.`);
}
