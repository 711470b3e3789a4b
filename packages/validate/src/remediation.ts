/** What to do when a reading is not as it should be, for every reading that a pattern names. */
export interface Remediation {
  /** The name of a reading (`K8s.server.version`); `*` stands for any text. */
  readonly match: string;
  /** A sentence; `{name}`, `{expected}` and `{actual}` stand for those of the constraint. */
  readonly text: string;
}

/** What a constraint asked for, and what was found. */
export interface Finding {
  readonly name: string;
  readonly expected: string;
  readonly actual: string | undefined;
}

/**
 * What to do about a constraint that is not met: what the first pattern says that names it, else what always holds.
 *
 * @param remediations the most specific first
 */
export function remedyFor(finding: Finding, remediations: readonly Remediation[]): string {
  const found = remediations.find(({ match }) => matches(match, finding.name));
  return filledIn(found?.text ?? GENERAL, finding);
}

const GENERAL =
  "Bring {name} to what the recipe asks for ({expected}) and take a new snapshot, or make a recipe for what the cluster has: aicr recipe --snapshot.";

/** Whether a name is one that a pattern with stars stands for; linear in the name for each star. */
function matches(pattern: string, name: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  if (parts.length === 0) return pattern === name;
  const last = parts.pop() ?? "";
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}

function filledIn(text: string, { name, expected, actual = "nothing" }: Finding): string {
  const values: Readonly<Record<string, string>> = { name, expected, actual };
  return text.replaceAll(/\{(name|expected|actual)\}/g, (whole, key: string) => values[key] ?? whole);
}
