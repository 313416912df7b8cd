import * as z from "zod";
import { type NameKind, nameKinds } from "./naming";
import { text } from "./schema-parts";

const pattern = text(
  /^(?:[^{}]|\{(?:tenant|region|suffix)\})+$/,
  "a name in which {tenant}, {region} and {suffix} stand for these parts",
);

const shape = Object.fromEntries(nameKinds.map((kind) => [kind, pattern.optional()])) as Record<
  NameKind,
  z.ZodOptional<typeof pattern>
>;

/** The setting `names`. */
export const namesSchema = z
  .strictObject(shape)
  .prefault({})
  .describe(
    "Names in place of the program's, by kind, such as kv-{tenant}-{region}-p01. {suffix}, six letters and digits of the stack, makes a name unique in the world.",
  );
