/** What stands in the place of a secret. */
export const REDACTED = "(redacted)";

/** Whether a text that stands where a secret would is none: a switch, nothing, or a secret that was taken out before. */
export function isHarmless(text: string): boolean {
  return text.startsWith(REDACTED) || HARMLESS.test(text) || IMAGE_REST.test(text);
}

/** Tag and digest of an image, behind a name such as `vault-token:`. */
const IMAGE_REST = /^[\w.-]{1,128}@sha256:[0-9a-f]{64}$/;

const HARMLESS =
  /^(?:|true|false|yes|no|on|off|none|null|nil|<nil>|n\/a|\[not set\]|\[\]|\{\}|enabled|disabled|required|optional|\*+|\$\{?[A-Za-z_]\w*\}?)$/i;
