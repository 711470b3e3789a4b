import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { fakeIo } from "../testing/index.ts";
import { createPrompter, type ChooseQuestion } from "./index.ts";

const SOURCE: ChooseQuestion = {
  message: "Which source",
  choices: [{ value: "ngc" }, { value: "huggingface", label: "Hugging Face" }],
};

test("each kind of question takes one line and is asked on standard error", async () => {
  const io = fakeIo({ stdin: "llama\r\n\n key \nYES\nHUGGING face\nother" });
  const prompter = await createPrompter(io);
  const other = { label: "another" };
  expect([
    await prompter.text({ message: "Name" }),
    await prompter.text({ message: "Size", initial: "20Gi" }),
    await prompter.secret({ message: "Key" }),
    await prompter.confirm({ message: "Cache" }),
    await prompter.choose(SOURCE),
    await prompter.choose({ ...SOURCE, other }),
  ]).toEqual(["llama", "20Gi", "key", true, "huggingface", "other"]);
  expect([io.out, io.err]).toEqual([
    "",
    "Name:\nSize [20Gi]:\nKey:\nCache (yes/no):\nWhich source (ngc, huggingface):\nWhich source (ngc, huggingface):\n",
  ]);
});

test("an answer that will not do is told and asked for again", async () => {
  const io = fakeIo({ stdin: "maybe\nno\nhugingface\nngc\nbad\nyes\n" });
  const prompter = await createPrompter(io);
  expect([
    await prompter.confirm({ message: "Cache" }),
    await prompter.choose(SOURCE),
    await prompter.text({ message: "Word", check: (text) => (text === "bad" ? "Not that one." : undefined) }),
  ]).toEqual([false, "ngc", "yes"]);
  expect(io.err).toBe(
    "Cache (yes/no):\nInvalid response. Please enter 'yes' or 'no'.\nCache (yes/no):\n" +
      'Which source (ngc, huggingface):\nPlease choose ngc or huggingface. Did you mean "huggingface"?\nWhich source (ngc, huggingface):\n' +
      "Word:\nNot that one.\nWord:\n",
  );
});

test("a blank answer and the end mean the first suggestion where there is one", async () => {
  const prompter = await createPrompter(fakeIo({ stdin: "\n\n" }));
  expect([
    await prompter.confirm({ message: "Go", initial: true }),
    await prompter.choose({ ...SOURCE, initial: "ngc" }),
    await prompter.text({ message: "Size", initial: "20Gi", endMeansInitial: true }),
    await prompter.confirm({ message: "Go", initial: false, endMeansInitial: true }),
  ]).toEqual([true, "ngc", "20Gi", false]);
});

test("the end of input names the question and how to answer it otherwise", async () => {
  const prompter = await createPrompter(fakeIo());
  const thrown = await rejectionOf(prompter.text({ message: "Model", unattended: "Give --model-url." }));
  expect([thrown.code, thrown.describe()]).toEqual([
    "USAGE",
    'no answer to "Model": standard input ended\nGive --model-url.',
  ]);
});

test("a pipe that never says anything sensible is given up", async () => {
  const io = fakeIo({ stdin: "perhaps\n".repeat(50) });
  const prompter = await createPrompter(io);
  const thrown = await rejectionOf(prompter.confirm({ message: "Cache" }));
  expect(thrown.describe()).toBe('no answer to "Cache": 20 answers would not do');
});

test("what a question quotes cannot move the cursor", async () => {
  const io = fakeIo({ stdin: "x\n" });
  await (await createPrompter(io)).text({ message: "Class \u001b[2J" });
  expect(io.err).toBe("Class \\x1b[2J:\n");
});

test("a secret is read from a terminal without being shown, even where questions are lines", async () => {
  const io = fakeIo({ tty: true, env: { TERM: "dumb" }, keys: ["nvaX\u007f\u001b[A", "\u001bOBpi-1\u001b[1;5C\r"] });
  expect(await (await createPrompter(io)).secret({ message: "Key" })).toBe("nvapi-1");
  expect(io.err).toBe("Key:\n");
});

test.each(["\u0003", "\u0004"])("%j interrupts while a secret is typed", async (key) => {
  const prompter = await createPrompter(fakeIo({ tty: true, env: { TERM: "dumb" }, keys: ["nv", key] }));
  expect((await rejectionOf(prompter.secret({ message: "Key" }))).code).toBe("INTERRUPTED");
});
