import type { Io } from "@slipway/base";
import type { Prompter } from "./prompter.ts";

export type {
  Choice,
  ChooseQuestion,
  ConfirmQuestion,
  Prompter,
  Question,
  SecretQuestion,
  TextQuestion,
} from "./prompter.ts";

/** Whether a person sits at both ends: sees questions and can press keys. */
export function canAsk(io: Io): boolean {
  return io.stdin.isTerminal && io.stderr.isTerminal;
}

/**
 * The prompter for a process: with arrow keys on a terminal, in lines in a pipe and where the terminal cannot do more. What
 * it needs is loaded when something is asked.
 */
export async function createPrompter(io: Io): Promise<Prompter> {
  if (canAsk(io) && io.env["TERM"] !== "dumb") return (await import("./terminal-prompter.ts")).terminalPrompter(io);
  return (await import("./line-prompter.ts")).linePrompter(io);
}
