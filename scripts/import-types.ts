import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { azureResourceTypes } from "../packages/azure-resource-types";
import { type BicepType, resourcesOf } from "../packages/azure-resource-types/shape/bicep-types";
import type { TypeShape } from "../packages/azure-resource-types/shape/shape";
import { typeShapeToJson } from "../packages/azure-resource-types/shape/shape-json";
import { SHAPES_FOLDER, shapeFile, shapeOf } from "../packages/azure-resource-types/shape/type-shapes";

const HELP = `Brings in the shapes of the described resource types from Microsoft's published types.

  npm run types -- <types.json or folder>...

The files are those of https://github.com/Azure/bicep-types-az, generated/<service>/<provider>/<API version>/types.json (MIT, Copyright
(c) Microsoft Corporation). Of several versions of a type, the one that its descriptor names is taken, or the nearest before it. Review
the diff of packages/azure-resource-types/shapes/ and run \`npm run mocha -- "packages/azure-resource-types/*.test.ts"\`.
`;

/** The shapes of the described types in these files, one for each type. */
export function importedShapes(files: readonly string[]): TypeShape[] {
  const found = files.flatMap((file) => {
    const types = JSON.parse(readFileSync(file, "utf8")) as BicepType[];
    return resourcesOf(types, (type) => azureResourceTypes.byType(type) && (shapeOf(type) ?? "new"));
  });
  return azureResourceTypes.types.flatMap(({ type, apiVersion }) => {
    const candidates = found
      .filter((shape) => shape.type.toLowerCase() === type.toLowerCase() && shape.version <= apiVersion)
      .sort((a, b) => a.version.localeCompare(b.version));
    const best = candidates.at(-1);
    return best === undefined ? [] : [{ ...best, type }];
  });
}

function main(paths: readonly string[]): void {
  if (paths.length === 0 || paths.includes("--help")) {
    process.stdout.write(HELP);
    return;
  }
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? globSync("**/types.json", { cwd: path }).map((file) => join(path, file))
      : [path],
  );
  const shapes = importedShapes(files);
  for (const shape of shapes) {
    const file = join(SHAPES_FOLDER, shapeFile(shape.type));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(typeShapeToJson(shape)));
    console.log(`${shape.type}@${shape.version}`);
  }
  if (shapes.length === 0)
    console.log("No file has a described type in its descriptor's version or an earlier one.");
  const formatted = spawnSync(
    process.execPath,
    [join(__dirname, "bootstrap.mjs"), "--bin", "biome", "format", "--write", SHAPES_FOLDER],
    { stdio: "inherit" },
  );
  process.exitCode = formatted.status ?? 1;
}

if (require.main === module) main(process.argv.slice(2));
