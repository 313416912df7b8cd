import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, stringify } from "yaml";
import type { StackRequest } from "./engine";

/** The files of one emulator's stacks. Missing files and folders are created. */
export interface StackFolder {
  /** `file://` URL of the state. */
  readonly backendUrl: string;
  /** The passphrase of the secrets in the state: created once, readable by the owner only. */
  readonly passphrase: string;
  /** Folder with one file for each stack that the Pulumi engine deployed. */
  readonly engineStates: string;
  /** Folder with one file for each stack that the in-process engine deployed. */
  readonly inProcessStates: string;
  /** Checkpoint of a stack, named as the file backend names it. */
  stateFile(stack: string): string;
  /** State of a stack that the in-process engine deployed. */
  inProcessStateFile(stack: string): string;
  /** Folder with the locks that running operations hold on a stack. */
  lockFolder(stack: string): string;
  /** Creates the working folder of a stack with project file, plain configuration and the packages that providers load. */
  prepare(stack: StackRequest): string;
  workFolder(stack: string): string;
  /** File of the creations that began in a run which has not ended well. */
  begunCreations(stack: string): string;
}

/** The Pulumi project that is deployed. */
export interface PulumiProject {
  /** As in Pulumi.yaml; the prefix of its configuration keys. */
  readonly name: string;
  /** The folder that contains its `node_modules`. */
  readonly root: string;
  /** Additional environment variables for the process of its dynamic resources. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** @param folder the emulator's state */
export function openStackFolder(folder: string, project: PulumiProject): StackFolder {
  const backend = join(folder, "pulumi-state");
  mkdirSync(backend, { recursive: true });
  const workFolder = (stack: string): string => join(folder, "stacks", stack);
  const engineStates = join(backend, ".pulumi", "stacks", project.name);
  const inProcessStates = join(folder, "in-process-state");
  return {
    engineStates,
    inProcessStates,
    // Without files of attributes beside the state: a kill can leave one empty, and then Pulumi cannot load the checkpoint ("EOF").
    backendUrl: `${pathToFileURL(backend).href}?metadata=skip`,
    passphrase: loadOrCreatePassphrase(join(folder, "pulumi-passphrase")),
    stateFile: (stack) => join(engineStates, `${stack}.json`),
    inProcessStateFile: (stack) => join(inProcessStates, `${stack}.json`),
    lockFolder: (stack) => join(backend, ".pulumi", "locks", "organization", project.name, stack),
    workFolder,
    begunCreations: (stack) => join(workFolder(stack), "begun-creations"),
    prepare(stack) {
      const work = workFolder(stack.name);
      mkdirSync(work, { recursive: true });
      linkPackages(join(project.root, "node_modules"), join(work, "node_modules"));
      writeIfChanged(join(work, "Pulumi.yaml"), stringify({ name: project.name, runtime: "nodejs" }));
      writeConfig(join(work, `Pulumi.${stack.name}.yaml`), stack);
      return work;
    },
  };
}

/**
 * Writes the plain configuration into the stack's file. Secret values are never written to disk; the program gets them when
 * it runs. Pulumi's own entries in the file (the salt) stay.
 */
function writeConfig(file: string, stack: StackRequest): void {
  const kept: unknown = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  const plain = Object.entries(stack.config).filter(([, entry]) => !entry.secret);
  const config = Object.fromEntries(plain.map(([key, entry]) => [key, entry.value]));
  writeIfChanged(file, stringify({ ...(kept as object), config }, yamlStyle));
}

/** Quotes every string, because Pulumi's YAML reader would parse `2027-01-31` as a timestamp and change it. */
const yamlStyle = { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" } as const;

function writeIfChanged(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

/** The dynamic provider's process starts in the working folder and resolves `@pulumi/pulumi` from there. */
function linkPackages(target: string, link: string): void {
  if (existsSync(link)) return;
  symlinkSync(target, link, process.platform === "win32" ? "junction" : "dir");
}

function loadOrCreatePassphrase(file: string): string {
  if (!existsSync(file))
    writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  return readFileSync(file, "utf8");
}
