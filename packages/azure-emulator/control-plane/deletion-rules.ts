import type { ArmError } from "./arm-error";
import { armRules, refusal } from "./rules/azure-rule";

export const deletionRules = armRules("Deletions", {
  dataPlane: {
    what: "A vault's secret is deleted over the vault's data plane only, with a data action that Owner lacks; azure-native does so, too. It goes with its vault.",
    source:
      "https://github.com/pulumi/pulumi-azure-native/issues/2374; https://github.com/Azure/azure-rest-api-specs/blob/main/specification/keyvault/resource-manager/Microsoft.KeyVault (secrets: no DELETE)",
    answer: { status: 405, code: "MethodNotAllowed" },
    test: [
      "control-plane/data-plane-deletion.itest.ts",
      "is deleted by whoever has the data action, never by Resource Manager's DELETE",
    ],
  },
});

/** The error of a DELETE in Resource Manager of what only a data plane deletes. */
export function deletedElsewhere(id: string): ArmError {
  return refusal(
    deletionRules.rules.dataPlane,
    `The requested resource does not support http method 'DELETE'. '${id}' is deleted over the data plane of its parent.`,
  );
}
