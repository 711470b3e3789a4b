import { SlipwayError, utf8Text, writeJson, type ExitName, type Io } from "@slipway/base";
import {
  ask,
  chooseModel,
  loadedModels,
  paceText,
  startMeter,
  type Message,
  type Pace,
  type Question,
} from "@slipway/serving/chat";
import { printable, type CommandContext } from "@slipway/terminal";
import { clusterOf } from "../actions/cluster-of.ts";
import { openService, type OpenService } from "../actions/open-service.ts";
import { namesKind, oneTarget } from "../actions/targets.ts";
import type { NimDeps } from "../deps.ts";
import { CHAT_FLAGS, numberWithin, temperatureOf } from "../flags/chat-flags.ts";

/** Most bytes of a question out of a pipe. */
const MOST_BYTES = 4 * 1024 * 1024;

/** What does not change from question to question. */
type Setting = Omit<Question, "messages">;

/** What `kubectl nim chat` does. */
export async function chat(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const { read, progress } = context;
  const { name, prompt } = wantedOf(context.args);
  const limits = limitsOf(context);
  const isConversation = prompt === undefined && deps.io.stdin.isTerminal;
  if (isConversation && read(CHAT_FLAGS.output) === "json")
    throw new SlipwayError("USAGE", "-o json is for one answer: give a prompt, or write one to standard input");
  const asked = isConversation ? undefined : (prompt ?? (await pipedPrompt(deps)));
  const cluster = await clusterOf(deps, context);
  progress.show(`Reaching ${name}`);
  const open = { force: read(CHAT_FLAGS.force), localPort: limits.localPort ?? 0 };
  const service = await openService(deps, cluster, name, open);
  try {
    const models = await loadedModels(service, {
      timeoutMs: read(CHAT_FLAGS.timeout),
      timer: deps.timer,
      now: () => deps.clock.now(),
      onWait: (why) => progress.show(`Waiting for the model: ${why}`),
    });
    const model = chooseModel(models, read(CHAT_FLAGS.model) || undefined);
    progress.done();
    const setting = { model, stream: read(CHAT_FLAGS.stream), ...limits };
    if (asked === undefined) return await converse(deps, context, service, setting);
    return await askOnce(deps, context, service, { ...setting, messages: [...systemOf(context), userSays(asked)] });
  } finally {
    progress.done();
    await service.close();
  }
}

function wantedOf(args: readonly string[]): { readonly name: string; readonly prompt: string | undefined } {
  const [first = "", ...more] = args;
  const isSpaced = namesKind(first) && !first.includes("/") && more.length > 0;
  const words = isSpaced ? more.slice(1) : more;
  const target = isSpaced ? [first, more[0] ?? ""] : first.includes("/") ? [first] : ["nimservice", first];
  const { kind, name } = oneTarget(target, "kubectl nim chat NAME [PROMPT]");
  if (kind.kind !== "NIMService")
    throw new SlipwayError("USAGE", `${name} is a cache: only a service answers`, {
      hint: "kubectl nim get nimservice lists the services.",
    });
  return { name, prompt: words.length === 0 ? undefined : words.join(" ") };
}

function limitsOf({ read }: CommandContext) {
  return {
    maxTokens: numberWithin("max-tokens", read(CHAT_FLAGS.maxTokens), 1, 10_000_000),
    temperature: temperatureOf(read(CHAT_FLAGS.temperature)),
    localPort: numberWithin("local-port", read(CHAT_FLAGS.localPort), 0, 65_535),
  };
}

async function pipedPrompt({ io }: NimDeps): Promise<string> {
  const text = utf8Text(await io.stdin.read(MOST_BYTES), "standard input").trim();
  if (text !== "") return text;
  throw new SlipwayError("USAGE", "there is nothing to ask: give a prompt, or write one to standard input");
}

function systemOf({ read }: CommandContext): readonly Message[] {
  const content = read(CHAT_FLAGS.system) ?? "";
  return content === "" ? [] : [{ role: "system", content }];
}

