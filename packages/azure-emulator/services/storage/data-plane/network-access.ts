import type { FastifyRequest } from "fastify";
import type { Principal } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import type { Caller } from "../../../control-plane/network/callers";
import { cutOff, remoteAddressOf } from "../../../control-plane/network/cut-off";
import { type Admission, admissionTo } from "../../../control-plane/network/network-acls";
import { isTrustedService } from "../../../control-plane/network/trusted-services";
import type { ArmResource } from "../../../control-plane/resource";
import { armRules, refusal } from "../../../control-plane/rules/azure-rule";

export const storageNetworkRules = armRules("Reaching a storage account", {
  closed: {
    what: "With `publicNetworkAccess: Disabled` or `networkAcls.defaultAction: Deny`, an account answers what comes by an approved private endpoint, listed addresses and subnets, and trusted services.",
    source:
      "https://learn.microsoft.com/azure/storage/common/storage-network-security; https://learn.microsoft.com/troubleshoot/azure/azure-storage/blobs/authentication/storage-troubleshoot-403-errors",
    answer: { status: 403, code: "AuthorizationFailure" },
    test: [
      "services/storage/network-access.itest.ts",
      "answers what comes by an approved private endpoint only",
    ],
  },
});

/** What an account's network settings say to a caller of its blobs. */
export function blobAdmission(
  { resources }: Pick<LocalContext, "resources">,
  account: ArmResource,
  principal: Principal,
  caller: Caller,
): Admission {
  return admissionTo(resources, account, {
    caller,
    groupId: "blob",
    service: "Microsoft.Storage",
    trusted: () => isTrustedService(resources, principal),
  });
}

/** Ends the connection if the account's address leads nowhere from the client. @throws ArmError 403 */
export function requireBlobsReachable(
  context: LocalContext,
  account: ArmResource,
  principal: Principal,
  request: FastifyRequest,
): void {
  const caller = context.callers.of(remoteAddressOf(request));
  const admission = blobAdmission(context, account, principal, caller);
  if (admission === "admitted") return;
  if (admission === "nowhere") cutOff(request);
  throw refusal(
    storageNetworkRules.rules.closed,
    "This request is not authorized to perform this operation.",
  );
}
