/** What a value of a field may be. */
export type FieldType =
  /** Any text without line breaks. */
  | "text"
  /** One of the field's `choices`. */
  | "choice"
  /** The name of an object of the cluster. */
  | "name"
  /** A positive amount such as `50Gi` or `500m`. */
  | "quantity"
  /** 1 to 65535. */
  | "port"
  /** A whole number from `least` on. */
  | "count"
  /** true or false, in each spelling of Go. */
  | "boolean"
  /** true or false, without a value on a command line: given means true. */
  | "switch"
  /** Many texts, given one by one or with commas between them. */
  | "list"
  /** Many texts, given one by one: they may hold commas. */
  | "entries";

/** Where values that the cluster has can be looked up. */
export type FieldSource = "nimCaches" | "persistentVolumeClaims" | "runtimeClasses" | "secrets" | "storageClasses";

/**
 * One thing that can be said about a NIMService or a NIMCache. Flags, help, completion and checks of the command line come
 * from it, and so do the questions of whoever else asks.
 */
export interface SpecField {
  /** Name of the flag, without dashes. */
  readonly flag: string;
  readonly aliases?: readonly string[];
  /** Where it stands in the object; `KEY` is what the value itself says. */
  readonly field: string;
  readonly type: FieldType;
  readonly choices?: readonly string[];
  /** Whether a choice is known in upper and lower case. */
  readonly anyCase?: boolean;
  /** Of a count. */
  readonly least?: number;
  /** A value that means the same as none. */
  readonly unset?: string;
  /** What counts where nothing is said. */
  readonly fallback?: string;
  /** What help shows for the value. */
  readonly placeholder: string;
  readonly help: string;
  /** Heading in help. */
  readonly group: string;
  readonly source?: FieldSource;
  readonly hidden?: boolean;
}

/** Values as they were given, by flag; the last one counts where only one can. */
export type Given<Flag extends string = string> = { readonly [Name in Flag]?: readonly string[] | undefined };

/** What stands in the way, in words of the flags. */
export interface Problem {
  readonly message: string;
  /** The next thing to try. */
  readonly hint?: string | undefined;
}

/** `a, b or c`. */
export function eitherOf(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}
