export type { Argument, Command, CommandContext, CommandEntry, Example, Program } from "./command.ts";
export { runProgram, type ProgramDeps } from "./program.ts";
export {
  choiceFlag,
  durationFlag,
  integerFlag,
  listFlag,
  listOf,
  switchFlag,
  textFlag,
  type Completion,
  type CompletionLine,
  type Flag,
  type FlagOptions,
  type GivenText,
  type Suggestion,
  type ValueFlagOptions,
} from "./flag.ts";
export type { Log, LogFields, LogMode } from "./log.ts";
export type { Progress } from "./progress.ts";
export { formatTable } from "./table.ts";
export { painter, printable, type Colour } from "./text.ts";
export { processIo, runProcess, systemClock, type HostProcess } from "./process-io.ts";
export { nodeFiles, type NodeFilesOptions } from "./node-files.ts";
