import { CodedError } from "./coded-error";
import type { ErrorCatalogue, ErrorDetail, ErrorDetails, ErrorEntry, PlaceholderOf } from "./error-entry";
import { fill } from "./fill";

/** A class of errors. Its constructor takes a code of the catalogue and exactly the details that the code's texts name. */
export interface ErrorClass<Catalogue extends ErrorCatalogue, Phrase extends string> {
  readonly prototype: CodedError<keyof Catalogue & string>;
  new <Code extends keyof Catalogue & string>(
    code: Code,
    ...rest: ErrorArguments<Exclude<PlaceholderOf<Catalogue[Code]>, Phrase>>
  ): CodedError<Code>;
}

type ErrorArguments<Name extends string> = [Name] extends [never]
  ? [details?: Readonly<Record<string, never>>, options?: ErrorOptions]
  : [details: Readonly<Record<Name, ErrorDetail>>, options?: ErrorOptions];

/**
 * Makes the class of a catalogue's errors. A missing or misspelt detail does not compile.
 * @param name of the class and of its errors
 * @param phrases placeholders that no error passes; called for each error. They may contain placeholders for details.
 */
export function errorClass<const Catalogue extends ErrorCatalogue, Phrase extends string = never>(
  name: string,
  catalogue: Catalogue,
  phrases: () => Readonly<Record<Phrase, string>> = () => ({}) as Record<Phrase, string>,
): ErrorClass<Catalogue, Phrase> {
  const made = class extends CodedError {
    override readonly name = name;

    constructor(code: string, details: ErrorDetails = {}, options?: ErrorOptions) {
      const { what, safe, next } = catalogue[code] as ErrorEntry;
      const words = phrases();
      const text = (template: string) => fill(fill(template, words), details);
      super(code, { what: text(what), safe: text(safe), next: text(next) }, details, options);
    }
  };
  Object.defineProperty(made, "name", { value: name });
  return made as unknown as ErrorClass<Catalogue, Phrase>;
}
