/** What computes, by name, with what the editor says of each. */
export const engines = {
  auto: 'The fastest for the model: `native` where it is installed, else `wasm`; for very small models always `wasm`.',
  native:
    'TensorFlow: the training step runs as one graph. Fastest but for very small models; install it with `mtl engine install`.',
  wasm: 'WebAssembly: fast, and always there.',
  cpu: 'Plain JavaScript: slow, and without any native part.',
} as const;

export type EngineChoice = keyof typeof engines;
export const engineChoices = Object.keys(engines) as readonly EngineChoice[];

/** As many threads as anyone may ask for. */
export const mostThreads = 256;
