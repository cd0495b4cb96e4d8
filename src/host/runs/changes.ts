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
