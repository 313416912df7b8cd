/** An expression that cannot be parsed or evaluated. The message names the faulty part, never a value. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}
