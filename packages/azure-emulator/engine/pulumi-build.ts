import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildVersion, executable, isExecutable } from "../../kit/find-pulumi";
import { withLock } from "../../kit/process-lock";
import { EmulatorError } from "../errors/emulator-error";

const cli = "github.com/pulumi/pulumi/pkg/v3";
const sdk = "github.com/pulumi/pulumi/sdk/v3";
const main = `${cli}/cmd/pulumi`;
/** The steps of a build. They need a wrapper module: `go install …@version` refuses a module with `replace` in it. */
const steps: readonly { readonly label: string; readonly args: (target: string) => readonly string[] }[] = [
  { label: "Creating a module for the build", args: () => ["mod", "init", "pulumi-build"] },
  {
    label: "Fetching the Pulumi CLI's Go modules",
    // Pin both to one release: the CLI itself requires the SDK's previous release.
    args: () => ["get", `${cli}@v${buildVersion}`, `${sdk}@v${buildVersion}`],
  },
  { label: "Resolving their dependencies", args: () => ["mod", "tidy"] },
  {
    label: "Building the Pulumi CLI (3 to 4 minutes, once)",
    args: (target) => [
      "build",
      // The Automation API refuses a CLI without a version.
      "-ldflags",
      `-s -w -X ${sdk}/go/common/version.Version=v${buildVersion}`,
      "-tags",
      "osusergo,grpcnotrace",
      "-o",
      target,
      main,
    ],
  },
];

/** The Go compiler on PATH. */
export function findGo(): string | undefined {
  const name = process.platform === "win32" ? "go.exe" : "go";
  const candidates = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  return candidates.find(isExecutable);
}

/**
 * Builds the CLI into `<root>/bin`. Of two builds at once, the second waits and then uses the result of the first. A killed
 * build leaves nothing that looks finished.
 * @throws EmulatorError QT7014 with the end of the compiler's output.
 */
export async function buildPulumi(root: string, onProgress: (line: string) => void): Promise<void> {
  mkdirSync(dirname(root), { recursive: true });
  await withLock(
    `${root}.lock`,
    () => onProgress("Waiting for another build of the Pulumi CLI"),
    async () => {
      if (isExecutable(join(root, "bin", executable))) return;
      const work = mkdtempSync(join(tmpdir(), "pulumi-build-"));
      // Next to its destination, so that the final rename is atomic.
      const partial = mkdtempSync(`${root}.partial-`);
      try {
        writeFileSync(join(work, "tools.go"), `//go:build tools\n\npackage tools\n\nimport _ "${main}"\n`);
        for (const step of steps) {
          onProgress(step.label);
          await runGo(step.args(join(partial, "bin", executable)), work);
        }
        rmSync(root, { recursive: true, force: true });
        renameSync(partial, root);
      } finally {
        rmSync(work, { recursive: true, force: true });
        rmSync(partial, { recursive: true, force: true });
      }
    },
  );
}

/** Number of lines of compiler output that an error shows. */
const shownLines = 15;

function runGo(args: readonly string[], folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // The settings of another Go workspace must not affect this module.
    const env = { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off" };
    const child = spawn("go", args, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
    let output = "";
    child.stderr.on("data", (data: Buffer) => {
      output = (output + data.toString("utf8")).slice(-20_000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve();
      const reason = output.trim().split("\n").slice(-shownLines).join("\n");
      reject(new EmulatorError("QT7014", { step: `go ${args[0]}`, reason }));
    });
  });
}
