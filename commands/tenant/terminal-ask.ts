import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";
import { QtError } from "../../errors/qt-error";
import type { Ask, Question } from "./questions";

/**
 * Asks on a terminal, with the explanation above and, while the person types, the text's problem below.
 * The answer to a secret question is never drawn, not even its length.
 * @throws QtError QT9105 if the person cancels (Ctrl-C, Escape).
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
            const error = this.state === "error" ? this.error : "";
            return frame(question, { state: this.state, typed: "", shown: "(hidden)", error });
          },
        })
      : new TextPrompt({
          input,
          output,
          initialUserInput: question.initial ?? "",
          validate: problem,
          render() {
            const typed = this.userInput;
            // The next key clears the message about the last answer.
            const error = this.state === "error" ? this.error : typed === "" ? "" : (problem(typed) ?? "");
            return frame(question, { state: this.state, typed, shown: this.userInputWithCursor, error });
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

/** A question as drawn on the screen. */
function frame(question: Question, { state, typed, shown, error }: Drawn): string {
  const { message, explanation, isSecret } = question;
  const title = styleText("bold", message);
  const becomes = typed === "" || error !== "" ? undefined : question.becomes?.(typed);
  if (state === "submit") {
    const note = becomes === undefined ? "" : styleText("dim", ` (${becomes})`);
    return `${styleText("green", "✓")} ${title}: ${isSecret ? "(hidden)" : typed}${note}`;
  }
  if (state === "cancel") return `${styleText("red", "✗")} ${title}`;
  const mark = state === "error" ? styleText("yellow", "!") : "?";
  const lines = [`${mark} ${title}`, styleText("dim", `  ${explanation}`), `  ${shown}`];
  const note = error === "" ? styleText("dim", `  ${becomes ?? ""}`) : styleText("yellow", `  ${error}`);
  return [...lines, note].join("\n");
}
