import { expect, test } from "vitest";
import { utf8Text } from "./index.ts";
import { errorOf } from "./testing/index.ts";

test("text of one to four bytes a sign, without its byte order mark", () => {
  expect(utf8Text(new TextEncoder().encode("\uFEFFaé☃😀"))).toBe("aé☃😀");
});

test.each([[[0xff]], [[0xc3]], [[0xed, 0xa0, 0x80]], [[0xc0, 0x80]]])("bytes %j are refused", (bytes) => {
  const error = errorOf(() => utf8Text(Uint8Array.from(bytes), "f.yaml"));
  expect([error.code, error.describe()]).toEqual(["INVALID_INPUT", "f.yaml: expected UTF-8 text, found other bytes"]);
});

test("a NUL byte is refused, with its place", () => {
  const error = errorOf(() => utf8Text(new TextEncoder().encode("a\nb\0"), "f"));
  expect(error.describe()).toBe("f:2:2: a NUL byte: this is not a text file");
});
