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
  /** Microsoft's clients of Azure. */
  azure: [
    "azure-identity==1.27.0",
    "azure-keyvault-keys==4.11.3",
    "azure-keyvault-secrets==4.12.0",
    "azure-mgmt-datafactory==10.0.0",
    "azure-storage-blob==12.31.1",
  ],
} as const;

export type PythonPackages = keyof typeof groups;

/** The folder of a group's packages. Each group has its own, because pip cannot merge two into one folder, and one may be available without the others. */
export function pythonPackagesFolder(group: PythonPackages): string {
  return join(__dirname, "..", "..", "..", "node_modules", ".cache", "python", group);
}

/** Fetches the packages of some groups once. Without Python or pip nothing happens, and the suite that needs them reports that it is skipped. */
export async function fetchPythonPackages(wanted: readonly PythonPackages[]): Promise<void> {
  for (const group of wanted) {
    const packages = groups[group];
    const folder = pythonPackagesFolder(group);
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
