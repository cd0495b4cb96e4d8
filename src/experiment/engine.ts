/** What computes, by name, with what the editor says of each. */
export const engines = {
  auto: 'The fastest there is: `native` where it is installed, else `wasm`.',
  native: 'TensorFlow: the training step runs as one graph. Fastest; install it with `mtl engine install`.',
  wasm: 'WebAssembly: fast, and always there.',
  cpu: 'Plain JavaScript: slow, and without any native part.',
} as const;

export type EngineChoice = keyof typeof engines;
export const engineChoices = Object.keys(engines) as readonly EngineChoice[];

/** As many threads as anyone may ask for. */
export const mostThreads = 256;
