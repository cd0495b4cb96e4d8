import { fork, type ChildProcess } from 'node:child_process';
import type { InspectorRequest, InspectorResponse } from '../../protocol/inspector';

export interface InspectorOptions {
  /** The bundled inspector. */
  readonly script: string;
  /** After so long without a question the process is ended. */
  readonly idleMilliseconds?: number;
  /** A question that takes longer is given up, with the process. */
  readonly patienceMilliseconds?: number;
}

interface Question {
  readonly request: InspectorRequest;
  readonly resolve: (response: InspectorResponse | undefined) => void;
}

/**
 * The process that reads data for the editor. It is started when there is something to ask, ended when there has been
 * nothing for a while, and started again after a crash. One question is out at a time; of those that wait, only the
 * last about each document is asked.
 */
export class InspectorClient {
  private child: ChildProcess | undefined;
  private asked: Question | undefined;
  private readonly waiting = new Map<string, Question>();
  private timer: NodeJS.Timeout | undefined;
  private lastId = 0;
  private readonly idleMilliseconds: number;
  private readonly patienceMilliseconds: number;

  constructor(private readonly options: InspectorOptions) {
    this.idleMilliseconds = options.idleMilliseconds ?? 180_000;
    this.patienceMilliseconds = options.patienceMilliseconds ?? 120_000;
  }

  /**
   * Asks about a document. Undefined when a later question about the same document took its place, when the process
   * came to an unexpected end, or when it took too long.
   * @param document What the question is about.
   * @param folder Absolute folder that data paths are relative to.
   */
  ask(document: string, text: string, folder: string): Promise<InspectorResponse | undefined> {
    this.waiting.get(document)?.resolve(undefined);
    return new Promise((resolve) => {
      this.waiting.set(document, { request: { id: ++this.lastId, text, folder }, resolve });
      this.next();
    });
  }

  dispose(): void {
    this.end();
    for (const { resolve } of this.waiting.values()) resolve(undefined);
    this.waiting.clear();
  }

  private next(): void {
    if (this.asked !== undefined) return;
    const [first] = this.waiting;
    clearTimeout(this.timer);
    if (first === undefined) {
      this.timer = setTimeout(() => this.end(), this.idleMilliseconds);
      return;
    }
    const [document, question] = first;
    this.waiting.delete(document);
    this.asked = question;
    this.timer = setTimeout(() => this.end(), this.patienceMilliseconds);
    this.process().send(question.request, (error) => {
      if (error) this.answer(question.request.id, undefined);
    });
  }

  private process(): ChildProcess {
    if (this.child !== undefined) return this.child;
    const child = fork(this.options.script, [], {
      execPath: process.execPath,
      execArgv: [],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child = child;
    child.on('message', (response: InspectorResponse) => this.answer(response.id, response));
    const gone = () => {
      if (this.child === child) this.lose();
    };
    child.on('exit', gone);
    child.on('error', gone);
    return child;
  }

  private answer(id: number, response: InspectorResponse | undefined): void {
    const question = this.asked;
    if (question?.request.id !== id) return;
    this.asked = undefined;
    question.resolve(response);
    this.next();
  }

  /** Ends the process; a question that is out stays without an answer. */
  private end(): void {
    clearTimeout(this.timer);
    const { child } = this;
    this.lose();
    child?.kill();
  }

  private lose(): void {
    this.child = undefined;
    const question = this.asked;
    this.asked = undefined;
    question?.resolve(undefined);
    if (this.waiting.size > 0) this.next();
    else clearTimeout(this.timer);
  }
}
