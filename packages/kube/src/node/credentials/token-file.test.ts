import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { textFiles } from "../../testing/text-files.ts";
import { tokenFileCredentials } from "./token-file.ts";

const SIGNAL = new AbortController().signal;

function tokenFile(texts: Map<string, string | null>) {
  const state = { now: 0 };
  const clock = { now: () => new Date(state.now) };
  return { state, credentials: tokenFileCredentials("/token", 'the user "jane"', textFiles(texts), clock) };
}

test("the file is read again after a while, and at once when the server refuses the token", async () => {
  const texts = new Map([["/token", "one\n"]]);
  const { state, credentials } = tokenFile(texts);
  const first = await credentials.current(SIGNAL);
  expect(first).toEqual({ authorization: "Bearer one" });
  texts.set("/token", "two");
  state.now = 9_999;
  expect(await credentials.current(SIGNAL)).toEqual({ authorization: "Bearer one" });
  state.now = 10_000;
  const second = await credentials.current(SIGNAL);
  expect(second).toEqual({ authorization: "Bearer two" });
  texts.set("/token", "three");
  expect(credentials.refused(first)).toBe(true);
  expect(await credentials.current(SIGNAL)).toBe(second);
  credentials.refused(second);
  expect(await credentials.current(SIGNAL)).toEqual({ authorization: "Bearer three" });
});

test("while the file cannot be read, the last token stays in use", async () => {
  const texts = new Map([["/token", "one"]]);
  const { state, credentials } = tokenFile(texts);
  await credentials.current(SIGNAL);
  texts.delete("/token");
  state.now = 60_000;
  expect(await credentials.current(SIGNAL)).toEqual({ authorization: "Bearer one" });
});

test.each([
  [undefined, "NOT_FOUND", "no such file or directory"],
  [null, "NOT_ALLOWED", "permission denied"],
  ["", "INVALID_INPUT", "expected a token, on one line"],
  ["s3cret\r\nX-Other: 1", "INVALID_INPUT", "expected a token, on one line"],
])("the content %j is refused, and not shown", async (content, code, message) => {
  const { credentials } = tokenFile(new Map(content === undefined ? [] : [["/token", content]]));
  const error = await rejectionOf(credentials.current(SIGNAL));
  expect([error.code, error.describe()]).toEqual([code, `/token: the token file of the user "jane": ${message}`]);
});
