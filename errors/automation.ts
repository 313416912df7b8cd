import type { ErrorEntry } from "./error-entry";

export const automationErrors = {
  QT2001: {
    what: "Runbook {runbook} cannot run here: its published content is no file of runbooks/ in this checkout, and PowerShell (pwsh) is not installed.",
    safe: "Nothing was started; the published content is as it was.",
    next: "Install PowerShell 7 so that the published content itself runs, or deploy the checkout's runbook with `npm run local -- up`.",
  },
  QT2002: {
    what: "Runbook {runbook} of account {account} has no published content.",
    safe: "No job was started.",
    next: "Deploy the runbook's content with `npm run local -- up`.",
  },
} satisfies Record<string, ErrorEntry>;
