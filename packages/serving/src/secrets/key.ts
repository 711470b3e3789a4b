import { SlipwayError } from "@slipway/base";
import type { KeyOwner } from "./objects.ts";

/** Longer than any key. */
const LONGEST = 4096;

/** How keys look: those of today (`nvapi-…`, `hf_…`), and those of NGC before. */
const LOOKS: Readonly<Record<KeyOwner, RegExp>> = {
  ngc: /^(?:nvapi-.{20,}|[A-Za-z0-9+/=]{60,})$/,
  hf: /^hf_.{10,}$/,
};

const OF: Readonly<Record<KeyOwner, string>> = {
  ngc: "an NGC API key (nvapi-...)",
  hf: "a Hugging Face token (hf_...)",
};

/** Whether a text looks like a key of either, and so must not be shown. */
export function looksLikeKey(text: string): boolean {
  return /^(?:nvapi-|hf_[A-Za-z0-9]{10})/i.test(text.trim());
}

/** A key, and what is odd about it. */
export interface ReadKey {
  readonly key: string;
  readonly warning: string | undefined;
}

/**
 * Reads a key as it was typed or came from a file: spaces and line ends around it do not count.
 *
 * @throws SlipwayError USAGE for nothing, or what holds spaces or control characters; the key is in no message
 */
export function readKey(owner: KeyOwner, text: string): ReadKey {
  const problem = keyProblem(text);
  if (problem !== undefined) throw new SlipwayError("USAGE", problem);
  const key = text.trim();
  const warning = LOOKS[owner].test(key) ? undefined : `the key does not look like ${OF[owner]}`;
  return { key, warning };
}

/** What is wrong with a key, as a sentence; nothing when it will do. */
export function keyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === "") return "the key is empty";
  if (key.length > LONGEST) return `the key has more than ${LONGEST} characters: it is none`;
  return /^[\u0021-\u007e]+$/.test(key) ? undefined : "the key holds spaces, line breaks or characters that no key has";
}
