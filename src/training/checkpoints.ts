import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { EngineName } from '../program';
import type { StepMeasure } from '../relatedness';
import type { JournalPosition } from '../runs/journal';
import { decodeSafetensors, encodeSafetensors, type SafetensorsFile, type TensorValues } from '../runs/safetensors';
import type { LossMeans, PairMeans } from './means';
import type { TrainingProgress } from './progress';

/** What a checkpoint belongs to: with anything else it must not be continued. */
export interface CheckpointIdentity {
  /** SHA-256 of the run's experiment.yaml, in hexadecimal. */
  readonly experiment: string;
  readonly seed: number;
}

/** Training at a moment between two steps. */
export interface Checkpoint {
  readonly identity: CheckpointIdentity;
  /** What it was computed by, and with how many threads. */
  readonly engine: EngineName;
  readonly threads: number;
  /** Whatever else the last bit may depend on: versions of programs, the processor; by name. */
  readonly surroundings: Readonly<Record<string, string>>;
  readonly dataFingerprint: string;
  readonly progress: TrainingProgress;
  /** Parameters and what the optimizer keeps, by the names of the executor. */
  readonly state: Readonly<Record<string, Float32Array>>;
  /** Where the journal was. */
  readonly journal: JournalPosition;
  /** Of work so far. */
  readonly seconds: number;
}

/** The two files of a checkpoint. */
export interface CheckpointFiles {
  readonly tensors: Uint8Array;
  readonly state: string;
}

/** Why a checkpoint cannot be continued, as the end of a sentence that begins with its name. */
export class CheckpointError extends Error {
  constructor(
    readonly code: 'damaged' | 'of-another-experiment' | 'of-another-version',
    message: string,
  ) {
    super(message);
    this.name = 'CheckpointError';
  }
}

const formatNumber = 2;

const watchSchema = z.object({
  best: z.object({ epoch: z.int(), value: z.number().optional() }).optional(),
  epochsWithoutImprovement: z.int(),
});

const headSchema = z.object({
  format: z.literal(formatNumber),
  identity: z.object({ experiment: z.string(), seed: z.number() }),
  engine: z.enum(['native', 'wasm', 'cpu']),
  threads: z.int().positive(),
  surroundings: z.record(z.string(), z.string()),
  dataFingerprint: z.string(),
  measures: z.array(z.string()),
  counters: z.object({ epoch: z.int(), stepInEpoch: z.int(), step: z.int(), journalledStep: z.int() }),
  watch: watchSchema,
  taskWatches: z.array(watchSchema).optional(),
  weighting: z.unknown(),
  journal: z.object({
    bytes: z.int(),
    checksum: z.string(),
    last: z.object({ sequence: z.int(), mark: z.int().optional() }),
  }),
  seconds: z.number(),
  tensors: z.string(),
});

/** The same checkpoint always gives the same bytes. Sums keep all their bits. */
export function encodeCheckpoint({ progress, state, ...rest }: Checkpoint): CheckpointFiles {
  const {
    epoch,
    stepInEpoch,
    step,
    journalledStep,
    watch,
    taskWatches,
    weighting,
    memory = [],
    kept,
    pairs,
  } = progress;
  const tensors = encodeSafetensors(
    Object.fromEntries([
      ...entries('state', state),
      ...entries('kept', kept ?? {}),
      ...memory.map((row, task) => tensor(`memory/${task}`, row)),
      ...means('epochLosses', progress.epochLosses),
      ...means('recentLosses', progress.recentLosses),
      ...pairs.flatMap((of, index) => means(`pairs/${index}`, of)),
      ...progress.allPairs.flatMap((of, index) => means(`allPairs/${index}`, of)),
    ]),
  );
  const head = JSON.stringify({
    format: formatNumber,
    ...rest,
    measures: pairs.map(({ measure }) => measure.name),
    counters: { epoch, stepInEpoch, step, journalledStep },
    watch,
    ...(taskWatches && { taskWatches: [...taskWatches] }),
    weighting,
    tensors: sha256(tensors),
  } satisfies z.input<typeof headSchema>);
  return { tensors, state: `{"checksum":"${sha256(head)}","checkpoint":${head}}\n` };
}

/**
 * @param measures Those of the run.
 * @throws CheckpointError where a file is damaged, or is that of another experiment or version.
 */
