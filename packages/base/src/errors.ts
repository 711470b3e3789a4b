import { EXIT_CODES, type ExitName } from "./exit-codes.ts";

/** Every way in which a Slipway library can fail, with the row of the exit table it belongs to. */
const EXIT_OF = {
  USAGE: "USAGE",
  INVALID_INPUT: "USAGE",
  INVALID_TEMPLATE: "USAGE",
  TOO_LARGE: "USAGE",
  CONFLICT: "USAGE",
  NOT_FOUND: "NOT_FOUND",
  NOT_ALLOWED: "NOT_ALLOWED",
  TIMED_OUT: "TIMED_OUT",
  UNAVAILABLE: "UNAVAILABLE",
  ANSWER_IS_NO: "ANSWER_IS_NO",
  INTERRUPTED: "INTERRUPTED",
  BUG: "BUG",
} as const satisfies Record<string, ExitName>;

/** The closed union of error codes. */
export type ErrorCode = keyof typeof EXIT_OF;

/** Where an error was found: any part may be missing; lines and columns count from 1. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The field, as a dot path: `spec.componentRefs[2].name`. */
  readonly field?: string | undefined;
}

/** What an error carries beside its sentence. */
export interface ErrorDetails {
  readonly place?: Place | undefined;
  /** The next thing to try, as a sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The error of all Slipway libraries: a code out of a closed union, a sentence that says what is wrong and what was
 * expected, where it is, and what to try next.
 */
export class SlipwayError extends Error {
  override readonly name = "SlipwayError";
  readonly code: ErrorCode;
  readonly place: Place | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.place = details.place;
    this.hint = details.hint;
  }

  /** The exit status of a program that ends with this error. */
  get exitCode(): number {
    return EXIT_CODES[EXIT_OF[this.code]].exit;
  }

  /** Place, sentence and hint on one or two lines, without the code. */
  describe(): string {
    const place = describePlace(this.place);
    const head = place === "" ? this.message : `${place}: ${this.message}`;
    return this.hint === undefined ? head : `${head}\n${this.hint}`;
  }

  /** The same error with the parts of a place that it lacks, so that a reader of files can add the file's name. */
  at(place: Place): SlipwayError {
    const merged = { ...place, ...defined(this.place ?? {}) };
    return new SlipwayError(this.code, this.message, { place: merged, hint: this.hint, cause: this.cause });
  }
}

/**
 * A place as editors and terminals understand it: `file:line:column: field`.
 *
 * @returns an empty text when nothing is known
 */
export function describePlace(place: Place | undefined): string {
  if (place === undefined) return "";
  const position = [place.file, place.line, place.line === undefined ? undefined : place.column]
    .filter((part) => part !== undefined)
    .join(":");
  return [position, place.field].filter((part) => part !== undefined && part !== "").join(": ");
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function defined(place: Place): Place {
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
}
