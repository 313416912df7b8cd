import type { z } from "zod";
import { DefinitionError } from "./definition-error";

/** Parses with a schema; every mistake is named with its path below `where`. @throws DefinitionError */
export function checked<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => {
    const path = issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
    return `${issue.message}${path}`;
  });
  throw new DefinitionError(`${where}: ${mistakes.join("; ")}.`);
}
