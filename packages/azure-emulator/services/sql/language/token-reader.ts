import { type Token, tokenize } from "./lexer";
import { reservedWords } from "./reserved-words";

/** Thrown at anything that the parser does not know: then nothing of the text may run. */
export class NotUnderstood extends Error {
  override readonly name = "NotUnderstood";
  /** @param at where the statement begins that is not understood */
  constructor(readonly at: number) {
    super("this T-SQL is not understood");
  }
}

/** Walks over the tokens of a text. Words are compared in lower case. Every method that expects something throws NotUnderstood. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #next = 0;
  #statement = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
    this.#length = text.length;
  }

  get done(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** The next token begins a statement: what is not understood is shown from here on. */
  beginStatement(): void {
    this.#statement = this.peek()?.at ?? this.#length;
  }

  fail(): never {
    throw new NotUnderstood(this.#statement);
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#next + ahead];
  }

  /** The next word in lower case; undefined if the next token is no word. */
  peekWord(ahead = 0): string | undefined {
    const token = this.peek(ahead);
    return token?.kind === "word" ? token.text.toLowerCase() : undefined;
  }

  skip(): void {
    this.#next++;
  }

  word(): string {
    const word = this.peekWord() ?? this.fail();
    this.skip();
    return word;
  }

  expectWord(...words: readonly string[]): string {
    const word = this.word();
    return words.includes(word) ? word : this.fail();
  }

  optionalWord(...words: readonly string[]): boolean {
    const word = this.peekWord();
    if (word === undefined || !words.includes(word)) return false;
    this.skip();
    return true;
  }

  symbol(text: string): boolean {
    const token = this.peek();
    if (token?.kind !== "symbol" || token.text !== text) return false;
    this.skip();
    return true;
  }

  expectSymbol(text: string): void {
    if (!this.symbol(text)) this.fail();
  }

  number(): string {
    const token = this.peek();
    if (token?.kind !== "number") return this.fail();
    this.skip();
    return token.text;
  }

  /** A name, in quotes or not; `@variables` and reserved words are none. */
  atIdentifier(ahead = 0): boolean {
    const token = this.peek(ahead);
    if (token?.kind === "name") return true;
    return (
      token?.kind === "word" && !token.text.startsWith("@") && !reservedWords.has(token.text.toLowerCase())
    );
  }

  identifier(): string {
    const token = this.peek();
    if (token === undefined || !this.atIdentifier()) return this.fail();
    this.skip();
    return token.text;
  }

  /** The name of an `@variable`; undefined if the next token is none. */
  variable(): string | undefined {
    const token = this.peek();
    if (token?.kind !== "word" || !/^@[^@]/.test(token.text)) return undefined;
    this.skip();
    return token.text;
  }

  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.symbol(",")) items.push(item());
    return items;
  }
}
