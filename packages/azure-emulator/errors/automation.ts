import type { ErrorCatalogue } from "../../kit/errors/error-entry";

export const automationErrors = {
  QT2001: {
    what: "Runbook {runbook} cannot run here: its published content is not a runbook that runs without PowerShell, and PowerShell (pwsh) is not installed.",
    safe: "Nothing was started; the published content is unchanged.",
    next: "Install PowerShell 7, which can run the published content; or publish the content that the emulator knows: {deploy}.",
  },
  QT2002: {
    what: "Runbook {runbook} of account {account} has no published content.",
    safe: "No job was started.",
    next: "To publish the runbook's content, {deploy}.",
  },
} as const satisfies ErrorCatalogue;
