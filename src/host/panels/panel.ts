import * as vscode from 'vscode';
import type { FromWebviewMessage, PanelName, RunListing, ToWebviewMessage } from '../../protocol/messages';
import type { StoredRun } from '../../runs/store';
import { t } from '../words';
import { feedRuns } from './feed';
import { parseFromWebview } from './fromWebview';
import { panelPage } from './page';

/** What a panel asks of its surroundings. */
export interface PanelHost {
  readonly extensionUri: vscode.Uri;
  /** The runs of these ids that exist, in this order. */
  readonly runs: (ids: readonly string[]) => readonly StoredRun[];
  readonly listings: (shown: readonly string[]) => readonly RunListing[];
  /** Why running is not possible. */
  readonly notice: () => string | undefined;
  readonly receive: (message: FromWebviewMessage, panel: RunPanel) => void;
}

export function panelTitle(name: PanelName): string {
  return name === 'curves' ? t('Loss Curves') : t('Task Relatedness');
}

export function viewType(name: PanelName): string {
  return `mtl.${name}`;
}

/** A webview panel that shows runs: it gets the whole truth when it becomes visible, then what is new. */
export class RunPanel {
  private shown: readonly string[] = [];
  private feed: AbortController | undefined;
  private toldListings = '';
  private ready = false;

  constructor(
    readonly name: PanelName,
    readonly panel: vscode.WebviewPanel,
    private readonly host: PanelHost,
  ) {
    const { webview } = panel;
    const bundle = vscode.Uri.joinPath(host.extensionUri, 'dist', 'webview');
    const address = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(bundle, file)).toString();
    webview.options = { enableScripts: true, localResourceRoots: [bundle] };
    const media = (file: string) => vscode.Uri.joinPath(host.extensionUri, 'media', file);
    panel.iconPath = { light: media('file-light.svg'), dark: media('file-dark.svg') };
    webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    panel.onDidChangeViewState(() => this.visibilityChanged());
    panel.onDidDispose(() => this.feed?.abort());
    webview.html = panelPage({
      title: panelTitle(name),
      script: address(`${name}.js`),
      styles: [address('codicon.css'), address(`${name}.css`)],
      source: webview.cspSource,
      language: vscode.env.language,
    });
  }

  /** Ids of the runs that it shows, the foremost first. */
  get ids(): readonly string[] {
    return this.shown;
  }

  /** Shows these runs instead. */
  show(ids: readonly string[]): void {
    this.shown = ids;
    const [first] = this.host.runs(ids);
    this.panel.title =
      first === undefined ? panelTitle(this.name) : `${panelTitle(this.name)}: ${short(first.record.experiment)}`;
    this.restart();
  }

  /** Tells of runs that came, went or changed their phase. */
  listingsChanged(): void {
    const present = this.host.runs(this.shown).map(({ record }) => record.id);
    if (present.length < this.shown.length) return this.show(present);
    const listings = this.host.listings(this.shown);
    const key = JSON.stringify(listings);
    if (key === this.toldListings) return;
    this.toldListings = key;
    this.send({ type: 'listings', listings });
  }

  /** Sends everything again. */
  restart(): void {
    this.feed?.abort();
    this.feed = undefined;
    if (!this.ready || !this.panel.visible) return;
    const feed = new AbortController();
    this.feed = feed;
    feedRuns(
      this.host.runs(this.shown),
      {
        snapshot: (runs) => this.sendSnapshot(runs),
        events: (id, events) => this.send({ type: 'events', id, events }),
        restart: () => {
          if (!feed.signal.aborted) this.restart();
        },
      },
      feed.signal,
    );
  }

  private sendSnapshot(runs: Extract<ToWebviewMessage, { type: 'snapshot' }>['runs']): void {
    const listings = this.host.listings(this.shown);
    const notice = this.host.notice();
    this.toldListings = JSON.stringify(listings);
    this.send({ type: 'snapshot', listings, runs, ...(notice !== undefined && { notice }) });
  }

  /** A hidden page is gone; it says that it is ready again when it comes back. */
  private visibilityChanged(): void {
    if (this.panel.visible) return;
    this.ready = false;
    this.feed?.abort();
    this.feed = undefined;
  }

  private receive(raw: unknown): void {
    const message = parseFromWebview(raw);
    if (message === undefined) return;
    if (message.type === 'ready') {
      this.ready = true;
      this.restart();
    } else {
      this.host.receive(message, this);
    }
  }

  private send(message: ToWebviewMessage): void {
    void this.panel.webview.postMessage(message);
  }
}

function short(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
