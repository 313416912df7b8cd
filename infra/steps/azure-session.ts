import { setTimeout as delay } from "node:timers/promises";
import type { TokenCredential } from "@azure/identity";
import { QtError } from "../../errors/qt-error";
import { reasonOf } from "../../packages/kit/reason-of";
import { type ArmCall, type ArmMethod, callArm } from "./arm-call";
import { type Cloud, discoverCloud } from "./cloud";
import { createCredential, type SignInEnvironment } from "./credential";

export { type ArmCall, ArmCallError, type ArmMethod, orAbsent } from "./arm-call";

/** Azure as a step uses it, signed in as the deployer. */
export interface AzureSession {
  /**
   * Calls Resource Manager, again if that may help, and waits for the operation if the answer names one.
   * @param id Resource id and operation, starting with `/subscriptions`.
   * @returns The parsed JSON body, or undefined if there is none.
   * @throws QtError QT1201 with the status and Azure's own code and message, QT1209 if the operation does not end.
   */
  arm<Body = unknown>(method: ArmMethod, id: string, call: ArmCall): Promise<Body>;
  /** Base URL of Resource Manager, without a trailing slash. */
  armUrl(): Promise<string>;
  /** An access token for Resource Manager (and for a site's publish endpoint). */
  armToken(): Promise<string>;
  /** An access token for Azure SQL. */
  sqlToken(): Promise<string>;
  /** Waits between two attempts; tests return at once. */
  pause(milliseconds: number): Promise<void>;
}

/** The environment of a session. */
export interface SessionEnvironment extends SignInEnvironment {
  /** Shortens every pause to at most so many milliseconds, where nothing takes Azure's time. */
  readonly QT_LONGEST_PAUSE_MS?: string | undefined;
}

/** @param env The variables for the cloud and the sign-in (`sign-in-environment.ts`): ARM_*, ACTIONS_ID_TOKEN_REQUEST_*; and pauses. */
export function createAzureSession(env: SessionEnvironment): AzureSession {
  const longest = Number(env.QT_LONGEST_PAUSE_MS || Number.POSITIVE_INFINITY);
  const pause = (milliseconds: number): Promise<void> => delay(Math.min(milliseconds, longest));
  let signedIn: Promise<{ cloud: Cloud; credential: TokenCredential }> | undefined;
  const signIn = () => {
    signedIn ??= discoverCloud(env.ARM_METADATA_HOSTNAME).then(async (cloud) => ({
      cloud,
      credential: await createCredential(env, cloud),
    }));
    return signedIn;
  };
  const token = async (scopeOf: (cloud: Cloud) => string) => {
    const { cloud, credential } = await signIn();
    return accessToken(credential, scopeOf(cloud));
  };
  const armToken = () => token((cloud) => cloud.armScope);
  return {
    pause,
    armToken,
    armUrl: async () => (await signIn()).cloud.resourceManager,
    sqlToken: () => token((cloud) => cloud.sqlScope),
    async arm<Body>(method: ArmMethod, id: string, call: ArmCall) {
      const { cloud } = await signIn();
      return callArm<Body>(cloud.resourceManager, await armToken(), method, id, call, { pause });
    },
  };
}

/**
 * An access token that a credential issues.
 * @throws QtError QT1205 if it issues none, or the credential's own QtError.
 */
export async function accessToken(credential: TokenCredential, scope: string): Promise<string> {
  const issued = await credential.getToken(scope).catch((error: unknown) => {
    if (error instanceof QtError) throw error;
    throw new QtError("QT1205", { reason: reasonOf(error) }, { cause: error });
  });
  if (issued === null) throw new QtError("QT1205", { reason: "the credential returned no token" });
  return issued.token;
}
