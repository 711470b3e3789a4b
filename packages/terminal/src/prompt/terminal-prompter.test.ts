import { stripVTControlCharacters } from "node:util";
import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { fakeIo, type FakeIo } from "../testing/index.ts";
import { canAsk, createPrompter, type ChooseQuestion } from "./index.ts";

const SOURCE: ChooseQuestion = {
  message: "Which source",
  choices: [{ value: "ngc" }, { value: "huggingface", label: "Hugging Face" }],
};
const DOWN = "\u001b[B";
const SHOW_CURSOR = "\u001b[?25h";
const HIDE_CURSOR = "\u001b[?25l";

function terminal(...keys: readonly string[]): FakeIo {
  return fakeIo({ tty: true, keys });
}

test("each kind of question is answered with keys and leaves standard output alone", async () => {
  const io = terminal("llama\r", "\r", "nvapi-1\r", "\u001b[D", "\r", DOWN, "\r", DOWN, DOWN, "\r", "other\r");
  const prompter = await createPrompter(io);
  expect([
    await prompter.text({ message: "Name" }),
    await prompter.text({ message: "Size", initial: "20Gi" }),
    await prompter.secret({ message: "Key" }),
    await prompter.confirm({ message: "Cache", initial: false }),
    await prompter.choose(SOURCE),
    await prompter.choose({ ...SOURCE, other: { label: "another one" } }),
  ]).toEqual(["llama", "20Gi", "nvapi-1", true, "huggingface", "other"]);
  expect(io.out).toBe("");
  expect(stripVTControlCharacters(io.err)).not.toContain("nvapi");
  expect(io.err.split(SHOW_CURSOR)).toHaveLength(io.err.split(HIDE_CURSOR).length);
});

test("a terminal of no size is asked as one of 80 columns", async () => {
  const asked = async (columns: number): Promise<string> => {
    const io = fakeIo({ tty: true, columns, keys: ["llama\r"] });
    await (await createPrompter(io)).text({ message: "Enter the name of the model" });
    return io.err;
  };
  expect(await asked(0)).toBe(await asked(80));
});

test("keys that come all at once answer one question after the other", async () => {
  const prompter = await createPrompter(terminal(`llama\r\r${DOWN}\r`));
  expect([
    await prompter.text({ message: "Name" }),
    await prompter.confirm({ message: "Go", initial: true }),
    await prompter.choose({ ...SOURCE, initial: "ngc" }),
  ]).toEqual(["llama", true, "huggingface"]);
});

test("an answer that will not do is told and can be mended", async () => {
  const io = terminal("bad\r", "\u007f\u007f\u007f", "good\r");
  const prompter = await createPrompter(io);
  const check = (text: string): string | undefined => (text === "bad" ? "Not that one." : undefined);
  expect(await prompter.text({ message: "Word", check })).toBe("good");
  expect(stripVTControlCharacters(io.err)).toContain("Not that one.");
});

test.each(["\u0003", "\u0004", "\u001b"])("%j interrupts and leaves the cursor visible", async (key) => {
  const io = terminal("abc", key);
  const prompter = await createPrompter(io);
  const thrown = await rejectionOf(prompter.text({ message: "Name" }));
  expect([thrown.code, io.err.lastIndexOf(SHOW_CURSOR) > io.err.lastIndexOf(HIDE_CURSOR)]).toEqual([
    "INTERRUPTED",
    true,
  ]);
});

test("a signal ends a question that nobody answers", async () => {
  const stop = new AbortController();
  const io = fakeIo({ tty: true, keys: ["a"], signal: stop.signal });
  const prompter = await createPrompter(io);
  setImmediate(() => stop.abort());
  expect((await rejectionOf(prompter.secret({ message: "Key" }))).code).toBe("INTERRUPTED");
  expect(io.err.endsWith(SHOW_CURSOR)).toBe(true);
});

test("a person can be asked who sees the question and has keys", () => {
  expect([canAsk(fakeIo({ tty: true })), canAsk(fakeIo())]).toEqual([true, false]);
});
