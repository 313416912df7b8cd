import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** A TDS client of another family than ours, and what it encrypts with. */
const packages = ["python-tds==1.17.1", "pyOpenSSL==26.4.0"];

/** Where `npm test` puts Python packages that a suite needs. */
export const pythonPackagesFolder = join(__dirname, "..", "node_modules", ".cache", "python");

/** Fetches the packages once. Without Python or pip nothing happens, and the suite that needs them says that it is skipped. */
export async function fetchPythonPackages(): Promise<void> {
  if (existsSync(pythonPackagesFolder)) return;
  const install = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--target",
    pythonPackagesFolder,
  ];
  await promisify(execFile)("python3", [...install, ...packages]).catch(() => undefined);
}
