import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../project-text";
import { knownContents } from "./known-contents";
import { picturedTenants } from "./pictured-tenants";
import { pictureOf } from "./program-picture";

/** The folder of the pictures. */
export const goldenFolder = join(projectRoot, "infra", "golden");

/** `npm run golden:program`. */
async function main(): Promise<void> {
  const contents = await knownContents();
  // Taken before the old ones go, and one after the other: Pulumi's SDK runs one program at a time.
  const pictures: [file: string, text: string][] = [];
  for (const tenant of picturedTenants)
    pictures.push([`${tenant.stack}.yaml`, await pictureOf(tenant, contents)]);
  rmSync(goldenFolder, { recursive: true, force: true });
  mkdirSync(goldenFolder);
  for (const [file, text] of pictures) writeFileSync(join(goldenFolder, file), text);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(1);
  });
}
