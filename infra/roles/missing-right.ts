import { QtError } from "../../errors/qt-error";
import { matchesAction } from "../../packages/azure-resource-types";
import { type RoleName, readRole, roleNames, rolePath } from "./role-files";

/** A request that Azure refused because its sender lacks a right. */
export interface MissingRight {
  /** As Azure names it, with its object id. */
  readonly principal: string;
  readonly action: string;
  readonly scope: string;
}

/**
 * The words of `AuthorizationFailed` and of `LinkedAuthorizationFailed`
 * (https://learn.microsoft.com/azure/role-based-access-control/troubleshooting).
 */
const FORMS = [
  /The client '([^']*)' with object id '([^']*)' does not have authorization to perform (?:data )?action '([^']+)' over scope '([^'\s:]*)/g,
  /The client '([^']*)' with object id '([^']*)' has permission to perform action '[^']*' on scope '[^']*'; however, it does not have permission to perform action(?:\(s\))? '([^']+)' on the linked scope(?:\(s\))? '([^'\s:]*)/g,
];

/** Each right that a text of Azure's says is missing, once. A text that was cut has the beginning of the scope. */
export function missingRights(text: string): readonly MissingRight[] {
  const found = FORMS.flatMap((form) => [...text.matchAll(form)]).map(
    ([, client = "", objectId = "", action = "", scope = ""]) => ({
      principal: client === objectId ? objectId : `${client} (${objectId})`,
      action,
      scope,
    }),
  );
  return [...new Map(found.map((right) => [JSON.stringify(right), right])).values()];
}

/** The roles of `infra/roles/` that grant an action. */
export function rolesWith(action: string): readonly RoleName[] {
  return roleNames.filter((name) => {
    const { Actions, DataActions } = readRole(name);
    return [...Actions, ...DataActions].some((pattern) => matchesAction(pattern, action));
  });
}

/** What to do about each right that a text says is missing; none if it says so already. */
export function explainRefusals(text: string): readonly string[] {
  if (/\bQT130[01]\b/.test(text)) return [];
  return missingRights(text).map((right) => {
    const roles = rolesWith(right.action).map(rolePath).join(", ");
    const { principal, action, scope } = right;
    return (
      roles === ""
        ? new QtError("QT1301", { principal, action, scope })
        : new QtError("QT1300", { principal, action, scope, roles })
    ).format();
  });
}
