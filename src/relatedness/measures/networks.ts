/** All tasks, by their positions. */
export function positions(tasks: number): readonly number[] {
  return Array.from({ length: tasks }, (_, task) => task);
}

export function allBut(left: number, tasks: number): readonly number[] {
  return positions(tasks).filter((task) => task !== left);
}

export function pairsOf(tasks: number): readonly (readonly [number, number])[] {
  return positions(tasks).flatMap((one) =>
    positions(tasks)
      .slice(one + 1)
      .map((other) => [one, other] as const),
  );
}

/** A loss as measures take it: they leave cells empty that are no number. */
export function known(loss: number | null | undefined): number {
  return loss ?? NaN;
}
