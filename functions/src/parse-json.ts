/** The value of a JSON text; undefined if it is not JSON. The parser's message is dropped: it quotes the text, which may hold secrets. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
