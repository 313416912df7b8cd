import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Python packages that suites need. */
const groups = {
  /** A TDS client of another family than ours, and its encryption. */
  tds: ["python-tds==1.17.1", "pyOpenSSL==26.4.0"],
  /** A linter of workflows. */
  zizmor: ["zizmor==1.32.0"],
  /** A parser of PowerShell. */
  powershell: ["tree-sitter==0.26.1", "tree-sitter-powershell==0.26.4"],
} as const;

/** The folder of a group's packages. Each group has its own, because pip cannot merge two into one folder, and one may be available without the others. */
export function pythonPackagesFolder(group: keyof typeof groups): string {
  return join(__dirname, "..", "..", "..", "node_modules", ".cache", "python", group);
}

/** Fetches the packages once. Without Python or pip nothing happens, and the suite that needs them reports that it is skipped. */
export async function fetchPythonPackages(): Promise<void> {
  for (const [group, packages] of Object.entries(groups)) {
    const folder = pythonPackagesFolder(group as keyof typeof groups);
    const stamp = join(folder, `.${packages.join("+")}`);
    if (existsSync(stamp)) continue;
    const options = ["--quiet", "--disable-pip-version-check", "--only-binary=:all:", "--upgrade"];
    await promisify(execFile)("python3", [
      "-m",
      "pip",
      "install",
      ...options,
      "--target",
      folder,
      ...packages,
    ]).then(
      () => writeFile(stamp, ""),
      () => undefined,
    );
  }
}
