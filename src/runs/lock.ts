import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RunFolderError, systemCode, systemReason } from './errors';
import { isSameProcess, processRecord, processSchema, type ProcessRecord } from './process';

/** Who holds a run folder. */
interface Owner extends ProcessRecord {
  readonly host: string;
}

const ownerSchema = processSchema.extend({ host: z.string() });
const namePattern = /^lock-(\d{1,12})\.json$/;

/**
 * Takes a run folder for this process, until it ends or gives it back. A lock is a file that comes into being whole and
 * with a number of its own; the highest counts. A dead process holds nothing: whoever comes next takes the next number,
 * and of several who try, one gets it.
 * @returns Gives the folder back.
 * @throws RunFolderError where another process has it.
 */
export async function takeLock(runFolder: string): Promise<() => void> {
  const owner: Owner = { ...(await processRecord(process.pid)), host: hostname() };
  const aside = join(runFolder, `.lock-${process.pid}-${owner.host}`);
  try {
    writeFileSync(aside, `${JSON.stringify(owner)}\n`);
    for (;;) {
      const last = Math.max(0, ...numbersIn(runFolder));
      if (last > 0) await refuseWhereHeld(runFolder, last);
      const mine = last + 1;
      if (!claim(aside, join(runFolder, nameOf(mine)))) continue;
      // A slow process may have taken a number that was used and given back meanwhile.
      if (numbersIn(runFolder).some((number) => number > mine)) {
        rmSync(join(runFolder, nameOf(mine)), { force: true });
        continue;
      }
      for (const number of numbersIn(runFolder))
        if (number < mine) rmSync(join(runFolder, nameOf(number)), { force: true });
      return () => rmSync(join(runFolder, nameOf(mine)), { force: true });
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

async function refuseWhereHeld(runFolder: string, number: number): Promise<void> {
  const path = join(runFolder, nameOf(number));
  const owner = read(path);
  if (owner === undefined) return;
  if (owner.host !== hostname()) {
    const remedy = `Stop it there first. If that machine is gone, delete ${path}`;
    throw new RunFolderError('locked', `A process on ${owner.host} has this run.`, runFolder, remedy);
  }
  if (owner.processId !== process.pid && !(await isSameProcess(owner))) return;
  const remedy = 'Wait for its end, or stop it with: mtl stop RUN';
  throw new RunFolderError('locked', `Process ${owner.processId} already runs this run.`, runFolder, remedy);
}

function claim(aside: string, path: string): boolean {
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    // A file system without links: creating the file whole is not possible there, but creating it alone is.
    if (systemCode(error) !== 'EPERM' && systemCode(error) !== 'ENOTSUP' && systemCode(error) !== 'ENOSYS') throw error;
    return claimWithoutLinks(aside, path);
  }
}

function claimWithoutLinks(aside: string, path: string): boolean {
  try {
    writeFileSync(path, readFileSync(aside), { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined where the file is gone or says nothing: nobody can be asked then. */
function read(path: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function numbersIn(runFolder: string): readonly number[] {
  return readdirSync(runFolder).flatMap((name) => {
    const number = namePattern.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

function nameOf(number: number): string {
  return `lock-${number}.json`;
}
