/** A definition that Data Factory would refuse, or that the stand-in does not run; the message names the part. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
}
