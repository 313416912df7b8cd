import { createHash } from "node:crypto";
import { createRandomProvider } from "../random-provider";
import type { ResourceProvider } from "../resource-provider";
import { isSecret, secret } from "../wire-values";

/** The random provider with strings derived from the resource's URN, so that every preview gives the same names. */
export function createDryRunRandom(): ResourceProvider {
  const random = createRandomProvider();
  return {
    ...random,
    async create(resource, inputs, preview) {
      const made = await random.create(resource, inputs, preview);
      const { result } = made.outputs;
      if (preview || result === undefined) return made;
      const text = textOf(resource.urn, Number(inputs.length));
      return { id: made.id, outputs: { ...made.outputs, result: isSecret(result) ? secret(text) : text } };
    },
  };
}

function textOf(urn: string, length: number): string {
  const digest = createHash("sha256").update(urn).digest("hex");
  return digest.repeat(Math.ceil(length / digest.length)).slice(0, length);
}
