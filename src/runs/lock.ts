import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { RunFolderError, systemCode, systemReason } from './errors';
import { isSameProcess, processRecord, processSchema, type ProcessRecord } from './process';
import { runFiles } from './record';

/** Who took a run folder, and whether it was given back. */
interface Claim extends ProcessRecord {
  readonly host: string;
  readonly released: boolean;
}

const claimSchema = processSchema.extend({ host: z.string(), released: z.boolean() }) satisfies z.ZodType<Claim>;
const namePattern = /^(\d{1,12})\.json$/;
/** How long a claim may be without content, in milliseconds: where files have no links it does not come into being whole. */
const writingGrace = 1000;

/**
 * Takes a run folder for this process, until it ends or gives it back. Each taking is a numbered file, a claim, which
 * comes into being whole, once, and never goes; the highest number counts. Only who saw that its owner is dead or gave
 * the folder back makes the next, and of several who try, one does. So at no time two processes hold the folder.
 * @returns Gives the folder back.
 * @throws RunFolderError where another process has it.
 */
export async function takeLock(runFolder: string): Promise<() => void> {
  const claim: Claim = { ...(await processRecord(process.pid)), host: hostname(), released: false };
  const folder = join(runFolder, runFiles.locks);
  const aside = join(folder, `.new-${randomUUID()}`);
  try {
    makeFolder(folder);
    writeWhole(aside, encode(claim), 'w');
    for (;;) {
      const last = Math.max(0, ...numbersIn(folder));
      if (last > 0) await refuseWhereHeld(runFolder, pathOf(folder, last));
      const mine = pathOf(folder, last + 1);
      if (makeClaim(aside, mine)) return () => release(mine, claim);
    }
  } catch (error) {
    if (error instanceof RunFolderError) throw error;
    const message = `The run folder cannot be locked (${systemReason(error)}): ${runFolder}`;
    const remedy = 'Free some space or give permission to write there.';
    throw new RunFolderError('not-writable', message, runFolder, remedy, { cause: error });
  } finally {
    rmSync(aside, { force: true });
  }
}

async function refuseWhereHeld(runFolder: string, path: string): Promise<void> {
  const owner = await read(path);
  if (owner === undefined || owner.released) return;
  if (owner.host !== hostname()) {
    const remedy = `Stop it there first. If that machine is gone, empty this file: ${path}`;
    throw new RunFolderError('locked', `A process on ${owner.host} has this run.`, runFolder, remedy);
  }
  if (!(await isSameProcess(owner))) return;
  const remedy = 'Wait for its end, or stop it with: mtl stop RUN';
  throw new RunFolderError('locked', `Process ${owner.processId} already runs this run.`, runFolder, remedy);
}

/** @returns Whether the claim is made: false where that number is taken. */
function makeClaim(aside: string, path: string): boolean {
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    // A file system without links: creating the file whole is not possible there, but creating it alone is.
    if (systemCode(error) !== 'EPERM' && systemCode(error) !== 'ENOTSUP' && systemCode(error) !== 'ENOSYS') throw error;
  }
  try {
    writeWhole(path, readFileSync(aside, 'utf8'), 'wx');
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Needs no room on the disk: the file keeps its length. */
function release(path: string, claim: Claim): void {
  try {
    writeWhole(path, encode({ ...claim, released: true }), 'r+');
  } catch {
    // The folder is gone, or cannot be written: the end of this process gives it back.
  }
}

/** Of one length, whether released or not. */
function encode(claim: Claim): string {
  return `${JSON.stringify(claim)}${claim.released ? ' ' : ''}\n`;
}

/** Undefined where the file says nothing: whoever began it did not come far. */
async function read(path: string): Promise<Claim | undefined> {
  for (const began = performance.now(); performance.now() - began < writingGrace; await delay(50)) {
    try {
      return claimSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    }
  }
  return undefined;
}

function writeWhole(path: string, text: string, flag: 'w' | 'wx' | 'r+'): void {
  const descriptor = openSync(path, flag);
  try {
    writeSync(descriptor, text, 0);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

function numbersIn(folder: string): readonly number[] {
  return readdirSync(folder).flatMap((name) => {
    const number = namePattern.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

function pathOf(folder: string, number: number): string {
  return join(folder, `${number}.json`);
}
