/** The action of a plain operation, as roles name it (https://learn.microsoft.com/azure/role-based-access-control/permissions). */
export function actionOf(type: string, verb: "read" | "write" | "delete"): string {
  const group = /^Microsoft\.Resources\/resourceGroups$/i.test(type);
  return `${group ? "Microsoft.Resources/subscriptions/resourceGroups" : type}/${verb}`;
}
