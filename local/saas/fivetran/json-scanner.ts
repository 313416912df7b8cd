/** The type of a JSON value. */
export type JsonKind = "string" | "number" | "boolean" | "null" | "object" | "array";

/** A value's place in the text. The text is kept, so that no number loses a digit. */
export interface JsonSlice {
  readonly kind: JsonKind;
  readonly start: number;
  readonly end: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;

/** Says where the text stops being JSON. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
}

/** Reads JSON (RFC 8259) strictly, value by value, and returns positions in the text instead of objects. */
export class JsonScanner {
  position = 0;

  constructor(readonly text: string) {}

  /** The text of a slice. */
  slice({ start, end }: JsonSlice): string {
    return this.text.slice(start, end);
  }

  /** Goes through an object; `onMember` must read the value. @throws JsonSyntaxError, also for a duplicate name. */
  object(onMember: (name: string) => void): void {
    this.expect("{");
    if (this.#accept("}")) return;
    const names = new Set<string>();
    do {
      this.skipSpace();
      const name = this.string();
      if (names.has(name)) throw this.error(`the name ${JSON.stringify(name)} is there twice`);
      names.add(name);
      this.expect(":");
      onMember(name);
    } while (this.#accept(","));
    this.expect("}");
  }

  /** Goes through an array; `onElement` must read the value. */
  array(onElement: () => void): void {
    this.expect("[");
    if (this.#accept("]")) return;
    do onElement();
    while (this.#accept(","));
    this.expect("]");
  }

  /** Reads any value. */
  value(): JsonSlice {
    this.skipSpace();
    const start = this.position;
    const kind = this.#skipValue();
    return { kind, start, end: this.position };
  }

  /** Reads a string and decodes it. */
  string(): string {
    const start = this.position;
    const escaped = this.#skipString();
    if (!escaped) return this.text.slice(start + 1, this.position - 1);
    return JSON.parse(this.text.slice(start, this.position)) as string;
  }

  /** @throws JsonSyntaxError if anything but white space follows. */
  end(): void {
    this.skipSpace();
    if (this.position < this.text.length) throw this.error("something follows the value");
  }

  /** The next character, skipping white space. */
  peek(): string {
    this.skipSpace();
    return this.text.charAt(this.position);
  }

  expect(character: string): void {
    if (!this.#accept(character)) throw this.error(`${JSON.stringify(character)} is missing`);
  }

  skipSpace(): void {
    if (this.text.charCodeAt(this.position) > 32) return;
    SPACE.lastIndex = this.position;
    SPACE.exec(this.text);
    this.position = SPACE.lastIndex;
  }

  error(what: string): JsonSyntaxError {
    return new JsonSyntaxError(`${what} at character ${this.position}`);
  }

  #accept(character: string): boolean {
    this.skipSpace();
    if (this.text.charAt(this.position) !== character) return false;
    this.position++;
    return true;
  }

  #skipValue(): JsonKind {
    switch (this.text.charAt(this.position)) {
      case '"':
        this.#skipString();
        return "string";
      case "{":
        this.object(() => this.value());
        return "object";
      case "[":
        this.array(() => this.value());
        return "array";
      case "t":
        return this.#word("true", "boolean");
      case "f":
        return this.#word("false", "boolean");
      case "n":
        return this.#word("null", "null");
      default:
        return this.#number();
    }
  }

  #word(word: string, kind: JsonKind): JsonKind {
    if (!this.text.startsWith(word, this.position)) throw this.error("there is no value");
    this.position += word.length;
    return kind;
  }

  #number(): JsonKind {
    NUMBER.lastIndex = this.position;
    if (!NUMBER.test(this.text)) throw this.error("there is no value");
    this.position = NUMBER.lastIndex;
    return "number";
  }

  /** True if the string contains an escape. */
  #skipString(): boolean {
    const { text } = this;
    if (text.charCodeAt(this.position) !== QUOTE) throw this.error("there is no string");
    let escaped = false;
    for (let index = this.position + 1; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === QUOTE) {
        this.position = index + 1;
        return escaped;
      }
      if (code < 32) throw this.error("a string holds a control character");
      if (code !== BACKSLASH) continue;
      escaped = true;
      ESCAPE.lastIndex = index;
      if (!ESCAPE.test(text)) throw this.error("a string holds a wrong escape");
      index = ESCAPE.lastIndex - 1;
    }
    throw this.error("a string does not end");
  }
}
