import { didYouMean } from "@slipway/base";
import { listOf } from "../flag.ts";
import { printable } from "../text.ts";
import type { ChooseQuestion } from "./prompter.ts";

/** The value that a typed answer chooses: by value or label, in any case; nothing when it chooses none. */
export function choiceOf(question: ChooseQuestion, answer: string): string | undefined {
  const { choices, initial, other } = question;
  if (answer === "" && initial !== undefined) return initial;
  const names = (text: string | undefined): boolean => text?.toLowerCase() === answer.toLowerCase();
  const chosen =
    choices.find(({ value }) => value === answer) ?? choices.find(({ value, label }) => names(value) || names(label));
  if (chosen !== undefined) return chosen.value;
  return other !== undefined && wrongOther(question, answer) === undefined ? answer : undefined;
}

/** What is wrong with an answer that chooses nothing, as a sentence. */
export function wrongChoice(question: ChooseQuestion, answer: string): string {
  const values = question.choices.map(({ value }) => value).filter((value) => value !== "");
  const near = didYouMean(answer, values);
  return wrongOther(question, answer) ?? `Please choose ${printable(listOf(values))}.${near ? ` ${near}` : ""}`;
}

function wrongOther({ other }: ChooseQuestion, answer: string): string | undefined {
  if (other === undefined) return undefined;
  return answer === "" ? "An answer is needed." : other.check?.(answer);
}
