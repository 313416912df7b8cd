import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const source = (name: string, file: string) => join(__dirname, "..", name, file);

/** The program of a Python environment. */
export function pythonProgram(folder: string, name: string): string {
  return process.platform === "win32" ? join(folder, "Scripts", `${name}.exe`) : join(folder, "bin", name);
}

interface Clients {
  /** The tools that must be on PATH. */
  readonly tools: readonly string[];
  /** The file that pins the versions. */
  readonly pins: string;
  install(folder: string): Promise<void>;
}

const python = (name: string): Clients => ({
  tools: ["python3"],
  pins: source(name, "requirements.txt"),
  async install(folder) {
    await run("python3", ["-m", "venv", folder]);
    const options = ["--quiet", "--disable-pip-version-check"];
    await run(pythonProgram(folder, "pip"), ["install", ...options, "-r", source(name, "requirements.txt")]);
  },
});

/** The clients that are fetched, by the folder beside this one that uses them. */
const clients = {
  az: python("az"),
  python: python("python"),
  java: {
    tools: ["java", "javac", "mvn"],
    pins: source("java", "pom.xml"),
    async install(folder) {
      const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${join(folder, "jars")}`];
      await run("mvn", ["--quiet", "--batch-mode", "--file", source("java", "pom.xml"), ...goal]);
    },
  },
  go: {
    tools: ["go"],
    pins: source("go", "go.sum"),
    async install(folder) {
      await run("go", ["test", "-c", "-o", join(folder, "clients.test"), "."], { cwd: source("go", "") });
    },
  },
} satisfies Record<string, Clients>;

export type ClientsName = keyof typeof clients;
export const clientsNames = Object.keys(clients) as ClientsName[];

const folderOf = (name: ClientsName) => join(__dirname, "../../../.clients", name);
const failureFile = (name: ClientsName) => `${folderOf(name)}.failure`;

/** Where a stamp says that these very versions are complete. */
function stampOf(name: ClientsName): string {
  const pins = createHash("sha256").update(readFileSync(clients[name].pins)).digest("hex").slice(0, 16);
  return join(folderOf(name), `.complete-${pins}`);
}

async function missingTool(name: ClientsName): Promise<string | undefined> {
  // Each tool has a word of its own for its version.
  const words: Readonly<Record<string, string>> = { go: "version" };
  for (const tool of clients[name].tools) {
    const argument = words[tool] ?? "--version";
    const found = await run(tool, [argument]).then(
      () => true,
      () => false,
    );
    if (!found) return `there is no ${tool}`;
  }
  return undefined;
}

/** Fetches clients into `.clients/`, once for each set of versions. A failure is kept for the suite, which says it when it is skipped. */
export async function installClients(names: readonly ClientsName[] = clientsNames): Promise<void> {
  for (const name of names) {
    await rm(failureFile(name), { force: true });
    if (existsSync(stampOf(name)) || (await missingTool(name)) !== undefined) continue;
    const folder = folderOf(name);
    process.stdout.write(`Fetching the clients for ${name} (once) …\n`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await clients[name].install(folder).then(
      () => writeFile(stampOf(name), ""),
      (error: Error) => writeFile(failureFile(name), error.message),
    );
  }
}

/** The folder of clients that are there, or why they are not. Suites fetch nothing. */
export async function installationOf(name: ClientsName): Promise<{ folder: string } | { reason: string }> {
  if (existsSync(stampOf(name))) return { folder: folderOf(name) };
  const missing = await missingTool(name);
  if (missing !== undefined) return { reason: missing };
  const failure = existsSync(failureFile(name)) ? readFileSync(failureFile(name), "utf8") : undefined;
  return { reason: failure ?? `the clients are not there: npm run test:clients -- ${name} fetches them` };
}
