import { redactText } from "@slipway/base/redact";

const MAX_LENGTH = 4096;

/**
 * A text that fits into a snapshot: one beyond 4096 characters is cut and says how long it was. Secrets are taken out
 * of it before, because half a secret would no longer be seen as one.
 */
export function cutText(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  return `${redactText(text).slice(0, MAX_LENGTH)}… (${text.length} characters)`;
}
