import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Root of the checkout. */
export const projectRoot = join(__dirname, "..");

/**
 * Hash of a text file of the project, the same on every platform: line ends do not count.
 * @param file Path relative to the project's root.
 */
export function hashFile(file: string): string {
  return sha256(readText(file));
}

/** Hash of all files below a folder with an extension, names included. */
export function hashFolder(folder: string, extension: string): string {
  const files = readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(extension))
    .sort();
  return sha256(JSON.stringify(files.map((file) => [file, readText(`${folder}/${file}`)])));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function readText(file: string): string {
  return readFileSync(join(projectRoot, file), "utf8").replaceAll("\r\n", "\n");
}
