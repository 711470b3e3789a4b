import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { redactText } from "@slipway/base/redact";
import { PLACES, errorMessages, sentences } from "./error-messages.ts";

const DOCS = join(import.meta.dirname, "../docs");

/** Text as it stands between backticks of a table. */
const plain = (text: string): string => text.replaceAll("\\|", "|").replaceAll("`", "");

test.each(Object.entries(PLACES))(
  "docs/%s has every error of its rooms, with its cause and remedy",
  async (name, places) => {
    const page = plain(await readFile(join(DOCS, name), "utf8"));
    const messages = await errorMessages(places);
    expect(messages.length).toBeGreaterThan(100);
    const missing = messages.filter(({ text }) => !page.includes(plain(text)));
    expect(missing.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
  },
);

test("what Slipway says itself is never taken for a secret", async () => {
  const all = await sentences();
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter((text) => redactText(text) !== text)).toEqual([]);
});
