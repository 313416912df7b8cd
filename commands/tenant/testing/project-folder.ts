import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Creates Pulumi projects for a test, with these common settings, and removes them afterwards. Call inside `describe`. */
export function projectFolder(): (files?: Readonly<Record<string, string>>, common?: string) => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return (files = {}, common = "config:\n  azure-native:location: westeurope\n") => {
    const folder = mkdtempSync(join(tmpdir(), "qt-tenants-"));
    folders.push(folder);
    writeFileSync(join(folder, "Pulumi.yaml"), `name: quantemplate\nruntime: nodejs\n${common}`);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };
}

/** A tenant's file without mistakes. */
export const goodFile = `encryptionsalt: v1:abc
config:
  quantemplate:organisationId: c-acme
  quantemplate:clientId: acme-azure
  quantemplate:clientSecret:
    secure: v1:ciphertext
  quantemplate:datasets:
    - id: d-1
      table: premium
      keyColumns: [Policy]
      guards:
        maxShrinkPercent: 30
    - id: d-2
      table: claims
  quantemplate:sqlAdmin: {login: DBAs, objectId: 00000000-0000-0000-0000-00000000ad31}
  quantemplate:tags: {ring: canary}
`;
