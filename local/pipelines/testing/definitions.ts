import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One file of adf-definitions/, as Studio writes it. */
export interface Definition {
  readonly folder: string;
  readonly file: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const root = join(__dirname, "../../../adf-definitions");

/** Every file of a folder of adf-definitions/, in the order of their names. */
export function definitions(folder: string): readonly Definition[] {
  return readdirSync(join(root, folder)).map((file) => {
    const { name, properties } = JSON.parse(readFileSync(join(root, folder, file), "utf8")) as Definition;
    return { folder, file, name, properties };
  });
}

export const definitionFolders: readonly string[] = readdirSync(root);
