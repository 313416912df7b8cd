/** A definition that Data Factory would refuse or that the emulator does not support. The message names the faulty part. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
}
