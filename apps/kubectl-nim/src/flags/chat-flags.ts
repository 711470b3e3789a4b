import { SlipwayError } from "@slipway/base";
import { choiceFlag, durationFlag, integerFlag, switchFlag, textFlag } from "@slipway/terminal";

const QUESTION = "Question";
const CONNECTION = "Service";

/** Flags of `kubectl nim chat`. */
export const CHAT_FLAGS = {
  model: textFlag("model", {
    summary: "which model of the service; the first one it names unless given",
    group: QUESTION,
    placeholder: "NAME",
  }),
  system: textFlag("system", { summary: "what the model is told to be", group: QUESTION, placeholder: "TEXT" }),
  maxTokens: integerFlag("max-tokens", {
    summary: "where an answer is cut",
    group: QUESTION,
    placeholder: "N",
  }),
  temperature: textFlag("temperature", {
    summary: "0 for the same answer each time, up to 2 for surprising ones",
    group: QUESTION,
    placeholder: "NUMBER",
  }),
  stream: switchFlag("stream", { summary: "print the answer as it comes", group: QUESTION, fallback: true }),
  force: switchFlag("force", { summary: "try it although the service is not ready", group: CONNECTION }),
  localPort: integerFlag("local-port", {
    summary: "port on this machine that leads to the service; a free one unless given",
    group: CONNECTION,
    placeholder: "PORT",
  }),
  timeout: durationFlag("timeout", 300_000, {
    summary: "how long is waited for a model that is being loaded",
    group: CONNECTION,
    placeholder: "DURATION",
    repeat: "last",
  }),
  output: choiceFlag("output", ["text", "json"], "text", {
    summary: "form of what is printed",
    group: "Output",
    placeholder: "FORMAT",
    short: "o",
    repeat: "last",
  }),
} as const;

/** The value of `--temperature`. Throws USAGE for what is no number from 0 to 2. */
export function temperatureOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  if (value >= 0 && value <= 2) return value;
  throw new SlipwayError("USAGE", `--temperature takes a number from 0 to 2, not "${text}"`);
}

/** A number that must lie between two others, if it is given. Throws USAGE otherwise. */
export function numberWithin(name: string, value: number | undefined, least: number, most: number): number | undefined {
  if (value === undefined || (value >= least && value <= most)) return value;
  throw new SlipwayError("USAGE", `--${name} takes a number from ${least} to ${most}, not ${value}`);
}
