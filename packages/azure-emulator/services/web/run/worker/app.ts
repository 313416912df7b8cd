import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { FunctionInfo } from "../host-protocol";
import type { CoreApi, FunctionMetadata } from "./core-api";

/** An app whose entry file was loaded. */
export interface LoadedApp {
  readonly functions: readonly FunctionInfo[];
  readonly routePrefix: string;
  /** The address at which the model streams HTTP; undefined if it passes whole bodies. */
  readonly streamAddress?: URL;
}

/**
 * Reads host.json, loads the files of package.json's `main` (a pattern is allowed), runs the start hooks and asks the model for
 * its capabilities, in the order of the Functions worker.
 * @throws Error with the missing file or with the app's error while loading.
 */
export async function loadApp(directory: string, core: CoreApi): Promise<LoadedApp> {
  const host = readJson(directory, "host.json") as {
    version?: string;
    extensions?: { http?: { routePrefix?: string } };
  };
  if (host.version !== "2.0") throw new Error(`host.json must say "version": "2.0".`);
  const { main } = readJson(directory, "package.json") as { main?: string };
  if (main === undefined) throw new Error('package.json has no "main".');
  const files = globSync(main, { cwd: directory }).sort();
  if (files.length === 0) throw new Error(`package.json's main "${main}" matches no file.`);
  const load = createRequire(join(directory, "package.json"));
  for (const file of files) load(join(directory, file));
  await core.runHooks("appStart", { hookData: {}, appHookData: {}, functionAppDirectory: directory });
  const functions = [...core.functions.values()].map(({ metadata }) => describe(metadata));
  const capabilities = (await loopbackOnly(() => core.model()?.getCapabilities?.({}))) ?? {};
  core.lock();
  return {
    functions: functions.filter((info) => info !== undefined),
    routePrefix: host.extensions?.http?.routePrefix ?? "api",
    ...(capabilities.HttpUri !== undefined && { streamAddress: loopback(capabilities.HttpUri) }),
  };
}

function readJson(directory: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(directory, name), "utf8"));
  } catch (error) {
    throw new Error(`${name} of the package cannot be read: ${(error as Error).message}`);
  }
}

/** The HTTP trigger of a function; undefined for a function without one, which cannot be called here. */
function describe({ name, bindings }: FunctionMetadata): FunctionInfo | undefined {
  const trigger = Object.values(bindings).find(({ type }) => String(type).toLowerCase() === "httptrigger");
  if (trigger === undefined) return undefined;
  const methods = Array.isArray(trigger.methods) ? trigger.methods.map(String) : ["GET", "POST"];
  const level = String(trigger.authLevel ?? "anonymous").toLowerCase();
  return {
    name,
    route: typeof trigger.route === "string" ? trigger.route : name,
    methods: methods.map((method) => method.toUpperCase()),
    authLevel: level === "function" || level === "admin" ? level : "anonymous",
    bindings: Object.entries(bindings).map(([bindingName, binding]) => ({ ...binding, name: bindingName })),
  };
}

/** The library's stream server would listen on every address; the emulator must listen only on loopback. */
async function loopbackOnly<T>(run: () => T | Promise<T>): Promise<T> {
  const net = createRequire(__filename)("node:net") as typeof import("node:net");
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (this: import("node:net").Server, ...given: unknown[]) {
    const callback = given.find((argument) => typeof argument === "function") as (() => void) | undefined;
    const port = typeof given[0] === "number" ? given[0] : 0;
    return listen.call(this, { port, host: "127.0.0.1" }, callback);
  } as typeof listen;
  try {
    return await run();
  } finally {
    net.Server.prototype.listen = listen;
  }
}

function loopback(address: string): URL {
  const url = new URL(address);
  url.hostname = "127.0.0.1";
  return url;
}
