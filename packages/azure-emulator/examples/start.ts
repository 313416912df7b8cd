import { join } from "node:path";
import { createEngine, type PulumiChoice, startEmulator } from "..";
import { shop } from "./shop";

/** Starts the emulator with its state in `folder`, and deploys the shop. `root` is the folder that has node_modules. */
export async function startShop(folder: string, root: string, pulumi: PulumiChoice = "auto") {
  const emulator = await startEmulator({
    folder,
    sql: { databaseFolder: join(__dirname, "database") },
    // The shop does not wait until its roles take effect, as it would have to in Azure.
    arm: { roleDelay: { refusals: 0 } },
  });
  const { context, controlPlane } = emulator;
  const project = { name: "shop", root };
  const engine = await createEngine({ project, folder, pulumi, context, controlPlane });
  const stack = { name: "dev", config: {}, program: shop };
  const { outputs } = await engine.up(stack);
  return { emulator, engine, stack, outputs };
}
