/** With fewer tenants, a second process takes longer to load the SDK than it saves. */
const WORTH_A_PROCESS = 8;

/** Divides the tenants into shares of about the same size. */
export function shares(tenants: readonly string[], most: number): string[][] {
  const number = Math.max(1, Math.min(most, Math.floor(tenants.length / WORTH_A_PROCESS)));
  return Array.from({ length: number }, (_, share) => tenants.filter((_name, i) => i % number === share));
}