export function decodeCheckpoint(
  files: CheckpointFiles,
  identity: CheckpointIdentity,
  measures: readonly StepMeasure[],
): Checkpoint {
  const head = decodeHead(files.state, identity);
  if (sha256(files.tensors) !== head.tensors) throw damaged('the checksum of its tensors does not fit');
  const { counters, watch, taskWatches, weighting, journal, seconds } = head;
  const { engine, threads, surroundings, dataFingerprint } = head;
  const measured = head.measures.map((name) => {
    const measure = measures.find((candidate) => candidate.name === name);
    if (measure === undefined)
      throw new CheckpointError('of-another-experiment', `measures ${name}, and the run does not`);
    return measure;
  });
  const { tensors } = decodeSafetensors(files.tensors);
  const under = (prefix: string) =>
    Object.fromEntries(
      Object.entries(tensors).flatMap(([name, { values }]) =>
        name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), values as Float32Array]] : [],
      ),
    );
  const losses = (name: string): LossMeans => ({
    sums: tensors[`${name}/sums`].values as Float64Array,
    counts: tensors[`${name}/counts`].values as Float64Array,
  });
  const pairs = (name: string): PairMeans[] =>
    measured.map((measure, index) => ({
      measure,
      sums: tensors[`${name}/${index}/sums`].values as Float64Array,
      counts: tensors[`${name}/${index}/counts`].values as Uint32Array,
    }));
  const kept = under('kept');
  const memory = rows(tensors, 'memory');
  const progress: TrainingProgress = {
    ...counters,
    watch,
    ...(taskWatches && { taskWatches }),
    weighting,
    ...(memory.length > 0 && { memory }),
    ...(Object.keys(kept).length > 0 && { kept }),
    epochLosses: losses('epochLosses'),
    recentLosses: losses('recentLosses'),
    pairs: pairs('pairs'),
    allPairs: pairs('allPairs'),
  };
  const made = { engine, threads, surroundings, dataFingerprint };
  return { identity, ...made, progress, state: under('state'), journal, seconds };
}

/** The epoch whose parameters a checkpoint keeps as the best; 0 before the first. Undefined where it cannot be read. */
export function bestEpochOf(state: string): number | undefined {
  try {
    return headSchema.parse(JSON.parse(checkedHead(state))).watch.best?.epoch ?? 0;
  } catch {
    return undefined;
  }
}

function decodeHead(state: string, identity: CheckpointIdentity): z.output<typeof headSchema> {
  const value = JSON.parse(checkedHead(state)) as { readonly format?: unknown };
  if (value.format !== formatNumber)
    throw new CheckpointError('of-another-version', 'is of a version of MTL that writes them otherwise');
  const parsed = headSchema.safeParse(value);
  if (!parsed.success) throw damaged('its state lacks something');
  const { experiment, seed } = parsed.data.identity;
  if (experiment !== identity.experiment || seed !== identity.seed) {
    throw new CheckpointError('of-another-experiment', 'belongs to another experiment or seed');
  }
  return parsed.data;
}

function checkedHead(state: string): string {
  const [, checksum, head] = /^\{"checksum":"([0-9a-f]{64})","checkpoint":(.*)\}\n$/s.exec(state) ?? [];
  if (head === undefined) throw damaged('its state is not what a checkpoint begins with');
  if (sha256(head) !== checksum) throw damaged('the checksum of its state does not fit');
  return head;
}

function damaged(what: string): CheckpointError {
  return new CheckpointError('damaged', `is damaged: ${what}`);
}

/** Rows that lie one by one, by their numbers. */
function rows(tensors: SafetensorsFile['tensors'], name: string): Float64Array[] {
  const found: Float64Array[] = [];
  while (Object.hasOwn(tensors, `${name}/${found.length}`))
    found.push(tensors[`${name}/${found.length}`].values as Float64Array);
  return found;
}

function entries(prefix: string, values: Readonly<Record<string, Float32Array>>) {
  return Object.entries(values).map(([name, of]) => tensor(`${prefix}/${name}`, of));
}

function means(name: string, { sums, counts }: Pick<LossMeans | PairMeans, 'sums' | 'counts'>) {
  return [tensor(`${name}/sums`, sums), tensor(`${name}/counts`, counts)];
}

function tensor(name: string, values: TensorValues): [string, { shape: readonly number[]; values: TensorValues }] {
  return [name, { shape: [values.length], values }];
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
