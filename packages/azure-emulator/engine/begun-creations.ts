import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import type { ResourceProvider } from "./resource-provider";

/** The creations of a stack that began in a run which has not ended well, by URN. Kept in a file, so that they outlive a kill. */
export interface BegunCreations {
  /** The provider that notes what it creates, and completes what it was creating when it was killed. */
  watch(provider: ResourceProvider): ResourceProvider;
  /** The run has ended well: whatever began is in the state. */
  forget(): void;
}

/**
 * When this process is killed, the CLI lives on: it sees its provider gone, records the creation as failed and keeps no pending operation, although
 * the resource may exist. The next run would then refuse what exists already.
 */
export function openBegunCreations(file: string): BegunCreations {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  // A creation that is noted again has failed with an answer: what is there is not known to be its own.
  const begun = new Set<string>();
  for (const urn of lines.filter((line) => line !== "")) if (!begun.delete(urn)) begun.add(urn);
  const note = (urn: string) => appendFileSync(file, `${urn}\n`);
  return {
    watch(provider) {
      if (provider.find === undefined) return provider;
      return {
        ...provider,
        async create(resource, inputs, preview) {
          if (preview) return provider.create(resource, inputs, preview);
          const id = begun.has(resource.urn) ? await provider.find?.(resource, inputs) : undefined;
          if (id !== undefined) {
            const outputs = await provider.update(resource, id, {}, inputs, false);
            return { id, outputs };
          }
          if (!begun.has(resource.urn)) note(resource.urn);
          begun.delete(resource.urn);
          try {
            return await provider.create(resource, inputs, preview);
          } catch (error) {
            note(resource.urn);
            throw error;
          }
        },
      };
    },
    forget: () => rmSync(file, { force: true }),
  };
}
