import { randomInt } from 'node:crypto';

/**
 * A run folder's name: `<local time>-<experiment>-<short id>`. Lower-case letters of ASCII, digits and hyphens, at most
 * 63 characters: safe on every file system, whatever the experiment is called.
 * @param created Milliseconds since 1970.
 */
export function runFolderName(created: number, experiment: string, shortId: string): string {
  return [timeWord(new Date(created)), slug(experiment, 40, 'experiment'), shortId].join('-');
}

/** Six random letters and digits, without those that are easily taken for another. */
export function newShortId(): string {
  return Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** The short id at the end of a run's id, which is enough to name a run; the whole of an id that is a name of its own. */
export function shortIdOf(id: string): string {
  return /^\d{8}-\d{6}-/.test(id) ? id.slice(id.lastIndexOf('-') + 1) : id;
}

/** A word that the replicates of one start share. */
export function newGroup(): string {
  return `${newShortId()}${newShortId()}`;
}

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

function timeWord(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${date}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

/** The letters and digits of a name, accents taken off; `instead` where none are left. */
export function slug(name: string, length: number, instead: string): string {
  const words = name
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, length)
    .replace(/^-+|-+$/g, '');
  return words || instead;
}
