/** What a compiled policy says: the result set of each entry point as JSON, or "forever" for one that never ends. */
export type Answers = Readonly<Record<string, string>>;

/**
 * A WebAssembly module with the interface of policies that opa compiles (ABI 1.2), and fixed answers: what opa itself
 * would compile needs opa, and this one shows that ours is spoken.
 * source: https://www.openpolicyagent.org/docs/latest/wasm/ (exports, memory, result sets)
 */
export function tinyPolicy(answers: Answers): Uint8Array {
  const names = Object.keys(answers);
  const entrypoints = JSON.stringify(Object.fromEntries(names.map((name, index) => [name, index])));
  const data = [
    segment(BUILTINS, "{}"),
    segment(ENTRYPOINTS, entrypoints),
    ...names.map((name, index) => segment(RESULTS + index * SLOT, answers[name] ?? "")),
  ];
  const forever = names.map((name) => answers[name] === "forever");
  return Uint8Array.from([
    ...HEADER,
    ...section(1, vector(TYPES)),
    ...section(2, vector([[...text("env"), ...text("memory"), 0x02, 0x00, 0x02]])),
    ...section(3, vector(FUNCTIONS.map(({ type }) => [type]))),
    ...section(6, vector([global(1), global(2)])),
    ...section(
      7,
      vector([
        ...FUNCTIONS.map(({ name }, index) => [...text(name), 0x00, index]),
        [...text("opa_wasm_abi_version"), 0x03, 0],
        [...text("opa_wasm_abi_minor_version"), 0x03, 1],
      ]),
    ),
    ...section(10, vector(FUNCTIONS.map(({ body }) => code(body(forever))))),
    ...section(11, vector(data)),
  ]);
}

const [BUILTINS, ENTRYPOINTS, RESULTS, SLOT] = [1024, 1536, 4096, 1024];
const [HEAP, SCRATCH] = [65_536, 2048];

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const I32 = 0x7f;
const functionType = (params: number, results: number): readonly number[] => [
  0x60,
  ...vector(Array.from({ length: params }, () => [I32])),
  ...vector(Array.from({ length: results }, () => [I32])),
];
/** No parameter, one, two, seven, each with a result; one without. */
const TYPES = [functionType(0, 1), functionType(1, 1), functionType(2, 1), functionType(7, 1), functionType(1, 0)];

interface TinyFunction {
  readonly name: string;
  readonly type: number;
  readonly body: (forever: readonly boolean[]) => readonly number[];
}

const constant = (value: number): readonly number[] => [0x41, ...signed(value)];
const FUNCTIONS: readonly TinyFunction[] = [
  { name: "opa_malloc", type: 1, body: () => constant(SCRATCH) },
  { name: "opa_json_parse", type: 2, body: () => constant(1) },
  { name: "opa_json_dump", type: 1, body: () => [0x20, 0] },
  { name: "opa_heap_ptr_get", type: 0, body: () => constant(HEAP) },
  { name: "opa_heap_ptr_set", type: 4, body: () => [] },
  { name: "builtins", type: 0, body: () => constant(BUILTINS) },
  { name: "entrypoints", type: 0, body: () => constant(ENTRYPOINTS) },
  {
    name: "opa_eval",
    type: 3,
    // The second parameter is the entry point: `if (it is one that never ends) loop; return RESULTS + it * SLOT`.
    body: (forever) => [
      ...forever.flatMap((never, index) =>
        never ? [0x20, 1, ...constant(index), 0x46, 0x04, 0x40, 0x03, 0x40, 0x0c, 0x00, 0x0b, 0x0b] : [],
      ),
      ...constant(RESULTS),
      0x20,
      1,
      ...constant(SLOT),
      0x6c,
      0x6a,
    ],
  },
];

function segment(address: number, content: string): readonly number[] {
  return [0x00, ...constant(address), 0x0b, ...text(`${content}\0`)];
}

function global(value: number): readonly number[] {
  return [I32, 0x00, ...constant(value), 0x0b];
}

function code(body: readonly number[]): readonly number[] {
  const whole = [0x00, ...body, 0x0b];
  return [...unsigned(whole.length), ...whole];
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(content: string): readonly number[] {
  const bytes = new TextEncoder().encode(content);
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): readonly number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
