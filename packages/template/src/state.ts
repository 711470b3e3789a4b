import type { FunctionMap, Runtime } from "./functions.ts";
import type { Budget } from "./limits.ts";
import type { Node } from "./nodes.ts";
import type { Failure } from "./place.ts";
import type { Value } from "./value.ts";

/** A value on its way through pipelines: absent where a map had no such key, as opposed to holding nil. */
export type Result = Value | undefined;

/** What a missing key of a map gives: nothing, nil (of which no further field may be asked), or an error. */
export type MissingKey = "default" | "zero" | "error";

/** A variable in reach. */
interface Variable {
  readonly name: string;
  value: Result;
}

/** What stays the same during a render of one template source. */
export interface Session {
  readonly fail: Failure;
  readonly functions: FunctionMap;
  readonly bodies: ReadonlyMap<string, readonly Node[]>;
  readonly missingKey: MissingKey;
  readonly budget: Budget;
  readonly runtime: Runtime;
}

/** What a body has of its own: its output and its variables. */
export interface Frame {
  readonly session: Session;
  readonly variables: Variable[];
  readonly output: string[];
}
