import { type Token, tokenize } from "./lexer";
import type { CallArgument, LiteralColumn, Statement } from "./statement";

/**
 * Parses a batch of the few statements that the endpoint knows. Undefined if it contains anything else: then nothing
 * of the batch may run.
 */
export function parseBatch(text: string): Statement[] | undefined {
  const parser = new BatchParser(tokenize(text));
  try {
    return parser.batch();
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

class NotUnderstood extends Error {}

/** Session options that drivers set; any other SET (of a variable, of IDENTITY_INSERT) is refused. */
const sessionOptions: ReadonlySet<string> = new Set(
  (
    "ansi_nulls ansi_null_dflt_on ansi_null_dflt_off ansi_padding ansi_warnings ansi_defaults arithabort arithignore " +
    "concat_null_yields_null cursor_close_on_commit datefirst dateformat deadlock_priority implicit_transactions language " +
    "lock_timeout nocount numeric_roundabort quoted_identifier rowcount textsize transaction xact_abort no_browsetable"
  ).split(" "),
);

const statementStarts: ReadonlySet<string> = new Set([
  "set",
  "exec",
  "execute",
  "begin",
  "commit",
  "rollback",
  "if",
  "use",
  "select",
]);

class BatchParser {
  #next = 0;

  constructor(readonly tokens: readonly Token[]) {}

  batch(): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      while (this.#symbol(";")) {}
      if (this.#next >= this.tokens.length) return statements;
      statements.push(this.#statement());
    }
  }

  #statement(): Statement {
    const word = this.#anyWord();
    switch (word) {
      case "exec":
      case "execute":
        return this.#call();
      case "begin":
        this.#expect("tran", "transaction");
        this.#transactionName();
        return { kind: "begin" };
      case "commit":
      case "rollback":
        this.#optional("tran", "transaction", "work");
        this.#transactionName();
        return { kind: word, onlyIfOpen: false };
      case "if":
        return this.#ifOpen();
      case "set":
        return this.#set();
      case "use":
        return { kind: "use", database: this.#identifier() };
      case "select":
        return { kind: "literals", columns: this.#list(() => this.#literalColumn()) };
      default:
        throw new NotUnderstood();
    }
  }

  /** `IF @@TRANCOUNT > 0 COMMIT TRAN` */
  #ifOpen(): Statement {
    this.#expect("@@trancount");
    if (!this.#symbol(">")) throw new NotUnderstood();
    if (this.#take("number")?.text !== "0") throw new NotUnderstood();
    const statement = this.#statement();
    if (statement.kind !== "commit" && statement.kind !== "rollback") throw new NotUnderstood();
    return { ...statement, onlyIfOpen: true };
  }

  /** Reads up to the next statement; the words, numbers and commas until there are the option's value. */
  #set(): Statement {
    do {
      if (!sessionOptions.has(this.#anyWord())) throw new NotUnderstood();
    } while (this.#symbol(","));
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      if (token.kind === "symbol" && token.text !== "-") break;
      if (token.kind === "word" && statementStarts.has(token.text.toLowerCase())) break;
      this.#next++;
    }
    return { kind: "set" };
  }

  #call(): Statement {
    const parts = [this.#identifier()];
    while (this.#symbol(".")) parts.push(this.#identifier());
    const token = this.#peek();
    const bare =
      token === undefined || (token.kind === "symbol" && token.text === ";") || this.#atStatement();
    const list = bare ? [] : this.#list(() => this.#argument());
    // Positional arguments come first, then named ones; SQL Server refuses the other order too.
    if (list.some(({ name }, index) => name === "" && index > 0 && list[index - 1]?.name !== ""))
      throw new NotUnderstood();
    return { kind: "call", procedure: parts.join("."), arguments: list };
  }

  #argument(): CallArgument {
    const token = this.#peek();
    const after = this.tokens[this.#next + 1];
    let name = "";
    if (
      token?.kind === "word" &&
      token.text.startsWith("@") &&
      after?.kind === "symbol" &&
      after.text === "="
    ) {
      name = token.text;
      this.#next += 2;
    }
    const value = this.#peek();
    if (value?.kind === "word" && /^@[^@]/.test(value.text)) {
      this.#next++;
      return { name, value: { variable: value.text } };
    }
    return { name, value: this.#literal().value };
  }

  #literalColumn(): LiteralColumn {
    const literal = this.#literal();
    const named = this.#optional("as") || (this.#peek()?.kind ?? "symbol") === "name";
    const word = this.#peek();
    const bareName = !named && word?.kind === "word" && !statementStarts.has(word.text.toLowerCase());
    return { ...literal, name: named || bareName ? this.#identifier() : "" };
  }

  #literal(): { type: "int" | "text"; value: string | null } {
    const negative = this.#symbol("-");
    const token = this.tokens[this.#next++];
    if (token?.kind === "number") {
      const type = /^\d{1,9}$/.test(token.text) ? "int" : "text";
      return { type, value: (negative ? "-" : "") + token.text };
    }
    if (negative) throw new NotUnderstood();
    if (token?.kind === "string") return { type: "text", value: token.text };
    if (token?.kind === "word" && token.text.toLowerCase() === "null") return { type: "int", value: null };
    throw new NotUnderstood();
  }

  #list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.#symbol(",")) items.push(item());
    return items;
  }

  #transactionName(): void {
    const token = this.#peek();
    if (token?.kind === "name" || (token?.kind === "word" && !this.#atStatement())) this.#next++;
  }

  #identifier(): string {
    const token = this.tokens[this.#next++];
    if (token?.kind === "name" || (token?.kind === "word" && !token.text.startsWith("@"))) return token.text;
    throw new NotUnderstood();
  }

  #anyWord(): string {
    const token = this.#take("word");
    if (token === undefined) throw new NotUnderstood();
    return token.text.toLowerCase();
  }

  #expect(...words: string[]): void {
    if (!this.#optional(...words)) throw new NotUnderstood();
  }

  #optional(...words: string[]): boolean {
    const token = this.#peek();
    if (token?.kind !== "word" || !words.includes(token.text.toLowerCase())) return false;
    this.#next++;
    return true;
  }

  #symbol(text: string): boolean {
    const token = this.#peek();
    if (token?.kind !== "symbol" || token.text !== text) return false;
    this.#next++;
    return true;
  }

  #take(kind: Token["kind"]): Token | undefined {
    const token = this.#peek();
    if (token?.kind !== kind) return undefined;
    this.#next++;
    return token;
  }

  #peek(): Token | undefined {
    return this.tokens[this.#next];
  }

  #atStatement(): boolean {
    const token = this.#peek();
    return token?.kind === "word" && statementStarts.has(token.text.toLowerCase());
  }
}
