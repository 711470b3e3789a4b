/** What stands in place of a secret. */
export const REDACTED = "(redacted)";

const NAMES_A_SECRET =
  /pass(word|wd|phrase|code)|(^|[^a-z])(pass|pwd|psk|pat|auth)($|[^a-z])|token|secret|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key|encryption[-_.]?key|signing[-_.]?key|chap/i;
const NAMES_A_PLACE = /(file|path|dir|directory|cert|certificate|url|uri|ttl|expiration|ref|name)s?$/i;

/**
 * Whether a parameter is named like one that holds a secret: `rd.iscsi.password`, `bootstrap-token`. One that is named
 * like the place of a secret, such as `--token-auth-file`, is none.
 */
export function namesSecret(name: string): boolean {
  return NAMES_A_SECRET.test(name) && !NAMES_A_PLACE.test(name);
}

/** Forms of credentials that are known by their look, wherever they stand. */
const KNOWN_FORMS = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?/g,
  /\b(nvapi-|ghp_|gho_|ghs_|ghu_|github_pat_|glpat-|hf_|hvs\.|hvb\.|xox[abprs]-|sk-|sk_live_|rk_live_|npm_|dop_v1_|ya29\.|AIza)[\w.-]{12,}/g,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\b[a-z0-9]{6}\.(?=[a-z]*\d)[a-z0-9]{16}\b/g,
  /\bK10[0-9a-f]{64}::[^\s"']+/g,
];

/** `user:password@` of addresses, also without `//` as in `netroot=iscsi:user:password@host`; not `name:tag@sha256:…`. */
const USER_INFO = /[^\s/:@"',;=]*:[^\s/@"']+@(?!sha\d+:)(?=[\w[])/g;
const NAMED_VALUE = /([\w.-]+)(["']?\s*[=:]\s*["']?)([^\s"'&;,]+)/g;
const FLAG_THEN_VALUE = /(^|\s)(--?[\w.-]+)(\s+)([^\s-]\S*)/g;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;

/**
 * A text without what looks like a credential: known forms of tokens and keys, the user and password of an address, and
 * the value of what is named like a secret (`token=…`, `--password …`).
 */
export function redact(text: string): string {
  let result = text;
  for (const form of KNOWN_FORMS) result = result.replace(form, REDACTED);
  result = result.replace(BEARER, `$1 ${REDACTED}`).replace(USER_INFO, `${REDACTED}@`);
  result = result.replace(FLAG_THEN_VALUE, (whole, before: string, flag: string, space: string) =>
    namesSecret(flag) ? `${before}${flag}${space}${REDACTED}` : whole,
  );
  return result.replace(NAMED_VALUE, (whole, name: string, sign: string) =>
    namesSecret(name) ? `${name}${sign}${REDACTED}` : whole,
  );
}
