import { azureResourceTypes, nameInput } from "../../../packages/azure-resource-types";
import { nameOf, typeOf, unversioned } from "../../../packages/kit/urn";
import type { EngineStep } from "./engine-step";
import { isObject } from "./json-value";
import { byText } from "./model";
import { stepType } from "./step-files";

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Ids of the tenant's own identities, role assignments and roles, by place: `function-identity.principalId`. A property with such a
 * name on any other resource holds a foreign id, which is content.
 */
export function idsIn(steps: readonly EngineStep[]): Record<string, string> {
  const ids = new Map<string, string>();
  const visit = (value: unknown, place: string, wanted: readonly string[]): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, place, wanted);
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === "string" && wanted.includes(key) && guid.test(item))
        ids.set(`${place}.${key}`, ids.get(`${place}.${key}`) ?? item);
      else visit(item, place, wanted);
    }
  };
  for (const { urn, before, after } of [...steps].sort((a, b) => byText(a.urn, b.urn))) {
    const [type, name] = [unversioned(typeOf(urn)), nameOf(urn)];
    // A system-assigned identity, or what Azure returns about assigned ones.
    visit(before?.outputs?.identity, name, identityIds);
    visit(identities.has(type) ? before?.outputs : undefined, name, identityIds);
    const id = nameId(type);
    if (id === undefined) continue;
    visit([before?.outputs, before?.inputs], name, [id, "principalId"]);
    visit(after?.inputs, `new ${name}`, [id]);
  }
  return Object.fromEntries(ids);
}

const identityIds = ["principalId", "clientId"];
const identities = new Set(["azure-native:managedidentity:UserAssignedIdentity", stepType.clientId]);

/** The input with an id that the program computes from a tenant's names. */
function nameId(type: string): string | undefined {
  const described = azureResourceTypes.byToken(type);
  return described?.guidName && nameInput(described);
}

/** Every text in a stack's resources. */
export function textsIn(steps: readonly EngineStep[]): string[] {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) Object.values(value).forEach(visit);
  };
  for (const { before, after } of steps) {
    for (const state of [before, after]) visit([state?.inputs, state?.outputs]);
  }
  return texts;
}
