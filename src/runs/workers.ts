import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { exitOf, spawnTrainer, type Launch, type RunProcess } from './launch';
import type { StoredRun } from './store';

/** First word of a process that trains what runs it is given, one after the other: `train.js --worker <log>`. */
export const workerWord = '--worker';

/** What a worker is told: a run to train, and words as of a process that has only this run. */
export interface WorkerOrder {
  readonly folder: string;
  readonly words: readonly string[];
}

/** What a worker tells: it is done with the run. Where it fails to bring a run to an end, it ends itself instead. */
export interface WorkerAnswer {
  readonly exitCode: number;
}

export interface WorkersOptions {
  /** How many there are at most. A run is given to none before one is free. */
  readonly most: number;
  /** The bundled train.js. */
  readonly trainScript: string;
  /** The folder of the files that take what the workers print; those that stay empty are taken away. */
  readonly logs: string;
  /** What is added to their environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Processes that train runs, each one after the other, which saves to start a process and an engine for each run. They
 * end with the process that has them: its runs then stop, with a checkpoint.
 */
export class Workers {
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();
  private readonly waiting: (() => void)[] = [];
  private started = 0;
  /** Those that are there or about to be. */
  private present = 0;

  constructor(private readonly options: WorkersOptions) {}

  /** Gives a run to a worker that has none, or to a new one. */
  readonly launch: Launch = async (run, words = []) => {
    // A run has ended some moments before its worker is free.
    while (this.idle.length === 0 && this.present >= this.options.most) await this.change();
    const worker = this.idle.pop() ?? (await this.start(run));
    return worker.give({ folder: run.folder, words });
  };

  /** Lets go of all; those that still train are asked to stop. Fulfilled when none is left. */
  async close(): Promise<void> {
    await Promise.all([...this.all].map((worker) => worker.close()));
    try {
      // Fails where a log is in it, which is then to be seen.
      rmdirSync(this.options.logs);
    } catch {
      return;
    }
  }

  private async start(run: StoredRun): Promise<Worker> {
    this.present++;
    try {
      return await this.open(run);
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  private async open(run: StoredRun): Promise<Worker> {
    const { trainScript, logs, env, most } = this.options;
    mkdirSync(logs, { recursive: true });
    const log = join(logs, `${++this.started}.log`);
    const child = await spawnTrainer([trainScript, workerWord, log], {
      ...{ run, log, env: { ...process.env, ...env }, talks: true, options: optionsOf(most) },
    });
    const worker = new Worker(child, log, {
      onFree: () => {
        this.idle.push(worker);
        this.waiting.shift()?.();
      },
      onGone: () => {
        this.all.delete(worker);
        if (this.idle.includes(worker)) this.idle.splice(this.idle.indexOf(worker), 1);
        this.leave();
      },
    });
    this.all.add(worker);
    return worker;
  }

  private leave(): void {
    this.present--;
    this.waiting.shift()?.();
  }

  /** Until a worker is free or gone. */
  private async change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

/**
 * Where there are as many workers as cores, the threads that compile and collect garbage beside JavaScript would only take
 * the cores from the others: without them two workers on two cores train a network in a tenth less time.
 */
function optionsOf(most: number): readonly string[] {
  return most > 1 && most >= availableParallelism() ? ['--single-threaded'] : [];
}

interface WorkerEvents {
  readonly onFree: () => void;
  readonly onGone: () => void;
}

class Worker {
  private readonly gone: Promise<void>;
  private done: ((exitCode: number | null) => void) | undefined;

  constructor(
    private readonly child: ChildProcess,
    private readonly log: string,
    { onFree, onGone }: WorkerEvents,
  ) {
    this.gone = exitOf(child).then((code) => {
      onGone();
      this.end(code);
      dropEmpty(log);
    });
    child.on('message', ({ exitCode }: WorkerAnswer) => {
      onFree();
      this.end(exitCode);
    });
    // What cannot be sent any more is not waited for: its end is told by `exit`.
    child.on('error', () => undefined);
  }

  give(order: WorkerOrder): RunProcess {
    const ended = new Promise<number | null>((resolve) => (this.done = resolve));
    if (this.child.exitCode !== null || this.child.signalCode !== null) this.end(this.child.exitCode);
    else this.child.send(order);
    return { processId: this.child.pid!, log: this.log, ended };
  }

  async close(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.gone;
  }

  private end(exitCode: number | null): void {
    this.done?.(exitCode);
    this.done = undefined;
  }
}

/** One that is left behind does no harm. */
function dropEmpty(log: string): void {
  try {
    if (statSync(log, { throwIfNoEntry: false })?.size === 0) rmSync(log, { force: true });
  } catch {
    return;
  }
}
