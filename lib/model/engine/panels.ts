/**
 * How the kernels want the weights of a convolution: its rows (taps x input channels) by its output
 * channels, cut into panels of 8 channels, or of 12 for the first where that fills an odd number of
 * fours; within a panel row after row. The last panel's missing channels are left over.
 */
export class Panels {
  readonly rows: number;
  readonly channels: number;
  /** Numbers in all panels, the missing channels counted. */
  readonly size: number;
  /** Channels of each panel. */
  readonly widths: readonly number[];

  constructor(rows: number, channels: number) {
    const fours = Math.ceil(channels / 4);
    const first = fours > 1 && fours % 2 === 1 ? 12 : 8;
    const others = Math.max(0, Math.ceil((channels - first) / 8));
    this.rows = rows;
    this.channels = channels;
    this.size = rows * (first + 8 * others);
    this.widths = [first, ...new Array<number>(others).fill(8)];
  }

  /** The place of a weight. */
  place(row: number, channel: number): number {
    const first = this.widths[0]!;
    if (channel < first) return row * first + channel;
    const panel = Math.floor((channel - first) / 8);
    return this.rows * (first + 8 * panel) + row * 8 + ((channel - first) % 8);
  }
}
