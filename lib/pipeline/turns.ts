/** How long a process works before another has its turn: long beside a safe point, short beside an instance. */
const TURN_MS = 250;

/** A process that stands still from its next safe point on when it is told to, until it is told to go on. */
export interface TurnTaker {
  pause(): void;
  goOn(): void;
}

/**
 * Shares places among processes that may be more, in turns. So the last ones of a stage end together:
 * five equal trainings in two places take two and a half times as long as one, and not three times
 * (McNaughton 1959, Scheduling with deadlines and loss functions).
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
      const taker = this.#waiting.shift();
      if (taker === undefined) break;
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

  /** As many as wait get the places of those who have had theirs the longest. */
  #change(): void {
    const count = Math.max(0, this.#waiting.length - this.#pausing.size);
    for (const taker of this.#working.splice(0, count)) {
      this.#pausing.add(taker);
      taker.pause();
    }
  }
}
