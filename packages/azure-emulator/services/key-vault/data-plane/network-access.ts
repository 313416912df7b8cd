import type { FastifyRequest } from "fastify";
import type { Principal } from "../../../control-plane/identity";
import type { LocalContext } from "../../../control-plane/local-service";
import { publicAddress } from "../../../control-plane/network/callers";
import { cutOff, remoteAddressOf } from "../../../control-plane/network/cut-off";
import { admissionTo } from "../../../control-plane/network/network-acls";
import { isTrustedService } from "../../../control-plane/network/trusted-services";
import type { ArmResource } from "../../../control-plane/resource";
import { armRules } from "../../../control-plane/rules/azure-rule";
import { KeyVaultError } from "../key-vault-error";

const PAGE = "https://learn.microsoft.com/azure/key-vault/general";
const test = (title: string) => ["services/key-vault/network-access.itest.ts", title] as const;

export const vaultNetworkRules = armRules("Reaching a vault", {
  connection: {
    what: "With `publicNetworkAccess: Disabled`, a vault answers what comes by an approved private endpoint, and trusted services (`ForbiddenByConnection`).",
    source: `${PAGE}/private-link-service; https://github.com/microsoft/multimodal-ai/issues/171`,
    answer: { status: 403, code: "Forbidden" },
    test: test("answers what comes by an approved private endpoint only"),
  },
  firewall: {
    what: "With `networkAcls.defaultAction: Deny`, a vault answers listed addresses and subnets, and trusted services (`ForbiddenByFirewall`).",
    source: `${PAGE}/network-security; https://github.com/microsoft/AzureTRE/issues/3789`,
    answer: { status: 403, code: "Forbidden" },
    test: test("asks its firewall about what comes by the public address"),
  },
});

/** Ends the connection if the vault's address leads nowhere from the client. @throws KeyVaultError 403 */
export function requireVaultReachable(
  { resources, callers, tenantId }: LocalContext,
  vault: ArmResource,
  principal: Principal,
  request: FastifyRequest,
): void {
  const caller = callers.of(remoteAddressOf(request));
  const admission = admissionTo(resources, vault, {
    caller,
    groupId: "vault",
    service: "Microsoft.KeyVault",
    trusted: () => isTrustedService(resources, principal),
  });
  if (admission === "admitted") return;
  if (admission === "nowhere") cutOff(request);
  const who = `Caller: appid=${principal.clientId};oid=${principal.objectId};iss=https://sts.windows.net/${tenantId}/\r\nVault: ${vault.name};location=${vault.location}`;
  throw admission === "disabled"
    ? new KeyVaultError(
        403,
        "Forbidden",
        `Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\n${who}`,
        "ForbiddenByConnection",
      )
    : new KeyVaultError(
        403,
        "Forbidden",
        `Client address is not authorized and caller is not a trusted service.\r\nClient address: ${publicAddress(caller)}\r\n${who}`,
        "ForbiddenByFirewall",
      );
}
