import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Root of the checkout. */
export const projectRoot = join(__dirname, "..");

/**
 * A text file of the project, with LF line ends on every platform.
 * @param file Path relative to the project's root.
 */
export function projectText(file: string): string {
  return readFileSync(join(projectRoot, file), "utf8").replaceAll("\r\n", "\n");
}
