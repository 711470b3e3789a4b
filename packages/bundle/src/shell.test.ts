import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellWord, shellWords } from "./shell.ts";

/** The words as bash sees them. */
function seenByBash(words: string): readonly string[] {
  const script = `for word in ${words}; do printf '%s\\0' "$word"; done`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

test("a word is quoted so that nothing in it means anything", () => {
  expect(shellWord("plain")).toBe("'plain'");
  expect(shellWord("it's")).toBe(String.raw`'it'\''s'`);
  expect(shellWord('$(reboot) `x` \\ " * ~ !\n')).toBe("'$(reboot) `x` \\ \" * ~ !\n'");
});

test("words without signs that mean something stay readable", () => {
  expect(shellWords(["--version", "v1.2", "oci://ghcr.io/x", "a b", "", "$HOME"])).toBe(
    "--version v1.2 oci://ghcr.io/x 'a b' '' '$HOME'",
  );
});

test("bash reads back any words", () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from("ab'\"\\$`!*?~#&|;<>(){}[] \t\n-=%é")) });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), (words) => {
      expect(seenByBash(shellWords(words))).toEqual(words);
      expect(seenByBash(words.map(shellWord).join(" "))).toEqual(words);
    }),
    { numRuns: 20 },
  );
});
