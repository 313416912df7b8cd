import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";
import { QtError } from "../errors/qt-error";
import type { Ask, Question } from "./questions";

/**
 * Asks on a terminal: the explanation above, and below, while one types, what is still wrong with the text.
 * The answer to a secret question is never drawn, not even its length.
 * @throws QtError QT9105 where the person leaves (Ctrl-C, Escape).
 */
export function terminalAsk(input: Readable, output: Writable): Ask {
  return async (question) => {
    const { isCancel, PasswordPrompt, TextPrompt } = await import("@clack/core");
    const problem = (text: string | undefined) => question.problem(text ?? "");
    const prompt = question.isSecret
      ? new PasswordPrompt({
          input,
          output,
          mask: "",
          validate: problem,
          render() {
            return frame(question, { state: this.state, typed: "", shown: "(hidden)", error: this.error });
          },
        })
      : new TextPrompt({
          input,
          output,
          initialUserInput: question.initial ?? "",
          validate: problem,
          render() {
            const live = this.userInput === "" ? "" : (problem(this.userInput) ?? "");
            const shown = this.userInputWithCursor;
            return frame(question, {
              state: this.state,
              typed: this.userInput,
              shown,
              error: this.error || live,
            });
          },
        });
    const answer = await prompt.prompt();
    if (isCancel(answer)) throw new QtError("QT9105");
    return answer ?? "";
  };
}

interface Drawn {
  readonly state: string;
  readonly typed: string;
  readonly shown: string;
  readonly error: string;
}

/** One question as it stands on the screen. */
function frame({ message, explanation, isSecret }: Question, { state, typed, shown, error }: Drawn): string {
  const title = styleText("bold", message);
  if (state === "submit") return `${styleText("green", "✓")} ${title}: ${isSecret ? "(hidden)" : typed}`;
  if (state === "cancel") return `${styleText("red", "✗")} ${title}`;
  const mark = state === "error" ? styleText("yellow", "!") : "?";
  const lines = [`${mark} ${title}`, styleText("dim", `  ${explanation}`), `  ${shown}`];
  return [...lines, error === "" ? "" : styleText("yellow", `  ${error}`)].join("\n");
}
