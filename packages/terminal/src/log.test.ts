import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import { createLog, type Log, type LogMode } from "./log.ts";
import { fakeIo } from "./testing/index.ts";

const ERROR = new SlipwayError("NOT_FOUND", "no such file", {
  place: { file: "a.yaml", line: 3 },
  hint: "Look again.",
});

function written(mode: LogMode, options: { tty?: boolean; debug?: boolean }, action: (log: Log) => void): string {
  const io = fakeIo({ tty: options.tty ?? false });
  const clock = { now: () => new Date("2026-01-02T03:04:05.678Z") };
  const { debug = false } = options;
  action(createLog({ io, clock, mode, debug, program: "aicr", version: "1.2.3", prefix: "cli" }));
  expect(io.out).toBe("");
  return io.err;
}

const everything = (log: Log): void => {
  log.debug("looking", { at: "x" });
  log.info("recipe written", { file: "out dir/recipe.yaml", components: 13, skipped: undefined });
  log.warn("odd", { reason: 'a "b"=c', empty: "", multi: "a\nb" });
  log.fail(ERROR);
};

test("plain lines for people", () => {
  expect(written("plain", {}, everything)).toBe(
    [
      '[cli] recipe written: file="out dir/recipe.yaml" components=13',
      String.raw`[cli] warning: odd: reason="a \"b\"=c" empty="" multi="a\nb"`,
      "error: a.yaml:3: no such file",
      "  Look again.",
      "",
    ].join("\n"),
  );
});

test("plain lines have colours on a terminal", () => {
  expect(written("plain", { tty: true }, everything)).toBe(
    [
      '\u001b[32m[cli] recipe written: file="out dir/recipe.yaml" components=13\u001b[39m',
      `\u001b[33m[cli] warning: odd: ${String.raw`reason="a \"b\"=c" empty="" multi="a\nb"`}\u001b[39m`,
      "\u001b[31merror:\u001b[39m a.yaml:3: no such file",
      "  Look again.",
      "",
    ].join("\n"),
  );
});

test("records of key=value", () => {
  const head = (level: string, message: string): string =>
    `time=2026-01-02T03:04:05.678Z level=${level} msg=${message} module=aicr version=1.2.3`;
  expect(written("text", {}, everything)).toBe(
    [
      `${head("INFO", '"recipe written"')} file="out dir/recipe.yaml" components=13`,
      `${head("WARN", "odd")} ${String.raw`reason="a \"b\"=c" empty="" multi="a\nb"`}`,
      `${head("ERROR", '"command failed"')} error="a.yaml:3: no such file" code=NOT_FOUND hint="Look again." exitCode=3`,
      "",
    ].join("\n"),
  );
});

test("one JSON object a line", () => {
  const lines = written("json", {}, everything).trimEnd().split("\n");
  const head = { time: "2026-01-02T03:04:05.678Z", module: "aicr", version: "1.2.3" };
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { ...head, level: "INFO", msg: "recipe written", file: "out dir/recipe.yaml", components: 13 },
    { ...head, level: "WARN", msg: "odd", reason: 'a "b"=c', empty: "", multi: "a\nb" },
    {
      ...head,
      level: "ERROR",
      msg: "command failed",
      error: "a.yaml:3: no such file",
      code: "NOT_FOUND",
      hint: "Look again.",
      exitCode: 3,
    },
  ]);
});

test("--debug shows more, and the stack of a failure with its causes", () => {
  const cause = new Error("inner");
  const text = written("text", { debug: true }, (log) => {
    log.debug("looking", { at: "x" });
    log.fail(new SlipwayError("BUG", "outer", { cause }));
  });
  const [first, second, ...stack] = text.split("\n");
  expect(first).toBe("time=2026-01-02T03:04:05.678Z level=DEBUG msg=looking module=aicr version=1.2.3 at=x");
  expect(second).toContain("error=outer code=BUG exitCode=8");
  expect(stack.filter((line) => !line.startsWith("    at "))).toEqual([
    "SlipwayError: outer",
    "caused by: Error: inner",
    "",
  ]);
});

test("what an input says cannot move the cursor", () => {
  const text = written("plain", { tty: true }, (log) => log.warn("bad \u001b[2J name"));
  expect(text).toBe(`\u001b[33m[cli] warning: bad ${String.raw`\x1b[2J`} name\u001b[39m\n`);
});
