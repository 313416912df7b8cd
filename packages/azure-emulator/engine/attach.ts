import { cliEnvironment } from "./cli-environment";
import { type EngineOptions, providersFor } from "./deploy";
import { deployerEnvironment } from "./deployer-environment";
import { serveProvider } from "./provider-server";
import { openStackFolder } from "./stack-folder";

/** The emulator's providers, served to any Pulumi CLI of this machine. */
export interface Attachment {
  /** The variables with which the CLI, its language host and the program's dynamic resources work on the emulator. They hold secrets. */
  readonly environment: Readonly<Record<string, string>>;
  close(): void;
}

/** Serves the providers of a running emulator until it is closed. A CLI deploys with them as people run it: a project folder, and its language host. */
export async function attachProviders(
  options: Omit<EngineOptions, "pulumi" | "onProgress">,
): Promise<Attachment> {
  const stacks = openStackFolder(options.folder, options.project);
  const servers = await Promise.all(providersFor(options).map(serveProvider));
  return {
    environment: {
      ...deployerEnvironment(options.context, options.project),
      ...cliEnvironment(stacks, servers),
    },
    close() {
      for (const server of servers) server.close();
    },
  };
}
