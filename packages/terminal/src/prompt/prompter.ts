/** What every question says. */
export interface Question {
  readonly message: string;
  /** How to answer without being asked, as a sentence; shown when there is nobody to ask. */
  readonly unattended?: string | undefined;
  /** Whether the end of a pipe means `initial` rather than an error. */
  readonly endMeansInitial?: boolean | undefined;
}

/** A question for a line of text. */
export interface TextQuestion extends Question {
  /** What a blank answer means; absent: a blank answer stands as it is, unless `check` refuses it. */
  readonly initial?: string | undefined;
  /** An example, shown on a terminal while nothing is typed. */
  readonly placeholder?: string | undefined;
  /** Says what is wrong with an answer, as a sentence, or nothing. */
  readonly check?: ((answer: string) => string | undefined) | undefined;
}

/** A question whose answer is never shown. */
export type SecretQuestion = Pick<TextQuestion, "message" | "unattended" | "check">;

/** A question for yes or no. */
export interface ConfirmQuestion extends Question {
  /** What a blank answer means; absent: a pipe is asked again, a terminal points at no. */
  readonly initial?: boolean | undefined;
}

/** An answer that can be chosen. */
export interface Choice {
  readonly value: string;
  /** Default: the value. */
  readonly label?: string | undefined;
  readonly hint?: string | undefined;
}

/** A question with answers to choose from. */
export interface ChooseQuestion extends Question {
  readonly choices: readonly Choice[];
  /** The value that a blank answer means, and where a terminal points first. */
  readonly initial?: string | undefined;
  /** Lets other answers be typed: what the choice that leads there is called, and what is wrong with an answer. */
  readonly other?: { readonly label: string; readonly check?: (answer: string) => string | undefined } | undefined;
}

/**
 * Asks a person, or a pipe in his place: the same questions in the same order. Questions go to standard error.
 *
 * @throws SlipwayError INTERRUPTED after Ctrl-C or Escape; USAGE when a pipe ends before an answer, or gives none that
 * will do in many attempts
 */
export interface Prompter {
  text(question: TextQuestion): Promise<string>;
  secret(question: SecretQuestion): Promise<string>;
  confirm(question: ConfirmQuestion): Promise<boolean>;
  choose(question: ChooseQuestion): Promise<string>;
}
