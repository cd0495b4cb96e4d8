/** Collects what changed and tells of it together, at most once per interval. */
export class Changes<Item> {
  private readonly pending = new Set<Item>();
  private timer: NodeJS.Timeout | undefined;
  private readonly listeners = new Set<(items: ReadonlySet<Item>) => void>();

  constructor(private readonly milliseconds: number) {}

  add(item: Item): void {
    this.pending.add(item);
    this.timer ??= setTimeout(() => this.tell(), this.milliseconds);
  }

  /** @returns A function that ends the listening. */
  listen(listener: (items: ReadonlySet<Item>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  private tell(): void {
    this.timer = undefined;
    const items = new Set(this.pending);
    this.pending.clear();
    for (const listener of this.listeners) listener(items);
  }
}

/** Passes on what a source tells, collected over a longer time. Returns a function that ends it. */
export function slower<Item>(
  milliseconds: number,
  source: (listener: (items: ReadonlySet<Item>) => void) => () => void,
  listener: (items: ReadonlySet<Item>) => void,
): () => void {
  const changes = new Changes<Item>(milliseconds);
  changes.listen(listener);
  const end = source((items) => items.forEach((item) => changes.add(item)));
  return () => {
    end();
    changes.dispose();
  };
}
