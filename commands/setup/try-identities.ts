import type { Door } from "./door";
import { type PlannedIdentity, scopeOf } from "./plan";
import { patiently, type Setup } from "./step";

/** What an identity could do. */
export interface Trial {
  readonly identity: string;
  /** In words, such as `reads the state`. */
  readonly tried: string;
  /** Why it could not; undefined if it could. */
  readonly failure?: string;
}

interface Password {
  readonly keyId: string;
  readonly secretText: string;
}

const MINUTES_15 = 15 * 60_000;

/**
 * Signs in as each identity and tries one thing at each place: Resource Manager, the state, the key. Outside of a pipeline nobody has its
 * token, so each application gets a secret for a quarter of an hour, which is removed again.
 */
export async function tryIdentities(setup: Setup): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const identity of setup.plan.identities) trials.push(...(await tryIdentity(setup, identity)));
  return trials;
}

async function tryIdentity(setup: Setup, identity: PlannedIdentity): Promise<Trial[]> {
  const ids = setup.found.identities.get(identity.name);
  if (ids === undefined)
    return [{ identity: identity.displayName, tried: "signs in", failure: "it does not exist" }];
  const path = `/applications/${ids.id}`;
  const { keyId, secretText } = await setup.door.graph<Password>("POST", `${path}/addPassword`, {
    passwordCredential: {
      displayName: "npm run setup",
      endDateTime: new Date(Date.now() + MINUTES_15).toISOString(),
    },
  });
  try {
    const credential = await setup.door.withSecret(setup.plan.tenantId, ids.appId, secretText);
    return await tryAs(setup, setup.door.as(credential), identity.displayName);
  } finally {
    await setup.door.graph("POST", `${path}/removePassword`, { keyId });
  }
}

/** @param door signed in as the identity */
export async function tryAs({ plan, found }: Setup, door: Door, identity: string): Promise<Trial[]> {
  const trials: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      "reads the subscription",
      () => door.armList(`${scopeOf(plan)}/resourceGroups`, "?api-version=2024-03-01"),
    ],
    [
      "lists the state",
      () => door.blob("GET", `${found.blobUrl}${plan.container}?restype=container&comp=list`),
    ],
    [
      "encrypts with the key",
      () =>
        door.vault("POST", `${found.keyId}/encrypt?api-version=7.4`, { alg: "RSA-OAEP-256", value: "b2s" }),
    ],
  ];
  const results: Trial[] = [];
  for (const [tried, work] of trials) {
    const failure = await patiently(door, [401, 403], work).then(
      () => undefined,
      (error: Error) => error.message,
    );
    results.push({ identity, tried, ...(failure !== undefined && { failure }) });
  }
  return results;
}
