import { SlipwayError, utf8Text, type Clock, type Files } from "@slipway/base";
import type { Credentials, Proof } from "./credentials.ts";

/** The kubelet renews tokens long before they end; looking this often costs nothing. */
const FRESH_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/**
 * A token in a file that somebody else renews: read again every ten seconds, and when the server does not take it. A file
 * that cannot be read for a moment leaves the last token in use.
 *
 * @param owner names the user in messages
 */
export function tokenFileCredentials(path: string, owner: string, files: Files, clock: Clock): Credentials {
  let last: { readonly proof: Proof; readonly readAt: number } | undefined;
  return {
    current: async () => {
      const now = clock.now().getTime();
      if (last !== undefined && now - last.readAt < FRESH_MS) return last.proof;
      try {
        last = { proof: { authorization: `Bearer ${await readToken(path, owner, files)}` }, readAt: now };
      } catch (error) {
        if (last === undefined) throw error;
      }
      return last.proof;
    },
    refused: (proof) => {
      if (last?.proof === proof) last = undefined;
      return true;
    },
  };
}

async function readToken(path: string, owner: string, files: Files): Promise<string> {
  try {
    const token = utf8Text(await files.read(path, MAX_BYTES)).trim();
    if (!/^[\x21-\x7e]+$/.test(token)) throw new SlipwayError("INVALID_INPUT", "expected a token, on one line");
    return token;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw new SlipwayError(error.code, `the token file of ${owner}: ${error.message}`, {
      place: { file: path },
      cause: error,
    });
  }
}
