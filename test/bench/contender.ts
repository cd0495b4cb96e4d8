import { spawn, type ChildProcess } from 'node:child_process';
import { watchProcess, type ProcessUse } from './processUse';
import { Lines, parseReply, type Reply } from './protocol';

/** How a contender is started. */
export interface ContenderSpec {
  readonly name: string;
  readonly command: string;
  readonly parameters: readonly string[];
  readonly threads: number;
}

/** The times of a turn, and what the process used for it, where the system tells. */
export interface Turn extends Extract<Reply, { kind: 'times' }> {
  /** How long it took in all, in milliseconds. */
  readonly milliseconds: number;
  readonly use?: ProcessUse;
}

/** A process that runs steps when it is told to. */
export class Contender {
  private readonly waiting: ((reply: Reply) => void)[] = [];
  private readonly replies: Reply[] = [];
  private readonly child: ChildProcess;
  private complaint = '';

  constructor(readonly spec: ContenderSpec) {
    const { command, parameters, threads } = spec;
    this.child = spawn(command, [...parameters], { env: { ...process.env, ...threadLimits(threads) } });
    const lines = new Lines();
    this.child.stdout?.on('data', (text) => lines.take(String(text)).forEach((line) => this.receive(parseReply(line))));
    this.child.stderr?.on('data', (text) => (this.complaint = (this.complaint + String(text)).slice(-2000)));
    this.child.on('error', ({ message }) => this.receive({ kind: 'unavailable', reason: message }));
    this.child.on('close', () => this.receive({ kind: 'unavailable', reason: lastLine(this.complaint) }));
    this.child.stdin?.on('error', () => undefined);
  }

  /** The next thing that the process says. */
  next(): Promise<Reply> {
    const reply = this.replies.shift();
    return reply ? Promise.resolve(reply) : new Promise((resolve) => this.waiting.push(resolve));
  }

  /** @throws Error where the process ends instead. */
  async run(steps: number): Promise<Turn> {
    const used = watchProcess(this.child.pid);
    const start = performance.now();
    this.child.stdin?.write(`${steps}\n`);
    const reply = await this.next();
    const use = used();
    if (reply.kind === 'times') return { ...reply, milliseconds: performance.now() - start, ...(use && { use }) };
    throw new Error(`${this.spec.name} ended: ${reply.kind === 'unavailable' ? reply.reason : reply.kind}`);
  }

  stop(): void {
    this.child.stdin?.end();
    this.child.kill();
  }

  private receive(reply: Reply): void {
    const waiting = this.waiting.shift();
    if (waiting) waiting(reply);
    else this.replies.push(reply);
  }
}

/** What holds the libraries to so many threads: TensorFlow, PyTorch (which is told in its program too) and jax. */
function threadLimits(threads: number): Record<string, string> {
  const count = String(threads);
  return { TF_NUM_INTRAOP_THREADS: count, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count, NPROC: count };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'its process ended';
}
