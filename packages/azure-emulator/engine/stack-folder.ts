import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, stringify } from "yaml";
import type { StackRequest } from "./engine";

/** Where the stacks of one emulator are kept. Everything is made when it is missing. */
export interface StackFolder {
  /** `file://` address of the state. */
  readonly backendUrl: string;
  /** The key to the secrets in the state: made once, readable by the owner only. */
  readonly passphrase: string;
  /** Folder with one file a stack that the Pulumi engine deployed. */
  readonly engineStates: string;
  /** Folder with one file a stack that was deployed without it. */
  readonly inProcessStates: string;
  /** The checkpoint of a stack, as the file backend names it. */
  stateFile(stack: string): string;
  /** The state of a stack that was deployed without the Pulumi engine. */
  inProcessStateFile(stack: string): string;
  /** Locks that running operations hold on a stack. */
  lockFolder(stack: string): string;
  /** Working folder of a stack, with its project file, its plain configuration, and the packages that providers load. */
  prepare(stack: StackRequest): string;
  workFolder(stack: string): string;
}

/** The Pulumi project that is deployed. */
export interface PulumiProject {
  /** As in its Pulumi.yaml; configuration keys of the stacks begin with it. */
  readonly name: string;
  /** Where its `node_modules` is. */
  readonly root: string;
  /** Further variables for the process of its dynamic resources. */
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
    backendUrl: pathToFileURL(backend).href,
    passphrase: keptPassphrase(join(folder, "pulumi-passphrase")),
    stateFile: (stack) => join(engineStates, `${stack}.json`),
    inProcessStateFile: (stack) => join(inProcessStates, `${stack}.json`),
    lockFolder: (stack) => join(backend, ".pulumi", "locks", "organization", project.name, stack),
    workFolder,
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
 * Plain configuration goes into the stack's file, as a person would have it; secret values never touch the disk, they are
 * handed to the program when it runs. What Pulumi keeps there itself (the salt) stays.
 */
function writeConfig(file: string, stack: StackRequest): void {
  const kept: unknown = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  const plain = Object.entries(stack.config).filter(([, entry]) => !entry.secret);
  const config = Object.fromEntries(plain.map(([key, entry]) => [key, entry.value]));
  writeIfChanged(file, stringify({ ...(kept as object), config }, yamlStyle));
}

/** Every text in quotes: Pulumi's YAML reader would take `2027-01-31` for a time and change it. */
const yamlStyle = { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" } as const;

function writeIfChanged(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

/** The dynamic provider's process starts in the working folder and looks for `@pulumi/pulumi` from there. */
function linkPackages(target: string, link: string): void {
  if (existsSync(link)) return;
  symlinkSync(target, link, process.platform === "win32" ? "junction" : "dir");
}

function keptPassphrase(file: string): string {
  if (!existsSync(file))
    writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  return readFileSync(file, "utf8");
}
