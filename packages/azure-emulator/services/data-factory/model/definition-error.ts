/** A definition that Data Factory would refuse, or that the emulator does not run; the message names the part. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
}
