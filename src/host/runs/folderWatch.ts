import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';

/**
 * Tells when folders come or go directly below a folder, which need not exist yet. The file system's own notices make
 * it quick; a look at the folder's time makes it sure, on network drives too.
 */
export class FolderWatch {
  private watcher: FSWatcher | undefined;
  private readonly timer: NodeJS.Timeout;
  private seen = 0;

  constructor(
    private readonly folder: string,
    private readonly onChange: () => void,
    pollMilliseconds: number,
  ) {
    this.timer = setInterval(() => void this.look(), pollMilliseconds);
    this.timer.unref();
    void this.look();
  }

  dispose(): void {
    clearInterval(this.timer);
    this.unwatch();
  }

  private async look(): Promise<void> {
    const time = await stat(this.folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (time === 0) this.unwatch();
    else this.watch();
    if (time !== this.seen) {
      this.seen = time;
      this.onChange();
    }
  }

  private watch(): void {
    if (this.watcher !== undefined) return;
    try {
      this.watcher = watch(this.folder, { persistent: false }, () => this.onChange());
      this.watcher.on('error', () => this.unwatch());
    } catch {
      this.watcher = undefined;
    }
  }

  private unwatch(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }
}
