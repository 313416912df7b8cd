import { z } from "zod";
import type { ResourceType } from "../../../control-plane/local-service";
import { checked } from "../model/checked";
import type { Runner } from "../run/runner";
import { withoutSecureStrings } from "./secure-strings";
import { refuseInvalid } from "./validation";

const globalParameter = z.strictObject({
  type: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["object", "string", "int", "float", "bool", "array"])),
  value: z.unknown(),
});

const schema = z.looseObject({
  globalParameters: z
    .record(
      z.string().regex(/^\w+$/, "a global parameter's name may contain only letters, digits and _"),
      globalParameter,
    )
    .optional(),
});

/** A factory. The control plane creates its identity. Its runs go with it: another factory of its name has none. */
export function factoryType(runner: Pick<Runner, "forget">): ResourceType {
  return {
    type: "Microsoft.DataFactory/factories",
    shown: withoutSecureStrings,
    async put({ name, body, existing }) {
      refuseInvalid(() => checked(schema, body.properties ?? {}, `factory '${name}'`));
      return {
        properties: {
          provisioningState: "Succeeded",
          createTime: existing?.properties.createTime ?? new Date().toISOString(),
          version: "2018-06-01",
        },
      };
    },
    delete: ({ id }) => runner.forget(id),
  };
}
