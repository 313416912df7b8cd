import { secretNamePattern } from "../../../infra/secret-names";
import { MASK } from "./model";

/**
 * A text without the credentials that it holds in a form of its own: in addresses and connection strings, in assignments of
 * scripts and YAML, keys and tokens that are told by their form. What only speaks of a secret stays.
 */
export function withoutCredentials(text: string): string {
  return rules.reduce((masked, rule) => rule(masked), text);
}

type Rule = (text: string) => string;

/**
 * Masks what the pattern matches but its groups `kept` and `end`.
 * @param isSecret Of the group `value`, or of all that would be masked; with what is around the match.
 */
function masking(
  pattern: RegExp,
  isSecret: (value: string, before: string, after: string) => boolean = () => true,
): Rule {
  return (text) =>
    text.replace(pattern, (...found: unknown[]) => {
      const groups = found.at(-1) as { kept?: string; value?: string; end?: string };
      const [all, offset] = [String(found[0]), Number(found.at(-3))];
      const { kept = "", end = "" } = groups;
      const value = groups.value ?? all.slice(kept.length);
      const around = [text.slice(0, offset), text.slice(offset + all.length)] as const;
      return value.startsWith(MASK) || !isSecret(value, ...around) ? all : `${kept}${MASK}${end}`;
    });
}

const name = `(?<![\\w$.:-])${secretNamePattern}`;
/** After a name that may be quoted itself; not a comparison, not an arrow. */
const assigned = `\\\\?["']?\\s*(?::|=(?![=~>]))\\s*`;
const queryName = `(?:sig|token|code|key|access_token|${secretNamePattern})`;

const rules: readonly Rule[] = [
  // RFC 7468; one that was cut off has no end.
  masking(
    /(?<kept>-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)[\s\S]*?(?<end>-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  ),
  // RFC 7519: a header and claims, each of which begins with {" in base64; encrypted ones have five parts.
  masking(/\beyJ[\w-]{8,}(?:\.[\w-]*){2,4}/g),
  // What GitHub, GitLab, Pulumi and Slack put before a token so that it is found.
  masking(
    /\b(?:gh[opsru]_\w{6,}|github_pat_\w{6,}|glpat-[\w-]{6,}|pul-[0-9a-f]{20,}|xox[abeprs]-[\w-]{6,})/g,
  ),
  // RFC 3986, user information: a password ends at the last @; alone, what is too long for a user is a token.
  masking(/(?<kept>:\/\/[^/:@\s"'<>]*:)(?:[^/\s"'<>]+|(?:[^@/\s"'<>]|["'<>](?![\s,:;)\]}]))+)(?=@)/g),
  masking(/(?<kept>\bhttps?:\/\/)[^/:@\s"'<>[\]]{20,}(?=@)/gi),
  // A query, also one that is part of another; a signature also without what comes before it.
  masking(new RegExp(`(?<kept>[?&]${queryName}=)[^&;"'\\s<>]+`, "gi")),
  masking(/(?<kept>(?<![\w$.-])(?:sig|access_token)=)[^&;"'\s<>]+/gi),
  masking(
    new RegExp(`(?<kept>%(?:25)*(?:3F|26)${queryName}%(?:25)*3D)(?:(?!%(?:25)*26)[^&;"'\\s<>])+`, "gi"),
  ),
  // RFC 6750 and 7617.
  masking(/(?<kept>\bBearer\s+)[\w.~+/=-]{8,}/gi),
  masking(/(?<kept>\bBasic\s+)[\w+/-]{8,}={0,2}/gi, (value) => !word.test(value)),
  // password: "…", $password = '…', Password="…";  also where the quotes are escaped.
  masking(
    new RegExp(
      `(?<kept>${name}${assigned}N?(?<quote>["']))(?<value>(?:\\\\.|\\k<quote>{2}|(?!\\k<quote>)[^\\n])+)(?<end>\\k<quote>)`,
      "gi",
    ),
    (value) => !isReference(value),
  ),
  masking(
    new RegExp(
      `(?<kept>${name}${assigned}(?<quote>\\\\["']))(?<value>(?:(?!\\k<quote>)[^\\n])+)(?<end>\\k<quote>)`,
      "gi",
    ),
    (value) => !isReference(value),
  ),
  // Password=…; in a connection string, DB_PASSWORD=… in an environment. A quote in it does not end it.
  masking(
    new RegExp(
      `(?<kept>(?<![?&\\w$.:-])${secretNamePattern}=(?![=~>]))(?!["']{2})(?<value>(?:[^;"'\\s]|["'](?![\\s,;)\\]}:]|$))+)`,
      "gi",
    ),
    (value) => !isReference(value.replace(/^["']/, "")) || /^\$\w+$/.test(value),
  ),
  // The same with blanks, where it is no code.
  masking(
    new RegExp(
      `(?<kept>${name}[ \\t]+=[ \\t]*|${name}=[ \\t]+)(?![=~>"'])(?<value>[^;"'\\s]+)(?=[ \\t]*(?:[;,]|\\r?$))`,
      "gim",
    ),
    (value, before, after) =>
      /;\s*$/.test(before) || /^\s*;\s*\w[\w ]*=/.test(after) || !(isReference(value) || isCode(value)),
  ),
  // A line of YAML, and an item of its flow style.
  masking(
    new RegExp(
      `(?<kept>^[ \\t]*(?:- +)?["']?${secretNamePattern}["']?:[ \\t]+)(?<value>[^\\s"']\\S*)(?=[ \\t]*(?:#.*)?\\r?$)`,
      "gim",
    ),
    (value) => !isReference(value) && !isCode(value),
  ),
  masking(
    new RegExp(
      `(?<kept>[{,][ \\t]*["']?${secretNamePattern}["']?:[ \\t]*)(?<value>[^\\s,{}"']+)(?=[ \\t]*[,}])`,
      "gi",
    ),
    (value) => !isReference(value) && !isCode(value),
  ),
];

/** "Basic authentication": base64 of this length without a capital or a digit is next to impossible. */
const word = /^[A-Z]?[a-z-]+$/;

/** Between two texts of an expression: `', uriComponent(activity('`. */
const between = /^\s*'?\s*[,)+&].*[,(+&]\s*'?\s*$/;

/** What a value is taken from, or what it is to be; not itself one. */
const reference =
  /^(?:\$\{?[\w:.]+\}?|\$[({].*|[([{<&|>*~].*|@[\w{(].*[})]|%[\w.]+%|#\{.*|!\w+|(?:null|none|true|false|undefined|string|number|boolean|object|required|missing|invalid|expired|unknown)[;,]?)$/i;

function isReference(value: string): boolean {
  return reference.test(value) || between.test(value);
}

/** A call, a member, or a command of PowerShell. */
function isCode(value: string): boolean {
  return /\(|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|^[A-Z][a-z]+-[A-Z]\w+$/.test(value);
}
