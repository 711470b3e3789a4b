import fc from "fast-check";
import { expect, test } from "vitest";
import { LineStream, type LineFormat } from "./line-stream.ts";

const encoder = new TextEncoder();
const AT = "2026-01-01T00:00:0";

function shown(chunks: readonly (string | Uint8Array)[], format: Partial<LineFormat> = {}): string {
  const lines = new LineStream({ prefix: "[p/c] ", timestamps: false, ...format });
  const parts = chunks.map((chunk) => lines.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk));
  return new TextDecoder().decode(Buffer.concat([...parts, lines.end()]));
}

test("lines get a prefix and lose their times", () => {
  expect(shown([`${AT}1.000000001Z one\n${AT}1.5Z \n${AT}2Z two\r\n`])).toBe("[p/c] one\n[p/c] \n[p/c] two\r\n");
  expect(shown([`${AT}1.5+02:00 one\n`], { timestamps: true, prefix: "" })).toBe(`${AT}1.5+02:00 one\n`);
});

test("what has no time is shown as it is, and a last line gets its end", () => {
  expect(shown(["2026 was a year\nunable to retrieve container logs"])).toBe(
    "[p/c] 2026 was a year\n[p/c] unable to retrieve container logs\n",
  );
});

test("a line for a terminal is made safe without its time and its end", () => {
  expect(shown([`${AT}1Z a\u0007b\n`], { render: (text) => JSON.stringify(text) })).toBe('[p/c] "a\\u0007b"\n');
});

test("bytes that are no UTF-8 go through as they are", () => {
  const lines = new LineStream({ prefix: "", timestamps: false });
  expect([...lines.push(new Uint8Array([255, 0, 10]))]).toEqual([255, 0, 10]);
});

test("wherever it is cut into chunks, the lines are the same", () => {
  const line = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.string({ unit: "grapheme", maxLength: 20 }));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat({ max: 40 })), (lines, sizes) => {
      const clean = lines.map(([second, text]) => [second, text.replaceAll("\n", "")] as const);
      const bytes = encoder.encode(clean.map(([second, text]) => `${AT}${second}.000000000Z ${text}\n`).join(""));
      const chunks: Uint8Array[] = [];
      let rest = bytes;
      for (const size of sizes) {
        chunks.push(rest.subarray(0, size));
        rest = rest.subarray(size);
      }
      expect(shown([...chunks, rest])).toBe(clean.map(([, text]) => `[p/c] ${text}\n`).join(""));
    }),
  );
});

/** What the API server answers to a question for all from a second on. */
function since(lines: readonly string[], time: string): string {
  return lines.filter((line) => line.slice(0, 19) >= time.slice(0, 19)).join("");
}

test("wherever the connection breaks off, no line is lost or comes twice", () => {
  const times = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 2 })), { maxLength: 12 });
  fc.assert(
    fc.property(times, fc.array(fc.nat({ max: 400 }), { maxLength: 4 }), (given, cuts) => {
      const sorted = given.toSorted(([a, b], [c, d]) => a - c || b - d);
      const all = sorted.map(([second, fraction], index) => `${AT}${second}.00000000${fraction}Z line ${index}\n`);
      const lines = new LineStream({ prefix: "", timestamps: false });
      const seen: string[] = [];
      const take = (text: string): void => void seen.push(new TextDecoder().decode(lines.push(encoder.encode(text))));
      for (const cut of cuts) {
        const { position } = lines;
        take((position === undefined ? all.join("") : since(all, position.time)).slice(0, cut));
        lines.resume();
      }
      const { position } = lines;
      take(position === undefined ? all.join("") : since(all, position.time));
      expect(seen.join("")).toBe(all.map((_, index) => `line ${index}\n`).join(""));
    }),
  );
});

test("a line longer than 1 MiB comes in pieces, and whole", () => {
  const long = "ä".repeat(1_700_000);
  const text = `${AT}1.1Z ${long}\n${AT}2.1Z next\n`;
  const bytes = encoder.encode(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 60_001) }, (_, index) =>
    bytes.slice(index * 60_001, (index + 1) * 60_001),
  );
  const out = shown(chunks).split("\n");
  expect(out.slice(0, -2).every((line) => line.startsWith("[p/c] ") && line.length < 1_200_000)).toBe(true);
  expect(
    out
      .slice(0, -2)
      .map((line) => line.slice(6))
      .join(""),
  ).toBe(long);
  expect(out.slice(-2)).toEqual(["[p/c] next", ""]);
});

test("a connection that breaks off in the middle of a long line goes on where it was", () => {
  const long = Array.from({ length: 300_000 }, (_, index) => `${index},`).join("");
  const text = encoder.encode(`${AT}1.1Z first\n${AT}1.2Z ${long}\n${AT}1.3Z next\n`);
  const lines = new LineStream({ prefix: "", timestamps: false });
  const seen = [lines.push(text.slice(0, 1_200_000))];
  lines.resume();
  // All of that second comes again.
  seen.push(lines.push(text.slice(0, 1_500_000)), lines.push(text.slice(1_500_000)));
  const out = new TextDecoder().decode(Buffer.concat(seen)).split("\n");
  expect([out[0], out.slice(1, -2).join(""), ...out.slice(-2)]).toEqual(["first", long, "next", ""]);
});
