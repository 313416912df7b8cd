import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The nearest folder above that has `node_modules`. The path is the folder's own even if `node_modules` is a link. */
export function packagesRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "node_modules"))) {
    if (dirname(folder) === folder) throw new Error(`There is no node_modules above ${__dirname}.`);
    folder = dirname(folder);
  }
  return folder;
}
