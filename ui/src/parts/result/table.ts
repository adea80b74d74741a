/** Finds out whether a value is a table: an array of flat objects. Pure. */
type Cell = string | number | boolean | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

const MOST_COLUMNS = 12;

export function tableOf(value: unknown): Table | null {
  const rows = rowsOf(value);
  if (!rows || rows.length === 0 || !rows.every(isFlat)) return null;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return columns.length > 0 && columns.length <= MOST_COLUMNS ? { columns, rows } : null;
}

/** The array itself, or the only array in an object that wraps it. */
function rowsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  const [only, ...others] = Object.values(value);
  return others.length === 0 && Array.isArray(only) ? only : null;
}

function isFlat(row: unknown): row is Readonly<Record<string, Cell>> {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return false;
  return Object.values(row).every((cell) => cell === null || typeof cell !== 'object');
}
