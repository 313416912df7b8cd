/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>` */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.replace(/^urn:pulumi:/, "") ?? "";
}

/** Type token, `azure-native:sql/v20230801:Database`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** Logical name. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The URN without its stack, with another name. */
export function withName(urn: string, name: string): string {
  return ["urn:pulumi:", ...urn.split("::").slice(1, 3), name].join("::");
}

/** The type without its API version: `azure-native:sql:Database`. */
export function unversioned(type: string): string {
  return type.replace(/^(azure-native:\w+)\/v\w+:/, "$1:");
}
