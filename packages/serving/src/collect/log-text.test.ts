import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanLines } from "./log-text.ts";

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function clean(text: string, size = 7): Promise<string> {
  const parts: string[] = [];
  let taken = 0;
  const bytes = new TextEncoder().encode(text);
  for await (const part of cleanLines(chunksOf(bytes, size), "[p] ", (count) => (taken += count))) parts.push(part);
  expect(taken).toBe(bytes.length);
  return parts.join("");
}

// Put together here, so that nobody's scanner takes this file for a leak.
const BEGIN = ["-----BEGIN RSA ", "PRIVATE KEY-----"].join("");
const END = ["-----END RSA ", "PRIVATE KEY-----"].join("");

test("each line has its prefix and no secret, the last one its end", async () => {
  expect(await clean("starts\npassword=planted-1 ok\n\nlast")).toBe(
    "[p] starts\n[p] password=(redacted) ok\n[p] \n[p] last\n",
  );
  expect(await clean("")).toBe("");
});

test("a private key goes over all its lines, and one without an end ends some time", async () => {
  expect(await clean(`a\n${BEGIN}\nplanted-2\nplanted-3\n${END}\nb\n`)).toBe(
    "[p] a\n[p] (redacted)\n[p] (redacted)\n[p] b\n",
  );
  const endless = await clean(`${BEGIN}\n${"planted-4\n".repeat(400)}${"after\n".repeat(10)}`, 1000);
  expect(endless).not.toContain("planted");
  expect(endless).toContain("[p] after\n");
});

test("a value below its name", async () => {
  expect(
    await clean("- name: DB_PASSWORD\n  value: planted-5\n- name: LEVEL\n  value: debug\n- name: LAST_TOKEN"),
  ).toBe(
    "[p] - name: DB_PASSWORD\n[p]   value: (redacted)\n[p] - name: LEVEL\n[p]   value: debug\n[p] - name: LAST_TOKEN\n",
  );
});

test.each([
  [
    "a key below a name",
    `- name: server.pem\n${BEGIN}\nplanted-7\n${END}\nafter\n`,
    "[p] - name: server.pem\n[p] (redacted)\n[p] (redacted)\n[p] after\n",
  ],
  [
    "a name below another one",
    "- key: foo\n  name: NGC_API_KEY\n  value: planted-8\n",
    "[p] - key: foo\n[p]   name: NGC_API_KEY\n[p]   value: (redacted)\n",
  ],
  [
    "a private key as a value",
    `name: SSH_PRIVATE_KEY\nvalue: ${BEGIN}\nplanted-11\n${END}\nafter\n`,
    "[p] name: SSH_PRIVATE_KEY\n[p] value: (redacted)\n[p] (redacted)\n[p] after\n",
  ],
  [
    "numbers and switches are no secrets",
    "name: MAX_TOKENS\nvalue: 4096\nname: USE_TOKEN\nvalue: true\n",
    "[p] name: MAX_TOKENS\n[p] value: 4096\n[p] name: USE_TOKEN\n[p] value: true\n",
  ],
  [
    "a pair in JSON",
    '{\n  "name": "DB_PASSWORD",\n  "value": "planted-12"\n}\n',
    '[p] {\n[p]   "name": "DB_PASSWORD",\n[p]   "value": "(redacted)"\n[p] }\n',
  ],
  [
    "a value on the line below",
    "- name: DB_PASSWORD\n  value: |\n    planted-13\n- name: LEVEL\n  value: |\n    debug\n",
    "[p] - name: DB_PASSWORD\n[p]   value: |\n[p]     (redacted)\n[p] - name: LEVEL\n[p]   value: |\n[p]     debug\n",
  ],
  [
    "behind times",
    "2026-01-02T03:04:05Z name: DB_PASSWORD\n2026-01-02T03:04:06Z value: planted-9 and more\n",
    "[p] 2026-01-02T03:04:05Z name: DB_PASSWORD\n[p] 2026-01-02T03:04:06Z value: (redacted)\n",
  ],
  [
    "empty lines between",
    "name: DB_PASSWORD\n\n \nvalue: planted-10\n",
    "[p] name: DB_PASSWORD\n[p] \n[p]  \n[p] value: (redacted)\n",
  ],
  [
    "many empty lines between: no pair",
    `name: DB_PASSWORD\n${"\n".repeat(8)}next\n`,
    `[p] name: DB_PASSWORD\n${"[p] \n".repeat(8)}[p] next\n`,
  ],
])("%s", async (_, text, expected) => {
  expect(await clean(text)).toBe(expected);
});

test("a line without end comes in pieces, and no secret is cut in two", async () => {
  const text = await clean(`${"word ".repeat(209_713)}password=planted-6 ${"word ".repeat(1000)}`, 100_000);
  expect(text).not.toContain("planted");
  expect(text.replaceAll(/\n\[p\] |\n$/g, "").length).toBe(4 + 209_713 * 5 + "password=(redacted) ".length + 5000);
});

test("whatever the chunks are, nothing is lost of a log without secrets", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[a-z ä€]{0,30}$/)),
      fc.integer({ min: 1, max: 50 }),
      async (lines, size) => {
        const text = lines.map((line) => `${line}\n`).join("");
        expect(await clean(text, size)).toBe(lines.map((line) => `[p] ${line}\n`).join(""));
      },
    ),
  ));
