import type { Reading } from "./answer-checks.ts";
import type { AnswerKey } from "./answers.ts";

/** What is asked beside {@link AnswerKey}: whether missing secrets are made, from which key, and whether to go on. */
export type PrivateKey = "createNgc" | "ngcKey" | "createHf" | "hfToken" | "proceed";

/** A way in which an answer is given. */
export interface Choice {
  readonly value: string;
  readonly label?: string | undefined;
  readonly hint?: string | undefined;
}

/** One question, for whoever asks it: a terminal, a pipe, a page. */
export interface DeployQuestion {
  readonly key: AnswerKey | PrivateKey;
  readonly kind: "confirm" | "text" | "choose" | "secret";
  readonly message: string;
  /** What a blank answer means. */
  readonly initial?: string | undefined;
  /** An example of an answer. */
  readonly placeholder?: string | undefined;
  /** For `choose`. */
  readonly choices: readonly Choice[];
  /** For `choose`: what is offered for an answer that is none of the choices; absent: only they will do. */
  readonly other?: string | undefined;
  /** Whether the end of a pipe means `initial`: for what the seed does not ask, or lets be left out. */
  readonly mayEnd: boolean;
  readonly read: (answer: string) => Reading;
}

/** What a caller decides about the flow. */
export interface AskMode {
  /** Leaves out questions whose default will do for most, other than the seed's. */
  readonly isBrief: boolean;
  /** Whether a secret can be typed without being shown. */
  readonly canTypeSecrets: boolean;
  /** Whether to go on is settled. */
  readonly isSettled: boolean;
}
