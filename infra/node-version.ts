import { QtError } from "../errors/qt-error";

/** The oldest Node on which program, steps and tools run; scripts/bootstrap.mjs takes the same. */
export const oldestNode = "22.19.0";

/**
 * Refuses an older Node before anything else is loaded. Pulumi's language host runs the `node` that it finds first on PATH, and an older one
 * gets far: it previews, deploys everything up to the database, and fails there on what it lacks.
 * @param version as in `process.versions.node`
 * @throws QtError QT1230
 */
export function refuseOldNode(version = process.versions.node): void {
  if (isOlder(version, oldestNode)) throw new QtError("QT1230", { version });
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = than.split(".").map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