function userSays(content: string): Message {
  return { role: "user", content };
}

async function askOnce(
  deps: NimDeps,
  context: CommandContext,
  service: OpenService,
  question: Question,
): Promise<ExitName> {
  const isJson = context.read(CHAT_FLAGS.output) === "json";
  const answer = await tell(deps, context, service, question, !isJson);
  if (isJson) deps.io.stdout.write(writeJson(answerTree(question.model, answer)));
  return "DONE";
}

/** What came back. */
interface Answer {
  readonly text: string;
  /** Why it ended: `stop`, `length`, …; empty when nobody reads on. */
  readonly reason: string;
  readonly pace: Pace;
}

/** Asks, shows the answer as it comes, and how fast it came. */
async function tell(
  deps: NimDeps,
  { log, progress }: CommandContext,
  service: OpenService,
  question: Question,
  isShown: boolean,
): Promise<Answer> {
  const { io, clock } = deps;
  const meter = startMeter(() => clock.now().getTime());
  let [text, reason] = ["", ""];
  progress.show(`Waiting for ${question.model}`);
  try {
    for await (const event of ask(service, question)) {
      meter.add(event);
      if (event.kind === "end") reason = event.reason;
      if (event.kind === "thought") progress.show(`${question.model} thinks`);
      if (event.kind !== "text") continue;
      progress.done();
      text += event.text;
      if (isShown && !(await show(io, event.text))) break;
    }
  } finally {
    progress.done();
    if (isShown && text !== "" && !text.endsWith("\n")) io.stdout.write("\n");
  }
  const pace = meter.pace();
  io.stderr.write(`${paceText(pace)}\n`);
  if (reason === "length") log.warn("the answer is cut: the most tokens that were asked for, or that the model has");
  if (text === "") log.warn("the answer is empty");
  return { text, reason, pace };
}

/** @returns whether anybody reads on */
function show({ stdout }: Io, text: string): Promise<boolean> {
  stdout.write(stdout.isTerminal ? printable(text.replaceAll("\r", "")) : text);
  return stdout.flush();
}

function answerTree(model: string, { text, reason, pace }: Answer) {
  const { firstTokenSeconds, seconds, tokens, tokensPerSecond, isCounted } = pace;
  return {
    model,
    answer: text,
    finishReason: reason,
    timing: {
      firstTokenSeconds: firstTokenSeconds ?? null,
      seconds,
      tokens,
      tokensPerSecond: tokensPerSecond ?? null,
      tokensAreCountedPieces: isCounted,
    },
  };
}

/** Line by line, with all that was said before. What the server refuses is told, and the conversation goes on. */
async function converse(
  deps: NimDeps,
  context: CommandContext,
  service: OpenService,
  setting: Setting,
): Promise<ExitName> {
  const { io } = deps;
  const prompt = (): void => io.stderr.write("> ");
  io.stderr.write(`${printable(setting.model)}: /clear forgets what was said, /exit or Ctrl-D ends\n`);
  let said = systemOf(context);
  prompt();
  for await (const line of io.stdin.lines()) {
    const words = line.trim();
    if (words === "/exit" || words === "/quit") return "DONE";
    if (words === "/clear") said = systemOf(context);
    else if (words !== "") said = await turn(deps, context, service, setting, [...said, userSays(words)]);
    prompt();
  }
  io.stderr.write("\n");
  return "DONE";
}

/** @returns what was said by then; without the question when it was refused */
async function turn(
  deps: NimDeps,
  context: CommandContext,
  service: OpenService,
  setting: Setting,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  try {
    const { text } = await tell(deps, context, service, { ...setting, messages }, true);
    return [...messages, { role: "assistant", content: text }];
  } catch (error) {
    if (!(error instanceof SlipwayError) || !["INVALID_INPUT", "TOO_LARGE"].includes(error.code)) throw error;
    context.log.fail(error);
    return messages.slice(0, -1);
  }
}
