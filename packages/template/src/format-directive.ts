import { intOf, type Value } from "./value.ts";

/** One `%…` of a format, with widths taken from arguments already filled in. */
export interface Directive {
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly verb: string;
}

/** What stands before a verb was no valid width, precision or argument number. */
export interface DirectiveProblems {
  /** Texts such as `%!(BADWIDTH)`, to print before the value. */
  readonly notes: string;
  /** Whether `[n]` named an argument that does not exist. */
  readonly badIndex: boolean;
}

/** Where the next argument is; `reordered` once any `[n]` was used, which silences the check for extra ones. */
export interface Arguments {
  readonly values: readonly Value[];
  next: number;
  reordered: boolean;
}

/** Go's limit for widths and precisions. */
const MAX_WIDTH = 1_000_000;

const FLAGS = /[+\-# 0]*/y;
const DIGITS = /\d+/y;
const INDEX = /\[([^\]]*)\]/y;

/**
 * Reads a directive of a format text, from the unit after `%`.
 *
 * @returns nothing for the verb at the end of the text, where Go prints `%!(NOVERB)`
 */
export function readDirective(
  format: string,
  start: number,
  args: Arguments,
): { readonly directive: Directive; readonly problems: DirectiveProblems; readonly end: number } {
  const reader = new DirectiveReader(format, start, args);
  return reader.read();
}

class DirectiveReader {
  private readonly format: string;
  private readonly args: Arguments;
  private at: number;
  private notes = "";
  private badIndex = false;
  private afterIndex = false;

  constructor(format: string, start: number, args: Arguments) {
    this.format = format;
    this.at = start;
    this.args = args;
  }

  read(): ReturnType<typeof readDirective> {
    const flags = this.match(FLAGS)?.[0] ?? "";
    this.index();
    let minus = flags.includes("-");
    let width = this.size("BADWIDTH");
    if (width !== undefined && width < 0) [minus, width] = [true, -width];
    const precision = this.precision();
    if (!this.afterIndex) this.index();
    const verb = this.format.slice(this.at, this.at + 2);
    const sign = verb === "" ? "" : String.fromCodePoint(verb.codePointAt(0) ?? 0);
    return {
      directive: {
        plus: flags.includes("+"),
        minus,
        sharp: flags.includes("#"),
        space: flags.includes(" "),
        zero: flags.includes("0"),
        width,
        precision,
        verb: sign,
      },
      problems: { notes: this.notes, badIndex: this.badIndex },
      end: this.at + sign.length,
    };
  }

  private precision(): number | undefined {
    if (this.format.charAt(this.at) !== ".") return undefined;
    this.at++;
    if (this.afterIndex) this.badIndex = true;
    this.index();
    const precision = this.size("BADPREC");
    if (precision !== undefined && precision < 0) {
      this.notes += "%!(BADPREC)";
      return undefined;
    }
    return precision ?? (this.notes.endsWith("%!(BADPREC)") ? undefined : 0);
  }

  /** A width or a precision: digits, or `*` for the next argument. */
  private size(problem: string): number | undefined {
    if (this.format.charAt(this.at) === "*") {
      this.at++;
      this.afterIndex = false;
      return this.sizeFromArgument(problem);
    }
    const digits = this.match(DIGITS)?.[0];
    if (digits === undefined) return undefined;
    if (this.afterIndex) this.badIndex = true;
    const size = Number(digits);
    // Go gives up on the rest of the format when the digits but the last are beyond the limit.
    if (Math.floor(size / 10) <= MAX_WIDTH) return size;
    this.at = this.format.length;
    return undefined;
  }

  private sizeFromArgument(problem: string): number | undefined {
    const value = this.args.values[this.args.next];
    if (value !== undefined) this.args.next++;
    const size = value === undefined ? undefined : intOf(value);
    if (typeof size === "number" && Math.abs(size) <= MAX_WIDTH) return size;
    this.notes += `%!(${problem})`;
    return undefined;
  }

  private index(): void {
    this.afterIndex = false;
    if (this.format.charAt(this.at) !== "[") return;
    this.args.reordered = true;
    const match = this.match(INDEX);
    const position = /^\d+$/.test(match?.[1] ?? "") ? Number(match?.[1]) : 0;
    if (match === undefined) {
      this.at++;
      this.badIndex = true;
    } else if (position >= 1 && position <= this.args.values.length) {
      this.args.next = position - 1;
      this.afterIndex = true;
    } else {
      this.badIndex = true;
    }
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.format) ?? undefined;
    this.at += match?.[0].length ?? 0;
    return match;
  }
}
