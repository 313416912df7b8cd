import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../project-text";
import { knownContents } from "./known-contents";
import { picturedTenants } from "./pictured-tenants";
import { pictureOf } from "./program-picture";

/** The folder of the pictures. */
export const goldenFolder = join(projectRoot, "infra", "golden");

/** The pictures of the program as it is now, by file name. */
export async function takePictures(): Promise<ReadonlyMap<string, string>> {
  const nameContents = await knownContents();
  const pictures = new Map<string, string>();
  // One after the other: Pulumi's SDK runs one program at a time.
  for (const tenant of picturedTenants)
    pictures.set(`${tenant.stack}.yaml`, await pictureOf(tenant, nameContents));
  return pictures;
}

/** `npm run golden:program`. */
async function main(): Promise<void> {
  const pictures = await takePictures();
  rmSync(goldenFolder, { recursive: true, force: true });
  mkdirSync(goldenFolder);
  for (const [name, text] of pictures) writeFileSync(join(goldenFolder, name), text);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(1);
  });
}
