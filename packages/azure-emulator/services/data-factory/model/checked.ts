import type { z } from "zod";
import { DefinitionError } from "./definition-error";

/**
 * Parses with a schema.
 * @param subject the definition's name for messages
 * @throws DefinitionError listing every mistake with its path
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown, subject: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => {
    const path = issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
    return `${issue.message}${path}`;
  });
  throw new DefinitionError(`${subject}: ${mistakes.join("; ")}.`);
}
