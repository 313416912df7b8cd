import { armRules } from "../../control-plane/rules/azure-rule";

const docs = (page: string) => `https://learn.microsoft.com/rest/api/storageservices/${page}`;
const test = (title: string, file = "blob-service.itest.ts") =>
  [`services/storage/data-plane/${file}`, title] as const;
const CONDITIONS = docs("specifying-conditional-headers-for-blob-service-operations");

/** What Blob storage refuses; `data-plane/blob-error.ts` has the words. */
export const storageRules = armRules("Blob storage", {
  exists: {
    what: "`If-None-Match: *` writes a blob only if there is none; of many writers one succeeds.",
    source: CONDITIONS,
    answer: { status: 409, code: "BlobAlreadyExists" },
    test: test("lets one of many clients create a blob"),
  },
  written: {
    what: "A write, a deletion or a change of metadata whose condition is not met is refused.",
    source: CONDITIONS,
    answer: { status: 412, code: "ConditionNotMet" },
    test: test("honours the conditions of a write"),
  },
  unchanged: {
    what: "A read of a blob that has not changed answers without a body.",
    source: CONDITIONS,
    answer: { status: 304, code: "ConditionNotMet" },
    test: test("honours the conditions of a read"),
  },
  leased: {
    what: "A blob with an active lease is written and deleted with the lease's id only.",
    source: docs("lease-blob"),
    answer: { status: 412, code: "LeaseIdMissing" },
    test: test("honours leases"),
  },
  leases: {
    what: "One client holds a lease, for 15 to 60 seconds or without an end.",
    source: docs("lease-blob"),
    answer: { status: 409, code: "LeaseAlreadyPresent" },
    test: test("are acquired for 15 to 60 seconds", "lease.test.ts"),
  },
  md5: {
    what: "A content that does not have the announced MD5 is not stored.",
    source: docs("put-blob"),
    answer: { status: 400, code: "Md5Mismatch" },
    test: test("computes a content's MD5, and refuses a wrong MD5 or CRC64"),
  },
  crc64: {
    what: "A content that does not have the announced CRC64, or is damaged in its structured message, is not stored.",
    source: `${docs("put-blob")}; Azure/azure-sdk-for-net, sdk/storage/Azure.Storage.Common/src/Shared/StructuredMessage.cs`,
    answer: { status: 400, code: "Crc64Mismatch" },
    test: test("takes a content out of a structured message"),
    moreTests: [test("computes a content's MD5, and refuses a wrong MD5 or CRC64")],
  },
  blockList: {
    what: "A block list names blocks that are where it says.",
    source: docs("put-block-list"),
    answer: { status: 400, code: "InvalidBlockList" },
    test: test("joins blocks, and shows them"),
  },
  blockIds: {
    what: "The ids of a blob's blocks have one length.",
    source: docs("put-block"),
    answer: { status: 400, code: "InvalidBlobOrBlock" },
    test: test("joins blocks, and shows them"),
  },
  metadata: {
    what: "Names of metadata are identifiers of C#, and all metadata has 8 KB at most.",
    source: docs("setting-and-retrieving-properties-and-metadata-for-blob-resources"),
    answer: { status: 400, code: "InvalidMetadata" },
    test: test("keeps metadata and content headers, and changes them"),
  },
  head: {
    what: "A HEAD that fails has no body; the code is in `x-ms-error-code`.",
    source: docs("status-and-error-codes2"),
    answer: { status: 404, code: "BlobNotFound" },
    test: test("answers a HEAD that fails with a code and no body"),
  },
  pages: {
    what: "A list has 5,000 entries on a page at most, `maxresults` if that is less, and takes only markers that it gave.",
    source: docs("list-blobs"),
    answer: { status: 400, code: "OutOfRangeQueryParameterValue" },
    test: test("refuses a marker that it did not give", "list-page.test.ts"),
    moreTests: [test("has 5,000 entries at most, or as many as are asked for", "list-page.test.ts")],
  },
  containers: {
    what: "A container is made once.",
    source: docs("create-container"),
    answer: { status: 409, code: "ContainerAlreadyExists" },
    test: test("makes, lists, describes and deletes containers"),
  },
});
