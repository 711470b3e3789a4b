import { isHarmless } from "./marker.ts";

/**
 * Whether a name (a key with dots and slashes, an environment variable, a flag, a label) is that of a secret. It is when
 * its last words say so: `NGC_API_KEY` and `registry.password` are, `tokenBucket`, `secretName`, `max-keys` and
 * `tls-private-key-file` are not.
 */
export function isSecretName(name: string): boolean {
  if (!maybeSecretName(name)) return false;
  const words = lastWords(name);
  const last = words.at(-1);
  if (last === undefined) return false;
  const qualifier = words.at(-2) ?? "";
  if (last === "key") return KEY_QUALIFIERS.has(qualifier) && !words.includes("public");
  if (last === "keys") return MANY_KEYS.has(qualifier);
  if (QUALIFIED.has(last)) return words.length > 1 && !NOT_QUALIFYING.has(qualifier);
  return SECRET_WORD.test(last) && !REFERENCES.has(qualifier);
}

/** Whether a text could hold the name of a secret at all: most do not, and need no closer look. */
export function maybeSecretName(text: string): boolean {
  return /pass|pwd|pat(?!h)|secret|token|credential|key|auth|cookie|psk|jwt|docker/i.test(text);
}

/** Whether a text that stands under a name is a secret. `max_tokens=4096` counts; a password of digits is a password. */
export function isSecret(name: string, text: string): boolean {
  return isSecretName(name) && !isHarmless(text) && !(/tokens["']?$/i.test(name) && /^[\d.]+[kM]?$/.test(text));
}

/** A secret on its own, or at the end of what was written as one word: `dbpassword`, `authtoken`. */
const SECRET_WORD =
  /(?:password|passwords|passwd|passphrase|secret|token|tokens|credential|credentials|apikey|apikeys|accesskey|secretkey|privatekey|authkey|htpasswd|dockerconfigjson|dockercfg|authorization|cookie|psk|jwt)$/;

/** Of themselves these are names of other things: the working directory, a pass over data. */
const QUALIFIED: ReadonlySet<string> = new Set(["pass", "pwd", "pat"]);
const NOT_QUALIFYING: ReadonlySet<string> = new Set(["old", "first", "second", "fs", "multi", "single"]);

/** `imagePullSecret` and `tlsSecret` name a Secret, LoadCredential a file; they do not hold one. */
const REFERENCES: ReadonlySet<string> = new Set(["pull", "tls", "load", "import", "automount"]);

const KEY_QUALIFIERS: ReadonlySet<string> = new Set([
  "access",
  "account",
  "api",
  "auth",
  "encryption",
  "fastopen",
  "hf",
  "license",
  "master",
  "ngc",
  "private",
  "secret",
  "shared",
  "signing",
  "ssh",
  "storage",
  "subscription",
  "wireguard",
]);

const MANY_KEYS: ReadonlySet<string> = new Set(["api", "private", "secret"]);

/** Words behind a secret's name that do not make it another thing. */
const TRAILING: ReadonlySet<string> = new Set([
  "b64",
  "base64",
  "content",
  "current",
  "data",
  "encrypted",
  "hash",
  "plain",
  "plaintext",
  "raw",
  "string",
  "text",
  "value",
]);

/** A name is looked at no further than this from its end. */
const LONGEST = 256;

/** The words of the last segment that is more than `value` or a number, in lower case. */
function lastWords(name: string): readonly string[] {
  const segments = name.slice(-LONGEST).split(/[./:[\]"]+/);
  for (const segment of segments.reverse()) {
    const words = (segment.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((word) => word.toLowerCase());
    const end = words.findLastIndex((word) => !TRAILING.has(word) && !/^\d+$/.test(word));
    if (end >= 0) return words.slice(0, end + 1);
  }
  return [];
}
