import { FunctionError } from "./function-error.ts";

/** How much a render may cost, so that a hostile template ends with an error. */
export interface RenderLimits {
  /** Signs of output, and of any text made on the way. Default 10 MiB. */
  readonly output: number;
  /** Nodes, function calls, items of lists and pieces of 64 signs of text together. Default 1,000,000. */
  readonly steps: number;
  /** How deep blocks, parentheses and templates that call templates may nest while running. Default 200. */
  readonly depth: number;
}

/** The limits that hold where a caller sets none. */
export const RENDER_LIMITS: RenderLimits = { output: 10 * 1024 * 1024, steps: 1_000_000, depth: 200 };

/** Counts what a render has cost so far, across the templates that it calls. */
export class Budget {
  readonly limits: RenderLimits;
  private steps = 0;
  private output = 0;
  private depth = 0;

  constructor(limits: RenderLimits) {
    this.limits = limits;
  }

  readonly charge = (steps: number): void => {
    this.steps += steps;
    if (this.steps <= this.limits.steps) return;
    throw new FunctionError(`the template does more than ${this.limits.steps} steps: expected a template that ends`);
  };

  readonly checkSize = (size: number): void => {
    if (size <= this.limits.output) return;
    throw new FunctionError(`a text or list of ${size} is larger than the limit of ${this.limits.output}`);
  };

  readonly write = (length: number): void => {
    this.output += length;
    if (this.output <= this.limits.output) return;
    throw new FunctionError(`the output is larger than the limit of ${this.limits.output} characters`);
  };

  /** Runs something one level deeper. */
  nested<T>(run: () => T): T {
    if (++this.depth > this.limits.depth) {
      throw new FunctionError(`templates and blocks call each other deeper than ${this.limits.depth} levels`);
    }
    const result = run();
    this.depth--;
    return result;
  }
}
