import type { PulumiChoice } from "..";
import { createMemoryControlPlane } from "./memory-control-plane";
import { toyEngine, toyStack } from "./toy-engine";

/** A process whose `up` hangs at the SQL server, after other resources were created. The test kills it. */
async function main(folder: string, pulumi: PulumiChoice): Promise<void> {
  const controlPlane = createMemoryControlPlane();
  controlPlane.beforePut = async (id) => {
    if (!id.endsWith("/servers/sql-toy")) return;
    process.stdout.write("hanging\n");
    await new Promise(() => {});
  };
  const engine = await toyEngine(folder, controlPlane, pulumi);
  await engine.up(toyStack());
}

const [folder = "", pulumi = "auto"] = process.argv.slice(2);
void main(folder, pulumi as PulumiChoice);
