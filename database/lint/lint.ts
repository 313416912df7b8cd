import { blankComparisons, mixedCollations, temporaryTextColumns } from "./collation-rules";
import { declarationsOf } from "./declarations";
import { longQuotenames, otherCase, unnamedConstraints } from "./shape-rules";
import { generatedTexts, tokensOf } from "./tokens";

/** A file of T-SQL. */
export interface SqlText {
  readonly name: string;
  readonly text: string;
}

/** The rules for code and for generated SQL. Only the server knows what the names in generated SQL stand for. */
const always = [temporaryTextColumns, blankComparisons, longQuotenames, unnamedConstraints];
const inCode = [...always, mixedCollations, otherCase];

/**
 * Finds what a real SQL Server refuses or handles differently than Babelfish and PostgreSQL, as far as the text shows: one line for
 * each fault. It checks the code and the SQL that it generates, not comments.
 * @param all The files whose tables and functions the texts may use, including the texts themselves.
 */
export function lintTsql(texts: readonly SqlText[], all: readonly SqlText[] = texts): string[] {
  const declarations = declarationsOf(all.map(({ text }) => text));
  return texts.flatMap(({ name, text }) => {
    const tokens = tokensOf(text);
    const faults = inCode.flatMap((rule) => rule(tokens, declarations));
    for (const generated of generatedTexts(tokens))
      for (const rule of always)
        for (const { line, what } of rule(tokensOf(generated.text), declarations))
          faults.push({ line: generated.line + line - 1, what });
    return [...new Set(faults.map(({ line, what }) => `${name}:${line} ${what}`))];
  });
}
