/** How long a process works before another has its turn: long beside a safe point, short beside an instance. */
const TURN_MS = 100;

/** A process that stands still from its next safe point on when it is told to, until it is told to go on. */
export interface TurnTaker {
  /** How much of its work is done, 0 to 1, as far as it has said. */
  readonly done: number;
  pause(): void;
  goOn(): void;
}

/**
 * Shares places among processes that may be more, in turns: who is behind the others works, and among
 * equals all work equally long. So the last ones of a stage end together, though one began later: five
 * equal trainings in two places take two and a half times as long as one, and not three times (McNaughton
 * 1959, Scheduling with deadlines and loss functions).
 */
export class Turns {
  readonly #places: number;
  /** Who has a place, the longest first. */
  #working: TurnTaker[] = [];
  /** Who is on the way to a safe point, and keeps the place until then. */
  readonly #pausing = new Set<TurnTaker>();
  #waiting: TurnTaker[] = [];
  #clock: NodeJS.Timeout | undefined;

  constructor(places: number) {
    this.#places = places;
  }

  join(taker: TurnTaker): void {
    this.#waiting.push(taker);
    taker.pause();
    this.#fill();
  }

  /** It stands still. */
  paused(taker: TurnTaker): void {
    if (!this.#pausing.delete(taker)) return;
    this.#waiting.push(taker);
    this.#fill();
  }

  leave(taker: TurnTaker): void {
    this.#working = this.#working.filter((other) => other !== taker);
    this.#waiting = this.#waiting.filter((other) => other !== taker);
    this.#pausing.delete(taker);
    this.#fill();
  }

  #fill(): void {
    while (this.#working.length + this.#pausing.size < this.#places) {
      const [taker] = byDone(this.#waiting);
      if (taker === undefined) break;
      this.#waiting = this.#waiting.filter((other) => other !== taker);
      this.#working.push(taker);
      taker.goOn();
    }
    const idle = this.#waiting.length === 0;
    if (idle) clearInterval(this.#clock);
    this.#clock = idle
      ? undefined
      : (this.#clock ??
        setInterval(() => {
          this.#change();
        }, TURN_MS));
  }

  /** Those who wait get the places of those who are as far as they or farther, and have had theirs the longest. */
  #change(): void {
    const next = byDone(this.#waiting).slice(this.#pausing.size);
    const farthest = this.#working.toSorted((a, b) => b.done - a.done);
    for (const [index, taker] of farthest.entries()) {
      const other = next[index];
      if (other === undefined || taker.done < other.done) break;
      this.#working = this.#working.filter((one) => one !== taker);
      this.#pausing.add(taker);
      taker.pause();
    }
  }
}

/** Who has done the least comes first; among equals who stood there first. */
function byDone(takers: readonly TurnTaker[]): readonly TurnTaker[] {
  return takers.toSorted((a, b) => a.done - b.done);
}
