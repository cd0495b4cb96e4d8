/**
 * Adds a point to a list that never grows beyond `limit`. When it is full, every two neighbours are joined into one,
 * and from then on a point stands for twice as many items; so the points stay evenly spaced, and the list depends only
 * on the items, not on how they came in batches. Below the limit every item is kept as it is.
 * @param points Changed in place.
 * @param seen How many items came before this one.
 * @param limit An even number of points at most; an odd one counts as one less.
 * @param join One point for two, where `share` (0 to 1) is the earlier one's share of the items.
 */
export function appendThinned<Item>(
  points: Item[],
  seen: number,
  item: Item,
  limit: number,
  join: (earlier: Item, later: Item, share: number) => Item,
): void {
  const even = limit - (limit % 2);
  let span = spanOf(seen, even);
  if (seen === even * span) {
    halve(points, join);
    span *= 2;
  }
  const within = seen % span;
  if (within === 0) points.push(item);
  else points[points.length - 1] = join(points[points.length - 1], item, within / (within + 1));
}

/** How many items a point stands for when so many items were seen: the least power of two with which they fit. */
function spanOf(seen: number, limit: number): number {
  let span = 1;
  while (span * limit < seen) span *= 2;
  return span;
}

function halve<Item>(points: Item[], join: (earlier: Item, later: Item, share: number) => Item): void {
  const half = points.length / 2;
  for (let index = 0; index < half; index++) points[index] = join(points[2 * index], points[2 * index + 1], 0.5);
  points.length = half;
}
