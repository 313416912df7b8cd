import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { azureResourceTypes, catalogueOf, type ResourceTypeDescriptor } from "../../../azure-resource-types";
import { createControlPlane, createLocalContext, startGateway } from "..";
import { type HttpsRequest, httpsCall } from "../https-call";
import { ARM_AUDIENCE } from "../identity";
import type { ArmSettings, ControlPlane, LocalContext, LocalService } from "../local-service";

/** An emulator in its own folder, for tests. */
export interface TestEmulator {
  readonly context: LocalContext;
  readonly controlPlane: ControlPlane;
  /** The id of an existing resource group. */
  readonly group: string;
  /** Calls Resource Manager, by default as the deployer. */
  arm(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
    headers?: HttpsRequest["headers"],
  ): Promise<TestReply>;
  /** Calls any address with the local CA trusted. */
  call(url: string, options?: HttpsRequest): Promise<TestReply>;
  /** Stops it; the folder stays, so that another can start in it. */
  close(): Promise<void>;
  /** Stops it and removes the folder. */
  stop(): Promise<void>;
}

/** An API version that the path's type has: that of its descriptor. */
export function apiVersionFor(path: string): string {
  const [, below = ""] = /.*\/providers\/([^?]+)/i.exec(path) ?? [];
  const [namespace = "", ...steps] = below.split("/");
  const described = steps.map((_, index) => {
    const names = steps.slice(0, index + 1).filter((_, at) => at % 2 === 0);
    return azureResourceTypes.byType([namespace, ...names].join("/"));
  });
  return described.findLast((found) => found !== undefined)?.apiVersion ?? "2024-03-01";
}

/** A resource type that only exists in a test, run by a service. */
export function testType(type: string, more: Partial<ResourceTypeDescriptor> = {}): ResourceTypeDescriptor {
  return { type, apiVersion: "2024-03-01", tokens: {}, runs: "service", ...more };
}

export interface TestReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

/**
 * Starts an emulator with some services, in a new folder if none is given; `stop` removes the folder.
 * @param more types that the services register in addition to Azure's
 */
export async function startTestEmulator(
  services: (context: LocalContext) => LocalService[] = () => [],
  kept?: string,
  more: readonly ResourceTypeDescriptor[] = [],
  settings?: ArmSettings,
): Promise<TestEmulator> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "emulator-")));
  const context = await createLocalContext(folder, settings);
  const made = services(context);
  const controlPlane = createControlPlane(context, made, catalogueOf([...azureResourceTypes.types, ...more]));
  const door = await startGateway(context, controlPlane, made);
  for (const service of made) await service.start?.();
  const group = `/subscriptions/${context.subscriptionId}/resourceGroups/rg`;
  await controlPlane.put(group, { location: "westeurope" }, context.principals.deployer);
  const close = async () => {
    await door.close();
    for (const service of made) await service.stop?.();
    await context.close();
  };
  const call: TestEmulator["call"] = (url, options) => request(url, context.certificates.ca, options);
  return {
    context,
    controlPlane,
    group,
    call,
    arm(
      method,
      path,
      body,
      token = context.tokens.issue(context.principals.deployer, ARM_AUDIENCE).token,
      headers = {},
    ) {
      const separator = path.includes("?") ? "&" : "?";
      const asked = /[?&]api-version=/.test(path) ? "" : `${separator}api-version=${apiVersionFor(path)}`;
      return call(`${context.httpsUrl}${path}${asked}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    },
    close,
    async stop() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function request(url: string, ca: string, options?: HttpsRequest): Promise<TestReply> {
  const { status, headers, body } = await httpsCall(url, ca, options);
  const text = body.toString();
  return { status, headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
