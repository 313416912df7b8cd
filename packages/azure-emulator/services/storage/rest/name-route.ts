import type { ArmRoute, LocalContext } from "../../../control-plane/local-service";
import { nameProblem } from "../resources/account";

/** Whether an account may have a name (https://learn.microsoft.com/rest/api/storagerp/storage-accounts/check-name-availability). */
export function nameRoute(context: LocalContext): ArmRoute {
  return {
    level: "subscription",
    method: "POST",
    path: "/providers/Microsoft.Storage/checkNameAvailability",
    action: "Microsoft.Storage/checkNameAvailability/read",
    async handle({ body }) {
      const { name } = (body ?? {}) as { readonly name?: unknown };
      const problem = nameProblem(context, String(name));
      return { status: 200, body: { nameAvailable: problem === undefined, ...problem } };
    },
  };
}
