/** Strings, quoted names and comments of SQL; what is left between them is what a query does. */
const opaque = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\//g;

/**
 * Why a text cannot be a query that gives rows; undefined where it may be one. Only its form is looked at, so that
 * nothing that writes, attaches or installs is even offered to the database.
 */
export function queryMistake(query: string): string | undefined {
  const bare = query.replace(opaque, (part) => (/^['"]/.test(part) ? ' _ ' : ' ')).trim();
  if (bare === '') return 'The query is empty. Write a SELECT, or take the line out.';
  const first = /^[\s(]*([a-z_]+)/i.exec(bare)?.[1].toUpperCase();
  if (first === undefined || !['SELECT', 'WITH', 'FROM'].includes(first)) {
    return 'The query must give rows: it starts with SELECT, WITH or FROM.';
  }
  const end = bare.indexOf(';');
  if (end >= 0 && bare.slice(end).replace(/[;\s]/g, '') !== '') {
    return 'The query must be one statement. Take out what follows the first semicolon.';
  }
  return undefined;
}
